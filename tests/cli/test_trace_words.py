"""``trace`` tells a person each number's place in a few lines, and all of it with ``--json``."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sft_assets.audit.catalog import Catalog
from sft_assets.cli import app
from sft_assets.cli.trace_words import describe_chains, describe_unit

UNITS = [
    ("currency", 1, "CNY", "CNY"),
    ("currency", 1000, "CNY", "CNY, in thousands"),
    ("currency", 10**4, "CNY", "CNY, in 10,000"),
    ("currency", 50, "USD", "USD, times 50"),
    ("per_share", 1, "HKD", "HKD a share"),
    ("percent", 1, None, "percent"),
    ("percentage_points", 1, None, "percentage points"),
]


@pytest.mark.parametrize(("unit", "scale", "currency", "told"), UNITS)
def test_units(unit: str, scale: int, currency: str | None, told: str) -> None:
    assert describe_unit({"unit": unit, "scale": scale, "currency": currency}) == told


def trace(what: str, root: Path, *more: str) -> str:
    result = CliRunner().invoke(app, ["trace", what, "--data-root", str(root), *more])
    assert result.exit_code == 0, result.stderr
    return result.stdout


def test_each_number_has_report_page_box_print_and_statement(sample_walk: Path) -> None:
    pairs = Catalog(str(sample_walk)).released_pairs()
    pair = next(p for p in pairs if p["kind"] == "growth" and len(set(p["fact_ids"])) == 2)
    said = trace(pair["pair_id"], sample_walk)
    (chain,) = json.loads(trace(pair["pair_id"], sample_walk, "--json"))
    assert len(said.split("\n")) < 15
    assert " ".join(pair["answer"].split()) in said
    assert f"{pair['program']}  ->  {pair['result']}" in said
    assert len(chain["facts"]) == 2
    for fact in chain["facts"]:
        box = " ".join(f"{side:.1f}" for side in fact["box"])
        assert f"{fact['operand']}  {fact['printed']} (" in said
        assert f"{fact['document']['report_key']} (" in said
        assert f"page {fact['page_no']}" in said
        assert f"box {box}" in said
        assert fact["statement"] in ("key_data", "balance_sheet", "income_statement", "cash_flow")
    assert "Key data" in said or "statement" in said or "sheet" in said


def test_an_answer_without_numbers_names_its_report_and_pages(sample_walk: Path) -> None:
    pairs = Catalog(str(sample_walk)).released_pairs()
    pair = next(p for p in pairs if not p["fact_ids"] and p["pages"])
    said = trace(pair["pair_id"], sample_walk)
    pages = ", ".join(str(page) for page in pair["pages"])
    assert f"report {pair['report_key']}, pages quoted: {pages}" in said


def test_a_number_that_no_pair_holds_tells_why_it_is_set_aside() -> None:
    fact = {"printed": "12", "unit": "persons", "scale": 1, "currency": None, "label": "Staff"}
    fact |= {"statement": "employees", "period": "2020", "scope": "parent", "page_no": 3}
    fact |= {"basis": "after_restatement", "page_label": "iii", "box": [1, 2, 3, 4], "proofs": []}
    fact |= {"status": "quarantined", "reason": "conflict", "fact_id": "ab"}
    chain = {"fact": {**fact, "document": {"report_key": "x_2020_annual", "file_names": ["x.pdf"]}}}
    assert describe_chains([chain]).split("\n") == [
        "fact  12 (persons)  Staff",
        "      Employees, 2020, parent, after restatement",
        "      x_2020_annual (x.pdf), page 3 (printed iii), box 1.0 2.0 3.0 4.0",
        "      quarantined: conflict; fact ab",
    ]
    assert describe_chains([]) == ""
