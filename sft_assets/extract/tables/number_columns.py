"""The columns in which the numbers of a block of lines stand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sft_assets.extract.reading.lines import Word
from sft_assets.extract.reading.page_frame import Box
from sft_assets.extract.tables.number_tokens import digits_end, has_digits, is_number
from sft_assets.extract.tables.row_layout import Piece, RowLine

ALIGNED = 0.9  # of the font size: how far right edges of one column may differ
MIN_OVERLAP = 0.25  # of the narrower interval


@dataclass(frozen=True, slots=True)
class Column:
    """Numbers that stand under each other."""

    x0: float
    x1: float
    edge: float  # where the digits end, for most of them
    members: int


def find_columns(body: Sequence[RowLine]) -> list[Column]:
    """Return the columns of the numbers in ``body``, left to right.

    Rows with most numbers speak first: they show all columns side by side, while a number alone
    may be a year or a note.
    """
    columns: list[Column] = []
    ranked = sorted(range(len(body)), key=lambda i: (-len(body[i].numbers), i))
    for i in ranked:
        for piece in body[i].numbers:
            columns = _with_piece(columns, piece, body[i].size)
    return sorted(columns, key=lambda c: c.x1)


def _with_piece(columns: list[Column], piece: Piece, size: float) -> list[Column]:
    edge = digits_end(piece.words[-1])
    near = [i for i, c in enumerate(columns) if abs(c.edge - edge) <= ALIGNED * size]
    over = near or [i for i, c in enumerate(columns) if _common(c, piece.x0, piece.x1) > 0]
    if not over:
        return [*columns, Column(piece.x0, piece.x1, edge, 1)]
    best = min(over, key=lambda i: (abs(columns[i].edge - edge), i))
    old = columns[best]
    grown = Column(min(old.x0, piece.x0), max(old.x1, piece.x1), old.edge, old.members + 1)
    if len(over) > 1 or _touches_other(grown, columns, best):
        grown = replace(old, members=old.members + 1)  # a spanning number widens no column
    return [*columns[:best], grown, *columns[best + 1 :]]


def _touches_other(grown: Column, columns: list[Column], own: int) -> bool:
    return any(
        i != own and min(c.x1, grown.x1) > max(c.x0, grown.x0) for i, c in enumerate(columns)
    )


def _common(column: Column, x0: float, x1: float) -> float:
    common = min(column.x1, x1) - max(column.x0, x0)
    narrower = min(column.x1 - column.x0, x1 - x0)
    return common if narrower > 0 and common >= MIN_OVERLAP * narrower else 0.0


def column_of(box: Box, columns: Sequence[Column]) -> int:
    """Return the index of the column in which ``box`` stands; the first of several it spans."""
    over = [i for i, c in enumerate(columns) if min(c.x1, box[2]) - max(c.x0, box[0]) > 0]
    if over:
        widest = max(min(columns[i].x1, box[2]) - max(columns[i].x0, box[0]) for i in over)
        full = [
            i
            for i in over
            if min(columns[i].x1, box[2]) - max(columns[i].x0, box[0])
            >= 0.5 * min(widest, columns[i].x1 - columns[i].x0)
        ]
        return min(full or over)
    middle = (box[0] + box[2]) / 2
    return min(
        range(len(columns)), key=lambda i: (abs((columns[i].x0 + columns[i].x1) / 2 - middle), i)
    )


def split_at_columns(row: RowLine, columns: Sequence[Column]) -> RowLine:
    """Return ``row`` with the numbers cut off that stand in a column but close to their label."""
    pieces: list[Piece] = []
    for piece in row.pieces:
        pieces += [piece] if piece.is_number else _cut(piece, columns, row.size)
    return RowLine(row.line, tuple(pieces))


def _cut(piece: Piece, columns: Sequence[Column], size: float) -> list[Piece]:
    words = list(piece.words)
    numbers: list[Piece] = []
    while len(words) > 1 and _stands_in(words[-1], columns, size):
        numbers.insert(0, Piece((words.pop(),), is_number=True))
    return [Piece(tuple(words), is_number=False), *numbers]


def _stands_in(word: Word, columns: Sequence[Column], size: float) -> bool:
    text = word.text.replace(" ", "")
    if not is_number(text):
        return False
    reach = ALIGNED * size if has_digits(text) else 0.3 * size
    return any(abs(c.edge - digits_end(word)) <= reach and c.members >= 2 for c in columns)
