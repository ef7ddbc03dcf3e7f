"""Words and tables as plain pdfplumber gives them, from what our reader finds on a page.

The same output by the same rules: ``extract_words()``, ``find_tables()`` and ``extract()`` with
their defaults. The walk itself goes further from the same characters, lines and grids.
"""

import numpy as np

from benchmarks.plumber_oracle import PlainTable, Word
from sft_assets.extract.reading.chars import Chars, cell_texts, group_words, text_of_codes
from sft_assets.extract.reading.page_content import Edge
from sft_assets.extract.tables.grids import Grid, GridSettings, find_grids


def plain_words(chars: Chars) -> list[Word]:
    """Return what ``extract_words()`` says of printed ``chars``."""
    runs = group_words(chars)
    if not len(runs.starts):
        return []
    text = text_of_codes(chars.codes[runs.order])
    bounds = zip(runs.starts.tolist(), runs.ends.tolist(), strict=True)
    extents = (column.tolist() for column in runs.extents(chars))
    return list(zip([text[a:b] for a, b in bounds], *extents, strict=True))


def plain_tables(edges: list[Edge], chars: Chars) -> list[PlainTable]:
    """Return what ``find_tables()`` and each table's ``extract()`` say."""
    return [fill_grid(grid, chars) for grid in find_grids(edges, GridSettings())]


def fill_grid(grid: Grid, chars: Chars) -> PlainTable:
    """Return the texts of a grid's cells; a character belongs where its centre lies."""
    cells = [cell for row in grid.rows for cell in row if cell is not None]
    x, y = (chars.x0 + chars.x1) / 2, (chars.top + chars.bottom) / 2
    x0, top, x1, bottom = grid.box
    near = np.flatnonzero((x >= x0) & (x < x1) & (y >= top) & (y < bottom))
    corners = np.array(cells)
    heights, row = np.unique(corners[:, [1, 3]], axis=0, return_inverse=True)
    widths, column = np.unique(corners[:, [0, 2]], axis=0, return_inverse=True)
    in_rows = (heights[:, :1] <= y[near]) & (y[near] < heights[:, 1:])
    in_columns = (widths[:, :1] <= x[near]) & (x[near] < widths[:, 1:])
    zones, members = np.nonzero(in_rows[row.ravel()] & in_columns[column.ravel()])
    texts = iter(cell_texts(chars.take(near[members]), zones, len(cells)))
    rows = [tuple(None if cell is None else next(texts) for cell in row) for row in grid.rows]
    return PlainTable(grid.box, tuple(rows))
