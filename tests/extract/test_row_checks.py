"""Rows that contradict themselves, their page or the question are refused, whoever answers them."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sft_assets.errors import RejectedDocumentError
from sft_assets.extract.child import extract_chunk
from sft_assets.extract.report_reading import ExtractConfig
from sft_assets.extract.row_checks import refuse_contradictions
from sft_assets.schemas.pages import LINES

DOC = "ab" * 32


def _statement(canvas: Any) -> None:
    for i, (label, value) in enumerate([("Revenue", "12,345"), ("Cost", "(678)"), ("Tax", "91")]):
        canvas.drawString(30, 400 - 20 * i, label)
        canvas.drawRightString(300, 400 - 20 * i, value)
        canvas.drawRightString(380, 400 - 20 * i, value)


@pytest.fixture
def honest(make_pdf: Callable[..., Path]) -> dict[str, pl.DataFrame]:
    pdf = make_pdf(_statement, _statement)
    pages = {"pdf": str(pdf), "doc_id": DOC, "first_page": 1, "last_page": 2}
    answer: dict[str, Any] = extract_chunk({**pages, **ExtractConfig().model_dump()})
    assert answer.pop("unreadable_pages") == []
    assert all(table.height for table in answer.values())
    return answer


def test_what_the_reader_says_is_believed(honest: dict[str, pl.DataFrame]) -> None:
    refuse_contradictions(honest, DOC, [1, 2])
    nothing = {name: table.clear() for name, table in honest.items()}
    refuse_contradictions(nothing, DOC, [])


LIES: list[tuple[str, str, object]] = [
    ("extracted_pages", "doc_id", "cd" * 32),
    ("extracted_pages", "page_no", 3),
    ("extracted_pages", "width", math.nan),
    ("extracted_pages", "height", -1.0),
    ("extracted_pages", "width", 1e300),
    ("extracted_pages", "text_source", "guess"),
    ("extracted_pages", "text_source", "none"),
    ("extracted_pages", "readability", 1.5),
    ("extracted_pages", "ocr_confidence", math.inf),
    ("extracted_pages", "hidden_chars", -1),
    ("extracted_pages", "status", "fine"),
    ("extracted_pages", "reason", "crash"),
    ("extracted_pages", "text", None),
    ("extracted_lines", "doc_id", None),
    ("extracted_lines", "page_no", 7),
    ("extracted_lines", "line_no", 0),
    ("extracted_lines", "start", 1),
    ("extracted_lines", "start", -3),
    ("extracted_lines", "end", 2_000_000),
    ("extracted_lines", "text", "Revenue 99,999 99,999"),
    ("extracted_lines", "text", None),
    ("extracted_lines", "x0", math.nan),
    ("extracted_lines", "x0", 9999.0),
    ("extracted_lines", "top", -math.inf),
    ("extracted_lines", "bottom", -5.0),
    ("extracted_lines", "char_x0", []),
    ("extracted_lines", "char_x1", None),
    ("extracted_lines", "font_size", math.nan),
    ("extracted_lines", "confidence", 2.0),
    ("extracted_cells", "page_no", 0),
    ("extracted_cells", "table_no", -1),
    ("extracted_cells", "row_no", 0),
    ("extracted_cells", "text", None),
    ("extracted_cells", "x1", -20.0),
    ("extracted_cells", "method", "guess"),
    ("extracted_cells", "confidence", -0.1),
]


@pytest.mark.parametrize(("table", "column", "lie"), LIES)
def test_a_lie_is_refused(
    honest: dict[str, pl.DataFrame], table: str, column: str, lie: object
) -> None:
    rows = honest[table]
    place = pl.int_range(pl.len()) == rows.height - 1  # one row of many
    told = pl.when(place).then(pl.lit(lie, rows.schema[column])).otherwise(column).alias(column)
    lying = {**honest, table: rows.with_columns(told)}
    if column in ("row_no", "line_no"):  # a twin of the first row of its page
        same = {"page_no": 2, "table_no": 0, "row_no": 0, "col_no": 0}
        lying[table] = lying[table].with_columns(
            pl.when(place).then(value).otherwise(name).cast(rows.schema[name]).alias(name)
            for name, value in same.items()
            if name in rows.columns
        )
    assert not lying[table].equals(rows)
    with pytest.raises(RejectedDocumentError) as caught:
        refuse_contradictions(lying, DOC, [1, 2])
    assert caught.value.reason == "invalid_output"
    assert "99,999" not in caught.value.detail


@pytest.mark.parametrize("pages", [[1], [1, 2, 3], [2, 3], []])
def test_pages_that_were_not_asked_for(honest: dict[str, pl.DataFrame], pages: list[int]) -> None:
    with pytest.raises(RejectedDocumentError, match="asked for"):
        refuse_contradictions(honest, DOC, pages)


def test_a_page_of_its_own_twice(honest: dict[str, pl.DataFrame]) -> None:
    twice = {**honest, "extracted_pages": pl.concat([honest["extracted_pages"]] * 2)}
    with pytest.raises(RejectedDocumentError, match="asked for"):
        refuse_contradictions(twice, DOC, [1, 2])


def test_one_character_that_is_no_number(honest: dict[str, pl.DataFrame]) -> None:
    lines = honest["extracted_lines"].to_dicts()
    lines[0]["char_x0"][3] = math.nan
    lying = {**honest, "extracted_lines": pl.DataFrame(lines, schema=LINES, orient="row")}
    with pytest.raises(RejectedDocumentError, match="characters"):
        refuse_contradictions(lying, DOC, [1, 2])
