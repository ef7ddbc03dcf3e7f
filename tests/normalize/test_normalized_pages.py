"""The step ``normalized_pages``: one row in, one row out, and edits that replay."""

from types import SimpleNamespace

import polars as pl

from sft_assets.lineage.text_edits import apply_edits, edits_from_rows
from sft_assets.normalize.steps import STEPS, normalize_pages
from sft_assets.schemas.pages import PAGES

TEXTS = ["２０２１年归母净利润\n1,234.50", "", "EBITDA为5元"]


def clean_pages() -> pl.DataFrame:
    rows = [
        {"doc_id": "0f" * 32, "page_no": i + 1, "text": text, "edits": []}
        for i, text in enumerate(TEXTS)
    ]
    return pl.DataFrame(rows, schema=PAGES)


def test_every_page_is_kept_and_replays() -> None:
    result = normalize_pages(SimpleNamespace(table=lambda _: clean_pages()))
    table = result.tables["normalized_pages"]
    assert table.schema == PAGES
    assert table["page_no"].to_list() == [1, 2, 3]
    assert table["text"].to_list() == [
        "2021年归属于上市公司股东的净利润\n1,234.50",
        "",
        "EBITDA为5元",
    ]
    replayed = [
        apply_edits(source, edits_from_rows(edits))
        for source, edits in zip(TEXTS, table["edits"].to_list(), strict=True)
    ]
    assert replayed == table["text"].to_list()
    assert result.ledger.rows_in == result.ledger.kept == 3
    assert result.metadata == {"pages": 3, "edits_term": 1, "edits_width": 1}


def test_a_report_without_pages_gives_an_empty_table() -> None:
    empty = SimpleNamespace(table=lambda _: pl.DataFrame(schema=PAGES))
    assert normalize_pages(empty).tables["normalized_pages"].schema == PAGES


def test_the_step_reads_clean_pages_only() -> None:
    (step,) = STEPS
    assert step.inputs == ("clean_pages",)
    assert step.ledger_input == "clean_pages"
