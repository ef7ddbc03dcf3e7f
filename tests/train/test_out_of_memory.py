"""When memory runs out, half the rows go through the model at a time, and the batch stays."""

import json
import os
import re
import subprocess
import sys
from functools import partial

import pytest

from sft_assets.language_models.jobs import MemoryRanOutError
from sft_assets.train import steps
from sft_assets.train.recipe import Recipe
from tests.train.conftest import row
from tests.train.forked import finish, job_in, recipe_with

pytestmark = pytest.mark.xdist_group("training")

LITTLE_MEMORY = """
import json, re, resource, sys
from pathlib import Path
import peft
from sft_assets.train import answer_trainer
from sft_assets.train.run import train
used = int(re.search(r"VmSize:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) * 1024
resource.setrlimit(resource.RLIMIT_AS, (used + 150 * 2**20,) * 2)
told = sys.stdout
sys.stdout = sys.stderr
try:
    result = train(json.loads(sys.argv[1]))
except Exception as error:
    result = {"error": f"{type(error).__name__}: {error}"}
print(json.dumps(result), file=told)
"""


def train_in_little_memory(job):
    """Train in a new process: one that forked from this one could use what its parent freed."""
    ended = subprocess.run(
        [sys.executable, "-c", LITTLE_MEMORY, json.dumps(job)],
        capture_output=True,
        text=True,
        check=True,
        env={
            **os.environ,
            "PYTHONWARNINGS": "ignore",
            "OMP_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "1",
        },
    )
    return json.loads(ended.stdout)


@pytest.fixture
def long_rows(tmp_path):
    """Rows of about 400 tokens, all of which are learned: most memory goes to their logits."""
    folder = tmp_path / "long_rows"
    folder.mkdir()
    rows = [row(page) for page in range(10, 34)]
    for told in rows:
        told["messages"][0]["content"] += "收入" * 160
    text = "".join(json.dumps(told, ensure_ascii=False) + "\n" for told in rows)
    for name in ("train", "validation"):
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_too_many_rows_are_told_and_fewer_fit(long_rows, tiny_base, tmp_path):
    changes = {"data": {"batch_rows": 8, "learn": "all"}, "validation": {"rows": 0}}
    changes |= {"checkpoints": {"every_steps": 1}, "optimizer": {"max_steps": 2}}
    job = job_in(tmp_path / "work", tiny_base, long_rows, **changes)
    refused = train_in_little_memory(job)["error"]
    assert re.match(r"MemoryRanOutError: memory ran out at step \d with 8", refused), refused
    result = train_in_little_memory(job | {"micro_rows": 1})
    assert (result["micro_rows"], result["steps"]) == (1, 2)
    saved = json.loads((tmp_path / "work/kept/step-00000002/manifest.json").read_text())
    assert saved["plan"] == {"micro_rows": 1, "accumulate": 8, "ranks": 1}


def test_a_restart_keeps_to_the_smaller_portions(long_rows, tiny_base, tmp_path):
    changes = {"data": {"batch_rows": 8}, "validation": {"rows": 0}}
    changes |= {"checkpoints": {"every_steps": 1}, "optimizer": {"max_steps": 2}}
    job = job_in(tmp_path / "work", tiny_base, long_rows, **changes)
    finish(job | {"micro_rows": 2})
    assert finish(job)["micro_rows"] == 2


@pytest.mark.parametrize(("fits", "tried"), [(8, [8]), (3, [8, 4, 2]), (1, [8, 4, 2, 1])])
def test_rows_are_halved_until_they_fit(fits, tried, tiny_base, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(steps, "run_job", partial(_run_job, fits, asked))
    recipe = Recipe.model_validate(recipe_with(tiny_base, data={"batch_rows": 8}))
    steps.train_within_memory({}, recipe, tmp_path)
    assert asked == tried


def test_a_single_row_that_does_not_fit_ends_it(tiny_base, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(steps, "run_job", partial(_run_job, 0, asked))
    recipe = Recipe.model_validate(recipe_with(tiny_base, data={"batch_rows": 2}))
    with pytest.raises(MemoryRanOutError):
        steps.train_within_memory({}, recipe, tmp_path)
    assert asked == [2, 1]


def _run_job(fits, asked, _module, job, _work_dir, **_given):
    asked.append(job["micro_rows"])
    if job["micro_rows"] > fits:
        raise MemoryRanOutError("too many")
    return {}
