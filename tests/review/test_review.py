"""Out to people and back: ranking, files, verdicts, corrections, agreement."""

import json
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sft_assets.errors import SettingsError
from sft_assets.review.applying import apply_verdicts
from sft_assets.review.doubts import doubted_pairs, doubts_text, parse_doubts
from sft_assets.review.label_studio import LABEL_CONFIG, verdicts_from_label_studio
from sft_assets.review.layouts import rare_tables
from sft_assets.review.risk import CONTROL, choose_for_review, reasons_of
from sft_assets.review.steps import (
    PAIR_TABLES,
    STEPS,
    ReviewSettings,
    apply_review,
    queue_pairs,
    read_external,
)
from sft_assets.review.verdicts import (
    Decision,
    Verdict,
    cohens_kappa,
    decide,
    latest_verdicts,
    parse_verdicts,
)
from sft_assets.schemas import TABLES, empty
from sft_assets.schemas.pairs import PAIRS, REVIEW_QUEUE

ANSWER = "2021年营业收入为1,234.50万元，同比增长25.64%（第9页）。"


def pair(number: int, **changes: object) -> dict[str, object]:
    row: dict[str, object] = {
        "pair_id": f"{number:032x}", "report_key": "900001_2021_annual", "company_ids": ["900001"],
        "kind": "growth", "language": "zh", "question": "增长多少？", "context": "营业收入 1,234.50",
        "answer": ANSWER, "reasoning": None, "program": "growth(f1, f2)", "result": "25.64%",
        "fact_ids": ["a"], "evidence_ids": ["e"], "pages": [9], "parent_id": None,
        "augmentation": None, "template_id": "t", "is_target": True, "review_status": "unreviewed",
    }  # fmt: skip
    return row | changes


def fact(**changes: object) -> dict[str, object]:
    good = {
        "fact_id": "a",
        "text_source": "text_layer",
        "status": "proved",
        "basis": "reported",
        "scope": "consolidated",
    }
    return good | changes


def verdict(
    number: int,
    what: str,
    reviewer: str = "r1",
    time: str = "2026-01-01",
    answer: str | None = None,
) -> dict[str, object]:
    return {
        "pair_id": f"{number:032x}",
        "verdict": what,
        "corrected_answer": answer,
        "reviewer": reviewer,
        "time": time,
    }


def decisions(*rows: dict[str, object]) -> dict[str, object]:
    latest = latest_verdicts(parse_verdicts("\n".join(json.dumps(row) for row in rows)))
    return {pair_id: decide(own) for pair_id, own in latest.items()}


# ------------------------------------------------------------------------------- ranking


@pytest.mark.parametrize(
    ("changed_pair", "changed_fact", "reasons"),
    [
        pytest.param({}, {}, ("computed",), id="computed"),
        pytest.param({"program": "f1"}, {}, (), id="nothing"),
        pytest.param({"program": "f1"}, {"text_source": "ocr"}, ("ocr_evidence",), id="ocr"),
        pytest.param(
            {"program": "f1"}, {"status": "accepted"}, ("fact_not_proved",), id="accepted"
        ),
        pytest.param(
            {"program": "f1"}, {"basis": "after_restatement"}, ("restated_basis",), id="restated"
        ),
        pytest.param(
            {"program": "f1"}, {"beside_quarantine": True}, ("beside_quarantine",), id="neighbour"
        ),
        pytest.param({"program": "f1"}, {"beside_quarantine": None}, (), id="no-neighbour"),
        pytest.param({"program": "f1"}, {"rare_layout": True}, ("rare_layout",), id="layout"),
        pytest.param({"program": "f1"}, {"rare_layout": None}, (), id="usual-layout"),
        pytest.param({"program": "f1"}, {"scope": "parent"}, ("parent_scope",), id="parent"),
        pytest.param({"program": "f1", "is_target": False}, {}, ("labelled_wrong",), id="negative"),
        pytest.param({"program": None, "fact_ids": []}, {}, ("no_evidence",), id="unanswerable"),
        pytest.param(
            {"program": "f1", "company_ids": ["1", "2"]},
            {},
            ("several_companies",),
            id="comparison",
        ),
        pytest.param({"program": "f1", "parent_id": "p"}, {}, ("reworded",), id="variant"),
    ],
)
def test_reasons(
    changed_pair: dict[str, object], changed_fact: dict[str, object], reasons: tuple[str, ...]
) -> None:
    assert reasons_of(pair(1, **changed_pair), {"a": fact(**changed_fact)}) == reasons


