"""Labels that run over several lines, and the row of numbers that they belong to."""

from collections.abc import Sequence

from sft_assets.extract.number_columns import Column
from sft_assets.extract.row_layout import Piece, RowLine

FULL = 2.0  # of the font size: room that a line leaves when the next word did not fit
ENDS = (":", "：", ".", "。", "；", ";")


def merge_wrapped_labels(rows: Sequence[RowLine], columns: Sequence[Column]) -> list[list[Piece]]:
    """Return the pieces of each row; lines of a wrapped label join the row of its numbers."""
    left = min(column.x0 for column in columns)
    limit = max((p.x1 for row in rows for p in row.texts if _is_label(p, left)), default=left)
    merged: list[list[Piece]] = []
    waiting: list[Piece] = []  # label lines that ran full and wait for their numbers
    previous: RowLine | None = None
    for i, row in enumerate(rows):
        label = _only_label(row, left)
        if label is None:
            merged.append([*waiting, *row.pieces])
            waiting, previous = [], row
            continue
        if not waiting and previous is not None and _goes_on(previous, label, left, limit):
            merged[-1].append(label)
            continue
        following = rows[i + 1] if i + 1 < len(rows) else None
        if following is not None and _leads_on(label, following, left, limit, row.size):
            waiting.append(label)
        else:
            merged += [[p] for p in [*waiting, label]] if not waiting else [[*waiting, label]]
            waiting = []
        previous = None
    if waiting:
        merged.append(waiting)
    return merged


def _is_label(piece: Piece, left: float) -> bool:
    return piece.x0 < left and piece.x1 <= left + 1.0


def _only_label(row: RowLine, left: float) -> Piece | None:
    """Return the label of a line that holds nothing else."""
    if len(row.pieces) == 1 and not row.pieces[0].is_number and _is_label(row.pieces[0], left):
        return row.pieces[0]
    return None


def _first_label(row: RowLine, left: float) -> Piece | None:
    first = row.pieces[0]
    return first if not first.is_number and first.x0 < left else None


def _is_full(label: Piece, next_word: float, limit: float, size: float) -> bool:
    """Return whether the next line's first word had no room at the end of ``label``."""
    return label.x1 + min(next_word, 12 * size) + 0.2 * size > limit - 0.1 * size


def _word_width(piece: Piece, size: float) -> float:
    """Return the width of what may not be broken: a Latin word, or one Chinese character."""
    word = piece.words[0]
    if word.text[:1] >= "\u2e80":
        return size
    return word.x1 - word.x0


def _leads_on(label: Piece, below: RowLine, left: float, limit: float, size: float) -> bool:
    """Return whether the label line goes on in the line below."""
    first = _first_label(below, left)
    if label.text.endswith(ENDS):
        return False
    if first is None:
        return bool(below.numbers)  # numbers without a label: they stand beside its middle
    if not _is_full(label, _word_width(first, size), limit, size):
        return False
    return first.text[:1].islower() or first.text[:1] >= "\u2e80" or first.x0 > label.x0 + 1.0


def _goes_on(above: RowLine, label: Piece, left: float, limit: float) -> bool:
    """Return whether ``label`` is the rest of the label of the row of numbers above it."""
    first = _first_label(above, left)
    if first is None or not above.numbers:
        return False
    if first.text.endswith(ENDS):
        return False
    starts = label.text[:1]
    if starts.islower() or starts in ")）(（":
        return True
    full = _is_full(first, _word_width(label, above.size), limit, above.size)
    return full and starts >= "\u2e80"
