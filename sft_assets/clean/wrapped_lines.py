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
MIN_CHARS = 12  # a shorter line is no prose
RAGGED = 3.0  # of the font size: how much the ends of lines set flush left may differ
MIN_PROSE_LINES = 3  # that agree on a right margin
END = re.compile(r"[。！？!?；;：:.…][”’\"'」』）)]*$")
OPENING = re.compile(
    r"(?:第[一二三四五六七八九十百零\d]+[节節章条條款项項]|[一二三四五六七八九十]+[、．.]"
    r"|[（(][一二三四五六七八九十\da-zA-Zivx]{1,4}[）)]|\d{1,3}(?:\.\d{1,3})*[、．.)）]\s?"
    r"|\d{1,3}(?:\.\d{1,3})+\s|[•·●○■□◆▪√☑-]\s?|[a-z][.)]\s|Note\s\d|NOTE\s\d|ITEM\s|Item\s\d|PART\s"
    r"|[注註][:：]|单位[:：]|單位[:：])"
)
WIDE = "\u2e80"


def find_wraps(lines: Sequence[PageLine]) -> list[Edit]:
    """Return an edit for each line feed that only wraps a paragraph of ``lines``.

    Chinese is joined without a space; a hyphen at a line's end is kept as printed and joined
    without one, since nobody can tell which hyphens are there only for the break.
    """
    margin = _right_margins(lines)
    edits = []
    for upper, lower in pairwise(lines):
        if lower.start == upper.end + 1 and _is_wrap(upper, lower, margin):
            edits.append(
                Edit(upper.end, lower.start, _glue(upper.text, lower.text), "wrapped_line")
            )
    return edits


def _right_margins(lines: Sequence[PageLine]) -> list[float]:
    """Return the right edges below which at least three lines of prose end, ascending."""
    ends = sorted((line.box[2], line.size) for line in lines if _is_prose(line))
    edges = [x1 for x1, _ in ends]
    return [
        x1
        for i, (x1, size) in enumerate(ends)
        if i + 1 - bisect_left(edges, x1 - RAGGED * size) >= MIN_PROSE_LINES
    ]


def _is_prose(line: PageLine) -> bool:
    return not line.in_table and len(line.text) >= MIN_CHARS


def _is_wrap(upper: PageLine, lower: PageLine, margins: Sequence[float]) -> bool:
    if upper.in_table or lower.in_table or not _is_prose(upper) or not lower.text.strip():
        return False
    return (
        _runs_to_margin(upper, lower, margins)
        and _same_setting(upper, lower)
        and not END.search(upper.text)
        and not OPENING.match(lower.text)
    )


def _same_setting(upper: PageLine, lower: PageLine) -> bool:
    size = max(upper.size, lower.size)
    small = max(min(upper.size, lower.size), 0.1)
    close = 0 < lower.box[1] - upper.box[1] <= LEADING * size
    # A paragraph's first line may be set in; the line after it stands left of it or under it.
    flush = lower.box[0] <= upper.box[0] + INDENT * size
    return size / small <= SIZE_RATIO and close and flush


def _runs_to_margin(upper: PageLine, lower: PageLine, margins: Sequence[float]) -> bool:
    """Return whether the next line's first word had no room at the end of ``upper``."""
    right = next((m for m in reversed(margins) if m <= upper.box[2] + 6 * upper.size), None)
    if right is None:
        return False
    return upper.box[2] + _first_word_width(lower) > right


def _first_word_width(line: PageLine) -> float:
    """Return the width of what may not be broken at the line's start, in points."""
    if line.text[:1] >= WIDE:
        return 1.6 * line.size  # a character, and a mark that may not begin a line
    word = line.text.split(" ", 1)[0]
    width = line.box[2] - line.box[0]
    return width * (len(word) + 1) / max(len(line.text), 1)


def _glue(upper: str, lower: str) -> str:
    if upper[-1:] >= WIDE or lower[:1] >= WIDE:
        return ""
    if upper.endswith("-") and upper[-2:-1].isalpha() and lower[:1].islower():
        return ""
    return " "
