"""Read the tables of one section: each cell becomes a reading, or is dropped with a reason."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sft_assets.concepts import Concept, Concepts, Match
from sft_assets.concepts.labels import fold_label, names_only_a_negative
from sft_assets.facts.columns import Column, column_of, read_columns
from sft_assets.facts.head_words import is_amount
from sft_assets.facts.page_items import Box, Cell
from sft_assets.facts.periods import FiscalCalendar, Period, of_year
from sft_assets.facts.plain_labels import plain_labels
from sft_assets.facts.readings import Printed, PrintedChange, Reading, SectionReading
from sft_assets.facts.sections import Part, Section
from sft_assets.facts.sheet_totals import TOTALS, equity_with_minority, rows_that_add_up
from sft_assets.facts.surroundings import Surroundings, group_of
from sft_assets.facts.table_rows import (
    LabelPart,
    label_of,
    label_readings,
    numbers_of,
    split_blocks,
)
from sft_assets.facts.unit_lines import Unit, parse_label_unit, parse_unit_line
from sft_assets.numbers import Amount, AmountError, parse_amount

COLUMNS_ARE_INSTANTS = {
    "balance_sheet": True,
    "income_statement": False,
    "comprehensive_income": False,
    "cash_flow": False,
}
"""Whether the columns of a statement are days; elsewhere each head must say it."""
TERMS_OF: dict[str, tuple[str, ...]] = {
    "quarterly": ("key_data",),
    "comprehensive_income": ("income_statement",),
    "flow_changes": ("income_statement", "cash_flow"),
    "segments": ("income_statement",),
}
"""Statements of the term dictionary in which the labels of a section are looked up."""
LAST_ROW = {
    "cash_flow": "cash_and_equivalents_ending",
    "balance_sheet": "total_liabilities_and_equity",
}
_CLAUSE = re.compile(r",|\s\((?!loss|deficit|outflow|used|gain|profit|income|decrease)", re.I)
_PER_SHARE = re.compile(r"per (?:\w+ )?share|每股", re.I)
_CASH_ENDS = re.compile(r"(?:at )?(?:the )?(?:beginning|end) of (?:the )?(?:year|period)", re.I)
IN_CENTS = re.compile(r"cents?\b|仙|\bpence\b|[（(]分", re.I)


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row of numbers is about."""

    label: str  # as printed
    match: Match
    governing: str  # label above that completes it; "" without


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads sections with one dictionary for one report."""

    concepts: Concepts
    fiscal: FiscalCalendar
    language: str
    company: str
    default_currency: str | None

    def read(self, section: Section) -> SectionReading:
        """Return what the tables of ``section`` say."""
        found = SectionReading(section)
        columns: list[Column] = []
        around = Surroundings(
            section.heading.statement,
            _prints(section, "balance_sheet", "total assets"),
            is_lender=_prints(section, "income_statement", "net interest income"),
        )
        last: Part | None = None
        is_over = False
        for part in section.parts:
            apart = last is not None and part.grid.page_no - last.grid.page_no > 1
            moved_on = is_over and last is not None and part.grid.page_no != last.grid.page_no
            if apart or moved_on:
                is_over = True
                _drop(found, part.grid.rows, "not_a_statement")
                continue
            columns = self._read_part(found, part, columns, around)
            last = part
            is_over = LAST_ROW.get(section.heading.statement) in found.metrics
        _keep_totals(found)
        self._tell_equities_apart(found)
        _drop_gross(found)
        return found

    def _tell_equities_apart(self, found: SectionReading) -> None:
        """Read "Stockholders' equity" above and below the minority as what each of them is."""
        values: dict[tuple[int, int, int], dict[tuple[str, str, str], Decimal]] = {}
        for item in found.printed:
            values.setdefault(item.key[:3], {})[item.column] = item.value
        rows = {name: dict.fromkeys(_row_key(r) for r in found.readings if r.concept.id == name)
                for name in ("shareholders_equity", "minority_interests")}  # fmt: skip
        minority = list(rows["minority_interests"])
        both = equity_with_minority(
            list(rows["shareholders_equity"]),
            values.get(minority[0], {}) if minority else {},
            values,
        )
        for row, name in zip(both or (), ("net_assets_attributable", "total_equity"), strict=False):
            found.readings = [
                replace(r, concept=self.concepts[name])
                if _row_key(r) == row and r.concept.id == "shareholders_equity"
                else r
                for r in found.readings
            ]

    def _read_part(
        self, found: SectionReading, part: Part, columns: list[Column], around: Surroundings
    ) -> list[Column]:
        statement = found.section.heading.statement
        governing: str | None = None
        for block in split_blocks(part.grid):
            _drop(found, block.header, "header")
            if block.header or not columns:
                fresh = read_columns(
                    block.header,
                    block.body,
                    self.fiscal,
                    instant=COLUMNS_ARE_INSTANTS.get(statement),
                    context=part.context,
                )
                if (
                    columns
                    and not _is_same_table(columns, fresh)
                    and statement in COLUMNS_ARE_INSTANTS
                ):
                    _drop(found, block.body, "other_columns")
                    continue
                columns, governing = fresh, None
            if not any(c.kind == "value" for c in columns):
                columns = self._only_column(statement, block.body) or columns
            governing = self._read_body(found, part, block.body, columns, governing, around)
        return columns

    def _only_column(self, statement: str, body: Sequence[Sequence[Cell]]) -> list[Column] | None:
        """Return the one column of a table that prints no period: it is the report's year."""
        if statement not in {"research", "employees"}:
            return None
        cells = [cell for row in body for cell in row if cell.col_no > 0 and is_amount(cell.text)]
        if not cells or len({cell.col_no for cell in cells}) > 1:
            return None
        period = Period(self.fiscal.fiscal_year, str(self.fiscal.fiscal_year), "duration")
        x0, x1 = min(c.box.x0 for c in cells), max(c.box.x1 for c in cells)
        return [Column(Box(x0, 0.0, x1, 0.0), "value", period)]

    def _read_body(
        self,
        found: SectionReading,
        part: Part,
        rows: Sequence[Sequence[Cell]],
        columns: Sequence[Column],
        governing: str | None,
        around: Surroundings,
    ) -> str | None:
        edge = min((c.box.x0 for c in columns if c.kind != "note"), default=float("inf"))
        notes = min((c.box.x0 for c in columns), default=edge)
        for i, row in enumerate(rows):
            _drop(found, [[c for c in row if c.box.mid_x < edge]], "label")
            own = label_of(row, min(edge, notes))
            numbers = numbers_of(row, edge)
            group, group_label = around.group, around.group_label
            heads_group = own is not None and group_of(around.statement, own.text) in TOTALS
            if own is not None:
                around.pass_label(own.text, is_alone=not numbers or heads_group)
            if not any(is_amount(c.text) for c in numbers):
                if own is not None and not numbers:
                    governing = own.text if _can_govern(own.text) else None
                elif any(IN_CENTS.search(cell.text) for cell in numbers):
                    governing = f"{governing or ''} (cents)"  # heads of the rows per share
                _drop(found, [numbers], "blank")
                continue
            # Numbers beside "Current liabilities" are the total of the group above it.
            labels = [] if heads_group else label_readings(rows, i, min(edge, notes))
            match = self._match(labels, around, governing)
            if own is None and match == "unmapped_label":
                labels, match = [], "no_label"  # lines around a bare row that are not its label
            total = TOTALS.get(group) if not labels else None
            if match == "unmapped_label":
                found.unmapped[numbers[0].key[:3]] = labels[0].text
            if isinstance(match, _Row):
                around.pass_concept(match.match.concept.id)
            found.groups[numbers[0].key[:3]] = around.group_no - heads_group
            for cell in numbers:
                self._read_cell(found, part, cell, columns, match)
                _keep_printed(found, cell, columns, labels[0].text if labels else "", match)
                if total is not None:
                    as_total = _Row(group_label, Match(self.concepts[total], "", False), "")
                    self._keep_without_label(found, part, cell, columns, as_total)
        return governing

    def _keep_without_label(
        self,
        found: SectionReading,
        part: Part,
        cell: Cell,
        columns: Sequence[Column],
        total: _Row,
    ) -> None:
        column = column_of(cell, columns)
        if column is None or column.kind != "value" or not total.label:
            return
        reading = self._reading(found.section, part, cell, column, total)
        if not isinstance(reading, str) and reading.doubt is None:
            found.without_label.append(reading)

    def _match(
        self, labels: Sequence[LabelPart], around: Surroundings, governing: str | None
    ) -> _Row | str:
        """Return the label as printed and its concept, or the reason why there is none."""
        if not labels:
            return "no_label"
        matches: list[tuple[str, Match]] = []
        headings = [*around.headings_of(labels[0].text), *([governing] if governing else [])]
        for label in labels:
            match = self._match_one(label.text, around.statement, headings)
            if match is not None:
                match = replace(match, negative_label=_is_negative(match, label.text))
                matches.append((label.text, self._by_term(match, around.group)))
        if not matches:
            return "unmapped_label"
        if governing and _PER_SHARE.search(governing) and matches[0][1].concept.unit == "currency":
            return "under_per_share"  # "Net income" under "Earnings per share" is no net income
        if len({match.concept.id for _, match in matches}) > 1:
            return "ambiguous_label"
        return _Row(*matches[0], governing or "")

    def _match_one(self, label: str, statement: str, headings: Sequence[str]) -> Match | None:
        forms = plain_labels(label, self.company) if self.language == "en" else [label]
        for heading in (*headings, None):
            ends = plain_labels(f"{heading}, {label}", self.company) if heading else []
            if heading and _CASH_ENDS.fullmatch(label.strip(" :")) and ends:
                forms = [*forms, *ends[1:]]
            for form in forms:
                for name in TERMS_OF.get(statement, (statement,)):
                    match = self.concepts.match_label(
                        form, statement=name, language=self.language, heading=heading
                    )
                    if match is not None:
                        return match
        return None

    def _by_term(self, match: Match, group: str) -> Match:
        """Return the match among current or non-current items, where the label serves both.

        Chinese rules fix the side on which an item stands; elsewhere its group decides.
        """
        concept = match.concept
        side = concept.current if group.startswith("Current") else concept.non_current
        if self.language == "zh" or not side or group not in TOTALS:
            return match
        return replace(match, concept=self.concepts[side])

    def _read_cell(
        self,
        found: SectionReading,
        part: Part,
        cell: Cell,
        columns: Sequence[Column],
        match: _Row | str,
    ) -> None:
        column = column_of(cell, columns)
        if (
            column is None
            or column.kind == "other"
            or (column.kind == "value" and not column.period)
        ):
            found.dropped[cell.key] = "unclear_column" if is_amount(cell.text) else "text"
            return
        if column.kind != "value":
            note = column.kind == "note"
            found.dropped[cell.key] = "note_number" if note else f"{column.kind}_column"
            if column.kind == "change" and isinstance(match, _Row):
                _keep_change(found, cell, match)
            return
        if isinstance(match, str):
            found.dropped[cell.key] = match if is_amount(cell.text) else "blank"
            return
        reading = self._reading(found.section, part, cell, column, match)
        if isinstance(reading, str):
            found.dropped[cell.key] = reading
        else:
            found.readings.append(reading)

    def _reading(
        self, section: Section, part: Part, cell: Cell, column: Column, row: _Row
    ) -> Reading | str:
        label, match, governing = row.label, row.match, row.governing
        concept, doubt = match.concept, None
        try:
            amount = parse_amount(cell.text)
        except AmountError as error:
            if not is_amount(cell.text):
                return "text"
            amount, doubt = Amount(Decimal(0), cell.text), f"unreadable_{error.reason}"
        if amount is None:
            return "blank"
        period = self._period_of(concept, column)
        if period is None:
            return "unclear_column"
        if concept.unit == "shares":
            return "share_scale_unclear"
        unit = self._unit(concept, amount, parse_label_unit(label), column.unit, part.unit)
        if unit is None or IN_CENTS.search(f"{governing} {label}"):
            unit, doubt = Unit(concept.unit), doubt or "unit_unknown"
        elif unit.unit == "mismatch":
            return "other_unit"
        doubt = doubt or _doubt(match, amount)
        scope = column.scope or section.heading.scope or "unresolved"
        return Reading(
            cell.page_no,
            cell.key[1:],
            cell.box,
            cell.text,
            label,
            concept,
            amount.value,
            unit.unit or concept.unit,
            unit.scale,
            unit.currency,
            period,
            column.basis,
            scope,
            section.heading.statement,
            section.number,
            cell.confidence,
            doubt,
        )

    def _period_of(self, concept: Concept, column: Column) -> Period | None:
        """Return the period of a concept in a column: an opening balance is last year's end."""
        period = column.period
        if period is None or "Q" in period.period:
            return None if period is None or concept.period_type == "instant" else period
        if concept.period_type == "instant":
            opening = concept.id in {"cash_and_equivalents_beginning", "cash_balance_beginning"}
            if period.period_type == "instant" and not opening:
                return period
            return of_year(period.fiscal_year - opening, self.fiscal, instant=True)
        return period if period.period_type == "duration" else None

    def _unit(
        self,
        concept: Concept,
        amount: Amount,
        label: Unit | None,
        head: Unit | None,
        caption: Unit | None,
    ) -> Unit | None:
        """Return the unit that holds: the nearest word about the concept's kind of unit."""
        said = [u for u in (label, head, caption) if u is not None]
        if amount.unit == "percent" and concept.unit != "percent":
            return Unit("mismatch")
        if concept.unit == "currency":
            if label is not None and label.unit != "currency":
                return Unit("mismatch")
            money = next((u for u in said if u.unit == "currency"), None)
            if amount.scale != 1:  # "1.2亿元" inside the cell
                return Unit("currency", amount.scale, amount.currency or self.default_currency)
            if money is None:
                return None
            currency = next((u.currency for u in said if u.currency), None)
            return Unit(
                "currency", money.scale, currency or amount.currency or self.default_currency
            )
        if concept.unit == "per_share":
            currency = next((u.currency for u in said if u.currency), None)
            return Unit("per_share", 1, currency or amount.currency or self.default_currency)
        if concept.unit == "percent":
            is_percent = amount.unit == "percent" or any(u.unit == "percent" for u in said[:2])
            return Unit("percent") if is_percent else None
        return Unit(concept.unit) if amount.unit in {None, concept.unit} else Unit("mismatch")


