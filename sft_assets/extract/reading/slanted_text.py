"""Text set aslant, such as a watermark across the page: its letters stand between other lines."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import numpy as np

from sft_assets.extract.reading.chars import Chars
from sft_assets.extract.reading.lines import Line, Word

MIN_CHARS = 3
SLOPE = (0.2, 5.0)  # of the way from one letter to the next, down over across
SAME_WAY = 0.35  # by how much the slope may differ from one step to the next
REACH = 2.5  # of the font size, from one letter to the next
WORD_GAP = 1.5  # of the usual step


def part_slanted(chars: Chars) -> tuple[Chars, list[Line]]:
    """Return the characters that stand straight, and a line for each run of slanted ones.

    A run goes on while each letter stands both beside and below (or above) the one before it in
    the page's program, always on the same way. pdfminer calls letters turned by less than 90
    degrees upright, so that nothing else tells them.
    """
    runs = _runs(chars)
    if not runs:
        return chars, []
    straight = np.ones(len(chars), dtype=np.bool_)
    straight[[i for run in runs for i in run]] = False
    return chars.take(straight), [_line_of(chars, run) for run in runs]


def _runs(chars: Chars) -> list[list[int]]:
    """Return the indices of each run, in order."""
    at = np.flatnonzero(~chars.blank)
    if len(at) < MIN_CHARS:
        return []
    size = chars.size[at]
    dx = np.diff(chars.x0[at] + chars.x1[at]) / 2
    dy = np.diff(chars.top[at] + chars.bottom[at]) / 2
    across = np.where(dx == 0, np.inf, np.abs(dx))
    slope = np.abs(dy) / across
    alike = np.abs(np.diff(size)) <= 0.01 * size[:-1]
    near = np.maximum(np.abs(dx), np.abs(dy)) <= REACH * size[:-1]
    aslant = alike & near & (slope >= SLOPE[0]) & (slope <= SLOPE[1])
    steps = aslant[1:] & aslant[:-1] & (dx[1:] * dx[:-1] > 0) & (dy[1:] * dy[:-1] > 0)
    steps &= np.abs(np.diff(slope)) <= SAME_WAY * np.maximum(slope[1:], slope[:-1])
    runs: list[list[int]] = []
    last = -2
    for i in np.flatnonzero(steps).tolist():  # letters i, i + 1 and i + 2 are on one way
        if i == last + 1:
            runs[-1].append(int(at[i + 2]))
        else:
            runs.append([int(at[i]), int(at[i + 1]), int(at[i + 2])])
        last = i
    return runs


def _line_of(chars: Chars, run: Sequence[int]) -> Line:
    """Return the run as a line, a word wherever a step is wide."""
    middles = [float(chars.x0[i] + chars.x1[i]) / 2 for i in run]
    steps = [abs(b - a) for a, b in pairwise(middles)]
    usual = median(steps)
    words: list[list[int]] = [[run[0]]]
    for i, step in zip(run[1:], steps, strict=True):
        if step > WORD_GAP * usual:
            words.append([])
        words[-1].append(i)
    return Line(tuple(_word_of(chars.take(np.array(word))) for word in words))


def _word_of(chars: Chars) -> Word:
    spans = tuple((x0, x1) for x0, _, x1, _ in chars.boxes)
    x0, top = float(chars.x0.min()), float(chars.top.min())
    x1, bottom = float(chars.x1.max()), float(chars.bottom.max())
    return Word(chars.text, x0, top, x1, bottom, spans, float(chars.size[0]))
