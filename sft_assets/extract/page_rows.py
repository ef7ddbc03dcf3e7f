"""Rows of the three tables from what was found on a page."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from sft_assets.extract.reading.lines import Line
from sft_assets.extract.reading.page_frame import Box
from sft_assets.extract.tables.cells import PageTable
from sft_assets.schemas.pages import CELLS, EXTRACTED_PAGES, LINES

Row = dict[str, Any]
ToPage = Callable[[Box], Box]


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


def _as_is(box: Box) -> Box:
    return box


def _box_columns(box: Box) -> Row:
    """Return the box in thousandths of a point, widened to them, so that it holds what it held."""
    x0, top, x1, bottom = box
    return {
        "x0": math.floor(x0 * 1000) / 1000,
        "top": math.floor(top * 1000) / 1000,
        "x1": math.ceil(x1 * 1000) / 1000,
        "bottom": math.ceil(bottom * 1000) / 1000,
    }


def line_rows(
    doc_id: str, page_no: int, lines: Sequence[Line], to_page: ToPage = _as_is
) -> list[Row]:
    """Return the rows of ``extracted_lines``; the page's text is their texts and line feeds.

    ``to_page`` leads boxes of the frame in which the lines were read to the displayed page.
    """
    rows, start = [], 0
    for line_no, line in enumerate(lines):
        text = line.text
        box = line.box
        chars = [to_page((a, box[1], b, box[3])) for a, b in line.spans]
        rows.append(
            {
                "doc_id": doc_id,
                "page_no": page_no,
                "line_no": line_no,
                "start": start,
                "end": start + len(text),
                "text": text,
                **_box_columns(to_page(box)),
                "char_x0": [round(char[0], 2) for char in chars],
                "char_x1": [round(char[2], 2) for char in chars],
                "font_size": round(line.font_size, 2),
                "confidence": line.confidence,
            }
        )
        start += len(text) + 1
    return rows


def cell_rows(
    doc_id: str, page_no: int, tables: Sequence[PageTable], to_page: ToPage = _as_is
) -> list[Row]:
    """Return the rows of ``extracted_cells``; for ``to_page`` see ``line_rows``."""
    return [
        {
            "doc_id": doc_id,
            "page_no": page_no,
            "table_no": table_no,
            "row_no": cell.row_no,
            "col_no": cell.col_no,
            "text": cell.text,
            **_box_columns(to_page(cell.box)),
            "method": table.method,
            "confidence": cell.confidence,
        }
        for table_no, table in enumerate(tables)
        for cell in table.cells
    ]
