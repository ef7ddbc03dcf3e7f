"""Tables without a drawn grid: a label on the left, columns of numbers set under each other.

English annual reports and many Hong Kong ones print their statements so. A block of lines is a
table when its numbers stand in columns; header words, wrapped labels and texts between take the
column that they stand in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sft_assets.extract.reading.lines import Line, box_of, build_lines
from sft_assets.extract.tables.cells import Cell, PageTable
from sft_assets.extract.tables.label_columns import find_label_columns, split_at_labels
from sft_assets.extract.tables.number_columns import (
    Column,
    column_of,
    find_columns,
    split_at_columns,
)
from sft_assets.extract.tables.row_labels import LabelColumns, merge_wrapped_labels
from sft_assets.extract.tables.row_layout import Piece, RowLine, split_row

MAX_GAP = 3.2  # of the line height: a wider blank ends a table
MAX_LABELS = 4  # lines without a number in a row that a table may hold
MAX_HEADERS = 7  # lines above the first row that may be its header
LEADERS = "....."  # a table of contents


@dataclass(slots=True)
class _Block:
    """Consecutive lines of the page that may be one table."""

    rows: list[RowLine] = field(default_factory=list)

    @property
    def body(self) -> list[RowLine]:
        return [row for row in self.rows if row.counts]


def find_aligned_tables(lines: Sequence[Line], method: str = "aligned") -> list[PageTable]:
    """Return the tables among ``lines`` (in order from top to bottom), top to bottom."""
    rows = [split_row(line) for line in lines]
    tables = []
    for block in _find_blocks(rows):
        table = _build(block, method)
        if table is not None:
            tables.append(table)
    return tables


def _find_blocks(rows: Sequence[RowLine]) -> list[_Block]:
    """Return runs of lines around rows of numbers, cut at prose and at wide blanks."""
    blocks: list[_Block] = []
    current = _Block()
    waiting: list[RowLine] = []  # lines without numbers since the last row of numbers
    for row in rows:
        last = (current.rows + waiting)[-1] if current.rows or waiting else None
        if last is not None and _is_apart(last, row):
            _close(blocks, current, waiting)
            current, waiting = _Block(), []
        if row.numbers:
            current.rows += [*waiting, row]
            waiting = []
        elif current.body and (_is_prose(row, current) or len(waiting) >= MAX_LABELS):
            _close(blocks, current, [])
            current, waiting = _Block(), [row]
        else:
            waiting = [*waiting, row][-MAX_HEADERS:]
    _close(blocks, current, waiting)
    return blocks


def _close(blocks: list[_Block], block: _Block, after: list[RowLine]) -> None:
    if block.body:
        # What follows the last number may be the rest of a wrapped label.
        block.rows += after[:2]
        blocks.append(block)


def _is_apart(above: RowLine, below: RowLine) -> bool:
    height = max(above.size, below.size, 1.0)
    return below.line.box[1] - above.line.box[3] > MAX_GAP * height


def _is_prose(row: RowLine, block: _Block) -> bool:
    """Return whether a line without numbers runs on into the columns of numbers."""
    first = min(piece.x0 for body in block.body for piece in body.numbers)
    long = row.line.box[2] > first + 2 * row.size
    return long and len(row.pieces) == 1 and len(row.line.text) > 25


def _build(block: _Block, method: str) -> PageTable | None:
    kept = _without_stray_numbers(block.rows)
    columns = find_columns([row for row in kept if row.counts])
    rows = [split_at_columns(row, columns) for row in kept]
    body = [row for row in rows if row.counts]
    if not _is_table(body, columns):
        return None
    rows = _trim(rows, columns)
    labels = find_label_columns(rows, min(column.x0 for column in columns))
    rows = [split_at_labels(row, labels) for row in rows]
    layout = _layout(columns, rows, labels)
    cells: list[Cell] = []
    for row_no, pieces in enumerate(merge_wrapped_labels(rows, labels)):
        cells += _cells_of(row_no, pieces, layout)
    return PageTable(method, box_of([cell.box for cell in cells]), tuple(cells))


def _without_stray_numbers(rows: list[RowLine]) -> list[RowLine]:
    """Return ``rows`` without a number alone on the first or last line: a page number."""
    kept = list(rows)
    while kept and len(kept[-1].pieces) == 1 and (kept[-1].counts or len(kept) == 1):
        kept.pop()
    while kept and len(kept[0].pieces) == 1 and kept[0].counts:
        kept.pop(0)
    return kept


def _is_table(body: Sequence[RowLine], columns: Sequence[Column]) -> bool:
    if not columns or not body:
        return False
    labelled = [row for row in body if row.texts]
    if len(columns) == 1 and _is_contents(body):
        return False
    if len(columns) == 1:
        return len(labelled) >= 2 and columns[0].members >= 2
    return len(labelled) >= 1 and (len(body) >= 2 or len(body[0].numbers) >= 2)


def _is_contents(body: Sequence[RowLine]) -> bool:
    """Return whether the numbers are pages: dots lead to them, and they only go up."""
    leaders = sum(LEADERS in row.line.text.replace(" ", "") for row in body)
    if leaders * 2 >= len(body):
        return True
    last = [row.numbers[-1].text for row in body]
    if len(last) < 5 or not all(text.isdecimal() and len(text) <= 3 for text in last):
        return False
    return all(int(a) <= int(b) for a, b in pairwise(last))


def _trim(rows: list[RowLine], columns: Sequence[Column]) -> list[RowLine]:
    """Return ``rows`` without leading lines that are prose above the header."""
    first_body = next(i for i, row in enumerate(rows) if row.counts)
    start = first_body
    left = min(column.x0 for column in columns)
    while start > 0 and first_body - start < MAX_HEADERS:
        row = rows[start - 1]
        if len(row.pieces) == 1 and row.pieces[0].x0 < left and row.pieces[0].x1 > left + row.size:
            break  # a line that begins with the labels and runs into the columns
        start -= 1
    return rows[start:]


@dataclass(frozen=True, slots=True)
class _Layout:
    """Number columns and text columns of a table, left to right."""

    columns: tuple[Column, ...]
    labels: LabelColumns

    def place(self, piece: Piece) -> int:
        """Return the 0-based column of ``piece``; column 0 is the label's."""
        label = self.labels.index(piece)
        if label is not None:
            return label
        return len(self.labels.starts) + column_of(piece.box, self.columns)


