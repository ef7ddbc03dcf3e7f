"""Columns of text side by side: a report in two languages, or the halves of a magazine's page.

Lines are built across the whole page, as tables need them. Here they are cut at the gutter, and
one column is read after the other. What stands in a table is never cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from sft_assets.extract.reading.lines import Line, Word
from sft_assets.extract.reading.page_frame import Box

MIN_ROWS = 3  # lines with text on both sides that show a gutter
MIN_GAP = 1.0  # of the page's font size, between the words beside the gutter
MIN_STRIP = 0.5  # of the page's font size: the blank that all of them have in common
MIDDLE = (0.25, 0.75)  # of the width of the text: where a gutter may be
INKED = 0.6  # of its column's width that the words of a line of prose take, in the median
WORDLESS = 0.2  # share of parts without a letter beyond which a column holds figures
LANGUAGES = 0.8  # share of lines whose two parts are in two scripts
BREAK = 4.0  # of the page's font size: a blank over the whole width ends the columns
HAN = "\u2e80"


@dataclass(frozen=True, slots=True)
class _Page:
    """What holds for all lines of a page."""

    left: float
    right: float
    size: float


@dataclass(frozen=True, slots=True)
class _Parts:
    """A line's words left and right of the gutter; both None for a line across it."""

    line: Line
    left: Line | None
    right: Line | None

    @property
    def is_across(self) -> bool:
        return self.left is None and self.right is None


def in_reading_order(lines: Sequence[Line], tables: Sequence[Box]) -> list[Line]:
    """Return ``lines`` (top to bottom), cut at a gutter where there is one, column by column."""
    free = [line for line in lines if not any(_touches(line.box, table) for table in tables)]
    gutter = _find_gutter(free)
    if gutter is None:
        return list(lines)
    page, x0, x1 = gutter
    of_line = {id(line): _cut(line, x0, x1, page) for line in free}
    ordered: list[Line] = []
    band: list[_Parts] = []
    bottom = 0.0
    for line in lines:
        parts = of_line.get(id(line), _Parts(line, None, None))
        if parts.is_across or line.box[1] - bottom > BREAK * page.size:
            ordered += _read_band(band, page, x0, x1, tables)
            band = []
        if parts.is_across:
            ordered.append(line)
        else:
            band.append(parts)
        bottom = max(bottom, line.box[3])
    return ordered + _read_band(band, page, x0, x1, tables)


def _touches(line: Box, table: Box) -> bool:
    middle = (line[1] + line[3]) / 2
    return table[1] <= middle <= table[3] and line[0] < table[2] and line[2] > table[0]


def _find_gutter(lines: Sequence[Line]) -> tuple[_Page, float, float] | None:
    """Return the strip that stays blank on most lines with text on both sides of it."""
    if len(lines) < MIN_ROWS:
        return None
    page = _Page(
        min(line.box[0] for line in lines),
        max(line.box[2] for line in lines),
        median(line.font_size for line in lines),
    )
    gaps = [
        (a.x1, b.x0, _are_apart(line.words[: i + 1], line.words[i + 1 :]))
        for line in lines
        for i, (a, b) in enumerate(pairwise(line.words))
        if b.x0 - a.x1 >= MIN_GAP * page.size
    ]
    of_languages = _common_strip([(x0, x1) for x0, x1, apart in gaps if apart], page)
    strip = of_languages or _common_strip([(x0, x1) for x0, x1, _ in gaps], page)
    return (page, *strip) if strip is not None else None


def _common_strip(gaps: Sequence[tuple[float, float]], page: _Page) -> tuple[float, float] | None:
    """Return the strip near the middle of the page that most gaps have in common."""
    low, high = (page.left + share * (page.right - page.left) for share in MIDDLE)
    best = (0, 0.0, 0.0, 0.0)
    for start in sorted({x0 for x0, _ in gaps}):
        ends = [x1 for x0, x1 in gaps if x0 <= start < x1 - MIN_STRIP * page.size]
        if ends and low <= start and min(ends) <= high:
            best = max(best, (len(ends), min(ends) - start, start, min(ends)))
    return best[2:] if best[0] >= MIN_ROWS else None


def _cut(line: Line, x0: float, x1: float, page: _Page) -> _Parts:
    middle = (x0 + x1) / 2
    left = tuple(word for word in line.words if (word.x0 + word.x1) / 2 < middle)
    right = line.words[len(left) :]
    end = max((word.x1 for word in left), default=x0)
    start = min((word.x0 for word in right), default=x1)
    if end > middle or start < middle or start - end < MIN_GAP * page.size:
        # also where the words overlap: nobody can tell where the line would be cut
        only_left, only_right = not right and end <= middle, not left and start >= middle
        if not (only_left or only_right):
            return _Parts(line, None, None)
    return _Parts(line, Line(left) if left else None, Line(right) if right else None)


def _read_band(
    band: Sequence[_Parts], page: _Page, x0: float, x1: float, tables: Sequence[Box]
) -> list[Line]:
    """Return the lines between two that run across: the left column, then the right one."""
    lefts = [parts.left for parts in band if parts.left is not None]
    rights = [parts.right for parts in band if parts.right is not None]
    both = [parts for parts in band if parts.left is not None and parts.right is not None]
    if not both or not (_are_languages(both) or _are_columns(lefts, rights, both, page, x0, x1)):
        return [parts.line for parts in band]
    return [*in_reading_order(lefts, tables), *in_reading_order(rights, tables)]


def _are_languages(both: Sequence[_Parts]) -> bool:
    """Return whether the parts of nearly all lines are in two scripts."""
    apart = sum(_are_apart(p.left.words, p.right.words) for p in both if p.left and p.right)
    return apart >= LANGUAGES * len(both)


def _are_apart(left: Sequence[Word], right: Sequence[Word]) -> bool:
    return {_script(left), _script(right)} == {"han", "latin"}


def _script(words: Sequence[Word]) -> str:
    letters = [char for word in words for char in word.text if char.isalpha()]
    if not letters:
        return "none"
    return "han" if sum(char >= HAN for char in letters) * 2 > len(letters) else "latin"


def _are_columns(
    lefts: Sequence[Line],
    rights: Sequence[Line],
    both: Sequence[_Parts],
    page: _Page,
    x0: float,
    x1: float,
) -> bool:
    """Return whether both sides are prose: lines that fill their column, with words in them."""
    return (
        len(both) >= MIN_ROWS
        and _is_prose(lefts, page.left, x0)
        and _is_prose(rights, x1, page.right)
    )


def _is_prose(lines: Sequence[Line], left: float, right: float) -> bool:
    wordless = sum(not any(char.isalpha() for char in line.text) for line in lines)
    inked = median(sum(word.x1 - word.x0 for word in line.words) for line in lines)
    return wordless <= WORDLESS * len(lines) and inked >= INKED * (right - left)
