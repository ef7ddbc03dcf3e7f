"""Boxes of glyphs as pdfminer has them: the advance wide, from the font's descent up by its size.

pdfium's loose boxes hold both that advance and the ink, which may hang over on any side. What is
the same for all characters of a font, size and matrix with the same code is asked once.
"""

from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from sft_assets.extract.reading import pdfium_calls as ask

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Codes = NDArray[np.int64]

Sides = tuple["Numbers", "Numbers", "Numbers", "Numbers"]
"""Left, bottom, right, top of characters in user space."""

LETTER_F = 0x66
SAME = 0.02  # points between two sides that are one
SAME_WIDTH = 0.01  # of the advance
MAYBE_DOUBLE = 1.35  # times the advance of "f": the ink of an italic one, or the glyph "ff"
SURELY_DOUBLE = 1.75
SINGLE = 1.2  # times the advance of "f": how far the next letter may stand from one
NEXT = 0.06  # of a glyph's width: how far off the next letter may stand
FAR = 3.0  # times the font size: the next character says nothing about this one's advance
BESIDE = 0.3  # of the font size: a glyph that begins that far left of its origin is set vertically
VERTICAL_DROP = 0.12  # of the font size: how far the square of vertical writing goes below a line
NAME_BYTES = 64
STYLES = ("", "-Bold", "-Oblique", "-BoldOblique", "-Italic", "-BoldItalic", "-Roman")
TRUE_TYPE_STYLES = ("", ",Bold", ",Italic", ",BoldItalic")
BUILT_IN_DESCENTS = {  # of the fonts that pdfminer has metrics of, whatever the file says
    **{f"Courier{style}": 0.194 for style in STYLES},
    **{f"Helvetica{style}": 0.207 for style in STYLES},
    **{f"Times{style}": 0.217 for style in STYLES},
    **{f"CourierNew{style}": 0.194 for style in TRUE_TYPE_STYLES},
    **{f"Arial{style}": 0.207 for style in TRUE_TYPE_STYLES},
    **{f"TimesNewRoman{style}": 0.217 for style in TRUE_TYPE_STYLES},
    **dict.fromkeys(("Symbol", "ZapfDingbats"), 0.0),
}
FINE, STEPS = 1 << 11, 1 << 13  # more than the styles of a page; steps of a box's extent


@dataclass(frozen=True, slots=True)
class LooseChars:
    """Characters as the text page gives them, a row each."""

    index: "Codes"  # in the text page
    code: "Codes"
    box: Sides
    font: "Codes"  # its address
    font_size: "Numbers"  # before the matrix
    matrix: "Numbers"  # a, b, c, d, e, f


@dataclass(frozen=True, slots=True)
class GlyphBoxes:
    """Boxes of characters, and which letters "f" stand for a glyph that draws "ff"."""

    box: Sides
    double: "Flags"


def measure_glyphs(text_page: int, chars: LooseChars) -> GlyphBoxes:
    """Return the boxes of ``chars``; letters of one glyph have the same."""
    count = len(chars.code)
    if not count:
        return GlyphBoxes(chars.box, np.zeros(0, dtype=np.bool_))
    goes_on = _goes_on(chars.box)
    shared = goes_on | np.append(goes_on[1:], False)
    _, first, kind = np.unique(_kinds(chars, shared), return_index=True, return_inverse=True)
    models = _ask(text_page, chars, first)
    advance, drawn = _advances(models)
    advance = np.where(shared[first], drawn, advance)
    double = _doubles(chars, kind, models, np.where(shared[first], 0.0, advance), drawn)
    moves, sides = _boxes(models, np.where(double, drawn, advance))
    left, bottom, _, _ = chars.box
    x, y = left + moves[kind, 0], bottom + moves[kind, 1]
    glyph = np.maximum.accumulate(np.where(goes_on, 0, np.arange(count)))  # its first letter
    box = tuple((side + sides[kind, k])[glyph] for k, side in enumerate((x, y, x, y)))
    return GlyphBoxes((box[0], box[1], box[2], box[3]), double[kind])


def _goes_on(box: Sides) -> "Flags":
    """Return which characters are a further letter of the glyph before them."""
    same = np.ones(len(box[0]), dtype=np.bool_)
    same[0] = False
    for side in box:
        same[1:] &= side[1:] == side[:-1]
    return same


