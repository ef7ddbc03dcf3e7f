"""Which statement each table of the report belongs to, with its unit line and its context."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sft_assets.facts.head_words import is_amount
from sft_assets.facts.headings import Heading, parse_heading, parse_heading_of_two
from sft_assets.facts.label_column import set_labels_first
from sft_assets.facts.page_breaks import Continuation, Table, with_whole_label
from sft_assets.facts.page_items import Cell, Grid, Line, hull
from sft_assets.facts.panels import split_panels
from sft_assets.facts.unit_lines import Unit, parse_unit_line

CONTEXT_LINES = 6  # lines right above a table that may speak about its columns
TITLES_IN_TABLES = {"balance_sheet", "income_statement", "cash_flow", "comprehensive_income"}
MAX_HEAD_ROWS = 9
_EQUITY = re.compile(
    r"statements? of .*(?:equity|deficit|net assets)|(?:权益|權益)[变變][动動]表", re.I
)
RUNNING_PAGES = 4  # a line at a page's edge on so many pages is a running head


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a section, on one page."""

    grid: Grid
    unit: Unit | None  # of the line above, or carried on from the part before
    context: str  # lines above it on its page, since the part or heading before, joined by "\n"


@dataclass(slots=True)
class Section:
    """All tables under one heading, over page breaks."""

    number: int
    heading: Heading
    parts: list[Part] = field(default_factory=list)

    @property
    def first_page(self) -> int:
        """Page of the first table."""
        return self.parts[0].grid.page_no

    @property
    def last_page(self) -> int:
        """Page of the last table."""
        return self.parts[-1].grid.page_no


def find_sections(
    items: Sequence[Line | Grid], continued: Mapping[Table, Continuation] | None = None
) -> list[Section]:
    """Return the sections of the report that hold at least one table, in reading order.

    ``continued`` are the tables that go on from the page before.
    """
    running = _running_lines(items)
    walker = _Walker()
    for item in items:
        if isinstance(item, Grid):
            for piece in split_at_headings(set_labels_first(item)):
                walker.take_grid(piece)
        elif _running_key(item) in running:
            heading = parse_heading(item.text)
            if heading is not None and re.search(r"(?i)notes? to|附[注註]", item.text):
                walker.take_heading(heading)  # the notes repeat their title on every page
            elif heading is None:
                walker.take_line(item)  # a unit line may stand at one height on many pages
        else:
            walker.take_line(item)
    joined = _joined([section for section in walker.sections if section.parts])
    for section in joined:
        section.parts = _over_page_breaks(section.parts, continued or {})
    return joined


class _Walker:
    """Keeps what the lines so far have said, while a report is read from top to bottom."""

    def __init__(self) -> None:
        self.sections: list[Section] = [Section(0, Heading("other", None))]
        self.unit: Unit | None = None
        self.context: list[Line] = []
        self.last: Line | None = None

    def take_line(self, line: Line) -> None:
        """Let one line outside of tables speak."""
        heading = parse_heading(line.text)
        if heading is None and self.last is not None and _is_right_below(line, self.last):
            heading = parse_heading_of_two(self.last.text, line.text)
        self.last = line
        if heading is not None:
            self.take_heading(heading)
        unit = parse_unit_line(line.text) if len(line.text) <= 120 else None
        if unit is not None:
            self.unit = unit
        self.context = [*self.context, line][-CONTEXT_LINES:]

    def take_heading(self, heading: Heading) -> None:
        """Begin a new section, unless the heading repeats the one in force."""
        current = self.sections[-1]
        self.context = []
        if heading == current.heading and not current.parts:
            return
        self.unit = None
        self.sections.append(Section(len(self.sections), heading))

    def take_grid(self, grid: Grid) -> None:
        """Add a table; its own first rows may be its heading and its unit line."""
        title_rows = 0
        for i, row in enumerate(grid.rows[:MAX_HEAD_ROWS]):
            if any(is_amount(cell.text) for cell in row):
                break
            units = set()
            for line in _own_lines(row):
                heading = _title_in_table(line) or _title_over_rows(line, grid.rows[i + 1 : i + 2])
                if heading is not None:
                    self.take_heading(heading)
                    title_rows = i + 1
                unit = parse_unit_line(line)
                units |= {unit} if unit is not None else set()
            if len(units) == 1:
                self.unit = units.pop()
        body = grid.rows[title_rows:]
        if title_rows:  # heads of columns may stand beside the title
            beside = [c for c in grid.rows[title_rows - 1] if not _holds_title(c)]
            body = (tuple(beside), *body) if any(c.text.strip() for c in beside) else body
        if not body:
            return
        above = [line.text for line in self.context if self._is_above(line, grid)]
        rest = Grid(
            grid.page_no, grid.table_no, tuple(body), hull([c.box for r in body for c in r])
        )
        section = self.sections[-1]
        is_balance = section.heading.statement == "balance_sheet"
        for panel in split_panels(rest) if is_balance else [rest]:
            section.parts.append(Part(panel, self.unit, "\n".join(above)))
        self.context = []

    def _is_above(self, line: Line, grid: Grid) -> bool:
        """Return whether ``line`` speaks about ``grid``: a title may end the page before it."""
        section = self.sections[-1]
        is_fresh = section.heading.statement in TITLES_IN_TABLES and not section.parts
        return line.page_no == grid.page_no or (is_fresh and line.page_no == grid.page_no - 1)