def test_what_a_model_doubts_comes_first() -> None:
    pairs = [pair(i, program="f1") for i in range(50)]
    doubted = {f"{7:032x}", f"{9:032x}", "0" * 31 + "f0"}
    queue = choose_for_review(
        pairs, {"a": fact()}, per_thousand=100, control_pct=0, doubted=doubted
    )
    assert [q.pair_id in doubted for q in queue] == [True] * 2 + [False] * 3
    assert [q.reasons for q in queue[:3]] == [("model_uncertain",)] * 2 + [()]


def test_wrong_and_unsure_answers_are_doubted() -> None:
    rows = [
        {
            "pair_id": f"{n:02}",
            "numbers_exact": n % 5 != 0,
            "answer_loss": n / 10,
            "answer_tokens": 2,
        }
        for n in range(25)
    ]
    assert doubted_pairs(rows) == ["00", "05", "10", "15", "20", "23", "24"]
    assert doubted_pairs([]) == []
    unknown = [{**row, "numbers_exact": None} for row in rows]
    assert doubted_pairs(unknown) == ["23", "24"]
    assert parse_doubts(doubts_text(["b", "a"])) == {"a", "b"}
    with pytest.raises(SettingsError, match="no doubt"):
        parse_doubts('{"pair": "a"}\n')


def test_rare_layouts_are_those_of_few_tables() -> None:
    def cell(table: int, col: int, **changes: object) -> dict[str, object]:
        row = {"doc_id": "d", "page_no": 1 + table // 10, "table_no": table, "col_no": col,
               "statement": "key_data", "unit": "currency", "scale": 1}  # fmt: skip
        return row | changes

    tables = [cell(t, c) for t in range(120) for c in (1, 2)]
    odd = [cell(500, c) for c in range(9)] + [cell(501, 1, scale=1000), cell(501, 2)]
    sentence = cell(0, 0, table_no=None, col_no=None, statement="text")
    facts = pl.DataFrame([*tables, *odd, sentence], infer_schema_length=None)
    assert rare_tables(facts)["table_no"].to_list() == [500, 501]
    assert rare_tables(facts.reverse()).equals(rare_tables(facts))
    few = facts.filter(pl.col("table_no") >= 480)
    assert rare_tables(few).is_empty()  # among so few every layout is rare


def test_the_riskiest_come_first_and_a_control_sample_last() -> None:
    pairs = [pair(i, fact_ids=["ocr" if i % 10 == 0 else "a"]) for i in range(200)]
    facts = {"a": fact(), "ocr": fact(text_source="ocr")}
    queue = choose_for_review(pairs, facts, per_thousand=100, control_pct=20)
    assert len(queue) == 20
    assert [CONTROL in queued.reasons for queued in queue] == [False] * 16 + [True] * 4
    assert all("ocr_evidence" in queued.reasons for queued in queue[:16])
    assert len({queued.pair_id for queued in queue}) == 20


@given(st.permutations(range(30)), st.integers(0, 1000), st.integers(0, 100))
def test_the_order_of_the_rows_does_not_matter(order: list[int], share: int, control: int) -> None:
    pairs = [pair(i, is_target=i % 3 == 0) for i in range(30)]
    facts = {"a": fact()}
    chosen = [
        choose_for_review(rows, facts, per_thousand=share, control_pct=control)
        for rows in (pairs, [pairs[i] for i in order])
    ]
    assert chosen[0] == chosen[1]
    assert len(chosen[0]) == -(-30 * share // 1000)


# ------------------------------------------------------------------------------- verdicts


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (verdict(1, "perhaps"), "verdict"),
        (verdict(1, "correct"), "verdict"),
        (verdict(1, "accept", answer="x"), "verdict"),
        (verdict(1, "accept", reviewer=""), "reviewer"),
        (verdict(1, "accept", time="yesterday"), "time"),
        ({**verdict(1, "accept"), "pair_id": "1"}, "pair_id"),
        ({**verdict(1, "accept"), "note": "secret words"}, "note"),
    ],
)
def test_a_wrong_line_is_named_and_not_shown(row: dict[str, object], field: str) -> None:
    text = json.dumps(verdict(2, "accept")) + "\n" + json.dumps(row)
    with pytest.raises(SettingsError, match=rf"line 2 \({field}\)") as caught:
        parse_verdicts(text)
    assert "secret words" not in str(caught.value)


