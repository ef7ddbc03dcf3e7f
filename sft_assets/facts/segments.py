"""Revenue by industry, product and region: each break-down adds up to the revenue.

The table prints the revenue once and below it, under 分行业, 分产品, 分地区 and so on, its parts.
The total is a reading like any other; a part is none, since a fact has no place for the name of a
segment. A break-down that comes out proves the total. One that comes out in one year and not in
the other cannot be right: its numbers are set aside. One that never comes out may list only the
larger parts.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sft_assets.concepts.labels import fold_label
from sft_assets.facts.head_words import is_header_row
from sft_assets.facts.headings import Heading
from sft_assets.facts.page_items import Cell, Grid
from sft_assets.facts.readings import Printed, Reading, SectionReading
from sft_assets.facts.sections import Part, Section

NAME = "segments"
PROOF = "segments_sum_to_total"
WRONG = "breaks_segments_sum"
TOTAL = "营业收入合计"
_BY = re.compile(
    r"(?:主营业务)?(?:分|按)(?:行业|产品|地区|区域|业务|销售模式|经营模式|渠道|服务)\S{0,6}"
)
_LESS = re.compile(r"^(?:减|減|抵[销消]|内部抵[销消]|合并抵[销消]|分部间抵[销消])")
_OF_WHICH = re.compile(r"^其中")

Place = tuple[int, int, int, int]  # page, table, row, column number
Column = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class SegmentSum:
    """A break-down of the revenue of one year."""

    by: str  # its head as printed, e.g. 分行业
    total: Printed
    parts: tuple[Printed, ...]
    difference: Decimal  # total less the sum of its parts, as printed


def find_segments(sections: Sequence[Section]) -> list[Section]:
    """Return the tables of revenue by segment as sections, numbered after ``sections``."""
    parts = [part for s in sections if s.heading.statement == "other" for part in s.parts]
    number = max((s.number for s in sections), default=0)
    found: list[Section] = []
    for i, part in enumerate(parts):
        if TOTAL in _labels(part.grid):
            rest = [_below_head(after) for after in parts[i + 1 : i + 2] if _goes_on(part, after)]
            if any(_has_break_down(p.grid) for p in (part, *rest)):
                number += 1
                found.append(Section(number, Heading(NAME, "consolidated"), [part, *rest]))
    return found


def _has_break_down(grid: Grid) -> bool:
    return any(_BY.fullmatch(label) for label in _labels(grid))


def _goes_on(part: Part, after: Part) -> bool:
    """Return whether the next table, at the top of the next page, is the rest of this one."""
    return (
        after.grid.page_no == part.grid.page_no + 1
        and _width(after.grid) == _width(part.grid)
        and TOTAL not in _labels(after.grid)
        and (_has_break_down(after.grid) or not is_header_row(after.grid.rows[0]))
    )


def _below_head(part: Part) -> Part:
    """Return ``part`` without the page's running head, which lies in its first row."""
    rows = part.grid.rows
    first = next((i for i, row in enumerate(rows) if row[0].col_no == 0), 0)
    return replace(part, grid=replace(part.grid, rows=rows[first:]))


def _width(grid: Grid) -> int:
    return 1 + max(cell.col_no for row in grid.rows for cell in row)


def _labels(grid: Grid) -> set[str]:
    return {fold_label(cell.text) for row in grid.rows for cell in row[:1]}


def add_up_segments(sections: Iterable[SectionReading]) -> list[SegmentSum]:
    """Return every break-down with a total, year by year, whether it comes out or not."""
    found = []
    for section in sections:
        if section.section.heading.statement == NAME:
            blocks = _blocks(section)
            found += [s for by, rows in blocks for s in _sums(by, rows, section.printed)]
    return found


def _blocks(section: SectionReading) -> Iterator[tuple[str, set[tuple[int, int, int]]]]:
    """Yield the head and the rows of each break-down."""
    by, rows = "", set[tuple[int, int, int]]()
    for part in section.section.parts:
        for row in part.grid.rows:
            label = fold_label(row[0].text) if row else ""
            if _BY.fullmatch(label):
                if by:
                    yield by, rows
                by, rows = row[0].text.strip(), set()
            elif by and _is_part(label, row):
                rows.add(row[0].key[:3])
    if by:
        yield by, rows


def _is_part(label: str, row: Sequence[Cell]) -> bool:
    return bool(label) and label != TOTAL and not _OF_WHICH.match(row[0].text.strip())


def _sums(
    by: str, rows: set[tuple[int, int, int]], printed: Sequence[Printed]
) -> Iterator[SegmentSum]:
    columns: dict[Column, list[Printed]] = defaultdict(list)
    totals: dict[Column, list[Printed]] = defaultdict(list)
    for item in printed:
        if item.key[:3] in rows:
            columns[item.column].append(item)
        elif fold_label(item.label) == TOTAL:
            totals[item.column].append(item)
    for column, parts in sorted(columns.items()):
        if len(totals[column]) == 1:
            total = totals[column][0]
            yield SegmentSum(by, total, tuple(parts), total.value - sum(map(_signed, parts)))


def _signed(part: Printed) -> Decimal:
    """Return the value of a part; what is taken off may be printed with its sign or without."""
    return -abs(part.value) if _LESS.match(part.label) else part.value


def prove_by_segments(sums: Iterable[SegmentSum]) -> set[Place]:
    """Return the totals that a break-down of two parts or more proves."""
    return {s.total.key for s in sums if s.difference == 0 and len(s.parts) > 1}


def find_wrong_segments(sums: Sequence[SegmentSum]) -> list[SegmentSum]:
    """Return the sums that fail where the same break-down comes out in another year."""
    good = {(s.total.key[:3], s.by) for s in sums if s.difference == 0 and len(s.parts) > 1}
    return [s for s in sums if s.difference != 0 and (s.total.key[:3], s.by) in good]


def wrong_parts(
    wrong: Sequence[SegmentSum], readings: Sequence[Reading], cells: Mapping[Place, Cell]
) -> list[Reading]:
    """Return the parts of sums that cannot be right as readings, each once, with its doubt."""
    totals = {(r.page_no, *r.place): r for r in readings if r.place is not None}
    found: dict[Place, Reading] = {}
    for segment in wrong:
        if segment.total.key not in totals:
            continue
        for part in segment.parts:
            cell = cells[part.key]
            found[part.key] = replace(
                totals[segment.total.key],
                page_no=part.key[0],
                place=part.key[1:],
                box=cell.box,
                printed=cell.text,
                label=part.label,
                value=part.value,
                confidence=cell.confidence,
                doubt=WRONG,
            )
    return list(found.values())
