"""Rows of a table as they are meant: heads, labels with their wraps, and numbers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sft_assets.concepts.labels import latin_half
from sft_assets.facts.head_words import is_amount, is_header_row
from sft_assets.facts.page_items import Box, Cell, Grid, hull

NOTE_AT_END = re.compile(r"\s+[一二三四五六七八九十]{1,3}[、.]\s?\d{1,3}(?:[（(]\d{1,2}[)）])?$")
LEADERS = re.compile(r"(?:\s*[.·…]){3,}$")
UNIT_ALONE = re.compile(r"[（(][^（）()]{1,8}[)）]")
OPEN_END = re.compile(
    r"(?:[,，、（(&–-]|及|和|與|与|之|的|或|"
    r"\b(?:and|of|or|to|in|for|from|the|by|with|on|at|net of))$",
    re.I,
)
_LATIN = re.compile(r"[A-Za-z]{3}")
_CJK = re.compile(r"[\u3400-\u9fff]")
MAX_WRAP = 4  # lines above or below its numbers that a label may have


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of numbers under one set of heads."""

    header: tuple[tuple[Cell, ...], ...]  # empty: the heads stand on a page before
    body: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class LabelPart:
    """Label cells of one grid row."""

    text: str
    box: Box


def split_blocks(grid: Grid) -> list[Block]:
    """Return ``grid`` as blocks; a table may print new heads halfway down (2020年末 ...)."""
    blocks: list[Block] = []
    header: list[tuple[Cell, ...]] = []
    body: list[tuple[Cell, ...]] = []
    for i, row in enumerate(grid.rows):
        if _belongs_to_header(
            grid.rows, i, has_header=bool(header) and not body, is_inside=bool(body)
        ):
            if body:
                blocks.append(Block(tuple(header), tuple(body)))
                header, body = [], []
            header.append(row)
        else:
            body.append(row)
    if body or not blocks:
        blocks.append(Block(tuple(header), tuple(body)))
    return blocks


def _belongs_to_header(
    rows: Sequence[Sequence[Cell]], i: int, *, has_header: bool, is_inside: bool
) -> bool:
    row = rows[i]
    if any(is_amount(cell.text) for cell in row):
        return False
    if is_header_row(row, is_inside=is_inside):
        return True
    beyond = [cell for cell in row if cell.col_no > 0 and cell.text.strip()]
    if not beyond:  # blank, or a label alone
        blank = not any(cell.text.strip() for cell in row)
        return blank and has_header and _header_follows(rows, i, is_inside=is_inside)
    return has_header or _header_follows(rows, i, is_inside=is_inside)


def _header_follows(rows: Sequence[Sequence[Cell]], i: int, *, is_inside: bool) -> bool:
    """Return whether a head comes within the next rows, before any number and any label alone."""
    for row in rows[i + 1 : i + 4]:
        if any(is_amount(cell.text) for cell in row):
            return False
        if is_header_row(row, is_inside=is_inside):
            return True
        filled = [cell for cell in row if cell.text.strip()]
        if filled and all(cell.col_no == 0 for cell in filled):
            return False
    return False


def label_of(row: Sequence[Cell], edge: float) -> LabelPart | None:
    """Return the label cells of ``row``: text left of ``edge`` that is no number."""
    cells = [
        cell
        for cell in row
        if cell.text.strip() and cell.box.mid_x < edge and not is_amount(cell.text)
    ]
    if not cells:
        return None
    text = join_lines("\n".join(cell.text for cell in cells))
    return LabelPart(LEADERS.sub("", NOTE_AT_END.sub("", text)), hull([c.box for c in cells]))


def numbers_of(row: Sequence[Cell], edge: float) -> list[Cell]:
    """Return the cells of ``row`` beyond the labels that hold anything."""
    return [cell for cell in row if cell.text.strip() and cell.box.mid_x >= edge]


def join_lines(text: str) -> str:
    r"""Join wrapped lines: without a space between Chinese characters, with one between words.

    >>> join_lines("归属于上市公司股\n东的净利润"), join_lines("Net cash from\noperations")
    ('归属于上市公司股东的净利润', 'Net cash from operations')
    """
    joined = ""
    for part in (p.strip() for p in text.split("\n")):
        wide = bool(joined and part) and (joined[-1] >= "\u2e80" or part[0] >= "\u2e80")
        joined += part if wide or not joined else f" {part}"
    return joined


