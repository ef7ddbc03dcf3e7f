"""Rows of the three tables from what was found on a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from sft_assets.extract.cells import PageTable
from sft_assets.extract.lines import Line
from sft_assets.schemas.pages import CELLS, EXTRACTED_PAGES, LINES

Row = dict[str, Any]


@dataclass(slots=True)
class Rows:
    """Rows of ``extracted_pages``, ``extracted_lines`` and ``extracted_cells``."""

    pages: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    cells: list[Row] = field(default_factory=list)

    def frames(self) -> dict[str, pl.DataFrame]:
        """Return the rows as tables of their schemas."""
        return {
            "extracted_pages": pl.DataFrame(self.pages, schema=EXTRACTED_PAGES, orient="row"),
            "extracted_lines": pl.DataFrame(self.lines, schema=LINES, orient="row"),
            "extracted_cells": pl.DataFrame(self.cells, schema=CELLS, orient="row"),
        }


def page_row(doc_id: str, page_no: int, **known: object) -> Row:
    """Return a row of ``extracted_pages``; what is not ``known`` is blank."""
    return {
        "doc_id": doc_id,
        "page_no": page_no,
        "page_label": None,
        "width": 0.0,
        "height": 0.0,
        "text_source": "none",
        "readability": 0.0,
        "text": "",
        "hidden_chars": 0,
        "ocr_confidence": None,
        "status": "ok",
        "reason": None,
        **known,
    }


def line_rows(doc_id: str, page_no: int, lines: Sequence[Line]) -> list[Row]:
    """Return the rows of ``extracted_lines``; the page's text is their texts and line feeds."""
    rows, start = [], 0
    for line_no, line in enumerate(lines):
        text, spans = line.text, line.spans
        x0, top, x1, bottom = line.box
        rows.append(
            {
                "doc_id": doc_id,
                "page_no": page_no,
                "line_no": line_no,
                "start": start,
                "end": start + len(text),
                "text": text,
                "x0": round(x0, 3),
                "top": round(top, 3),
                "x1": round(x1, 3),
                "bottom": round(bottom, 3),
                "char_x0": [round(a, 2) for a, _ in spans],
                "char_x1": [round(b, 2) for _, b in spans],
                "font_size": round(line.font_size, 2),
                "confidence": line.confidence,
            }
        )
        start += len(text) + 1
    return rows


def cell_rows(doc_id: str, page_no: int, tables: Sequence[PageTable]) -> list[Row]:
    """Return the rows of ``extracted_cells``."""
    return [
        {
            "doc_id": doc_id,
            "page_no": page_no,
            "table_no": table_no,
            "row_no": cell.row_no,
            "col_no": cell.col_no,
            "text": cell.text,
            "x0": round(cell.box[0], 3),
            "top": round(cell.box[1], 3),
            "x1": round(cell.box[2], 3),
            "bottom": round(cell.box[3], 3),
            "method": table.method,
            "confidence": cell.confidence,
        }
        for table_no, table in enumerate(tables)
        for cell in table.cells
    ]
