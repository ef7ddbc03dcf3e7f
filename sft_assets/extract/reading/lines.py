"""Words and lines from characters: the one way in which this stage writes text.

Lines of a page, texts of cells and boxes that are read again all come from ``build_lines``, so
a cell read again from its box has the same text.
"""

from dataclasses import dataclass
from statistics import median

from sft_assets.extract.reading.chars import Chars, group_words, text_of_codes
from sft_assets.extract.reading.page_frame import Box

OVERPRINT = 0.5  # share of the narrower word's width
SAME_LINE = 0.5  # share of the lower word's height that two words of a line have in common


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without a gap between them."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    spans: tuple[tuple[float, float], ...]  # x0, x1 of each code point of text
    size: float
    confidence: float | None = None  # of OCR

    @property
    def box(self) -> Box:
        """Return x0, top, x1, bottom."""
        return self.x0, self.top, self.x1, self.bottom


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand on one line, left to right."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """Return the words with one space between two of them."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """Return x0, top, x1, bottom."""
        return box_of([word.box for word in self.words])

    @property
    def spans(self) -> list[tuple[float, float]]:
        """Return x0, x1 of each code point of ``text``; a space fills the gap it stands for."""
        spans = list(self.words[0].spans)
        for left, right in zip(self.words, self.words[1:], strict=False):
            spans += [tuple(sorted((left.x1, right.x0))), *right.spans]  # type: ignore[list-item]
        return spans

    @property
    def font_size(self) -> float:
        """Return the median size of the line's words in points."""
        return median(word.size for word in self.words)

    @property
    def confidence(self) -> float | None:
        """Return the lowest confidence of the line's words; None for a text layer."""
        known = [word.confidence for word in self.words if word.confidence is not None]
        return min(known) if known else None


def box_of(boxes: list[Box]) -> Box:
    """Return the smallest box around ``boxes``."""
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return min(x0), min(top), max(x1), max(bottom)


def build_words(chars: Chars) -> list[Word]:
    """Return the words of ``chars``, grouped as pdfplumber groups them."""
    runs = group_words(chars)
    if not len(runs.starts):
        return []
    at = runs.order
    text = text_of_codes(chars.codes[at])
    spans = list(zip(chars.x0[at].tolist(), chars.x1[at].tolist(), strict=True))
    sizes = chars.size[at].tolist()
    extents = (column.tolist() for column in runs.extents(chars))
    return [
        Word(text[a:b], x0, top, x1, bottom, tuple(spans[a:b]), median(sizes[a:b]))
        for a, b, x0, top, x1, bottom in zip(
            runs.starts.tolist(), runs.ends.tolist(), *extents, strict=True
        )
    ]


def build_lines(words: list[Word]) -> list[Line]:
    """Return the lines that ``words`` stand on, top to bottom, each left to right."""
    open_lines: list[_OpenLine] = []
    for word in sorted(words, key=lambda w: ((w.top + w.bottom) / 2, w.x0, w.text)):
        home = next((line for line in reversed(open_lines[-4:]) if line.takes(word)), None)
        if home is None:
            open_lines.append(_OpenLine(word.top, word.bottom, [word]))
        else:
            home.add(word)
    lines = [Line(tuple(sorted(o.words, key=lambda w: (w.x0, w.x1)))) for o in open_lines]
    return sorted(lines, key=lambda line: (line.box[1], line.box[0]))


@dataclass(slots=True)
class _OpenLine:
    """A line that still takes words; its band is that of its tallest word."""

    top: float
    bottom: float
    words: list[Word]

    def takes(self, word: Word) -> bool:
        common = min(self.bottom, word.bottom) - max(self.top, word.top)
        lower = min(self.bottom - self.top, word.bottom - word.top)
        if not (common >= SAME_LINE * lower if lower > 0 else common >= 0):
            return False
        # Words over each other are the lines of a cell that stands beside a taller one.
        return not any(_overprints(word, other) for other in self.words)

    def add(self, word: Word) -> None:
        self.words.append(word)
        if word.bottom - word.top > self.bottom - self.top:
            self.top, self.bottom = word.top, word.bottom


def _overprints(word: Word, other: Word) -> bool:
    """Return whether one stands over the other, so that they cannot be on one line."""
    common = min(word.x1, other.x1) - max(word.x0, other.x0)
    return common > OVERPRINT * min(word.x1 - word.x0, other.x1 - other.x0)


def text_of(chars: Chars) -> str:
    """Return the lines of ``chars`` joined by line feeds.

    >>> from sft_assets.extract.reading.chars import chars_of
    >>> text_of(chars_of([]))
    ''
    """
    return "\n".join(line.text for line in build_lines(build_words(chars)))