def label_readings(rows: Sequence[Sequence[Cell]], i: int, edge: float) -> list[LabelPart]:
    """Return the labels that row ``i`` of numbers may have, its own first.

    Without ruling lines a label may go on over several rows; what is plainly the rest of a label
    is never offered alone, since "other receivables" may end "Prepayments and other receivables".
    With them, some generators shade each printed line, so that a wrapped label becomes rows of
    its own above and below its numbers. Its numbers then stand at the middle of its lines: only
    spans of label rows around that middle are offered.
    """
    numbers = numbers_of(rows[i], edge)
    own = label_of(rows[i], edge)
    if numbers and numbers[0].method != "ruled":
        whole = [] if own is None else [_whole_label(rows, i, own, edge)]
        return [*whole, *_shifted_labels(rows, i, edge)]
    for row in rows[i + 1 : i + 3]:  # its wrapped unit, perhaps below numbers of its own row
        unit = label_of(row, edge)
        if unit is None:
            continue
        is_alone = UNIT_ALONE.fullmatch(unit.text) and not numbers_of(row, edge)
        if own is not None and is_alone:
            own = LabelPart(own.text + unit.text, hull([own.box, unit.box]))
        break
    found = [own] if own is not None else []
    if not numbers:
        return found
    middle = _middle(numbers)
    beside = _label_beside(rows, i, numbers, edge)
    found += [beside] if beside is not None and beside not in found else []
    above = _labels_alone(reversed(rows[max(0, i - 2 * MAX_WRAP) : i]), edge)
    below = _labels_alone(rows[i + 1 : i + 1 + 2 * MAX_WRAP], edge)
    for a in range(len(above) + 1):
        for b in range(len(below) + 1):
            if not a + b:
                continue
            parts = [*reversed(above[:a]), *([own] if own else []), *below[:b]]
            box = hull([part.box for part in parts])
            height = min(part.box.bottom - part.box.top for part in parts)
            if abs((box.top + box.bottom) / 2 - middle) <= 0.4 * height:
                found.append(_join_parts(parts))
    return found


def _label_beside(
    rows: Sequence[Sequence[Cell]], i: int, numbers: Sequence[Cell], edge: float
) -> LabelPart | None:
    """Return the label lines beside numbers whose cells are as high as all of them together.

    Where some columns shade each printed line and others do not, the cells of one printed row
    begin in several rows of the grid.
    """
    top, bottom = min(c.box.top for c in numbers), max(c.box.bottom for c in numbers)
    window = rows[max(0, i - MAX_WRAP) : i + 1 + MAX_WRAP]
    parts = [
        part
        for row in window
        if (part := label_of(row, edge)) is not None
        and min(part.box.bottom, bottom) - max(part.box.top, top) > 0.4 * _height(part)
    ]
    if len(parts) < 2:
        return None
    box = hull([part.box for part in parts])
    is_centred = abs((box.top + box.bottom) / 2 - (top + bottom) / 2) <= 2.0
    return _join_parts(parts) if is_centred else None


def _whole_label(rows: Sequence[Sequence[Cell]], i: int, own: LabelPart, edge: float) -> LabelPart:
    """Return the label of a row without ruling lines, with the lines that it plainly goes on."""
    parts = [own]
    above = _labels_alone(reversed(rows[max(0, i - MAX_WRAP) : i]), edge)
    for part in above:
        goes_on = OPEN_END.search(latin_half(part.text)) or is_open(part.text)
        if not (_is_rest(parts[0].text) or goes_on):
            break
        parts.insert(0, part)
    for part in _labels_alone(rows[i + 1 : i + 1 + MAX_WRAP], edge):
        if not _is_rest(part.text):
            break
        parts.append(part)
    return _join_parts(parts)


