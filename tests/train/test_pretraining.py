import json
from dataclasses import replace

import pytest

from sft_assets.lineage.digests import sha256_of_file
from sft_assets.train.pretrain import FIRST, RUNS, Phase, pretrain

SHORT = replace(
    FIRST,
    steps=2,
    phases=(Phase(until=1.0, easy=1, middle=0, hard=0, batch_tokens=256),),
    held_out=2,
    warm_up_steps=1,
)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    pretrain(folder, SHORT)
    return folder


def test_a_base_is_small_and_has_no_pickle(base):
    names = {path.name for path in base.iterdir()}
    assert {"model.safetensors", "config.json", "tokenizer.json", "chat_template.jinja"} <= names
    assert (base / "model.safetensors").stat().st_size < 8 * 2**20


def test_the_log_tells_how_it_went(base):
    lines = (base / "training_log.jsonl").read_text().split("\n")
    last = json.loads([line for line in lines if line][-1])
    assert last["step"] == 2
    assert 0 <= last["held_out_exact"] <= 1


def test_the_same_plan_gives_the_same_weights(base, tmp_path):
    pretrain(tmp_path, SHORT)
    assert sha256_of_file(tmp_path / "model.safetensors") == sha256_of_file(
        base / "model.safetensors"
    )


def test_a_run_may_start_from_another(base, tmp_path):
    pretrain(tmp_path, replace(SHORT, seed=5), start_from=base)
    assert sha256_of_file(tmp_path / "model.safetensors") != sha256_of_file(
        base / "model.safetensors"
    )


def test_every_run_covers_all_its_steps():
    assert list(RUNS) == ["first", "second"]
    for plan in RUNS.values():
        ends = [phase.until for phase in plan.phases]
        assert ends == sorted(ends)
        assert ends[-1] == 1.0
