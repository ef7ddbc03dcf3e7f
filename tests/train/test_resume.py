"""A training that was killed goes on to the very bytes of an undisturbed one."""

import random
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.train.forked import METHODS, digests, finish, job_in, kill_at

pytestmark = pytest.mark.xdist_group("training")

STEPS = 24
TRAINED = {
    "optimizer": {"max_steps": STEPS, "learning_rate": 0.01},
    "checkpoints": {"every_steps": 3},
    "validation": {"every_steps": 4},
}


def job_of(method, work, tiny_base, conversations, **changes):
    return job_in(work, tiny_base, conversations, **{**METHODS[method], **TRAINED, **changes})


@pytest.fixture(scope="module")
def undisturbed(tiny_base, conversations, tmp_path_factory):
    """The digests of an undisturbed training, by method."""
    known = {}

    def of(method):
        if method not in known:
            work = tmp_path_factory.mktemp("undisturbed") / method
            finish(job_of(method, work, tiny_base, conversations))
            known[method] = digests(work / "out")
        return known[method]

    return of


@pytest.mark.parametrize("method", ["lora", "full"])
def test_a_killed_training_ends_in_the_same_bytes(
    method, undisturbed, tiny_base, conversations, tmp_path
):
    job = job_of(method, tmp_path / "killed", tiny_base, conversations)
    assert kill_at(job, 8, 0.0) >= 8
    result = finish(job)
    assert result["resumed_from"] >= 6
    assert digests(tmp_path / "killed" / "out") == undisturbed(method)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("method", sorted(METHODS))
def test_ten_random_kills(method, undisturbed, tiny_base, conversations, tmp_path):
    if method == "qlora":
        pytest.importorskip("bitsandbytes")
    moments = random.Random(f"kills of {method}")
    kills, same = 0, 0
    for number in range(10):
        work = tmp_path / str(number)
        job = job_of(method, work, tiny_base, conversations)
        for _again in range(moments.choice((1, 1, 2))):
            kill_at(job, moments.randint(1, STEPS - 1), moments.uniform(0, 0.05))
            kills += 1
        finish(job)
        same += digests(work / "out") == undisturbed(method)
        shutil.rmtree(work)
    sys.stdout.write(f"{method}: {kills} kills, {same} of 10 trainings ended in the same bytes\n")
    assert (kills >= 10, same) == (True, 10)


@pytest.fixture(scope="module")
def half_done(tiny_base, conversations, tmp_path_factory):
    """A training that was killed late: its folder of checkpoints."""
    work = tmp_path_factory.mktemp("half_done")
    job = job_of("lora", work, tiny_base, conversations)
    kill_at(job, 16, 0.0)
    assert len(list((work / "kept").glob("step-*"))) == 2
    return work


def newest(kept: Path) -> Path:
    return max(kept.glob("step-*"))


def truncate(kept):
    path = newest(kept) / "weights.safetensors"
    path.write_bytes(path.read_bytes()[:-7])


def flip_a_bit(kept):
    path = newest(kept) / "state-0.safetensors"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def lose_the_optimizer(kept):
    (newest(kept) / "state-0.safetensors").unlink()


def lose_the_manifest(kept):
    (newest(kept) / "manifest.json").unlink()


def edit_the_manifest(kept):
    path = newest(kept) / "manifest.json"
    path.write_text(path.read_text().replace('"ranks": "1"', '"ranks": "2"'))


def rename_it(kept):
    newest(kept).rename(kept / "step-00000020")


DAMAGE = {
    "truncated": (truncate, r"weights\.safetensors has \d+ of \d+ bytes"),
    "a bit flipped": (flip_a_bit, "state-0.safetensors has other bytes than were saved"),
    "no optimizer state": (lose_the_optimizer, "state-0.safetensors is missing"),
    "no manifest": (lose_the_manifest, "manifest.json is missing"),
    "an edited manifest": (edit_the_manifest, "manifest.json is damaged"),
    "another step": (rename_it, "it holds step"),
}


@pytest.mark.parametrize(("damage", "reason"), DAMAGE.values(), ids=DAMAGE.keys())
def test_a_bad_checkpoint_is_named_and_the_one_before_it_is_used(
    damage, reason, half_done, undisturbed, tiny_base, conversations, tmp_path
):
    shutil.copytree(half_done / "kept", tmp_path / "kept")
    before = sorted(path.name for path in (tmp_path / "kept").glob("step-*"))
    damage(tmp_path / "kept")
    result = finish(job_of("lora", tmp_path, tiny_base, conversations))
    (told,) = result["refused_checkpoints"]
    assert re.search(reason, told), told
    assert result["resumed_from"] == int(before[0].removeprefix("step-"))
    assert digests(tmp_path / "out") == undisturbed("lora")


OTHERS = {
    "recipe": ({"optimizer": {"max_steps": STEPS, "learning_rate": 0.02}}, None, "another recipe"),
    "data set": ({}, {"identity": {"dataset": "other"}}, "another data set"),
    "base": ({}, {"identity": {"base": "other"}}, "another base model"),
    "code version": ({}, {"identity": {"code_version": "other"}}, "another code version"),
}


@pytest.mark.parametrize(("changes", "given", "reason"), OTHERS.values(), ids=OTHERS.keys())
def test_a_checkpoint_of_something_else_is_refused(
    changes, given, reason, half_done, tiny_base, conversations, tmp_path
):
    shutil.copytree(half_done / "kept", tmp_path / "kept")
    job = job_of("lora", tmp_path, tiny_base, conversations, **changes)
    result = finish(job | (given or {}))
    assert result["resumed_from"] == 0
    assert len(result["refused_checkpoints"]) == 2
    assert all(reason in told for told in result["refused_checkpoints"])


SPOIL = """
from sft_assets.train import answer_trainer
plain = answer_trainer.AnswerTrainer.compute_loss
def spoiled(self, model, inputs, *given, **named):
    loss = plain(self, model, inputs, *given, **named)
    if self.state.global_step == 7:  # a root of zero has no derivative
        loss = loss + (next(w for w in model.parameters() if w.requires_grad) * 0).sqrt().sum()
    return loss
answer_trainer.AnswerTrainer.compute_loss = spoiled
"""


def test_a_gradient_that_is_no_number_stops_before_it_moves_anything(
    undisturbed, tiny_base, conversations, tmp_path
):
    job = job_of("lora", tmp_path, tiny_base, conversations)
    with pytest.raises(RuntimeError, match="NonFiniteLossError: gradient is nan at step 8"):
        finish(job, SPOIL)
    assert list((tmp_path / "out").iterdir()) == []
    assert sorted(p.name for p in (tmp_path / "kept").iterdir()) == [
        "step-00000003",
        "step-00000006",
    ]
    assert finish(job)["resumed_from"] == 6  # repaired, it goes on from the last good one
    assert digests(tmp_path / "out") == undisturbed("lora")


def test_a_rising_loss_stops_and_the_last_checkpoint_is_kept(tiny_base, conversations, tmp_path):
    job = job_of(
        "full",
        tmp_path,
        tiny_base,
        conversations,
        optimizer={
            "max_steps": 200,
            "learning_rate": 1.0,
            "warm_up_share": 0.5,
            "max_grad_norm": 1e9,
        },
    )
    with pytest.raises(RuntimeError, match="DivergedError: mean loss of 10 steps"):
        finish(job)
    assert list((tmp_path / "out").iterdir()) == []
    assert len(list((tmp_path / "kept").glob("step-*"))) == 2
