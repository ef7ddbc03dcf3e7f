"""What the base practises on: right by the walk's own rules, and nothing of the sample in it."""

import re
from itertools import islice
from pathlib import Path
from random import Random

import pytest

import sft_assets
from sft_assets.evaluate.answers import numbers_match
from sft_assets.evaluate.calculator import result_to_fill_in
from sft_assets.language_models.chat import IGNORED_LABEL
from sft_assets.pairs.drafts import fault_of
from sft_assets.pairs.settings import KIND_SHARES
from sft_assets.pretraining.conversations import _of_one, practice
from sft_assets.pretraining.invented_companies import invent_company
from sft_assets.pretraining.invented_reports import invent_report
from sft_assets.pretraining.lookup_drill import lookup_drill
from sft_assets.pretraining.shards import encode_practice, make_shard
from sft_assets.train.tokenizer import build_tokenizer

SAMPLE = Path(sft_assets.__file__).parent / "sample"
LONG = re.compile(r"\d[\d,]{6,}(?:\.\d+)?")  # no two books agree on seven digits by chance


@pytest.fixture(scope="module")
def told():
    return list(islice(practice("test"), 1500))


def test_every_kind_of_question_is_practised(told):
    assert {p.kind for p in told} >= {*KIND_SHARES, "critique", "free"} - {"discussion"}


def test_the_same_seed_gives_the_same_practice(told):
    assert list(islice(practice("test"), 200)) == told[:200]
    assert list(islice(practice("other"), 200)) != told[:200]


def test_nothing_of_the_sample_is_practised(told):
    """The sample's companies are held out of training; so they must be of pre-training."""
    truth = (SAMPLE / "truth.jsonl").read_text(encoding="utf-8")
    printed = set(LONG.findall(truth))
    names = set(re.findall(r'short="([^"]+)"', (SAMPLE / "companies.py").read_text("utf-8")))
    text = "\n".join(message["content"] for p in told for message in p.messages)
    assert len(printed) > 500
    assert len(names) >= 7
    assert not {name for name in names if name in text} | ({"Northwick"} & set(text.split()))
    assert not printed & set(LONG.findall(text))
    some = min(printed)
    assert printed & set(LONG.findall(f"{text} {some} "))  # it would have been seen


def test_invented_answers_pass_the_walk_s_own_audit():
    random, checked, faults = Random(4), 0, []
    for _ in range(12):
        source = invent_report(random, invent_company(random), 2020)
        for draft in _of_one(random, source):
            if draft.kind != "summary":  # a sentence may say more than the facts that are drawn
                checked += 1
                faults += [fault] if (fault := fault_of(draft, [source.report])) else []
    assert checked > 300
    assert len(faults) <= checked // 50, faults[:5]


def test_the_calculator_fills_in_what_is_practised(told):
    seen = 0
    for conversation in told:
        for message in conversation.messages:
            if message["role"] == "assistant" and conversation.kind != "free":
                for found in re.finditer(r"<<[^<>=]+=", message["content"]):
                    rest = message["content"][found.end() :]
                    assert rest.startswith(f"{result_to_fill_in(found[0])}>>")
                    seen += 1
    assert seen > 300


def test_an_answer_agrees_with_itself(told):
    for conversation in told:
        answer = conversation.messages[-1]["content"]
        assert numbers_match(answer, answer) is not False


def test_loss_leaves_out_the_prompt_and_what_the_calculator_fills_in(told):
    tokenizer = build_tokenizer()
    conversation = next(p for p in told if p.kind == "growth")
    row = encode_practice(tokenizer, conversation)
    learned = tokenizer.decode([t for t in row.labels if t != IGNORED_LABEL])
    assert conversation.messages[0]["content"] not in learned
    assert re.search(r"\*100=(?!-?\d+\.\d+>>)", learned)


def test_a_shard_depends_on_its_seed_alone():
    first, again, other = (make_shard("reports", seed, 20) for seed in ("1:0", "1:0", "1:1"))
    assert first.ids.tolist() == again.ids.tolist()
    assert first.ids.tolist() != other.ids.tolist()
    assert sum(len(ids) for ids, _ in first.rows()) == len(first.ids)
    assert len(first.rows()) == 20


def test_a_drill_asks_for_what_stands_beside_the_heading_in_its_row():
    asked = 0
    for told in islice(lookup_drill("test"), 200):
        question, answer = (message["content"] for message in told)
        passage = question.partition("\n\n")[0]
        zh = "年度报告" in passage
        for part in answer.rstrip("。.").split("；" if zh else "; "):
            subject, amount = part.split("为" if zh else " was ", 1)
            assert subject in question
            digits = re.search(r"[\d,.]*\d", amount)[0]
            year = re.search(r"(?:19|20)\d\d(?=年)" if zh else r"(?<=FY)\d{4}", subject)[0]
            cell = (
                rf"{year}(?:年末?)?(?:（调整[前后]）| \((?:before restatement|restated)\))? [^；;]*"
            )
            assert re.search(cell + re.escape(digits), passage)
            asked += 1
    assert asked > 400
