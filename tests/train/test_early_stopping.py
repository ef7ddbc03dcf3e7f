"""Training ends where validation no longer improves, and returns to its best step."""

import json

import pytest

from tests.train.conftest import row
from tests.train.forked import digests, finish, job_in, kill_at

pytestmark = pytest.mark.xdist_group("training")

WATCHED = {
    "method": "full",
    "lora": None,
    "optimizer": {"max_steps": 120, "learning_rate": 0.05},
    "validation": {"every_steps": 3, "patience": 3},
    "checkpoints": {"every_steps": 50, "keep": 1},
}


@pytest.fixture(scope="module")
def memorable(tmp_path_factory):
    """Four rows to learn by heart, and other answers to the same questions for validation."""
    folder = tmp_path_factory.mktemp("memorable")
    rows = [row(page) for page in range(10, 14)]
    others = [row(page) for page in range(10, 14)]
    for other in others:
        other["messages"][1]["content"] = "报告未披露，无法回答。"
    for name, told in (("train", rows * 6), ("validation", others)):
        text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in told)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_it_stops_early_and_returns_to_the_best_step(tiny_base, memorable, tmp_path):
    result = finish(job_in(tmp_path, tiny_base, memorable, **WATCHED))
    assert result["steps"] < 120
    log = (tmp_path / "out" / "validation_log.jsonl").read_text().split("\n")
    seen = {r["step"]: r["validation_loss"] for r in map(json.loads, filter(None, log))}
    best = min((loss, step) for step, loss in seen.items() if step)
    assert float(result["validation_loss_after"]) == pytest.approx(best[0], abs=1e-4)
    assert result["steps"] == best[1] + 9
    assert result["fit"].startswith("learns")  # what is published is the best step


def test_without_patience_the_over_fitting_is_called_out(tiny_base, memorable, tmp_path):
    changes = WATCHED | {"validation": {"every_steps": 10}}
    result = finish(job_in(tmp_path, tiny_base, memorable, **changes))
    assert result["steps"] == 120
    assert result["fit"].startswith("over-fits: validation loss was")


def test_a_killed_one_stops_at_the_same_step_with_the_same_bytes(tiny_base, memorable, tmp_path):
    finish(job_in(tmp_path / "plain", tiny_base, memorable, **WATCHED))
    job = job_in(tmp_path / "killed", tiny_base, memorable, **WATCHED)
    kill_at(job, 7, 0.0)
    assert finish(job)["resumed_from"] >= 6
    assert digests(tmp_path / "killed" / "out") == digests(tmp_path / "plain" / "out")