def _is_negative(match: Match, label: str) -> bool:
    """Return whether a label names only a loss, whatever plainer form of it was known."""
    return match.negative_label or names_only_a_negative(_CLAUSE.split(label, maxsplit=1)[0])


def _keep_totals(found: SectionReading) -> None:
    """Take in the totals without a label that are the sums of their groups."""
    values = [(item.key[:3], item.column, item.value) for item in found.printed]
    asked = {_row_key(r) for r in found.without_label}
    known = {(r.concept.id, r.period) for r in found.readings}
    kept = rows_that_add_up(asked, found.groups, values)
    for r in found.without_label:
        if _row_key(r) in kept and (r.concept.id, r.period) not in known:
            found.readings.append(r)
            del found.dropped[r.page_no, *(r.place or (0, 0, 0))]


def _row_key(reading: Reading) -> tuple[int, int, int]:
    return reading.page_no, *(reading.place or (0, 0, 0))[:2]


_NET = re.compile(r"(?:,| -| –| —)? net$", re.I)


def _drop_gross(found: SectionReading) -> None:
    """Take gross amounts out where the net one stands in the same statement.

    "Property, plant and equipment" above its depreciation is not what "Property, plant and
    equipment, net" below it is.
    """
    net = {(r.concept.id, _NET.sub("", r.label)) for r in found.readings if _NET.search(r.label)}
    gross = [r for r in found.readings if (r.concept.id, r.label) in net]
    for r in gross:
        found.dropped[r.page_no, *(r.place or (0, 0, 0))] = "gross_amount"
    found.readings = [r for r in found.readings if r not in gross]