def _is_right_below(line: Line, above: Line) -> bool:
    height = max(line.box.bottom - line.box.top, above.box.bottom - above.box.top)
    gap = line.box.top - above.box.bottom
    return line.page_no == above.page_no and -height < gap < height


def split_at_headings(grid: Grid) -> list[Grid]:
    """Return ``grid`` cut before each row that is the title of a statement."""
    cuts = [0]
    for i, row in enumerate(grid.rows):
        text = _single_text(row)
        if i and text is not None and _title_in_table(text) is not None:
            cuts.append(i)
    pieces = [grid.rows[a:b] for a, b in zip(cuts, [*cuts[1:], len(grid.rows)], strict=True)]
    return [
        Grid(grid.page_no, grid.table_no, rows, hull([c.box for row in rows for c in row]))
        for rows in pieces
    ]


def _title_in_table(text: str) -> Heading | None:
    """Return the statement whose title a row of a table is; a numbered row is no heading here."""
    heading = parse_heading(text)
    if heading is None or (heading.statement not in TITLES_IN_TABLES and not _EQUITY.search(text)):
        return None
    return heading


def _title_over_rows(line: str, below: Sequence[Sequence[Cell]]) -> Heading | None:
    """Return the statement whose title begins with ``line`` and ends in the row below it."""
    found = (parse_heading_of_two(line, other) for row in below for other in _own_lines(row))
    return next((h for h in found if h is not None and h.statement in TITLES_IN_TABLES), None)


def _own_lines(row: Sequence[Cell]) -> list[str]:
    """Return the lines of the cells of a row above the numbers."""
    return [
        " ".join(line.split()) for cell in row for line in cell.text.split("\n") if line.strip()
    ]


def _holds_title(cell: Cell) -> bool:
    return any(_title_in_table(" ".join(line.split())) for line in cell.text.split("\n"))


def _single_text(row: Sequence[Cell]) -> str | None:
    filled = [cell.text for cell in row if cell.text.strip()]
    if len(filled) != 1 or is_amount(filled[0]):
        return None
    return " ".join(filled[0].split())


def _joined(sections: Iterable[Section]) -> list[Section]:
    """Join sections of one heading whose pages follow each other ("continued" titles)."""
    joined: list[Section] = []
    for section in sections:
        last = joined[-1] if joined else None
        if (
            last is not None
            and section.heading == last.heading
            and section.heading.statement not in {"other", "research", "employees"}
            and section.first_page - last.last_page <= 1
        ):
            unit = last.parts[-1].unit
            last.parts += [p if p.unit else replace(p, unit=unit) for p in section.parts]
        else:
            joined.append(section)
    return joined


def _over_page_breaks(parts: Sequence[Part], continued: Mapping[Table, Continuation]) -> list[Part]:
    """Return ``parts`` with labels that a page break parts made whole, and their unit lines."""
    whole: list[Part] = []
    for part in parts:
        told = continued.get((part.grid.page_no, part.grid.table_no))
        grid = part.grid
        if whole:
            upper, grid = with_whole_label(whole[-1].grid, grid, told)
            whole[-1] = replace(whole[-1], grid=upper)
        unit = part.unit or (told.unit if told is not None else None)
        whole.append(replace(part, grid=grid, unit=unit))
    return whole


def _running_lines(items: Sequence[Line | Grid]) -> frozenset[tuple[str, int]]:
    """Return the keys of lines that many pages repeat at the same height."""
    pages: dict[tuple[str, int], set[int]] = {}
    for item in items:
        if isinstance(item, Line):
            pages.setdefault(_running_key(item), set()).add(item.page_no)
    counts = Counter({key: len(found) for key, found in pages.items()})
    return frozenset(key for key, count in counts.items() if count >= RUNNING_PAGES)


def _running_key(line: Line) -> tuple[str, int]:
    return re.sub(r"[\d\s]+", "", line.text), round(line.box.top / 12)