def _kinds(chars: LooseChars, shared: "Flags") -> "Codes":
    """Return a number for each character: the same for glyphs of the same shape and size.

    The same code may be drawn by other glyphs: pdfium names one letter of "ff", gives each
    letter of "fi" the whole glyph, and lets an ActualText share the place of what it stands for.
    The width and the height of the box tell them apart.
    """
    rows = np.column_stack([chars.font, chars.font_size, chars.matrix[:, :4]])
    keys = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.itemsize * rows.shape[1])))
    _, style = np.unique(keys.ravel(), return_inverse=True)
    left, bottom, right, top = chars.box
    width, height = (
        np.minimum(np.rint(20 * extent), STEPS - 1).astype(np.int64)
        for extent in (right - left, top - bottom)
    )
    glyph = (chars.code * FINE + style % FINE) * STEPS + width
    _, glyph = np.unique(glyph, return_inverse=True)
    kind: Codes = ((glyph * STEPS + height) * FINE + style % FINE) * 2 + shared
    return kind


@dataclass(frozen=True, slots=True)
class _Models:
    """One character of each kind; boxes are seen from its origin: left, bottom, right, top."""

    code: "Codes"
    origin: "Numbers"  # seen from the lower left corner of the loose box
    loose: "Numbers"
    ink: "Numbers"
    width: "Numbers"  # the font's advance of the character, before the matrix; 0 for unknown
    descent: "Numbers"  # of size 1
    has_height: "Flags"  # the font says how high it is
    size: "Numbers"  # before the matrix
    matrix: "Numbers"  # a, b, c, d


def _ask(text_page: int, chars: LooseChars, at: "Codes") -> _Models:
    """Ask pdfium about the characters ``at``."""
    count, index = len(at), chars.index[at].tolist()
    place, ink = ask.Buffer(count, 2, "float64"), ask.Buffer(count, 4, "float64")
    width = ask.Buffer(count, 1)
    ask.each(ask.char_origin, repeat(text_page), index, place.column(0), place.column(1))
    ask.each(ask.tight_box, repeat(text_page), index, *(ink.column(i) for i in (0, 2, 1, 3)))
    fonts, sizes = chars.font[at], chars.font_size[at]
    ask.each(ask.glyph_width, fonts.tolist(), chars.code[at].tolist(), sizes.tolist(), width.rows)
    known, which = np.unique(fonts, return_inverse=True)
    descents = [_descent(font) for font in known.tolist()]
    twice = np.tile(place.values[:count], 2)
    loose = np.column_stack([side[at] for side in chars.box])
    return _Models(
        chars.code[at],
        place.values[:count] - loose[:, :2],
        loose - twice,
        ink.values[:count] - twice,
        width.values[:count, 0].astype(np.float64),
        np.array([descent for descent, _ in descents])[which],
        np.array([has_height for _, has_height in descents])[which],
        sizes,
        chars.matrix[at, :4],
    )


def _descent(font: int) -> tuple[float, bool]:
    """Return the descent of size 1, below the line, and whether the font says how high it is.

    A built-in font has its own descent, whatever stands in for it.
    """
    value, name = ask.Buffer(1, 2), np.zeros(NAME_BYTES, dtype=np.uint8)
    ask.font_ascent(font, 1.0, value.column(0)[0])
    ask.font_descent(font, 1.0, value.column(1)[0])
    length = ask.font_name(font, name.ctypes.data, NAME_BYTES)
    known = name[: max(length - 1, 0)].tobytes().decode("utf-8", "replace")
    ascent, descent = value.values[0].tolist()
    return -BUILT_IN_DESCENTS.get(known, abs(descent)), ascent != descent


def _advances(models: _Models) -> tuple["Numbers", "Numbers"]:
    """Return each glyph's advance before the matrix, and how far its loose box goes.

    The loose box ends at the advance or at the ink, whichever is farther. The font knows the
    advance of the character; where ink does not end the box, the box does.
    """
    a, b, c, d = models.matrix.T
    known = models.width
    flat = (abs(b) <= abs(a) * SAME_WIDTH) & (abs(c) <= abs(d) * SAME_WIDTH)
    turned = ~flat & (abs(a) <= abs(b) * SAME_WIDTH) & (abs(d) <= abs(c) * SAME_WIDTH)
    side = np.where(flat, np.where(a > 0, 2, 0), np.where(b > 0, 3, 1))
    scale = np.where(flat, abs(a), abs(b))
    each = np.arange(len(known))
    end = models.loose[each, side]
    in_ink = abs(models.ink[each, side] - end) < SAME
    told = (flat | turned) & (scale > 0)
    drawn = np.where(told, abs(end) / np.where(told, scale, 1.0), known)
    differs = (known <= 0) | (drawn < known * (1 - SAME_WIDTH))
    differs |= (drawn > known * (1 + SAME_WIDTH)) & ~in_ink
    return np.where(differs, drawn, known), drawn


