"""What makes the released folder loadable: configurations for ``datasets``, a task for lm-eval."""

from collections.abc import Mapping

import yaml

LM_EVAL_TASK = "sft_assets_test"


def readme(card: str, rows: Mapping[str, Mapping[str, int]]) -> str:
    """Return the card with the configurations that ``datasets.load_dataset(FOLDER, NAME)`` reads.

    ``rows`` is format -> split -> lines; a split without lines is left out, since a file without
    rows has no columns.
    """
    configs: list[dict[str, object]] = [
        {
            "config_name": name,
            "data_files": [
                {"split": split, "path": f"{name}/{split}.jsonl"}
                for split, count in splits.items()
                if count
            ],
        }
        for name, splits in rows.items()
        if any(splits.values())
    ]
    if configs:
        configs[0]["default"] = True
    head = yaml.safe_dump({"configs": configs}, sort_keys=False, allow_unicode=True)
    return f"---\n{head}---\n\n{card}"


def lm_eval_task() -> str:
    """Return the task file of lm-eval for the test split; run it inside the released folder.

    ``lm_eval --model hf --model_args pretrained=M --tasks sft_assets_test --include_path lm_eval``
    """
    return yaml.safe_dump(
        {
            "task": LM_EVAL_TASK,
            "dataset_path": "json",
            "dataset_kwargs": {"data_files": {"test": "prompt_completion/test.jsonl"}},
            "test_split": "test",
            "output_type": "generate_until",
            "doc_to_text": "{{prompt}}\n",
            "doc_to_target": "{{completion}}",
            "generation_kwargs": {"until": ["\n\n"], "do_sample": False, "max_gen_toks": 400},
            "metric_list": [
                {"metric": "exact_match", "aggregation": "mean", "higher_is_better": True}
            ],
            "metadata": {"version": 1},
        },
        sort_keys=False,
        allow_unicode=True,
    )
