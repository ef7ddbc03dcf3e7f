"""Characters of a page in columns, and how they group into words exactly as pdfplumber groups them.

A page holds thousands of characters: columns of numbers are compared all at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Indices = NDArray[np.intp]

TOLERANCE = 3.0  # points; pdfplumber's default for words, lines and text of cells
BLANKS = (
    *range(0x09, 0x0E), *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B),
    0x2028, 0x2029, 0x202F, 0x205F, 0x3000,
)  # fmt: skip
LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl",
             0xFB05: "st", 0xFB06: "st"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chars:
    """Characters in the order of the page's program; letters of one glyph share its box.

    The frame is the page as displayed, in points, y downwards.
    """

    codes: "NDArray[np.int64]"  # code points
    x0: "Numbers"
    top: "Numbers"
    x1: "Numbers"
    bottom: "Numbers"
    size: "Numbers"  # of the font, as displayed
    upright: "Flags"
    made: "Flags"  # a blank that is not printed: it stands for a gap

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def text(self) -> str:
        """Return all characters in their order."""
        return text_of_codes(self.codes)

    @property
    def blank(self) -> "Flags":
        """Return which ones are spaces of any kind, as ``str.isspace`` tells."""
        return np.isin(self.codes, BLANKS)

    @property
    def boxes(self) -> list[tuple[float, float, float, float]]:
        """Return x0, top, x1, bottom of each character."""
        sides = (self.x0, self.top, self.x1, self.bottom)
        return list(zip(*(side.tolist() for side in sides), strict=True))

    def take(self, which: "Indices | Flags") -> Self:
        """Return the chosen characters."""
        return replace(
            self, codes=self.codes[which], x0=self.x0[which], top=self.top[which],
            x1=self.x1[which], bottom=self.bottom[which], size=self.size[which],
            upright=self.upright[which], made=self.made[which],
        )  # fmt: skip

    def printed(self) -> Self:
        """Return the characters without blanks that only stand for a gap."""
        return self.take(~self.made) if self.made.any() else self

    def within(self, box: tuple[float, float, float, float]) -> Self:
        """Return the characters whose centre lies in ``box``, edges included."""
        x, y = (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2
        return self.take((box[0] <= x) & (x <= box[2]) & (box[1] <= y) & (y <= box[3]))


def text_of_codes(codes: "NDArray[np.int64]") -> str:
    """Return code points as a string."""
    return codes.astype("<u4").tobytes().decode("utf-32-le")


def chars_of(
    letters: Sequence[tuple[str, float, float, float, float, float, bool]],
) -> Chars:
    """Return characters given as text, x0, top, x1, bottom, size, upright.

    A text of several letters is one glyph that draws them all; a ligature is spelled out.
    """
    spelled = [
        (ord(letter), *row[1:])
        for row in letters
        for char in row[0]
        for letter in LIGATURES.get(ord(char), char)
    ]
    rows: list[Any] = [list(column) for column in zip(*spelled, strict=True)] or [[]] * 7
    floats = [np.array(column, dtype=np.float64) for column in rows[1:6]]
    x0, top, x1, bottom, size = floats
    return Chars(
        np.array(rows[0], dtype=np.int64), x0, top, x1, bottom, size,
        np.array(rows[6], dtype=np.bool_), np.zeros(len(spelled), dtype=np.bool_),
    )  # fmt: skip


def join_chars(parts: Sequence[Chars]) -> Chars:
    """Return the characters of all ``parts``, one part after the other."""
    names = ("codes", "x0", "top", "x1", "bottom", "size", "upright", "made")
    return Chars(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


@dataclass(frozen=True, slots=True)
class WordRuns:
    """Words as runs of characters.

    ``order`` holds indices of characters without blanks; word ``i`` is
    ``order[starts[i]:starts[i + 1]]``, the last one goes to the end.
    """

    order: "Indices"
    starts: "Indices"

    @property
    def ends(self) -> "Indices":
        """Return where each word ends in ``order``, exclusive."""
        return np.append(self.starts[1:], len(self.order))

    def extents(self, chars: Chars) -> tuple["Numbers", "Numbers", "Numbers", "Numbers"]:
        """Return x0, top, x1, bottom of the words."""
        at = self.order
        return (
            np.minimum.reduceat(chars.x0[at], self.starts),
            np.minimum.reduceat(chars.top[at], self.starts),
            np.maximum.reduceat(chars.x1[at], self.starts),
            np.maximum.reduceat(chars.bottom[at], self.starts),
        )


def group_words(chars: Chars, zones: "Indices | None" = None) -> WordRuns:
    """Return the words that pdfplumber's ``WordExtractor`` makes of ``chars``, in its order.

    Args:
        chars: In the order of the page's program: it decides among equal places.
        zones: Characters of different zones are grouped apart, as if each zone were a page;
            none of a negative one. The words come by zone.
    """
    given = np.arange(len(chars))
    if zones is not None:
        given = given[zones >= 0]
        given = given[np.argsort(zones[given], kind="stable")]
    if not len(given):
        return WordRuns(given, given)
    upright = chars.upright[given]
    changes = upright[1:] != upright[:-1]
    if zones is not None:
        changes |= zones[given][1:] != zones[given][:-1]
    run = np.concatenate([[0], np.cumsum(changes)])
    across = np.where(upright, chars.top[given], chars.x0[given])
    along = np.where(upright, chars.x0[given], chars.top[given])
    line = _clusters(run, across)
    if upright.all():
        order = np.lexsort((along, line))
    else:
        second = np.where(upright, 0.0, chars.bottom[given])
        order = np.lexsort((second, along, line))
    return _split(chars, given[order], line[order])


def _clusters(run: "Indices", value: "Numbers") -> "Indices":
    """Return a number for each value; within a run, steps up to the tolerance join a cluster."""
    order = np.lexsort((value, run))
    values, runs = value[order], run[order]
    begins = (values[1:] > values[:-1] + TOLERANCE) | (runs[1:] != runs[:-1])
    found = np.empty(len(value), dtype=np.intp)
    found[order] = np.concatenate([[0], np.cumsum(begins)])
    return found


def _split(chars: Chars, order: "Indices", line: "Indices") -> WordRuns:
    upright, blank = chars.upright[order], chars.blank[order]
    start = np.where(upright, chars.x0[order], chars.top[order])
    end = np.where(upright, chars.x1[order], chars.bottom[order])
    across = np.where(upright, chars.top[order], chars.x0[order])
    begins = np.ones(len(order), dtype=np.bool_)
    begins[1:] = (
        (line[1:] != line[:-1])
        | blank[:-1]
        | (start[1:] > end[:-1] + TOLERANCE)
        | (np.abs(across[1:] - across[:-1]) > TOLERANCE)
    )
    kept = ~blank
    return WordRuns(order[kept], np.flatnonzero(begins[kept]))


def cell_texts(chars: Chars, zones: "Indices", count: int) -> list[str]:
    """Return the text of each of ``count`` zones as pdfplumber's ``extract_text`` writes it."""
    texts = [""] * count
    runs = group_words(chars, zones)
    if not len(runs.starts):
        return texts
    first = runs.order[runs.starts]
    zone = zones[first]
    _, top, _, _ = runs.extents(chars)
    line = _clusters(zone, top)
    by_line = np.argsort(line, kind="stable")
    printed = text_of_codes(chars.codes[runs.order])
    starts, ends = runs.starts[by_line].tolist(), runs.ends[by_line].tolist()
    lines, homes = line[by_line].tolist(), zone[by_line].tolist()
    parts: list[list[str]] = [[] for _ in range(count)]
    for i, (a, b) in enumerate(zip(starts, ends, strict=True)):
        part = parts[homes[i]]
        if part:
            part.append(" " if lines[i] == lines[i - 1] else "\n")
        part.append(printed[a:b])
    return ["".join(part) for part in parts]
