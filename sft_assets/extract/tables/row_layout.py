"""A line of a page seen as a row of a table: pieces of text and numbers with gaps between."""

import re
from dataclasses import dataclass, replace

from sft_assets.extract.reading.lines import Line, Word, box_of
from sft_assets.extract.reading.page_frame import Box
from sft_assets.extract.tables.number_tokens import has_digits, is_number, join_signs

LEADERS = re.compile(r"(?:[.．·‧…・_]\s?){3,}$")
WIDE = 1.25  # of the font size: a wider gap parts two pieces


@dataclass(frozen=True, slots=True)
class Piece:
    """Words without a wide gap between them, or one number."""

    words: tuple[Word, ...]
    is_number: bool

    @property
    def text(self) -> str:
        """Return the words with one space between two of them."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """Return x0, top, x1, bottom."""
        return box_of([word.box for word in self.words])

    @property
    def x0(self) -> float:
        """Return the left edge."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Return the right edge."""
        return max(word.x1 for word in self.words)


@dataclass(frozen=True, slots=True)
class RowLine:
    """One line in pieces, left to right."""

    line: Line
    pieces: tuple[Piece, ...]

    @property
    def numbers(self) -> list[Piece]:
        """Return the pieces that are numbers or dashes."""
        return [piece for piece in self.pieces if piece.is_number]

    @property
    def texts(self) -> list[Piece]:
        """Return the other pieces."""
        return [piece for piece in self.pieces if not piece.is_number]

    @property
    def size(self) -> float:
        """Return the line's font size in points."""
        return self.line.font_size

    @property
    def counts(self) -> bool:
        """Return whether at least one number has digits: a row of dashes proves no table."""
        return any(has_digits(word.text.replace(" ", "")) for p in self.numbers for word in p.words)


def split_row(line: Line) -> RowLine:
    """Return ``line`` in pieces.

    A number is a piece of its own where a wide gap, another number or the end of the line stands
    on both of its sides; a number within words ("Note 4", "as of June 30") is text.
    """
    groups: list[list[Word]] = []
    leaders = False
    for word in join_signs(line.words):
        plain = _without_leaders(word)
        if plain is None:
            leaders = True
            continue
        if leaders:
            groups.append([plain])
        elif groups and word.x0 - groups[-1][-1].x1 <= WIDE * max(word.size, 1.0):
            groups[-1].append(plain)
        else:
            groups.append([plain])
        leaders = plain is not word
    pieces: list[Piece] = []
    for group in groups:
        pieces += _pieces_of(group)
    return RowLine(line, tuple(pieces))


def _without_leaders(word: Word) -> Word | None:
    """Return ``word`` without the dots that lead from a label to its number; None if all dots."""
    found = LEADERS.search(word.text)
    if found is None:
        return word
    count = found.start()
    if not count:
        return None
    spans = word.spans[:count]
    return replace(word, text=word.text[:count], x1=spans[-1][1], spans=spans)


def _pieces_of(group: list[Word]) -> list[Piece]:
    if all(is_number(word.text.replace(" ", "")) for word in group):
        return [Piece((word,), is_number=True) for word in group]
    return [Piece(tuple(group), is_number=False)]
