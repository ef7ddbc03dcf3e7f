"""Text that runs up or down beside the body or over it, such as a notice in the page's margin."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from sft_assets.extract.reading.chars import Chars
from sft_assets.extract.reading.lines import Line, Word, box_of
from sft_assets.extract.reading.page_content import Edge
from sft_assets.extract.reading.page_frame import Box

MIN_CHARS = 3
SAME_COLUMN = 0.2  # of the font size, that a letter's middle may stand beside the one before
REACH = 2.5  # of the font size, from one letter to the next
WORD_GAP = 0.15  # of the font size, between two letters of one run
OVER = 3  # letters of the body that a mark is printed over


def part_vertical(chars: Chars, edges: Sequence[Edge]) -> tuple[Chars, list[Line]]:
    """Return the characters without vertical marks, and a line for each mark as it is read.

    A mark is a run of turned letters that is printed over the body's lines or stands outside them
    all; there, it parts words and gets into cells. A turned header of a table stands among the
    body's lines and stays, and so does all of a page whose text is turned as a whole.

    Args:
        chars: In the order of the page's program, the only one that tells up from down.
        edges: Ruling lines; what they enclose is in a table.
    """
    body = chars.upright & ~chars.blank
    if body.sum() * 2 < (~chars.blank).sum():
        return chars, []
    marks = [run for run in _runs(chars) if _is_mark(_box(chars, run), chars.take(body), edges)]
    if not marks:
        return chars, []
    kept = np.ones(len(chars), dtype=np.bool_)
    for run in marks:
        kept[run[0] : run[-1] + 1] = False  # with the blanks between its words
    return chars.take(kept), [_line_of(chars, run) for run in marks]


def _runs(chars: Chars) -> list[list[int]]:
    """Return the indices of the letters of each run, in order."""
    runs: list[list[int]] = []
    for i in np.flatnonzero(~chars.upright & ~chars.blank).tolist():
        if runs and _follows(chars, runs[-1], i):
            runs[-1].append(i)
        else:
            runs.append([i])
    return [run for run in runs if len(run) >= MIN_CHARS]


def _follows(chars: Chars, run: Sequence[int], at: int) -> bool:
    """Return whether a letter goes on the way of ``run``, with nothing but blanks between."""
    last, size = run[-1], float(chars.size[run[-1]])
    step = _middle(chars, at) - _middle(chars, last)
    aside = abs(float(chars.x0[at] + chars.x1[at] - chars.x0[last] - chars.x1[last])) / 2
    return bool(
        (~chars.upright[last + 1 : at]).all()
        and abs(float(chars.size[at]) - size) <= 0.01 * size
        and aside <= SAME_COLUMN * size
        and 0 < abs(step) <= REACH * size
        and (len(run) == 1 or step * (_middle(chars, last) - _middle(chars, run[-2])) > 0)
    )


def _middle(chars: Chars, at: int) -> float:
    return float(chars.top[at] + chars.bottom[at]) / 2


def _box(chars: Chars, run: Sequence[int]) -> Box:
    return box_of(chars.take(np.array(run)).boxes)


def _is_mark(box: Box, body: Chars, edges: Sequence[Edge]) -> bool:
    x0, top, x1, bottom = box
    if len(body.within(box)) >= OVER:
        return True
    middle = (x0 + x1) / 2
    is_outside = not float(body.x0.min()) < middle < float(body.x1.max())
    return is_outside and not any(
        a <= middle <= c and top <= (b + d) / 2 <= bottom for a, b, c, d in edges
    )


def _line_of(chars: Chars, run: Sequence[int]) -> Line:
    words: list[list[int]] = [[run[0]]]
    for last, at in pairwise(run):
        gap = max(chars.top[at] - chars.bottom[last], chars.top[last] - chars.bottom[at])
        if gap > WORD_GAP * chars.size[last]:
            words.append([])
        words[-1].append(at)
    return Line(tuple(_word_of(chars.take(np.array(word))) for word in words))


def _word_of(chars: Chars) -> Word:
    x0, top, x1, bottom = box_of(chars.boxes)
    spans = tuple((a, c) for a, _, c, _ in chars.boxes)
    return Word(chars.text, x0, top, x1, bottom, spans, float(chars.size[0]))
