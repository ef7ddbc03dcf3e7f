"""The run itself: tiny, but through every part of it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import sft_assets
from sft_assets.lineage.digests import sha256_of_file
from sft_assets.pretraining.muon import Muon
from sft_assets.pretraining.plans import CPU, FURTHER, GPU, Phase
from sft_assets.pretraining.pretrain import pretrain
from sft_assets.pretraining.shards import LOOKUPS, REPORTS
from sft_assets.pretraining.small_model import hidden_states

pytestmark = pytest.mark.xdist_group("training")
SHIPPED = Path(sft_assets.__file__).parent / "train" / "base"
SHORT = replace(
    CPU,
    steps=3,
    phases=(Phase(0.4, 256, ("easy",)), Phase(1.0, 900, (REPORTS,))),
    shard_rows=8,
    held_out=3,
    score_every=2,
    warm_up_steps=1,
    reread_after=1,
)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("base")
    pretrain(folder, SHORT)
    return folder


def test_a_base_fits_into_the_package_and_has_no_pickle(base):
    names = {path.name for path in base.iterdir()}
    assert {"model.safetensors", "config.json", "tokenizer.json", "chat_template.jinja"} <= names
    assert not {name for name in names if name.endswith((".bin", ".pt", ".pkl"))}
    assert (base / "model.safetensors").stat().st_size < 10 * 2**20


def test_the_log_tells_how_it_went(base):
    text = (base / "training_log.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in text.split("\n") if line]
    assert rows[-1]["step"] == 3
    assert 0 <= rows[-1]["held_out_exact"] <= 1
    assert rows[-1]["by_kind"]


def test_the_same_plan_gives_the_same_weights_with_more_writers(base, tmp_path):
    pretrain(tmp_path, replace(SHORT, writers=2))
    assert sha256_of_file(tmp_path / "model.safetensors") == sha256_of_file(
        base / "model.safetensors"
    )


def test_a_run_may_start_from_another(base, tmp_path):
    pretrain(tmp_path, replace(SHORT, seed=5, steps=1), start_from=base)
    assert sha256_of_file(tmp_path / "model.safetensors") != sha256_of_file(
        base / "model.safetensors"
    )


@pytest.mark.parametrize("plan", [CPU, GPU], ids=["cpu", "gpu"])
def test_a_plan_goes_from_easy_to_reports(plan):
    ends = [phase.until for phase in plan.phases]
    assert ends == sorted(ends)
    assert ends[-1] == 1.0
    assert plan.phases[0].levels == ("easy",)
    assert plan.phases[-1].levels == (REPORTS,)


def test_hidden_states_are_those_of_the_model_itself():
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(str(SHIPPED), dtype=torch.float32).eval()
    ids = torch.randint(0, 5000, (2, 37), generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        own, wanted = hidden_states(model, ids), model.model(input_ids=ids).last_hidden_state
    assert float((own - wanted).abs().max()) < 1e-4


def test_muon_brings_matrices_of_several_shapes_to_their_goals():
    torch.manual_seed(0)
    goals = [torch.randn(8, 6), torch.randn(6, 8), torch.randn(8, 6)]
    matrices = [torch.nn.Parameter(torch.zeros_like(goal)) for goal in goals]
    muon = Muon(matrices, lr=0.1, weight_decay=0.0)

    def loss():
        return sum(((m - g) ** 2).mean() for m, g in zip(matrices, goals, strict=True))

    before = loss().item()
    for step in range(150):
        muon.param_groups[0]["lr"] = 0.1 * (1 - step / 150)
        muon.zero_grad()
        loss().backward()
        muon.step()
    assert loss().item() < before / 20


def test_going_on_leaves_the_embeddings_as_they_are(base, tmp_path):
    plan = replace(
        FURTHER,
        steps=2,
        phases=(Phase(0.5, 900, (LOOKUPS,)), Phase(1.0, 900, (REPORTS,))),
        shard_rows=8,
        held_out=3,
        warm_up_steps=1,
    )
    pretrain(tmp_path, plan, start_from=base)
    before, after = (load_file(folder / "model.safetensors") for folder in (base, tmp_path))
    same = {name for name in before if torch.equal(before[name], after[name])}
    assert "model.embed_tokens.weight" in same
    assert len(same) < len(before) / 2