def _shifted_labels(rows: Sequence[Sequence[Cell]], i: int, edge: float) -> list[LabelPart]:
    """Return labels of row ``i`` where lines of the label below have slipped into it, or out of it.

    Chinese tables set numbers at the middle of a wrapped label, so that its first line looks like
    the end of the row above. The sign of it is a row of numbers without a label, and lines of
    labels beside which no number stands: a subtotal without a label has none of those.
    """
    window = range(max(0, i - 2), min(len(rows), i + 3))
    middles = {n: _middle(numbers) for n in window if (numbers := numbers_of(rows[n], edge))}
    below = rows[i + 1] if i + 1 < len(rows) else ()
    is_bare = label_of(rows[i], edge) is None
    if not is_bare and not (numbers_of(below, edge) and label_of(below, edge) is None):
        return []
    others = [middle for n, middle in middles.items() if n != i]
    lines = sorted(
        (
            part
            for n in window
            for part in _label_lines(rows[n], edge)
            if not _LATIN.search(part.text) and not _stands_beside(part, others)
        ),
        key=lambda part: part.box.top,
    )
    found = []
    for first in range(len(lines)):
        for last in range(first, min(first + MAX_WRAP, len(lines))):
            if (first == last) == is_bare:  # a bare row needs lines on both sides of it
                continue
            parts = lines[first : last + 1]
            whole = LabelPart("", hull([part.box for part in parts]))
            if abs(_middle_of(whole) - middles[i]) <= 0.35 * _height(parts[0]):
                found.append(_join_parts(parts))
    return found


def _middle(cells: Sequence[Cell]) -> float:
    return sum((c.box.top + c.box.bottom) / 2 for c in cells) / len(cells)


def _middle_of(part: LabelPart) -> float:
    return (part.box.top + part.box.bottom) / 2


def _height(part: LabelPart) -> float:
    return part.box.bottom - part.box.top


def _stands_beside(part: LabelPart, middles: Sequence[float]) -> bool:
    return any(abs(_middle_of(part) - middle) <= 0.35 * _height(part) for middle in middles)


def _label_lines(row: Sequence[Cell], edge: float) -> list[LabelPart]:
    """Return each line of the label cells of ``row`` with its box."""
    found = []
    for cell in row:
        lines = [line for line in cell.text.split("\n") if line.strip()]
        if cell.box.mid_x >= edge or not lines or is_amount(cell.text):
            continue
        step = (cell.box.bottom - cell.box.top) / len(lines)
        for n, line in enumerate(lines):
            top = cell.box.top + n * step
            found.append(LabelPart(line.strip(), Box(cell.box.x0, top, cell.box.x1, top + step)))
    return found


def is_open(text: str) -> bool:
    """Return whether ``text`` opens a bracket that it does not close."""
    return sum(text.count(sign) for sign in "(（") > sum(text.count(sign) for sign in ")）")


def _is_rest(text: str) -> bool:
    is_word = latin_half(text).strip(" :").lower() == "activities"
    return text[:1].islower() or text[:1] in ")）,，、" or is_word


def _join_parts(parts: Sequence[LabelPart]) -> LabelPart:
    """Join the lines of a label; in two languages, each language's half for itself."""
    box = hull([part.box for part in parts])
    texts = [part.text for part in parts]
    if sum(bool(_LATIN.search(t) and _CJK.search(t)) for t in texts) == 0 or len(texts) == 1:
        return LabelPart(join_lines("\n".join(texts)), box)
    cuts = [m.start() if (m := _CJK.search(t)) else len(t) for t in texts]
    latin = join_lines("\n".join(t[:c].strip() for t, c in zip(texts, cuts, strict=True)))
    chinese = join_lines("\n".join(t[c:].strip() for t, c in zip(texts, cuts, strict=True)))
    return LabelPart(f"{latin} {chinese}", box)


def _labels_alone(rows: Iterable[Sequence[Cell]], edge: float) -> list[LabelPart]:
    """Return the labels of the next rows without numbers, up to a row that has some."""
    found: list[LabelPart] = []
    for row in rows:
        if numbers_of(row, edge):
            break
        part = label_of(row, edge)
        if part is None:
            continue  # a blank row between the lines of one label
        if part.text.endswith((":", "：")) or len(found) == MAX_WRAP:
            break
        found.append(part)
    return found
