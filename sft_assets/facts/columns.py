"""What each column of a table is: the period of its numbers, or notes, changes, something else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sft_assets.facts.head_words import (
    AFTER,
    AGAINST,
    BEFORE,
    CHANGE,
    MAX_HEAD,
    OTHER,
    PART_YEAR,
    SCOPES,
    SPAN_LABEL,
    heads_notes,
    is_amount,
    says_when,
    speaks_for_all,
    year_alone,
)
from sft_assets.facts.page_items import Box, Cell
from sft_assets.facts.periods import (
    FiscalCalendar,
    Period,
    find_days,
    of_year,
    parse_day,
    parse_period,
)
from sft_assets.facts.unit_lines import Unit, parse_unit_line
from sft_assets.numbers.units import to_ascii_width

SAME_EDGE = 4.0  # points between the right edges of numbers of one column


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers and what its head says."""

    box: Box  # of the numbers' cells; only left and right count
    kind: str  # value, change, share, note, other
    period: Period | None = None
    basis: str = "reported"  # reported, before_restatement, after_restatement
    scope: str | None = None  # consolidated or parent where the head says it
    unit: Unit | None = None


def read_columns(
    header: Sequence[Sequence[Cell]],
    body: Sequence[Sequence[Cell]],
    fiscal: FiscalCalendar,
    *,
    instant: bool | None,
    context: str = "",
) -> list[Column]:
    """Return the columns of ``body`` from left to right, read from the ``header`` rows above it.

    ``context`` is the text right above the table: it may say that the columns are quarters.
    """
    places = _places(header, body)
    if not any(says_when(cell.text) for row in header for cell in row):
        header = [*_header_above(context, body, places), *header]
    header = [_set_in_order(row, places) for row in header]
    heads = [_head_of(header, place) for place in places]
    offset = _year_offset(heads, fiscal)
    columns = [
        _column(place.box, head, fiscal, offset, instant=instant, context=context)
        for place, head in zip(places, heads, strict=True)
    ]
    if any(head.year is not None for head in heads):
        # Where years head the columns, one without a year of its own holds something else.
        columns = [
            replace(column, kind="other")
            if column.kind == "value" and head.year is None
            else column
            for column, head in zip(columns, heads, strict=True)
        ]
    return _without_twins(columns)


@dataclass(slots=True)
class _Place:
    """Where numbers stand under each other."""

    col_no: int
    box: Box
    is_ruled: bool
    is_note: bool = False
    edge: float = 0.0  # where most of its numbers end
    halves: tuple[int, ...] = ()  # other column numbers under which numbers of it stand


@dataclass(frozen=True, slots=True)
class _Head:
    """What stands above one place, from top to bottom."""

    spans: tuple[str, ...]  # over all columns
    own: tuple[str, ...]  # over this one, or over it and its neighbours

    @property
    def parts(self) -> tuple[str, ...]:
        """All of it."""
        return (*self.spans, *self.own)

    @property
    def year(self) -> int | None:
        """The year that one of its own texts is."""
        return next((y for text in self.own if (y := year_alone(text)) is not None), None)