def _layout(columns: Sequence[Column], rows: Sequence[RowLine], labels: LabelColumns) -> _Layout:
    """Return the layout with a column for the text that stands right of all numbers."""
    right = max(column.x1 for column in columns)
    beyond = [piece for row in rows if row.counts for piece in row.texts if piece.x0 >= right - 1.0]
    found = sorted(columns, key=lambda c: c.x1)
    if beyond:
        x0, _, x1, _ = box_of([piece.box for piece in beyond])
        found.append(Column(x0, x1, x1, len(beyond)))
    return _Layout(tuple(found), labels)


def _cells_of(row_no: int, pieces: Sequence[Piece], layout: _Layout) -> list[Cell]:
    taken: dict[int, list[Piece]] = {}
    for piece in pieces:
        col_no = layout.place(piece)
        while piece.is_number and any(p.is_number for p in taken.get(col_no, [])):
            col_no += 1  # each number keeps a cell of its own
        taken.setdefault(col_no, []).append(piece)
    return [_cell_of(row_no, col_no, found) for col_no, found in sorted(taken.items())]


def _cell_of(row_no: int, col_no: int, pieces: Sequence[Piece]) -> Cell:
    words = [word for piece in pieces for word in piece.words]
    known = [word.confidence for word in words if word.confidence is not None]
    text = "\n".join(line.text for line in build_lines(words))
    return Cell(row_no, col_no, text, box_of([w.box for w in words]), min(known) if known else None)
