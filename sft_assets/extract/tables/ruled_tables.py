"""Tables whose cells are drawn: a grid of ruling lines, filled with the page's words."""

import re
from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from sft_assets.extract.reading.lines import Line, Word, box_of, build_lines
from sft_assets.extract.reading.page_content import Edge
from sft_assets.extract.reading.page_frame import Box
from sft_assets.extract.tables.cells import Cell, PageTable
from sft_assets.extract.tables.grids import Grid, GridSettings, find_grids

MAX_MERGED_EDGES = 3000  # the grid is quadratic in them; more is a drawing
AMOUNT = re.compile(r"[(（]?[-−+]?[¥￥$]?\d[\d,，]*(?:\.\d+)?%?[)）]?")
LONE_SIGN = re.compile(r"[$¥￥€£(（)）]|[)）]%|[(（][\d,.]+")
MANY_AMOUNTS = 3  # fully numeric lines in one cell that no wrapped amount explains
GOOD_SHARE = 0.9
SCANNED_RULES = GridSettings(snap=4.0, join=8.0, cross=5.0)


def find_ruled_tables(
    edges: Sequence[Edge], words: Sequence[Word], method: str = "ruled"
) -> list[PageTable]:
    """Return the tables that ruling lines draw, top to bottom; blank ones are left out."""
    edges = _without_twins(edges)
    if not edges or len(edges) > MAX_MERGED_EDGES:
        return []
    settings = SCANNED_RULES if method == "ocr" else GridSettings()
    tables = [_fill(grid, words, method) for grid in find_grids(edges, settings)]
    return [table for table in tables if any(cell.text for cell in table.cells)]


def _without_twins(edges: Sequence[Edge]) -> list[Edge]:
    """Return each edge once: backgrounds and borders are often drawn over each other."""
    if not edges:
        return []
    _, first = np.unique(np.round(np.array(edges), 1), axis=0, return_index=True)
    return [edges[i] for i in np.sort(first).tolist()]


def _fill(grid: Grid, words: Sequence[Word], method: str) -> PageTable:
    box = grid.box
    inside = _ByHeight([word for word in words if _holds(box, word.box)])
    cells = []
    for row_no, row in enumerate(grid.rows):
        for col_no, cell_box in enumerate(row):
            if cell_box is not None:
                near = inside.between(cell_box[1], cell_box[3])
                cells.append(_cell(row_no, col_no, cell_box, near, tight=method == "ocr"))
    return PageTable(method, box, tuple(cells))


class _ByHeight:
    """Words in order of their middle's height, to be found again by the rows of a table."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = sorted(words, key=_middle)
        self.middles = [_middle(word) for word in self.words]

    def between(self, top: float, bottom: float) -> list[Word]:
        """Return the words whose middle lies from ``top`` on, above ``bottom``."""
        return self.words[bisect_left(self.middles, top) : bisect_left(self.middles, bottom)]


def _middle(word: Word) -> float:
    return (word.top + word.bottom) / 2


def _cell(row_no: int, col_no: int, box: Box, words: list[Word], *, tight: bool) -> Cell:
    """Return the cell in ``box``; a tight one ends at its text, since a scan is seldom straight."""
    lines = build_lines([part for word in words for part in _part_within(word, box)])
    known = [line.confidence for line in lines if line.confidence is not None]
    text = "\n".join(line.text for line in lines)
    if tight and lines:
        box = box_of([line.box for line in lines])
    return Cell(row_no, col_no, text, box, min(known) if known else None)


def _part_within(word: Word, box: Box) -> list[Word]:
    """Return the part of ``word`` whose characters are in ``box``; columns may be set tight."""
    if word.x1 < box[0] or word.x0 > box[2]:
        return []
    kept = [i for i, (a, b) in enumerate(word.spans) if box[0] <= (a + b) / 2 < box[2]]
    if len(kept) == len(word.spans):
        return [word]
    if not kept:
        return []
    spans = tuple(word.spans[i] for i in kept)
    text = "".join(word.text[i] for i in kept)
    x0, x1 = min(s[0] for s in spans), max(s[1] for s in spans)
    return [Word(text, x0, word.top, x1, word.bottom, spans, word.size, word.confidence)]


def _holds(box: Box, inner: Box) -> bool:
    middle = (inner[1] + inner[3]) / 2
    return box[1] <= middle < box[3] and inner[2] > box[0] and inner[0] < box[2]


def is_trustworthy(table: PageTable, lines: Sequence[Line]) -> bool:
    """Return whether the drawn grid is the table, and not a frame or shading around it.

    A frame holds many amounts in one cell; shaded rows leave words outside of every cell, and
    shaded boxes part a number from its sign.
    """
    rows = {cell.row_no for cell in table.cells}
    columns = {cell.col_no for cell in table.cells}
    if len(columns) < 2 or len(rows) < 2:
        return False
    if any(is_crowded(cell.text) or LONE_SIGN.fullmatch(cell.text) for cell in table.cells):
        return False
    inside = [w for line in lines for w in line.words if _holds(table.box, w.box)]
    printed = sum(len(w.text) for w in inside)
    in_cells = sum(len(c.text.replace("\n", "").replace(" ", "")) for c in table.cells)
    return in_cells >= GOOD_SHARE * printed


def is_crowded(text: str) -> bool:
    r"""Return whether a cell's text holds the amounts of several rows or columns.

    >>> is_crowded("1,234 5,678"), is_crowded("39,608,340,97\n9.04"), is_crowded("1\n2\n3")
    (True, False, True)
    """
    numeric_lines = 0
    for line in text.split("\n"):
        tokens = line.split(" ")
        amounts = [t for t in tokens if AMOUNT.fullmatch(t)]
        if len(amounts) >= 2 and len(amounts) == len(tokens):
            return True
        numeric_lines += len(amounts) == len(tokens) == 1
    return numeric_lines >= MANY_AMOUNTS
