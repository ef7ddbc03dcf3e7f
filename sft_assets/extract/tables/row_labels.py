"""Labels that run over several lines, and the row of numbers that they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sft_assets.extract.tables.row_layout import Piece, RowLine

ENDS = (":", "：", ".", "。", "；", ";")
CLOSING = tuple(")）]】")
EDGE = 1.2  # of the font size: how ragged the right edge of wrapped labels is
GUTTER = 4.0  # of the font size, between labels and the next column
WIDE = "\u2e80"


@dataclass(frozen=True, slots=True)
class LabelColumns:
    """Where labels stand: ``starts`` of their columns (one, or one a language), up to ``end``."""

    starts: tuple[float, ...]
    end: float

    def index(self, piece: Piece) -> int | None:
        """Return the label column of ``piece``; None for what stands among the numbers."""
        if piece.is_number or piece.x0 >= self.end or (piece.x0 + piece.x1) / 2 >= self.end:
            return None
        return max((i for i, x in enumerate(self.starts) if piece.x0 >= x - 2.0), default=0)

    def of(self, row: RowLine) -> dict[int, Piece]:
        """Return the labels of ``row`` by column."""
        found = ((self.index(piece), piece) for piece in row.pieces)
        return {i: piece for i, piece in found if i is not None}


def merge_wrapped_labels(rows: Sequence[RowLine], labels: LabelColumns) -> list[list[Piece]]:
    """Return the pieces of each row; lines of a wrapped label join the row of its numbers."""
    limits = _limits(rows, labels)
    merged: list[list[Piece]] = []
    waiting: list[Piece] = []  # label lines that go on below
    above: RowLine | None = None  # the row of numbers whose label may go on
    for i, row in enumerate(rows):
        only = labels.of(row)
        if len(only) != len(row.pieces):
            merged.append([*waiting, *row.pieces])
            waiting, above = [], row
            continue
        if not waiting and above is not None and _goes_on(labels.of(above), only, limits):
            merged[-1] += row.pieces
            continue
        below = rows[i + 1] if i + 1 < len(rows) else None
        if below is not None and _leads_on(only, below, labels, limits):
            waiting += row.pieces
        else:
            merged.append([*waiting, *row.pieces])
            waiting = []
        above = None
    return [*merged, waiting] if waiting else merged


def _limits(rows: Sequence[RowLine], labels: LabelColumns) -> dict[int, float]:
    """Return the right edge of each label column: how far its longest lines go.

    One long line alone, far from the numbers, shows no edge: it may be a heading.
    """
    ends: dict[int, list[float]] = {}
    for row in rows:
        for i, piece in labels.of(row).items():
            ends.setdefault(i, []).append(piece.x1)
    size = rows[0].size if rows else 1.0
    limits: dict[int, float] = {}
    for i, found in ends.items():
        longest = max(found)
        alike = sum(x1 > longest - EDGE * size for x1 in found)
        edge = labels.starts[i + 1] if i + 1 < len(labels.starts) else labels.end
        near = longest > edge - GUTTER * size
        limits[i] = longest if alike > 1 or near else edge
    return limits


def _leads_on(
    upper: dict[int, Piece], below: RowLine, labels: LabelColumns, limits: dict[int, float]
) -> bool:
    """Return whether a line without numbers goes on in the line below."""
    if any(piece.text.endswith(ENDS) for piece in upper.values()):
        return False
    lower = labels.of(below)
    if not lower:
        return bool(below.numbers)  # numbers without a label stand beside its middle
    return any(_continues(upper[i], lower[i], limits[i]) for i in upper if i in lower)


def _goes_on(above: dict[int, Piece], label: dict[int, Piece], limits: dict[int, float]) -> bool:
    """Return whether ``label`` is the rest of the label of the row of numbers above it."""
    if any(piece.text.endswith(ENDS) for piece in above.values()):
        return False
    return any(_continues(above[i], label[i], limits[i]) for i in above if i in label)


def _continues(upper: Piece, lower: Piece, limit: float) -> bool:
    """Return whether ``lower`` is the next line of the label ``upper``."""
    start = lower.text[:1]
    if start.islower() or lower.text.startswith(CLOSING):
        return True
    size = upper.words[-1].size
    word = lower.words[0]
    needed = size if start >= WIDE else word.x1 - word.x0
    full = upper.x1 + min(needed, 12 * size) > limit - 0.1 * size
    return full and (start >= WIDE or lower.x0 > upper.x0 + 0.3 * size)
