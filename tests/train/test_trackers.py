"""What trackers wrote, read back with their own readers; skipped where they are not installed."""

import json

import pytest

from sft_assets.train.journal import Journal
from sft_assets.train.recipe import Recipe
from tests.train.forked import finish, job_in, kill_at, recipe_with

pytestmark = pytest.mark.xdist_group("training")

WATCHED = {
    "optimizer": {"max_steps": 12},
    "validation": {"every_steps": 4},
    "checkpoints": {"every_steps": 2},
}


def logged(work):
    text = (work / "out" / "training_log.jsonl").read_text()
    rows = [json.loads(line) for line in text.split("\n") if line]
    return [(row["step"], row["loss"]) for row in rows]


def test_tensorboard_holds_each_step_once_even_after_a_kill(tiny_base, conversations, tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    job = job_in(tmp_path, tiny_base, conversations, trackers=["tensorboard"], **WATCHED)
    job |= {"trackers": str(tmp_path / "trackers")}
    kill_at(job, 5, 0.0)
    assert finish(job)["resumed_from"] >= 4
    events = EventAccumulator(str(tmp_path / "trackers" / "tensorboard"))
    events.Reload()
    told = {event.step: event.value for event in events.Scalars("train/loss")}
    assert [(step, pytest.approx(loss, abs=1e-5)) for step, loss in logged(tmp_path)] == sorted(
        told.items()
    )
    assert [event.step for event in events.Scalars("validation/loss")][-1] >= 8


@pytest.mark.filterwarnings("ignore")  # of MLflow about SQLAlchemy
def test_mlflow_holds_each_step_in_a_local_store(tiny_base, conversations, tmp_path):
    mlflow = pytest.importorskip("mlflow")
    job = job_in(tmp_path, tiny_base, conversations, trackers=["mlflow"], **WATCHED)
    job |= {"trackers": str(tmp_path / "trackers")}
    finish(job)
    client = mlflow.MlflowClient(f"sqlite:///{tmp_path / 'trackers' / 'mlflow.db'}")
    run_id = (tmp_path / "trackers" / "mlflow_run").read_text()
    history = client.get_metric_history(run_id, "train/loss")
    assert sorted((m.step, m.value) for m in history) == logged(tmp_path)
    assert client.get_run(run_id).data.params["method"] == "lora"


def test_without_trackers_nothing_is_written(tiny_base, tmp_path):
    from sft_assets.train.trackers import trackers_of

    recipe = Recipe.model_validate(recipe_with(tiny_base))
    assert trackers_of({"out": str(tmp_path / "out")}, recipe, Journal()) == []
    assert list(tmp_path.iterdir()) == []
