"""The lines of a report's pages, as the rules of this stage see them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

STEEP = 4  # times the font size: so high is no line of the body
LIST_MARK = 8  # characters at a line's start that may be "(iii)" or "12.3."
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line; ``start`` and ``end`` are offsets in the page's text."""

    text: str
    start: int
    end: int
    box: Box = (0.0, 0.0, 0.0, 0.0)
    size: float = 10.0
    in_table: bool = False
    widest_gap: float = 0.0  # points between two words

    @property
    def runs_across(self) -> bool:
        """Return whether it runs up, down or aslant, past the lines of the body."""
        return self.box[3] - self.box[1] > STEEP * self.size


@dataclass(frozen=True, slots=True)
class PageText:
    """A page: its text and the lines that it is made of."""

    page_no: int
    text: str
    height: float
    label: str | None = None  # page number as printed
    lines: tuple[PageLine, ...] = field(default=())


def read_pages(pages: pl.DataFrame, lines: pl.DataFrame, cells: pl.DataFrame) -> list[PageText]:
    """Return the pages of one report in order."""
    tables = _table_boxes(cells)
    of_page: dict[int, list[PageLine]] = {}
    for row in lines.sort("page_no", "line_no").iter_rows(named=True):
        box = (row["x0"], row["top"], row["x1"], row["bottom"])
        inside = any(_touches(box, table) for table in tables.get(row["page_no"], []))
        line = PageLine(
            row["text"], row["start"], row["end"], box, row["font_size"], inside, _widest_gap(row)
        )
        of_page.setdefault(row["page_no"], []).append(line)
    return [
        PageText(
            row["page_no"],
            row["text"],
            row["height"],
            row["page_label"],
            tuple(of_page.get(row["page_no"], [])),
        )
        for row in pages.sort("page_no").iter_rows(named=True)
    ]


def _widest_gap(row: Mapping[str, Any]) -> float:
    """Return the widest blank of a line; the one after the mark of a list does not count."""
    places = list(zip(row["text"], row["char_x0"] or (), row["char_x1"] or (), strict=False))
    return max((x1 - x0 for char, x0, x1 in places[LIST_MARK:] if char == " "), default=0.0)


def _table_boxes(cells: pl.DataFrame) -> Mapping[int, list[Box]]:
    boxes: dict[int, list[Box]] = {}
    tables = cells.group_by("page_no", "table_no", maintain_order=True).agg(
        pl.col("x0").min(), pl.col("top").min(), pl.col("x1").max(), pl.col("bottom").max()
    )
    for page_no, _, x0, top, x1, bottom in tables.sort("page_no", "table_no").iter_rows():
        boxes.setdefault(page_no, []).append((x0, top, x1, bottom))
    return boxes


def _touches(line: Box, table: Box) -> bool:
    middle = (line[1] + line[3]) / 2
    return table[1] <= middle <= table[3] and line[0] < table[2] and line[2] > table[0]