def _boxes(models: _Models, advance: "Numbers") -> tuple["Numbers", "Numbers"]:
    """Return the way from each loose box's corner to the origin, and the box seen from there."""
    a, b, c, d = models.matrix.T
    low = models.descent * models.size
    ends = [
        (a * along + c * up, b * along + d * up)
        for along in (0.0, advance)
        for up in (low, low + models.size)
    ]
    xs, ys = np.array([end[0] for end in ends]), np.array([end[1] for end in ends])
    sides = np.column_stack([xs.min(axis=0), ys.min(axis=0), xs.max(axis=0), ys.max(axis=0)])
    moves = models.origin.copy()
    nothing = advance <= 0
    sides[nothing] = models.loose[nothing]
    straight = (b == 0) & (c == 0)
    # A glyph that begins far left of its origin belongs to text that runs downwards.
    downwards = straight & (a > 0) & (-models.loose[:, 0] > BESIDE * models.size * a)
    sides[downwards] = models.loose[downwards]
    sides[downwards, 0] = (models.loose[:, 2] - models.size * abs(a))[downwards]
    squares = _vertical_squares(models)
    nought, wide, high = 0 * models.size, models.size * abs(a), models.size * abs(d)
    sides[squares] = np.column_stack([nought, nought, wide, high])[squares]
    # An ActualText gets a slice of the ink of what it stands for: it is as high as its font.
    slices = (abs(models.ink - models.loose) < SAME).all(axis=1)
    slices &= straight & models.has_height
    wide = models.loose[:, 2] - models.loose[:, 0]
    heights = np.sort(np.column_stack([d * low, d * (low + models.size)]), axis=1)
    sides[slices] = np.column_stack([0 * wide, heights[:, 0], wide, heights[:, 1]])[slices]
    moves[slices, 0] = 0.0
    return moves, sides


def _vertical_squares(models: _Models) -> "Flags":
    """Return which glyphs are set downwards in the square that vertical writing gives them.

    pdfium's loose box is then that square, wherever the font, or one that stands in for it, has
    its own descent. Where the two agree nothing tells, and the box of a line is as good.
    """
    a, b, c, d = models.matrix.T
    size = models.size
    square = np.column_stack([0 * a, -VERTICAL_DROP * d, a, (1 - VERTICAL_DROP) * d])
    fits = (abs(models.loose - square * size[:, None]) < SAME).all(axis=1)
    own = abs(models.descent + VERTICAL_DROP) * size * abs(d) >= SAME
    found: Flags = fits & own & (b == 0) & (c == 0) & (a > 0) & (d > 0)
    return found


def _doubles(
    chars: LooseChars, kind: "Codes", models: _Models, advance: "Numbers", drawn: "Numbers"
) -> "Flags":
    """Return which kinds of "f" are a glyph that draws "ff"; an ``advance`` of 0 is none."""
    ratio = drawn / np.where(advance > 0, advance, np.inf)
    double = np.zeros(len(drawn), dtype=np.bool_)
    for i in np.flatnonzero((models.code == LETTER_F) & (ratio >= MAYBE_DOUBLE)).tolist():
        double[i] = _is_double(chars, np.flatnonzero(kind == i), float(ratio[i]))
    return double


def _is_double(chars: LooseChars, members: "Codes", ratio: float) -> bool:
    """Return whether an "f" that reaches ``ratio`` times its font's advance is an "ff".

    The ink of an italic "f" hangs over as far; what stands next tells.
    """
    at = int(members[0])
    members = members[members + 1 < len(chars.code)]
    left, bottom, right, _ = chars.box
    step = left[members + 1] - left[members]
    size = float(chars.font_size[at]) * float(np.hypot(*chars.matrix[at, 2:4]))
    near = (step > 0) & (step < FAR * size)
    near &= np.abs(bottom[members + 1] - bottom[members]) < size
    drawn = float(right[at]) - float(left[at])
    if (np.abs(step[near] - drawn) < NEXT * drawn).any():
        return True
    return ratio > SURELY_DOUBLE and not (step[near] < SINGLE * drawn / ratio).any()
