"""Text that pdfium's text page passes over in silence, and how to make it speak.

pdfium leaves out a text object whose glyphs have no width of ink: a space, but also a bracket or
a minus sign on its own whose font is neither in the file nor on this machine. It takes two equal
letters set tightly, one after the other, for one letter printed twice, and a lone hyphen after
another for none. And it lets an ``ActualText`` speak for all glyphs that it is said to stand for.
The page is changed in memory only, so that nothing is passed over.

Source: ``CPDF_TextPage::ProcessTextObject``, ``IsSameTextObject`` and
``CPDF_TextObject::CalcPositionDataInternal`` of pdfium: the rectangle of a stroked object is
wider by the line's width, and what is inactive is not read.
"""

from collections.abc import Mapping
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2.raw as pdfium

from sft_assets.extract.reading import pdfium_calls as ask
from sft_assets.extract.reading.chars import Chars

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_WIDTH = 0.02  # points; pdfium passes over what is narrower than 0.01
HAIRLINE = 0.06  # points: wide enough to be read, too thin to touch anything
EMPTY = 1e4  # the extent of an object without glyphs
SAME_PLACE = 1.0  # points, as pdfplumber's ``dedupe_chars``
SAME_SHARE = 0.3  # of the character's width, beside each other
SAME_HEIGHT = 0.25  # of the font size, under each other


def give_width(texts: list[int], bounds: "NDArray[np.float64]") -> dict[int, int]:
    """Stroke the ``texts`` that have no width with a hairline; return the modes they had.

    Args:
        texts: Addresses of text objects.
        bounds: Left, bottom, right, top of each.
    """
    width = np.abs(bounds[:, 2] - bounds[:, 0])
    thin = [texts[i] for i in np.flatnonzero(width < NO_WIDTH).tolist()]
    modes = dict(zip(thin, map(ask.render_mode, thin), strict=True))
    _stroke(thin, [HAIRLINE] * len(thin))
    return modes


def _extents(texts: list[int]) -> tuple["NDArray[np.float32]", "NDArray[np.float32]"]:
    """Return where the text objects begin and end on the page."""
    bounds = ask.Buffer(len(texts), 4)
    ask.each(ask.object_bounds, texts, *(bounds.column(i) for i in range(4)))
    return bounds.values[: len(texts), 0], bounds.values[: len(texts), 2]


def _stroke(texts: list[int], widths: list[float]) -> None:
    """Draw text objects with an outline each and have their extents computed again."""
    one = ask.Buffer(1, 6)
    one.values[0] = (1, 0, 0, 1, 0, 0)
    ask.each(ask.set_stroke_width, texts, widths)
    ask.each(ask.set_render_mode, texts, repeat(pdfium.FPDF_TEXTRENDERMODE_STROKE))
    ask.each(ask.transform_object, texts, repeat(one.rows[0]))


def drop_actual_text(texts: list[int]) -> bool:
    """Make ``texts`` speak for themselves; return whether any had another text to show."""
    key = np.frombuffer(b"ActualText\0", dtype=np.uint8)
    dropped = False
    for text, count in zip(texts, map(ask.count_marks, texts), strict=True):
        for i in range(count):
            mark = ask.mark_at(text, i)
            dropped |= ask.remove_mark_param(text, mark, key.ctypes.data) == 1
    return dropped


def leave_only(texts: list[int], lost: list[int]) -> dict[int, int]:
    """Make the page show of its ``texts`` the ``lost`` ones alone; return the modes they had.

    Each gets an outline wider than itself: pdfium then takes it for no copy of another.
    """
    ask.each(ask.set_active, texts, repeat(0))
    left, right = _extents(lost)
    modes = {text: ask.render_mode(text) for text in lost}
    ask.each(ask.set_active, lost, repeat(1))
    _stroke(lost, (2 * np.abs(right - left) + HAIRLINE).tolist())
    return modes


def restore(texts: list[int], modes: Mapping[int, int]) -> None:
    """Show ``texts`` again and draw as before what was stroked, so that the page can be drawn."""
    ask.each(ask.set_active, texts, repeat(1))
    ask.each(ask.set_render_mode, modes.keys(), modes.values())


def say_nothing(texts: list[int]) -> list[bool]:
    """Return which of ``texts`` show nothing: no glyph, or one that its font leaves blank.

    Of the blanks next to each other pdfium keeps the first.
    """
    left, right = _extents(texts)
    width = right - left
    empty = (width < 0) | (width > EMPTY)
    blank = width < 2 * HAIRLINE
    return [
        bool(empty[i] or (blank[i] and ask.is_embedded(ask.font_of(text)) == 1))
        for i, text in enumerate(texts)
    ]


def overprints(chars: Chars, others: Chars) -> "NDArray[np.bool_]":
    """Return which of ``chars`` stand where the same character of ``others`` stands."""
    found = np.zeros(len(chars), dtype=np.bool_)
    for i in range(len(chars)):
        reach = min(SAME_PLACE, SAME_SHARE * float(chars.x1[i] - chars.x0[i]))
        found[i] = (
            (others.codes == chars.codes[i])
            & (np.abs(others.x0 - chars.x0[i]) <= reach)
            & (np.abs(others.top - chars.top[i]) <= max(SAME_PLACE, SAME_HEIGHT * chars.size[i]))
        ).any()
    return found
