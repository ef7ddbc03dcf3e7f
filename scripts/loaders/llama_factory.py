"""Read a release with LLaMA-Factory's own loader, through the released dataset_info.json.

    python -m scripts.loaders.llama_factory RELEASE

Every data set that the file names is loaded, brought into a template and tokenised, as
`llamafactory-cli train` does it. No row may be lost, and what the loss covers must be the answer.
"""

import contextlib
import importlib.machinery
import importlib.util
import io
import json
import sys
import tempfile
import types
from pathlib import Path
from typing import Any

from scripts.loaders.release_files import BASE, rows_of

if importlib.util.find_spec("torchaudio") is None:  # imported for sound, of which there is none
    sys.modules["torchaudio"] = types.ModuleType("torchaudio")
    sys.modules["torchaudio"].__spec__ = importlib.machinery.ModuleSpec("torchaudio", None)

from llamafactory.data import get_dataset, get_template_and_fix_tokenizer
from llamafactory.hparams import get_train_args
from llamafactory.model import load_tokenizer

LONGEST = 8192  # tokens: no row is cut
IGNORED = -100
ANSWERS = {  # how a row of a form tells its answer
    "alpaca": lambda row: row["output"],
    "sharegpt": lambda row: row["conversations"][-1]["value"],
    "openai_messages": lambda row: row["messages"][-1]["content"],
    "prompt_completion": lambda row: row["completion"],
    "cot": lambda row: row["response"],
    "preference": lambda row: row["chosen"],
}


def prepared(folder: Path, name: str, stage: str, out: str) -> tuple[Any, Any]:
    """Return the tokenised rows of ``name`` and the tokenizer."""
    model_args, data_args, training_args, _, _ = get_train_args(
        {
            "stage": stage, "do_train": True, "model_name_or_path": str(BASE), "template": "qwen",
            "dataset": name, "dataset_dir": str(folder), "cutoff_len": LONGEST,
            "finetuning_type": "full", "output_dir": out, "report_to": "none", "use_cpu": True,
            "overwrite_cache": True, "preprocessing_num_workers": None,
        }
    )  # fmt: skip
    module = load_tokenizer(model_args)
    tokenizer = module["tokenizer"]
    template = get_template_and_fix_tokenizer(tokenizer, data_args)
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        data = get_dataset(template, model_args, data_args, training_args, stage=stage, **module)
    return data["train_dataset"], tokenizer


def check(folder: Path, name: str, file_name: str, *, ranking: bool) -> int:
    """Compare what the loader makes of a file with the file; return the rows."""
    written = rows_of(folder / file_name)
    form = file_name.partition("/")[0]
    with tempfile.TemporaryDirectory() as out:
        rows, tokenizer = prepared(folder, name, "rm" if ranking else "sft", out)
    if len(rows) != len(written):
        raise SystemExit(f"{name}: {len(rows)} rows are read; expected {len(written)}")
    labels = "chosen_labels" if ranking else "labels"
    for row, source in zip(rows, written, strict=True):
        learned = [label for label in row[labels] if label != IGNORED]
        said, answer = tokenizer.decode(learned), ANSWERS[form](source)
        if said.strip().removesuffix("<|im_end|>") != answer:
            raise SystemExit(f"{name}: the loss covers {said!r}; expected the answer {answer!r}")
    return len(rows)


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    info = json.loads((folder / "dataset_info.json").read_text(encoding="utf-8"))
    rows = 0
    for name, described in sorted(info.items()):
        count = check(folder, name, described["file_name"], ranking=described.get("ranking", False))
        print(f"LLaMA-Factory: {count:,} rows of {name}")
        rows += count
    print(f"LLaMA-Factory: {rows:,} rows of {len(info)} data sets")
    raise SystemExit(0 if rows else 1)


if __name__ == "__main__":
    main()
