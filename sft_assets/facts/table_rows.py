"""Rows of a table as they are meant: heads, labels with their wraps, and numbers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sft_assets.facts.columns import is_amount, is_header_row
from sft_assets.facts.page_items import Box, Cell, Grid, hull

UNIT_ALONE = re.compile(r"[（(][^（）()]{1,8}[)）]")
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
    return LabelPart(
        join_lines("\n".join(cell.text for cell in cells)), hull([c.box for c in cells])
    )


def numbers_of(row: Sequence[Cell], edge: float) -> list[Cell]:
    """Return the cells of ``row`` beyond the labels that hold anything."""
    return [cell for cell in row if cell.text.strip() and cell.box.mid_x >= edge]


def join_lines(text: str) -> str:
    """Join wrapped lines: without a space between Chinese characters, with one between words.

    >>> join_lines("归属于上市公司股\\n东的净利润"), join_lines("Net cash from\\noperations")
    ('归属于上市公司股东的净利润', 'Net cash from operations')
    """
    joined = ""
    for part in (p.strip() for p in text.split("\n")):
        wide = bool(joined and part) and (joined[-1] >= "\u2e80" or part[0] >= "\u2e80")
        joined += part if wide or not joined else f" {part}"
    return joined


def label_readings(rows: Sequence[Sequence[Cell]], i: int, edge: float) -> list[LabelPart]:
    """Return the labels that row ``i`` of numbers may have, its own first.

    Some generators shade each printed line, so that a wrapped label becomes rows of its own
    above and below its numbers. Its numbers then stand at the middle of its lines: only spans of
    label rows around that middle are offered.
    """
    numbers = numbers_of(rows[i], edge)
    own = label_of(rows[i], edge)
    after = label_of(rows[i + 1], edge) if i + 1 < len(rows) else None
    if own is not None and after is not None and UNIT_ALONE.fullmatch(after.text):
        if not numbers_of(rows[i + 1], edge):  # only the unit was wrapped
            own = LabelPart(own.text + after.text, hull([own.box, after.box]))
    found = [own] if own is not None else []
    if not numbers:
        return found
    middle = sum((c.box.top + c.box.bottom) / 2 for c in numbers) / len(numbers)
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
                found.append(LabelPart(join_lines("\n".join(p.text for p in parts)), box))
    return found


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