def _places(header: Sequence[Sequence[Cell]], body: Sequence[Sequence[Cell]]) -> list[_Place]:
    """Return one place for each column number that holds amounts or notes, left to right."""
    found: dict[int, list[Cell]] = {}
    for row in body:
        for cell in row:
            if cell.col_no > 0 and is_amount(cell.text):
                found.setdefault(cell.col_no, []).append(cell)
    for cell in (cell for row in header for cell in row):
        if cell.col_no > 0 and heads_notes(cell.text):
            found.setdefault(cell.col_no, []).append(cell)
    places = []
    for col_no, cells in sorted(found.items()):
        x0, x1 = min(c.box.x0 for c in cells), max(c.box.x1 for c in cells)
        if cells[0].method == "ruled":  # merged cells would widen the column: take the narrowest
            narrow = min(cells, key=lambda c: (c.box.x1 - c.box.x0, c.row_no))
            x0, x1 = narrow.box.x0, narrow.box.x1
        box, is_ruled = Box(x0, 0.0, x1, 0.0), cells[0].method == "ruled"
        edges = sorted(c.box.x1 for c in cells)
        is_note = any(heads_notes(cell.text) for cell in cells)
        place = _Place(col_no, box, is_ruled, is_note, edges[len(edges) // 2])
        if not _is_left_of_labels(place, body):
            places.append(place)
    return _without_halves(places)


def _without_halves(places: Sequence[_Place]) -> list[_Place]:
    """Return ``places`` with those as one whose numbers end at one edge.

    Without ruling lines "$ 1,723" may get another column number than the "677" above it.
    """
    whole: list[_Place] = []
    for place in places:
        last = whole[-1] if whole else None
        is_half = last is not None and not (place.is_note or last.is_note or place.is_ruled)
        if last is None or not is_half or abs(place.edge - last.edge) > SAME_EDGE:
            whole.append(place)
            continue
        box = Box(min(last.box.x0, place.box.x0), 0.0, max(last.edge, place.edge), 0.0)
        whole[-1] = replace(last, box=box, halves=(*last.halves, place.col_no))
    return whole


def _is_left_of_labels(place: _Place, body: Sequence[Sequence[Cell]]) -> bool:
    """Return whether labels stand right of ``place``: then it holds marks or ordinals."""
    texts = [
        cell
        for row in body
        for cell in row
        if len(cell.text.strip()) > 3 and not re.search(r"\d", cell.text)
    ]
    right = sum(cell.box.x0 >= place.box.x1 for cell in texts)
    return not place.is_ruled and right * 2 > len(texts)


_YEARS_LINE = re.compile(r"(?P<span>.{0,40}?)\s*(?P<years>(?:(?:19|20)\d\d\s*){2,5})")


def _header_above(
    context: str, body: Sequence[Sequence[Cell]], places: Sequence[_Place]
) -> Sequence[Sequence[Cell]]:
    """Return the years that stand on a line above the table as its heads, one a column.

    Only where they are as many as the columns of numbers; their order is certain then.
    """
    lines = [line.strip() for line in context.split("\n")]
    for line in reversed(lines[-3:]):
        match = _YEARS_LINE.fullmatch(line)
        if match is None or (match["span"] and not SPAN_LABEL.search(match["span"])):
            continue
        years = match["years"].split()
        first = body[0][0]
        if len(years) != len(places) or len(set(years)) != len(years):
            return ()
        spans = [t for t in (*lines, match["span"]) if speaks_for_all(t) and len(t) <= MAX_HEAD]
        return [
            *([replace(first, col_no=0, text=text)] for text in spans),
            [
                replace(first, col_no=place.col_no, text=year, box=place.box)
                for place, year in zip(places, years, strict=True)
            ],
        ]
    return ()


def _set_in_order(row: Sequence[Cell], places: Sequence[_Place]) -> Sequence[Cell]:
    """Return ``row`` with its years or days set over the columns of numbers, if as many as they.

    Without ruling lines a head may stand beside its column; the order is certain.
    """
    days = [
        c for c in row if c.col_no > 0 and (year_alone(c.text) is not None or parse_day(c.text))
    ]
    wide = [p for p in places if not p.is_note]
    if len(days) != len(wide) or any(c.method == "ruled" for c in row) or not days:
        return row
    reach = min((b.box.mid_x - a.box.mid_x for a, b in pairwise(wide)), default=60.0) * 0.6
    if any(abs(c.box.mid_x - p.box.mid_x) > reach for c, p in zip(days, wide, strict=True)):
        return row
    order = {c.key: place.col_no for c, place in zip(days, wide, strict=True)}
    return [replace(c, col_no=order.get(c.key, c.col_no)) for c in row]


def _head_of(header: Sequence[Sequence[Cell]], place: _Place) -> _Head:
    """Return the texts above ``place``; spanning cells speak for every column."""
    spans: list[str] = []
    own: list[str] = []
    for row in header:
        filled = [cell for cell in row if cell.text.strip()]
        heads = [cell for cell in filled if cell.col_no > 0]
        labels = [cell for cell in filled if cell.col_no == 0]
        spans += [c.text for c in labels if not place.is_ruled and SPAN_LABEL.search(c.text)]
        over = [cell.text for cell in heads if _covers(cell, place)]
        if len(heads) == 1 and not place.is_ruled and speaks_for_all(heads[0].text):
            spans += [heads[0].text]  # "December 31," centred over all columns
        else:
            own += over
    return _Head(tuple(spans), tuple(own))


def _covers(head: Cell, place: _Place) -> bool:
    if head.method == "ruled":
        return head.box.x0 - 1 <= place.box.mid_x <= head.box.x1 + 1
    return head.col_no in {place.col_no, *place.halves} or head.box.overlap_x(place.box) > 0.6 * (
        place.box.x1 - place.box.x0
    )


def _year_offset(heads: Sequence[_Head], fiscal: FiscalCalendar) -> int:
    """Return what turns a bare year of the heads into a fiscal year.

    A retailer's "2019" may be the year that ended in February 2020. Only its own report can say
    so: where every column has a year, the newest is the report's.
    """
    years = [head.year for head in heads if head.year is not None]
    end = fiscal.period_end
    if not years or end is None or end.month > 2 or max(years) == fiscal.fiscal_year:
        return 0
    is_whole = all(h.year is not None or all(heads_notes(t) for t in h.own) for h in heads)
    return fiscal.fiscal_year - max(years) if is_whole and max(years) >= end.year - 1 else 0


def _column(
    box: Box,
    head: _Head,
    fiscal: FiscalCalendar,
    offset: int,
    *,
    instant: bool | None,
    context: str,
) -> Column:
    if head.own and all(heads_notes(text) for text in head.own):
        return Column(box, "note")
    unit = next((u for part in head.parts if (u := parse_unit_line(part)) is not None), None)
    words = [" ".join(part.split()) for part in head.parts if parse_unit_line(part) is None]
    text = to_ascii_width(" ".join(words))
    if CHANGE.search(text):
        return Column(box, "change" if AGAINST.search(text) else "share")
    if OTHER.search(text):
        return Column(box, "other")
    if head.year is not None:
        period = _period_of_year(head, fiscal, offset, instant=instant, context=f"{context} {text}")
    else:
        period = parse_period(text, fiscal, instant=instant)
    if period is None:
        return Column(box, "other", unit=unit)
    before, after = bool(BEFORE.search(text)), bool(AFTER.search(text))
    if before and after:
        return Column(box, "other")
    basis = "before_restatement" if before else "after_restatement" if after else "reported"
    scopes = [name for name, pattern in SCOPES if any(pattern.fullmatch(w) for w in words)]
    return Column(box, "value", period, basis, scopes[0] if scopes else None, unit)


def _period_of_year(
    head: _Head, fiscal: FiscalCalendar, offset: int, *, instant: bool | None, context: str
) -> Period | None:
    """Return the period of a head that is a bare year; None for a part of one."""
    years = {year for text in head.own if (year := year_alone(text)) is not None}
    if len(years) > 1 or PART_YEAR.search(context):
        return None
    year = years.pop() + offset
    if instant:  # "December 31, 2022 and December 25, 2021" above 2022 and 2021
        days = [day for day in find_days(context) if fiscal.year_of_day(day) == year]
        if len(days) == 1:
            return Period(year, days[0].isoformat(), "instant")
    return of_year(year, fiscal, instant=bool(instant))


def _without_twins(columns: list[Column]) -> list[Column]:
    """Return ``columns`` with those made ``other`` that say the same as another one.

    Two columns of one period, basis and scope differ in something that their heads do not say
    in words known here, so neither may be read.
    """
    keys = [(c.period, c.basis, c.scope) for c in columns]
    return [
        replace(column, kind="other") if column.kind == "value" and keys.count(key) > 1 else column
        for column, key in zip(columns, keys, strict=True)
    ]


def column_of(cell: Cell, columns: Sequence[Column]) -> Column | None:
    """Return the column that ``cell`` stands in, also one carried over from the page before."""
    if cell.method == "ruled":
        return next((c for c in columns if c.box.x0 - 2 <= cell.box.mid_x <= c.box.x1 + 2), None)
    over = [c for c in columns if cell.box.overlap_x(c.box) > 0]
    if len(over) == 1:
        return over[0]
    candidates = over or list(columns)
    near = sorted((abs(c.box.x1 - cell.box.x1), n) for n, c in enumerate(candidates))
    if not near or near[0][0] > 25 or (len(near) > 1 and near[1][0] - near[0][0] < 5):
        return None
    return candidates[near[0][1]]
