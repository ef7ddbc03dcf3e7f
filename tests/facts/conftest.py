"""Small reports drawn as extracted tables: invented companies, invented numbers."""

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl
import pytest

from sft_assets.facts.build import FactsResult, ReportReading, build_facts, judge_report
from sft_assets.schemas.pages import CELLS, EXTRACTED_PAGES, LINES

Row = Sequence[str | None]
Item = str | list[Row]  # a line of text, or a table
DOC = "ab" * 32
COLUMN_WIDTH = 100.0


def frames(
    pages: Sequence[Sequence[Item]], *, method: str, text_source: str, confidence: float | None
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Pages, lines and cells of items set one under the other, ten points each."""
    page_rows, line_rows, cell_rows = [], [], []
    for page_no, items in enumerate(pages, 1):
        text, top, table_no = "", 50.0, 0
        for item in items:
            if isinstance(item, str):
                start = len(text)
                text += item + "\n"
                line_rows.append(line_row(page_no, len(line_rows), start, item, top, confidence))
                top += 20.0
                continue
            for row_no, row in enumerate(item):
                for col_no, value in enumerate(row):
                    if value is not None:
                        place = (page_no, table_no, row_no, col_no)
                        cell = cell_row(place, value, top, method, confidence)
                        if method == "ruled":  # None after a cell: it spans that column too
                            cell["x1"] += COLUMN_WIDTH * spanned(row[col_no + 1 :])
                        cell_rows.append(cell)
                top += 10.0
            top += 20.0
            table_no += 1
        page_rows.append(
            {
                "doc_id": DOC,
                "page_no": page_no,
                "page_label": str(page_no),
                "width": 600.0,
                "height": 800.0,
                "text_source": text_source,
                "readability": 1.0,
                "text": text,
                "hidden_chars": 0,
                "ocr_confidence": confidence,
                "status": "ok",
                "reason": None,
            }
        )
    return (
        pl.DataFrame(page_rows, schema=EXTRACTED_PAGES),
        pl.DataFrame(line_rows, schema=LINES),
        pl.DataFrame(cell_rows, schema=CELLS),
    )


def spanned(following: Row) -> int:
    return next((i for i, value in enumerate(following) if value is not None), len(following))


def line_row(
    page_no: int, line_no: int, start: int, text: str, top: float, confidence: float | None
) -> dict[str, Any]:
    at = [50.0 + 8.0 * i for i in range(len(text))]
    return {
        "doc_id": DOC,
        "page_no": page_no,
        "line_no": line_no,
        "start": start,
        "end": start + len(text),
        "text": text,
        "x0": 50.0,
        "top": top,
        "x1": 50.0 + 8.0 * len(text),
        "bottom": top + 10,
        "char_x0": at,
        "char_x1": [x + 8.0 for x in at],
        "font_size": 9.0,
        "confidence": confidence,
    }


def cell_row(
    place: tuple[int, int, int, int], text: str, top: float, method: str, confidence: float | None
) -> dict[str, Any]:
    page_no, table_no, row_no, col_no = place
    left = 50.0 + COLUMN_WIDTH * col_no
    return {
        "doc_id": DOC,
        "page_no": page_no,
        "table_no": table_no,
        "row_no": row_no,
        "col_no": col_no,
        "text": text,
        "x0": left,
        "top": top,
        "x1": left + COLUMN_WIDTH,
        "bottom": top + 10.0,
        "method": method,
        "confidence": confidence,
    }


@pytest.fixture
def judge() -> Callable[..., ReportReading]:
    """All that was read of drawn pages of an A-share report for 2020, judged."""

    def judge_pages(pages: Sequence[Sequence[Item]]) -> ReportReading:
        drawn = frames(pages, method="ruled", text_source="text_layer", confidence=None)
        report = {"company": "示例股份有限公司", "fiscal_year": 2020, "period_end": "2020-12-31"}
        return judge_report(report | {"language": "zh", "exchange": "SSE"}, *drawn)

    return judge_pages


@pytest.fixture
def read() -> Callable[..., FactsResult]:
    """Facts of drawn pages: ``read(pages, language="zh", fiscal_year=2020, ...)``."""

    def read_pages(
        pages: Sequence[Sequence[Item]],
        *,
        language: str = "zh",
        fiscal_year: int = 2020,
        period_end: str = "2020-12-31",
        exchange: str | None = "SSE",
        method: str = "ruled",
        text_source: str = "text_layer",
        confidence: float | None = None,
    ) -> FactsResult:
        report = {
            "report_key": "600001_2020_annual",
            "doc_id": DOC,
            "company": "示例股份有限公司",
            "company_id": "600001",
            "fiscal_year": fiscal_year,
            "period_end": period_end,
            "language": language,
            "exchange": exchange,
        }
        drawn = frames(pages, method=method, text_source=text_source, confidence=confidence)
        result = build_facts(report, *drawn)
        assert result.cells_in == (
            result.cells_kept
            + sum(result.cells_dropped.values())
            + sum(result.cells_quarantined.values())
        )
        return result

    return read_pages
