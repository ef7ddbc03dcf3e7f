"""Join the lines of a paragraph; what may be a table row, a heading or a list stays apart."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from sft_assets.clean.page_lines import PageLine
from sft_assets.lineage.text_edits import Edit

SIZE_RATIO = 1.12  # of the font sizes of two lines of one paragraph
LEADING = 2.4  # of the font size, from top to top
INDENT = 0.8  # of the font size: a line set in further begins a paragraph
HANGING = 4.0  # of the font size: the lines below a list's mark may be set in so far
MIN_CHARS = 12  # a shorter line is no prose
RAGGED = 3.0  # of the font size: how much the ends of lines set flush left may differ
MIN_PROSE_LINES = 3  # that agree on a right margin
COMMON_SHARE = 0.05  # of a report's lines of prose that agree on a margin of the report
COLUMN = 4.0  # of the font size: how far the left ends of a column's lines may differ
COLUMN_SHARE = 0.15  # of a column's lines that agree on its right margin
MIN_WIDTH = 20.0  # of the font size: a narrower column is a list
SLACK = 1.0  # of the font size: widths of words are estimated
MAX_GAP = 2.0  # of the font size, between two words of prose
END = re.compile(r"[。！？!?；;：:.…][”’\"'」』）)]*$")
OPENING = re.compile(
    r"(?:第[一二三四五六七八九十百零\d]+[节節章条條款项項]|[一二三四五六七八九十]+[、．.]"
    r"|[（(](?:[一二三四五六七八九十]{1,3}|\d{1,3}|[a-z]{1,2}|[ivx]{1,5}|[A-Z])[）)]|\d{1,3}(?:\.\d{1,3})*[、．.)）](?!\d)"
    r"|\d{1,3}(?:\.\d{1,3})+\s|[•·●○■□◆▪√☑*†‡§※△▲-]\s?|[a-z][.)]\s|Note\s\d|NOTE\s\d|ITEM\s|Item\s\d|PART\s"
    r"|[注註][:：]|单位[:：]|單位[:：])"
)
WIDE = "\u2e80"
NARROW_WORD = re.compile(rf"[^\s{WIDE}-\uffff]+")


def find_wraps(lines: Sequence[PageLine], common: Sequence[float] = ()) -> list[Edit]:
    """Return an edit for each line feed that only wraps a paragraph of ``lines``.

    Chinese is joined without a space; a hyphen at a line's end is kept as printed and joined
    without one, since nobody can tell which hyphens are there only for the break. ``common`` are
    the report's right margins, for a page with too few lines to show one.
    """
    prose = [line for line in lines if _is_prose(line)]
    edits = []
    for upper, lower in pairwise(lines):
        if lower.start == upper.end + 1 and _is_wrap(upper, lower, prose, common):
            edits.append(
                Edit(upper.end, lower.start, _glue(upper.text, lower.text), "wrapped_line")
            )
    return edits


def common_margins(pages: Sequence[Sequence[PageLine]]) -> list[float]:
    """Return the right edges that many lines of prose of a report share, ascending."""
    ends = sorted(line.box[2] for lines in pages for line in lines if _is_prose(line))
    needed = max(MIN_PROSE_LINES, COMMON_SHARE * len(ends))
    return [
        x1
        for i, x1 in enumerate(ends)
        if i + 1 - bisect_left(ends, x1 - 1.0) >= needed
        and (i + 1 == len(ends) or ends[i + 1] > x1)
    ]


def _is_prose(line: PageLine) -> bool:
    has_columns = line.widest_gap > MAX_GAP * line.size
    return not line.in_table and len(line.text) >= MIN_CHARS and not has_columns


def _is_wrap(
    upper: PageLine, lower: PageLine, prose: Sequence[PageLine], common: Sequence[float]
) -> bool:
    if upper.in_table or lower.in_table or not _is_prose(upper) or not lower.text.strip():
        return False
    right = _right_margin(upper, prose, common)
    return (
        right is not None
        and upper.box[2] + _first_word_width(lower) + SLACK * upper.size > right  # it had no room
        and _same_setting(upper, lower)
        and not END.search(upper.text)
        and not OPENING.match(lower.text)
    )


def _right_margin(
    line: PageLine, prose: Sequence[PageLine], common: Sequence[float]
) -> float | None:
    """Return where the column of ``line`` ends: what its longest lines agree on.

    A heading ends left of it, however many headings of its length the page has.
    """
    column = sorted(
        other.box[2] for other in prose if abs(other.box[0] - line.box[0]) <= COLUMN * line.size
    )
    needed = max(MIN_PROSE_LINES, COLUMN_SHARE * len(column))
    margins = [
        x1
        for i, x1 in enumerate(column)
        if i + 1 - bisect_left(column, x1 - RAGGED * line.size) >= needed
    ]
    known = margins or [x1 for x1 in common if x1 <= line.box[2] + COLUMN * line.size]
    right = max(known, default=None)
    return right if right is not None and right - line.box[0] >= MIN_WIDTH * line.size else None


def _same_setting(upper: PageLine, lower: PageLine) -> bool:
    size = max(upper.size, lower.size)
    small = max(min(upper.size, lower.size), 0.1)
    close = 0 < lower.box[1] - upper.box[1] <= LEADING * size
    # A paragraph's first line may be set in; the line after it stands left of it or under it.
    indent = HANGING if OPENING.match(upper.text) else INDENT
    flush = lower.box[0] <= upper.box[0] + indent * size
    return size / small <= SIZE_RATIO and close and flush


def _first_word_width(line: PageLine) -> float:
    """Return the width of what may not be broken at the line's start, in points."""
    if line.text[:1] >= WIDE:
        return 1.6 * line.size  # a character, and a mark that may not begin a line
    word = next(iter(NARROW_WORD.findall(line.text[:80])), "")
    return (line.box[2] - line.box[0]) * (len(word) + 1) / max(len(line.text), 1)


def _glue(upper: str, lower: str) -> str:
    if upper[-1:] >= WIDE or lower[:1] >= WIDE:
        return ""
    if upper.endswith("-") and upper[-2:-1].isalpha() and lower[:1].islower():
        return ""
    return " "
