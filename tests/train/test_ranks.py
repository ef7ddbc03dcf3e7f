"""Several ranks, with and without DeepSpeed, learn what one learns; killed, they go on alike."""

import json
import random
import sys

import pytest

from sft_assets.language_models.jobs import run_job
from tests.train.forked import METHODS, digests, finish, job_in, kill_at

pytestmark = [pytest.mark.xdist_group("training"), pytest.mark.slow]

STEPS = 12
TRAINED = {
    "data": {"batch_rows": 4, "accumulate": 2},
    "optimizer": {"max_steps": STEPS, "learning_rate": 0.01},
    "checkpoints": {"every_steps": 2},
}
SCALES = {
    "two ranks": {"ranks": 2},
    "two ranks, ZeRO-0": {"ranks": 2, "zero": 0},
    "two ranks, ZeRO-1": {"ranks": 2, "zero": 1},
    "two ranks, ZeRO-2": {"ranks": 2, "zero": 2},
    "two ranks, ZeRO-3": {"ranks": 2, "zero": 3},
    "two ranks, ZeRO-2, offload": {"ranks": 2, "zero": 2, "offload": True},
    "one rank, ZeRO-2": {"ranks": 1, "zero": 2},
}


def job_of(work, tiny_base, conversations, method="full", **changes):
    return job_in(work, tiny_base, conversations, **{**METHODS[method], **TRAINED, **changes})


def losses(work):
    text = (work / "out" / "training_log.jsonl").read_text()
    return [json.loads(line)["loss"] for line in text.split("\n") if line]


@pytest.fixture(scope="module")
def alone(tiny_base, conversations, tmp_path_factory):
    """The losses of one process without DeepSpeed, by method."""
    known = {}

    def of(method):
        if method not in known:
            work = tmp_path_factory.mktemp("alone") / method
            finish(job_of(work, tiny_base, conversations, method))
            known[method] = losses(work)
        return known[method]

    return of


@pytest.mark.parametrize("scale", SCALES.values(), ids=SCALES.keys())
@pytest.mark.parametrize("method", ["full", "lora"])
def test_ranks_learn_what_one_process_learns(
    method, scale, alone, tiny_base, conversations, tmp_path
):
    changes = {"scale": scale}
    if method == "lora":  # each rank blanks other inputs: compared without
        changes["lora"] = {"dropout": 0.0}
    finish(job_of(tmp_path, tiny_base, conversations, method, **changes))
    if method == "lora":
        plain = tmp_path / "plain"
        finish(job_of(plain, tiny_base, conversations, method, lora={"dropout": 0.0}))
        expected = losses(plain)
    else:
        expected = alone(method)
    found = losses(tmp_path)
    assert len(found) == STEPS
    assert found == pytest.approx(expected, abs=2e-5)
    assert found[-1] < found[0]


@pytest.mark.timeout(7200)  # ranks that wait for each other are slow on a busy machine
@pytest.mark.parametrize("zero", [2, 3])
def test_ten_random_kills_under_zero(zero, tiny_base, conversations, tmp_path):
    moments = random.Random(f"kills of ZeRO-{zero}")
    kills = 10 if zero == 2 else 2
    scale = {"ranks": 2, "zero": zero}
    finish(job_of(tmp_path / "undisturbed", tiny_base, conversations, scale=scale))
    expected = digests(tmp_path / "undisturbed" / "out")
    same = 0
    for number in range(kills):
        job = job_of(tmp_path / str(number), tiny_base, conversations, scale=scale)
        kill_at(job, moments.randint(2, STEPS - 1), moments.uniform(0, 0.1))
        result = finish(job)
        same += digests(tmp_path / str(number) / "out") == expected
        assert result["resumed_from"] < STEPS
    sys.stdout.write(f"ZeRO-{zero}: {same} of {kills} killed trainings ended in the same bytes\n")
    assert same == kills


def test_torchrun_starts_the_ranks(alone, tiny_base, conversations, tmp_path):
    job = job_of(tmp_path, tiny_base, conversations, scale={"ranks": 2, "zero": 2})
    told = []
    result = run_job(
        "sft_assets.train.run", job, tmp_path, threads=1, ranks=2, on_progress=told.append
    )
    assert result["steps"] == STEPS
    assert [line["done"] for line in told] == list(range(1, STEPS + 1))
    assert losses(tmp_path) == pytest.approx(alone("full"), abs=2e-5)
