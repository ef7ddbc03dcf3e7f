"""Labels in two languages stand in columns of their own beside each other."""

from collections.abc import Sequence

from sft_assets.extract.tables.row_labels import LabelColumns
from sft_assets.extract.tables.row_layout import Piece, RowLine

MIN_ROWS = 3
MIN_SHARE = 0.3  # of the rows with a label
SAME_START = 0.6  # of the font size


def find_label_columns(rows: Sequence[RowLine], end: float) -> LabelColumns:
    """Return the label columns left of ``end``, where the first column of numbers begins.

    A second one is there when second pieces of text begin at the same place in many rows.
    """
    first = min((row.pieces[0].x0 for row in rows if row.pieces), default=0.0)
    seconds = [
        (piece.x0, row.size)
        for row in rows
        for piece in row.pieces[1:]
        if not piece.is_number and piece.x1 <= end + 1.0
    ]
    labelled = sum(bool(row.texts) for row in rows)
    best: list[float] = []
    for x0, size in sorted(seconds):
        near = [x for x, _ in seconds if abs(x - x0) <= SAME_START * size]
        if len(near) > len(best):
            best = near
    if len(best) < max(MIN_ROWS, MIN_SHARE * labelled):
        return LabelColumns((first,), end)
    return LabelColumns((first, min(best)), end)


def split_at_labels(row: RowLine, labels: LabelColumns) -> RowLine:
    """Return ``row`` with labels cut where another label column begins."""
    pieces: list[Piece] = []
    for piece in row.pieces:
        pieces += [piece] if labels.index(piece) is None else _cut(piece, labels.starts[1:])
    return RowLine(row.line, tuple(pieces))


def _cut(piece: Piece, starts: Sequence[float]) -> list[Piece]:
    for start in starts:
        for i, word in enumerate(piece.words):
            if i and abs(word.x0 - start) <= SAME_START * word.size:
                left, right = piece.words[:i], piece.words[i:]
                return [Piece(left, is_number=False), Piece(right, is_number=False)]
    return [piece]