def _prints(section: Section, statement: str, label: str) -> bool:
    """Return whether a section of this statement has a row of this label."""
    return section.heading.statement == statement and any(
        fold_label(cell.text).startswith(label)
        for part in section.parts
        for row in part.grid.rows
        for cell in row[:2]
    )


def _can_govern(text: str) -> bool:
    """Return whether a label alone on its row may complete the labels below it.

    "Common stock (5,000 shares authorized;" is the first line of a label and no heading.
    """
    if len(text) > 60 or re.search(r"\d|except", text) or parse_unit_line(text) is not None:
        return False
    return text.count("(") == text.count(")")


def _doubt(match: Match, amount: Amount) -> str | None:
    """Return why the printed number may not mean what its row says; None when nothing is odd."""
    concept = match.concept
    is_loss = (
        re.search(r"loss|outflow|\(adjustment\)|deficit", concept.en, re.I) is not None
        or "损失" in concept.zh
        or re.search(r"expense|loss", concept.sign) is not None
    )
    if match.negative_label and amount.value > 0 and not is_loss:
        return "sign_unclear"  # "Net loss 12": the concept's value is -12, the print is not
    if concept.unit == "per_share" and amount.value == amount.value.to_integral_value():
        return "implausible_per_share" if abs(amount.value) >= 100 else None  # a count of shares
    return None


