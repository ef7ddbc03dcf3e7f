"""Packed rows see only themselves, and teach what they teach alone."""

import json

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoModelForCausalLM

from sft_assets.language_models.chat import EncodedConversation
from sft_assets.train.answer_loss import answer_loss
from sft_assets.train.document_attention import BY_DOCUMENT, prepare_packed
from sft_assets.train.packing import collate_packs, filler, pack_rows
from sft_assets.train.recipe import load_recipe
from sft_assets.train.rows import encode_rows, pad_rows, read_conversations
from tests.train.forked import finish, job_in

pytestmark = pytest.mark.xdist_group("training")


@pytest.fixture(scope="module", params=["usual kernels", "by document"])
def model(request, tiny_base):
    made = AutoModelForCausalLM.from_pretrained(str(tiny_base), dtype=torch.float32).eval()
    if request.param == "by document":
        recipe = load_recipe("lora", "none")
        data = recipe.data.model_copy(update={"packing": "isolated"})
        prepare_packed(made, recipe.model_copy(update={"data": data}))
        assert made.config._attn_implementation == BY_DOCUMENT
    return made


@pytest.fixture(scope="module")
def rows(conversations, tokenizer):
    found = encode_rows(read_conversations(conversations / "train.jsonl"), tokenizer, 200).rows
    assert len(found) == 23
    return found


def lengths_of(packs):
    return [[len(row.input_ids) for row in pack] for pack in packs]


@given(st.lists(st.integers(1, 50), max_size=80), st.integers(50, 120))
@settings(max_examples=60, deadline=None)
def test_each_row_is_in_one_pack_and_no_pack_is_too_long(lengths, limit):
    rows = [EncodedConversation((n,) * size, (n,) * size) for n, size in enumerate(lengths)]
    packs = pack_rows(rows, limit)
    assert sorted(row.input_ids[0] for pack in packs for row in pack) == list(range(len(rows)))
    assert all(sum(sizes) <= limit for sizes in lengths_of(packs))
    assert packs == pack_rows(rows, limit)


def test_logits_of_packed_rows_are_those_of_each_row_alone(model, rows):
    packs = pack_rows(rows, 300)
    assert max(len(pack) for pack in packs) >= 3
    batch = collate_packs(packs, pad_id=0)
    assert "attention_mask" not in batch
    compared, worst = 0, 0.0
    with torch.no_grad():
        ids, positions = batch["input_ids"], batch["position_ids"]
        packed = model(input_ids=ids, position_ids=positions, use_cache=False).logits
        for number, pack in enumerate(packs):
            start = 0
            for row in pack:
                alone = model(input_ids=torch.tensor([row.input_ids]), use_cache=False).logits[0]
                end = start + len(row.input_ids)
                worst = max(worst, float((packed[number, start:end] - alone).abs().max()))
                start = end
                compared += 1
    assert compared == 23
    assert worst <= 1e-5


def test_without_positions_that_start_again_the_logits_are_others(model, rows):
    """The comparison above can fail."""
    batch = collate_packs(pack_rows(rows, 300), pad_id=0)
    with torch.no_grad():
        apart = model(input_ids=batch["input_ids"], position_ids=batch["position_ids"]).logits
        joined = model(input_ids=batch["input_ids"]).logits
    assert float((apart - joined).abs().max()) > 1e-2


def test_the_loss_of_packs_is_that_of_padded_rows(model, rows):
    padded, tokens = answer_loss(model, pad_rows(rows, 0))
    packed, same = answer_loss(model, collate_packs(pack_rows(rows, 300), 0))
    assert tokens == same
    assert float(packed.detach()) == pytest.approx(float(padded.detach()), rel=1e-6)


def test_a_filler_teaches_nothing(model):
    total, tokens = answer_loss(model, pad_rows([filler(0)], 0))
    total.backward()
    assert (float(total.detach()), int(tokens)) == (0.0, 0)
    grads = [w.grad for w in model.parameters() if w.grad is not None]
    assert grads
    assert all(not grad.any() for grad in grads)
    model.zero_grad()


def test_the_first_token_of_a_document_is_not_predicted_from_the_one_before():
    row = EncodedConversation((7, 8, 9), (7, 8, 9))
    batch = collate_packs([(row, row)], 0)
    assert batch["labels"].tolist() == [[-100, 8, 9, -100, 8, 9]]
    assert batch["position_ids"].tolist() == [[0, 1, 2, 0, 1, 2]]


def losses(job, work):
    finish(job)
    text = (work / "out" / "training_log.jsonl").read_text()
    return [json.loads(line)["loss"] for line in text.split("\n") if line]


@pytest.mark.parametrize("packing", ["none", "isolated"])
def test_accumulating_eight_times_one_row_is_one_time_eight(
    packing, tiny_base, conversations, tmp_path
):
    paths = []
    for rows, accumulate in ((8, 1), (1, 8), (2, 4)):
        work = tmp_path / f"{rows}x{accumulate}"
        changes = {"data": {"batch_rows": 8, "packing": packing}, "method": "full", "lora": None}
        changes["optimizer"] = {"max_steps": 8, "learning_rate": 0.02}
        job = job_in(work, tiny_base, conversations, **changes)
        paths.append(losses(job | {"micro_rows": rows}, work))
    assert paths[0][-1] < 0.95 * paths[0][0]
    for other in paths[1:]:
        assert other == pytest.approx(paths[0], abs=2e-5)
