"""What makes the released folder loadable: configurations for ``datasets``, a task for lm-eval."""

from collections.abc import Mapping
from importlib.resources import files

import yaml

LM_EVAL_TASK = "sft_assets_test"
LM_EVAL_ROWS = "lm_eval/test.jsonl"
LM_EVAL_SCORES = "lm_eval_scores"


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


def lm_eval_task(*, thinks: bool) -> str:
    """Return the task file of lm-eval for the test split; run it inside the released folder.

    ``lm_eval --model hf --model_args pretrained=M --tasks sft_assets_test --include_path lm_eval
    --apply_chat_template``. Where a model ``thinks``, an empty line does not end what it says.
    """
    task = yaml.safe_dump(
        {
            "task": LM_EVAL_TASK,
            "dataset_path": "json",
            "dataset_kwargs": {"data_files": {"test": LM_EVAL_ROWS}},
            "test_split": "test",
            "output_type": "generate_until",
            "description": "{{system}}",
            "doc_to_text": "{{question}}",
            "doc_to_target": "{{answer}}",
            "generation_kwargs": {
                "until": ["<|im_end|>"] if thinks else ["\n\n"],
                "do_sample": False,
                "max_gen_toks": 512,
            },
            "metric_list": [
                {"metric": name, "aggregation": "mean", "higher_is_better": True}
                for name in ("numbers_match", "exact_match")
            ],
            "metadata": {"version": 2},
        },
        sort_keys=False,
        allow_unicode=True,
    )
    return f"{task}process_results: !function {LM_EVAL_SCORES}.process_results\n"


def lm_eval_row(system: str, question: str, answer: str) -> dict[str, object]:
    """Return one line of the task's data: the answer is asked for without its steps."""
    return {"system": system, "question": question, "answer": answer}


def lm_eval_scores() -> bytes:
    """Return the file that holds the task's scores."""
    return (files("sft_assets.release") / f"{LM_EVAL_SCORES}.py").read_bytes()