def _is_same_table(old: Sequence[Column], new: Sequence[Column]) -> bool:
    """Return whether both sets of heads speak of the same periods, as a continued table's do."""
    periods = [{(c.period, c.basis) for c in cs if c.kind == "value"} for cs in (old, new)]
    return not periods[0] or periods[0] == periods[1]


def _keep_printed(
    found: SectionReading, cell: Cell, columns: Sequence[Column], label: str, row: _Row | str
) -> None:
    """Keep the number of a column with a period for the sums of its statement."""
    column = column_of(cell, columns)
    if column is None or column.kind != "value" or column.period is None:
        return
    try:
        amount = parse_amount(cell.text)
    except AmountError:
        return
    if amount is None or amount.unit not in {None, "currency"} or amount.scale != 1:
        return
    period = column.period
    part = (
        "" if period.period_type == "instant" and period.period[4:] != "-01-01" else period.period
    )
    found.printed.append(
        Printed(
            cell.key,
            row.label if isinstance(row, _Row) else label,
            row.match.concept if isinstance(row, _Row) else None,
            (f"{period.fiscal_year} {part}", column.basis, column.scope or ""),
            amount.value,
        )
    )


def _keep_change(found: SectionReading, cell: Cell, row: _Row) -> None:
    try:
        amount = parse_amount(cell.text)
    except AmountError:
        return
    if amount is not None:
        found.changes.append(
            PrintedChange(
                cell.page_no,
                cell.key[1:],
                cell.box,
                row.label,
                row.match.concept,
                amount,
                cell.confidence,
            )
        )


def _drop(found: SectionReading, rows: Iterable[Iterable[Cell]], reason: str) -> None:
    for row in rows:
        for cell in row:
            found.dropped.setdefault(cell.key, reason if cell.text.strip() else "blank")