def test_a_line_that_is_no_json_is_named() -> None:
    with pytest.raises(SettingsError, match=r"line 1 \(no JSON\)"):
        parse_verdicts("{")


@pytest.mark.parametrize(
    ("rows", "action"),
    [
        pytest.param([verdict(1, "accept")], "accept", id="accepted"),
        pytest.param(
            [verdict(1, "accept"), verdict(1, "reject", "r2")], "reject", id="one-rejects"
        ),
        pytest.param(
            [verdict(1, "accept"), verdict(1, "correct", "r2", answer="b")],
            "correct",
            id="one-corrects",
        ),
        pytest.param(
            [verdict(1, "correct", answer="a"), verdict(1, "correct", "r2", answer="b")],
            "conflict",
            id="two-corrections",
        ),
        pytest.param(
            [verdict(1, "correct", answer="a"), verdict(1, "correct", "r2", answer="a")],
            "correct",
            id="same-correction",
        ),
        pytest.param(
            [verdict(1, "reject", time="2026-01-02"), verdict(1, "accept", time="2026-01-01")],
            "reject",
            id="newest-counts",
        ),
        pytest.param(
            [verdict(1, "reject"), verdict(1, "accept")], "accept", id="later-line-at-one-time"
        ),
    ],
)
def test_decision(rows: list[dict[str, object]], action: str) -> None:
    assert decisions(*rows)[f"{1:032x}"].action == action


def test_kappa_of_a_published_example() -> None:
    """Fifty proposals, 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: 0.4 (the usual textbook case)."""
    cells = [
        ("accept", "accept", 20),
        ("accept", "reject", 5),
        ("reject", "accept", 10),
        ("reject", "reject", 15),
    ]
    rows = []
    for one, other, times in cells:
        for _ in range(times):
            rows += [verdict(len(rows), one), verdict(len(rows), other, "r2")]
            rows[-1]["pair_id"] = rows[-2]["pair_id"]
    latest = latest_verdicts([Verdict.model_validate(row) for row in rows])
    assert cohens_kappa(latest) == (Decimal("0.4000"), 50)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([], id="none"),
        pytest.param([verdict(1, "accept"), verdict(2, "accept", "r2")], id="nothing-shared"),
        pytest.param([verdict(1, "accept"), verdict(1, "accept", "r2")], id="chance-agrees-always"),
    ],
)
def test_kappa_is_not_defined(rows: list[dict[str, object]]) -> None:
    assert cohens_kappa(latest_verdicts([Verdict.model_validate(row) for row in rows])) is None


# ------------------------------------------------------------------------------- applying


@pytest.mark.parametrize(
    ("corrected", "reason"),
    [
        pytest.param(
            "营业收入2021年为1,234.50万元，较上年增长25.64%（第9页）。", None, id="other-words"
        ),
        pytest.param(
            "2021年营业收入1234.50万元，增长25.64%（第9页）。", None, id="same-number-without-comma"
        ),
        pytest.param(
            ANSWER.replace("25.64", "25.65"), "corrected_numbers_differ", id="other-number"
        ),
        pytest.param(ANSWER.replace("万元", "元"), "corrected_numbers_differ", id="other-unit"),
        pytest.param(ANSWER.replace("2021", "2020"), "corrected_numbers_differ", id="other-year"),
        pytest.param(
            ANSWER.replace("（第9页）", ""), "corrected_numbers_differ", id="page-dropped"
        ),
        pytest.param(ANSWER + "利润5元。", "corrected_numbers_differ", id="number-added"),
        pytest.param(
            ANSWER.replace("25.64%", "25.640%"), "corrected_result_missing", id="result-respelled"
        ),
    ],
)
def test_a_correction_keeps_every_number(corrected: str, reason: str | None) -> None:
    done = apply_verdicts([pair(1)], decisions(verdict(1, "correct", answer=corrected)))
    assert [why for _, why in done.set_aside] == ([] if reason is None else [reason])
    if reason is None:
        assert done.kept == [pair(1, answer=corrected, review_status="corrected")]


