"""Which table goes on on the next page, with the heads and the unit line that it carries on."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sft_assets.clean.page_lines import PageLine, PageText
from sft_assets.clean.table_parts import Row, TablePart, squeezed

UNIT = re.compile(
    r"(?:单位|單位)\s*[:：为為]|(?:人民币|人民幣|港币|港幣|美元)?(?:千|万|萬|百万|百萬|亿|億)(?:元|港元)|"
    r"(?:^|[($,]|\bin)\s*(?:\w+\s+){0,3}(?:thousands|millions|billions)\b|[$¥￥€£]\s?['’‘]?\s?000\b|"
    r"^\s*(?:(?:HK|US)\s?\$|RMB|港元|人民币元|人民幣元)\s*$",
    re.IGNORECASE,
)
AGAIN = re.compile(r"[（(]?\s*(?:续表?|續表?|continued|cont['’]?d\.?)\s*[)）]?", re.IGNORECASE)
MAX_CAPTION = 80  # characters
MAX_LINES_BETWEEN = 3  # above the next part: its caption, unit line and "continued" again
OPEN_END = re.compile(
    r"(?:[,，、（(&–-]|及|和|與|与|之|的|或|\b(?:and|of|or|to|in|for|from|the|by|with))$"
)
NUMBERED = re.compile(r"(?:note)?\d{1,2}[.．、)）](?!\d)", re.IGNORECASE)
REST = re.compile(r"[a-z)）,，、]")


@dataclass(frozen=True, slots=True)
class JoinedPart:
    """A table of one page as a part of a table that may go over several."""

    page_no: int
    table_no: int
    joined_no: int  # the same for all parts of one table
    part_no: int  # 0 for the first one
    header_page_no: int
    header_table_no: int  # where the heads of its columns stand
    header_rows: int
    repeated_rows: int  # first rows that print the heads again
    continues_row: bool  # its first row of the body is the rest of the last row before it
    unit_line: str | None
    unit_page_no: int | None
    caption: str | None
    caption_page_no: int | None


@dataclass(slots=True)
class _Walk:
    """What has been read so far."""

    found: list[JoinedPart]
    above: list[tuple[int, PageLine]]  # lines since the last table, with their pages
    last: TablePart | None = None


def join_tables(
    pages: Sequence[PageText], tables: Mapping[int, Sequence[TablePart]]
) -> list[JoinedPart]:
    """Return every table of a report as a part of a joined one, in reading order.

    ``pages`` hold the lines that stay: running heads and page numbers would part every table. A
    table goes on when the next page begins with one that is set in the same columns and has the
    same heads or none; between the two only its caption, its unit line and "continued" may stand.
    """
    walk = _Walk([], [])
    for page in pages:
        for item in _items(page, tables.get(page.page_no, [])):
            if isinstance(item, PageLine):
                walk.above.append((page.page_no, item))
            else:
                walk.found.append(_part(walk, item))
                walk.last, walk.above = item, []
    return walk.found


def _items(page: PageText, tables: Sequence[TablePart]) -> list[PageLine | TablePart]:
    items: list[PageLine | TablePart] = [line for line in page.lines if not line.in_table]
    items += tables
    return sorted(items, key=lambda item: (item.box[1], item.box[0]))


def _part(walk: _Walk, table: TablePart) -> JoinedPart:
    before = walk.found[-1] if walk.found else None
    if before is not None and walk.last is not None and _goes_on(walk, table):
        unit = _unit_above(walk.above) or (before.unit_line, before.unit_page_no)
        repeated = _repeated_rows(walk.last, table, before)
        return replace(
            before,
            page_no=table.page_no,
            table_no=table.table_no,
            part_no=before.part_no + 1,
            repeated_rows=repeated,
            continues_row=_continues_row(walk.last.rows[-1], table.rows[repeated:]),
            unit_line=unit[0],
            unit_page_no=unit[1],
        )
    near = [(no, line) for no, line in walk.above if table.page_no - no <= 1]
    unit_line, unit_page_no = _unit_inside(table) or _unit_above(near) or (None, None)
    caption = next(
        (
            (line.text, no)
            for no, line in reversed(near)
            if len(line.text) <= MAX_CAPTION and not UNIT.search(line.text)
        ),
        (None, None),
    )
    return JoinedPart(
        table.page_no,
        table.table_no,
        joined_no=before.joined_no + 1 if before else 0,
        part_no=0,
        header_page_no=table.page_no,
        header_table_no=table.table_no,
        header_rows=table.head_rows,
        repeated_rows=0,
        continues_row=False,
        unit_line=unit_line,
        unit_page_no=unit_page_no,
        caption=caption[0],
        caption_page_no=caption[1],
    )


def _goes_on(walk: _Walk, table: TablePart) -> bool:
    """Return whether ``table`` is the next part of the last one."""
    last, before = walk.last, walk.found[-1]
    if last is None or table.page_no - last.page_no != 1 or not table.has_columns_of(last):
        return False
    if any(no == last.page_no for no, _ in walk.above) or len(walk.above) > MAX_LINES_BETWEEN:
        return False
    if not all(_may_stand_between(line.text, before) for _, line in walk.above):
        return False
    if not table.is_ruled and NUMBERED.match("".join(squeezed(table.rows[0]))):
        return False  # the heading of what follows, taken for its first row
    return table.head_rows == 0 or _repeated_rows(last, table, before) > 0 or _is_text(last, table)


def _may_stand_between(text: str, before: JoinedPart) -> bool:
    plain = AGAIN.sub("", text).strip()
    caption = AGAIN.sub("", before.caption or "").strip()
    return not plain or plain == caption or plain == (before.unit_line or "").strip()


def _repeated_rows(last: TablePart, table: TablePart, before: JoinedPart) -> int:
    """Return how many first rows of ``table`` print the heads of the part before again.

    The heads are those of the first part, or the first rows of the last one, if it repeats them.
    """
    count = max(before.header_rows, before.repeated_rows, 1)
    same = 0
    for mine, theirs in zip(table.rows[:count], last.rows[:count], strict=False):
        if not squeezed(mine) or squeezed(mine) != squeezed(theirs):
            break
        same += 1
    whole = same == count and (before.part_no == 0 or before.repeated_rows > 0)
    return same if whole and not any(cell.is_amount for cell in table.rows[0]) else 0


def _is_text(last: TablePart, table: TablePart) -> bool:
    """Return whether neither holds amounts: their first rows are no heads but text."""
    cells = (cell for part in (last, table) for row in part.rows for cell in row)
    return not any(cell.is_amount for cell in cells)


def _unit_above(lines: Sequence[tuple[int, PageLine]]) -> tuple[str, int] | None:
    return next(
        (
            (line.text, no)
            for no, line in reversed(lines)
            if len(line.text) <= MAX_CAPTION and UNIT.search(line.text)
        ),
        None,
    )


def _unit_inside(table: TablePart) -> tuple[str, int] | None:
    texts = (cell.text for row in table.rows[: table.head_rows + 1] for cell in row)
    return next(((text, table.page_no) for text in texts if UNIT.search(text)), None)


def _continues_row(upper: Row, rows: Sequence[Row]) -> bool:
    """Return whether the page break parts a row, so that one half of it has no numbers.

    Either its texts go on in several columns, or its label shows that it goes on.
    """
    if not rows or (_has_amounts(upper) and _has_amounts(rows[0])):
        return False
    texts = [cell.text for cell in rows[0] if cell.text.strip()]
    if _has_amounts(upper) and len(texts) > 1 and not _has_amounts(rows[0]):
        return True
    above, below = _label(upper), _label(rows[0])
    if not above or not below or above.endswith((":", "：")):
        return False
    opened = sum(above.count(sign) for sign in "(（") > sum(above.count(sign) for sign in ")）")
    return opened or bool(OPEN_END.search(above)) or bool(REST.match(below))


def _label(row: Row) -> str:
    return next((cell.text.strip() for cell in row if cell.col_no == 0), "")


def _has_amounts(row: Row) -> bool:
    return any(cell.is_amount for cell in row)
