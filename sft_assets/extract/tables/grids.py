"""Grids of ruling lines: the cells and tables that pdfplumber's ``TableFinder`` finds, in columns.

Each step gives what the step of the same purpose in ``pdfplumber.table`` gives for the strategy
"lines"; comparing all lines with each other at once makes it fast.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from sft_assets.extract.reading.lines import box_of
from sft_assets.extract.reading.page_content import Edge
from sft_assets.extract.reading.page_frame import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

MIN_DRAWN = 1.0  # points; a shorter edge is left out before lines are joined
MIN_LENGTH = 3.0  # points; a shorter joined line is no ruling line
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class GridSettings:
    """How far apart lines may be, in points; the defaults are pdfplumber's."""

    snap: float = 3.0  # parallel lines that are one
    join: float = 3.0  # pieces of one line
    cross: float = 3.0  # a line's end and the line that it should touch


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of one table, row by row; None where a merged cell goes on."""

    rows: tuple[tuple[Box | None, ...], ...]

    @property
    def box(self) -> Box:
        """Return x0, top, x1, bottom."""
        return box_of([cell for row in self.rows for cell in row if cell is not None])


def find_grids(edges: Sequence[Edge], settings: GridSettings) -> list[Grid]:
    """Return the grids of at least two cells that ``edges`` draw, top to bottom."""
    if not edges:
        return []
    table = np.array(edges, dtype=np.float64)
    width, height = table[:, 2] - table[:, 0], table[:, 3] - table[:, 1]
    flat = height <= width
    across = _rules(table[flat & (width >= MIN_DRAWN)][:, [1, 0, 2]], settings)
    upright = _rules(table[~flat & (height >= MIN_DRAWN)][:, [0, 1, 3]], settings)
    crossings = _crossings(upright, across, settings.cross)
    return _grids(list(_cells(crossings)))


def _rules(lines: "Numbers", settings: GridSettings) -> "Numbers":
    """Return joined lines from rows of place, start, end; in order of place and start."""
    place = _snapped(lines[:, 0], settings.snap)
    order = np.lexsort((lines[:, 1], place))
    joined: list[tuple[float, float, float]] = []
    rows = zip(place[order].tolist(), *lines[order, 1:].T.tolist(), strict=True)
    for at, pieces in groupby(rows, key=lambda row: row[0]):
        _, first, last = next(pieces)
        for _, start, end in pieces:  # noqa: B031
            if start <= last + settings.join:
                last = max(last, end)
            else:
                joined.append((at, first, last))
                first, last = start, end
        joined.append((at, first, last))
    found = np.array(joined, dtype=np.float64).reshape(-1, 3)
    return found[found[:, 2] - found[:, 1] >= MIN_LENGTH]


def _snapped(place: "Numbers", tolerance: float) -> "Numbers":
    """Return each place moved to the mean of those that follow each other within ``tolerance``."""
    if not len(place):
        return place
    known, which = np.unique(place, return_inverse=True)
    steps = np.concatenate([[False], known[1:] > known[:-1] + tolerance])
    cluster = np.cumsum(steps)[which]
    mean = np.bincount(cluster, weights=place) / np.bincount(cluster)
    snapped: Numbers = place + (mean[cluster] - place)
    return snapped


@dataclass(frozen=True, slots=True)
class _Crossings:
    """Points where lines cross, and which lines cross there: bit i stands for line i."""

    upright: dict[Point, int]
    across: dict[Point, int]


def _crossings(upright: "Numbers", across: "Numbers", reach: float) -> _Crossings:
    x, top, bottom = (column[:, None] for column in upright.T)
    y, x0, x1 = (column[None, :] for column in across.T)
    meets = (top <= y + reach) & (bottom >= y - reach) & (x >= x0 - reach) & (x <= x1 + reach)
    by_upright: dict[Point, int] = defaultdict(int)
    by_across: dict[Point, int] = defaultdict(int)
    xs, ys = upright[:, 0].tolist(), across[:, 0].tolist()
    for i, j in zip(*(which.tolist() for which in np.nonzero(meets)), strict=True):
        point = xs[i], ys[j]
        by_upright[point] |= 1 << i
        by_across[point] |= 1 << j
    return _Crossings(by_upright, by_across)


def _cells(found: _Crossings) -> Iterator[Box]:
    """Return the smallest cell that has each point as its upper left corner, if there is one."""
    upright, across = found.upright, found.across
    points = sorted(upright)
    rows: dict[float, list[float]] = defaultdict(list)
    columns: dict[float, list[float]] = defaultdict(list)
    for x, y in points:
        columns[x].append(y)
        rows[y].append(x)
    down = {(x, y): i for x, ys in columns.items() for i, y in enumerate(ys, start=1)}
    right = {(x, y): i for y, xs in rows.items() for i, x in enumerate(xs, start=1)}
    for point in points:
        x, y = point
        level = [
            (x1, upright[x1, y]) for x1 in rows[y][right[point] :] if across[point] & across[x1, y]
        ]
        cell = next(
            (
                (x, y, x1, bottom)
                for bottom in columns[x][down[point] :]
                if upright[point] & upright[x, bottom]
                for x1, lines in level
                if (x1, bottom) in upright
                and upright[x1, bottom] & lines
                and across[x1, bottom] & across[x, bottom]
            ),
            None,
        )
        if cell is not None:
            yield cell


def _grids(cells: list[Box]) -> list[Grid]:
    """Return the tables that cells make which touch at a corner."""
    home: dict[Point, int] = {}
    parent = list(range(len(cells)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, (x0, top, x1, bottom) in enumerate(cells):
        for corner in ((x0, top), (x0, bottom), (x1, top), (x1, bottom)):
            parent[root(i)] = root(home.setdefault(corner, i))
    members: dict[int, list[Box]] = defaultdict(list)
    for i, cell in enumerate(cells):
        members[root(i)].append(cell)
    grids = [_in_rows(group) for group in members.values() if len(group) > 1]
    return sorted(grids, key=_upper_left)


def _upper_left(grid: Grid) -> Point:
    return next((cell[1], cell[0]) for cell in grid.rows[0] if cell is not None)


def _in_rows(cells: list[Box]) -> Grid:
    xs = sorted({cell[0] for cell in cells})
    ordered = sorted(cells, key=lambda cell: (cell[1], cell[0]))
    rows = []
    for _, row in groupby(ordered, key=lambda cell: cell[1]):
        at = {cell[0]: cell for cell in row}
        rows.append(tuple(at.get(x) for x in xs))
    return Grid(tuple(rows))