def test_a_rejected_pair_takes_its_variants_with_it() -> None:
    variant = pair(2, parent_id=f"{1:032x}")
    done = apply_verdicts([pair(1), variant, pair(3)], decisions(verdict(1, "reject")))
    assert [row["pair_id"] for row in done.kept] == [f"{3:032x}"]
    assert [why for _, why in done.set_aside] == ["rejected", "parent_rejected"]


def test_nothing_vanishes() -> None:
    pairs = [pair(1), pair(1), pair(2), pair(3)]
    done = apply_verdicts(pairs, decisions(verdict(2, "accept"), verdict(9, "reject")))
    assert [row["review_status"] for row in done.kept] == ["unreviewed", "accepted", "unreviewed"]
    assert done.set_aside == [(f"{1:032x}", "same_pair_again")]


# ------------------------------------------------------------------------------- Label Studio


def annotation(result: list[dict[str, object]], **changes: object) -> dict[str, object]:
    return {
        "result": result,
        "completed_by": 7,
        "updated_at": "2026-01-02T03:04:05.678901Z",
    } | changes


def choice(what: str) -> dict[str, object]:
    return {"from_name": "verdict", "type": "choices", "value": {"choices": [what]}}


def rewritten(text: str) -> dict[str, object]:
    return {"from_name": "corrected_answer", "type": "textarea", "value": {"text": [text]}}


def export(*annotations: dict[str, object]) -> str:
    return json.dumps([{"data": {"pair_id": f"{1:032x}"}, "annotations": list(annotations)}])


def test_an_export_comes_back_as_verdicts() -> None:
    rows = verdicts_from_label_studio(
        export(
            annotation([choice("correct"), rewritten("b")]),
            annotation(
                [choice("accept"), rewritten("unchanged")],
                completed_by={"id": 8, "email": "x@example.com"},
            ),
            annotation([choice("reject")], was_cancelled=True),
            annotation([]),
        )
    )
    assert [(row["verdict"], row["corrected_answer"], row["reviewer"]) for row in rows] == [
        ("correct", "b", "user-7"),
        ("accept", None, "user-8"),
    ]
    assert len(parse_verdicts("\n".join(json.dumps(row) for row in rows))) == 2


@pytest.mark.parametrize(
    "text",
    ["{", "{}", "[1]", '[{"data": {}}]', '[{"data": {"pair_id": "a"}, "annotations": [{}]}]'],
)
def test_what_is_no_export_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="Label Studio export"):
        verdicts_from_label_studio(text)


def test_the_labelling_page_uses_only_fields_of_the_tasks() -> None:
    wanted = {
        e.get("value", "")[1:]
        for e in ElementTree.fromstring(LABEL_CONFIG).iter()
        if e.get("value", "").startswith("$")
    }
    tasks = json.loads(run(queue_pairs).files["label_studio_tasks.json"])
    assert wanted
    assert wanted <= set(tasks[0]["data"])


# ------------------------------------------------------------------------------- steps


def run(compute: object, root: str = "/nowhere", **tables: list[dict[str, object]]) -> object:
    given_tables = {
        "instruction_pairs": [pair(1), pair(2)],
        "augmented_pairs": [pair(3, parent_id=f"{1:032x}")],
        "comparison_pairs": [pair(4, report_key=None, company_ids=["1", "2"])],
    }
    frames = {
        name: pl.DataFrame(tables.get(name, given_tables[name]), schema=PAIRS)
        for name in PAIR_TABLES
    }
    facts = dict.fromkeys(TABLES["financial_facts"].schema) | fact(text_source="ocr")
    facts |= {"doc_id": "d", "page_no": 9}
    quarantined = facts | {"fact_id": "q", "status": "quarantined"}
    schema = TABLES["fact_quarantine"].schema
    frames["fact_quarantine"] = pl.DataFrame([quarantined, quarantined], schema=schema)
    frames["financial_facts"] = pl.DataFrame([facts], schema=TABLES["financial_facts"].schema)
    schema = TABLES["prior_year_figures"].schema
    frames["prior_year_figures"] = pl.DataFrame(tables.get("prior_year_figures"), schema=schema)
    settings = ReviewSettings(per_thousand=500)
    return compute(SimpleNamespace(table=frames.__getitem__, root=root, config=lambda _: settings))


def test_the_queue_balances_and_ranks() -> None:
    result = run(queue_pairs)
    table = result.tables["review_queue"]
    assert table.schema == REVIEW_QUEUE
    assert table["rank"].to_list() == [1, 2]
    assert table["pair_id"][0] == f"{4:032x}"
    assert "beside_quarantine" in table["reasons"][0].to_list()
    assert (result.ledger.rows_in, result.ledger.kept, dict(result.ledger.dropped)) == (
        4,
        2,
        {"not_sampled": 2},
    )


def figure(verdict: str, fact_id: str) -> dict[str, object]:
    row = dict.fromkeys(TABLES["prior_year_figures"].schema)
    return row | {"verdict": verdict, "later_fact_ids": ["x", fact_id], "earlier_fact_ids": ["y"]}


@pytest.mark.parametrize(("verdict", "kept"), [("agrees", 4), ("restated", 4), ("changed", 2)])
def test_pairs_on_a_figure_that_changed_without_a_word_are_set_aside(
    verdict: str, kept: int
) -> None:
    pairs = [pair(1, fact_ids=["a", "b"]), pair(2, fact_ids=["c"])]
    variant = [pair(3, parent_id=f"{1:032x}", fact_ids=["b"])]
    figures = [figure(verdict, "b"), figure("agrees", "c")]
    result = run(
        apply_review, instruction_pairs=pairs, augmented_pairs=variant, prior_year_figures=figures
    )
    assert result.tables["reviewed_pairs"].height == kept
    gone = {} if kept == 4 else {"figure_changed_between_reports": 2}
    assert dict(result.ledger.quarantined) == gone


def test_a_person_may_keep_a_pair_on_a_changed_figure() -> None:
    rows = [pair(1, fact_ids=["b"]), pair(2, fact_ids=["b"])]
    accepted = {f"{1:032x}": Decision(action="accept")}
    reviewed = apply_verdicts(rows, accepted, ["b"])
    assert [row["pair_id"] for row in reviewed.kept] == [f"{1:032x}"]
    assert reviewed.set_aside == [(f"{2:032x}", "figure_changed_between_reports")]


def test_verdicts_are_read_from_the_data_folder(tmp_path: Path) -> None:
    assert run(apply_review, str(tmp_path)).tables["reviewed_pairs"].height == 4
    view = SimpleNamespace(root=str(tmp_path))
    before = read_external(view, "corpus")
    (tmp_path / "review").mkdir()
    rows = [
        verdict(1, "reject"),
        verdict(2, "correct", answer="5"),
        verdict(4, "accept"),
        verdict(4, "accept", "r2"),
        verdict(2, "reject", "r2", "2025-01-01"),
    ]
    rows[-1] = verdict(1, "accept", "r2")
    (tmp_path / "review" / "verdicts.jsonl").write_text(
        "\n".join(json.dumps(row) for row in rows), encoding="utf-8"
    )
    assert read_external(view, "corpus") != before
    result = run(apply_review, str(tmp_path))
    table = result.tables["reviewed_pairs"]
    assert table.schema == PAIRS
    assert table["pair_id"].to_list() == [f"{4:032x}"]
    assert table["review_status"].to_list() == ["accepted"]
    assert dict(result.ledger.dropped) == {"rejected": 1, "parent_rejected": 1}
    assert dict(result.ledger.quarantined) == {"corrected_numbers_differ": 1}
    assert result.ledger.rows_in == 4 == result.ledger.kept + 3
    assert result.metadata["cohens_kappa"] == "0.0000"
    assert result.files["set_aside.jsonl"].decode().count("\n") == 3


def test_without_pairs_there_is_nothing_to_review() -> None:
    none: dict[str, list[dict[str, object]]] = {name: [] for name in PAIR_TABLES}
    assert run(queue_pairs, **none).tables["review_queue"].equals(empty("review_queue"))
    assert run(apply_review, **none).tables["reviewed_pairs"].equals(empty("reviewed_pairs"))


def test_the_steps_read_all_pairs() -> None:
    assert [step.name for step in STEPS] == ["review_queue", "reviewed_pairs"]
    assert all(set(PAIR_TABLES) <= set(step.inputs) for step in STEPS)
