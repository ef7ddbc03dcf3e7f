"""Read the characters of a page with pdfium, and tell which of them nobody can see.

Runs in an isolated child only. A page holds thousands of characters and each question about one
costs a call: what belongs to a text object is asked once, and the answers are compared in columns.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np
import pypdfium2.raw as pdfium

from sft_assets.extract.reading import pdfium_calls as ask
from sft_assets.extract.reading.chars import Chars
from sft_assets.extract.reading.page_frame import PageFrame
from sft_assets.extract.reading.pdfium_cover import Cover
from sft_assets.extract.reading.pdfium_drawing import WHITE, Drawing
from sft_assets.extract.reading.pdfium_glyphs import LooseChars, Sides, measure_glyphs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Codes = NDArray[np.int64]

SPACE, HYPHEN, UNKNOWN = 0x20, 0x2D, 0xFFFD
ZERO_WIDTH = (0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060)
CJK_START = 0x2E80
RIGHT_TO_LEFT = ((0x590, 0x8FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFE))
NARROW_GAP = 0.08  # of the font size; less is kerning
WIDE_GAP = 0.5  # of the font size
SPACE_WIDTH = 0.12  # of the font size; a printed space is wider
MIN_SIZE = 1.0  # points; smaller text is not readable in print
STEP = 4  # characters between two that are asked for their text object
INVISIBLE_MODES = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)


@dataclass(frozen=True, slots=True)
class FoundChars:
    """Characters of a page."""

    visible: Chars
    hidden: Chars
    objects: frozenset[int]  # addresses of the text objects that they come from


@dataclass(frozen=True, slots=True)
class Ground:
    """What the characters of a page are printed on, and what is painted over them."""

    frame: PageFrame
    drawing: Drawing
    cover: Cover | None


@dataclass(frozen=True, slots=True)
class _Styles:
    """What all characters of one text object share, a row an object."""

    objects: "Codes"  # their addresses
    matrix: "Numbers"  # a, b, c, d, e, f of user space
    font: "Codes"  # its address
    font_size: "Numbers"  # before the matrix
    invisible: "Flags"
    white: "Flags"


def read_chars(text_page: int, ground: Ground, modes: Mapping[int, int]) -> FoundChars:
    """Return the characters of a loaded text page.

    Args:
        text_page: Its address.
        ground: What they are printed on.
        modes: The render mode of text objects whose mode was changed since.
    """
    count = ask.count_chars(text_page)
    codes = ask.ask_text(ask.unicode_of, text_page, count)
    generated = _generated(text_page, codes)
    objects = _text_objects(text_page, codes, count)
    boxes = ask.Buffer(count, 4)
    has_box = ask.numbers(map(ask.loose_box, repeat(text_page), range(count), boxes.rows), count)
    left, top, right, bottom = boxes.values[:count].astype(np.float64).T
    codes, kept = _characters(text_page, codes, generated)
    kept &= has_box != 0
    known, first, which = np.unique(objects[kept], return_index=True, return_inverse=True)
    at = np.flatnonzero(kept)
    styles = _styles_of(text_page, known, at[first], modes)
    loose = (left[at], bottom[at], right[at], top[at])
    glyphs = measure_glyphs(
        text_page,
        LooseChars(
            at, codes[at], loose, styles.font[which], styles.font_size[which], styles.matrix[which]
        ),
    )
    chars = _placed(codes[at], glyphs.box, styles, which, ground.frame)
    hidden = _hidden(chars, styles, which, ground) | _covered(chars, known[which], ground.cover)
    gaps = _gap_before(text_page, at, generated, codes, left)
    return _assemble(chars, glyphs.double, hidden, gaps, known)


def _generated(text_page: int, codes: "Codes") -> "Flags":
    """Return which characters pdfium made up: spaces and line ends only."""
    flags = np.zeros(len(codes), dtype=np.bool_)
    for i in np.flatnonzero((codes == SPACE) | (codes == 0x0D) | (codes == 0x0A)).tolist():
        flags[i] = ask.is_generated(text_page, i) == 1
    return flags


def _text_objects(text_page: int, codes: "Codes", count: int) -> "Codes":
    """Return the address of each character's text object.

    The characters of one object follow each other, except where text runs from right to left.
    """
    backwards = any(((low <= codes) & (codes <= high)).any() for low, high in RIGHT_TO_LEFT)
    if backwards or count < 2 * STEP:
        return ask.ask_text(ask.text_object_of, text_page, count)
    some = range(0, count, STEP)
    asked = ask.numbers(map(ask.text_object_of, repeat(text_page), some), len(some))
    found = np.repeat(asked, STEP)[:count]
    same = np.append((asked[1:] == asked[:-1]) & (asked[1:] != 0), False)  # 0: pdfium's own
    unsure = np.repeat(~same, STEP)[:count]
    unsure[::STEP] = False
    rest = np.flatnonzero(unsure)
    found[rest] = ask.numbers(map(ask.text_object_of, repeat(text_page), rest.tolist()), len(rest))
    return found


def _characters(text_page: int, codes: "Codes", generated: "Flags") -> tuple["Codes", "Flags"]:
    """Return code points as printed, and which characters there are at all."""
    count = len(codes)
    kept = ~generated
    wrong = ask.ask_text(ask.has_map_error, text_page, count) == 1
    codes = codes.copy()
    high = (codes >= 0xD800) & (codes < 0xDC00)
    if high[:-1].any():  # a pair that pdfium hands on in two halves
        first = np.flatnonzero(high[:-1] & (codes[1:] >= 0xDC00) & (codes[1:] < 0xE000))
        codes[first] = 0x10000 + ((codes[first] - 0xD800) << 10) + (codes[first + 1] - 0xDC00)
        kept[first + 1] = False
    for i in np.flatnonzero((codes == 0x2) | (codes == 0xAD)).tolist():
        if ask.is_hyphen(text_page, i) == 1:  # at a line's end
            codes[i] = HYPHEN
    kept &= ~np.isin(codes, ZERO_WIDTH)
    codes[codes < SPACE] = SPACE
    codes[((codes >= 0xD800) & (codes < 0xE000)) | (codes > 0x10FFFF) | wrong] = UNKNOWN
    return codes, kept


def _styles_of(
    text_page: int, objects: "Codes", first: "Codes", modes: Mapping[int, int]
) -> _Styles:
    """Return the styles of ``objects``; ``first`` are indices of a character of each."""
    count, keys, at = len(objects), objects.tolist(), first.tolist()
    matrix = ask.Buffer(count, 6)
    ask.each(ask.char_matrix, repeat(text_page), at, matrix.rows)
    sizes = np.fromiter(
        map(ask.char_font_size, repeat(text_page), at), dtype=np.float64, count=count
    )
    color = ask.Buffer(count, 4, "uint32")
    color.values[:, 3] = 255
    ask.each(ask.fill_color, repeat(text_page), at, *(color.column(i) for i in range(4)))
    mode = ask.numbers(map(ask.render_mode, keys), count)
    for i in np.flatnonzero(np.isin(objects, np.fromiter(modes, np.int64, len(modes)))).tolist():
        mode[i] = modes[keys[i]]
    mode[objects == 0] = pdfium.FPDF_TEXTRENDERMODE_FILL
    return _Styles(
        objects,
        matrix.values[:count].astype(np.float64),
        ask.numbers(map(ask.font_of, keys), count),
        sizes,
        np.isin(mode, INVISIBLE_MODES) | (color.values[:count, 3] == 0),
        (color.values[:count, :3].min(axis=1) >= WHITE) & (mode == pdfium.FPDF_TEXTRENDERMODE_FILL),
    )


def _placed(codes: "Codes", box: Sides, styles: _Styles, which: "Codes", frame: PageFrame) -> Chars:
    """Return the characters in the displayed frame."""
    ax, ay = frame.vector(styles.matrix[:, 0], styles.matrix[:, 1])
    cx, cy = frame.vector(styles.matrix[:, 2], styles.matrix[:, 3])
    size = styles.font_size * np.hypot(cx, cy)
    upright = (ax * cy > 0) & (ay * cx <= 0)
    made = np.zeros(len(codes), dtype=np.bool_)
    return Chars(codes, *frame.boxes(*box), size[which], upright[which], made)


def _hidden(chars: Chars, styles: _Styles, which: "Codes", ground: Ground) -> "Flags":
    x, y = (chars.x0 + chars.x1) / 2, (chars.top + chars.bottom) / 2
    hidden = styles.invisible[which] | (chars.size < MIN_SIZE)
    hidden |= (x < 0) | (x > ground.frame.width) | (y < 0) | (y > ground.frame.height)
    # White text is read on a dark ground: only where nothing is painted behind it nobody sees it.
    for i in np.flatnonzero(styles.white[which] & ~hidden).tolist():
        text = int(styles.objects[which[i]])
        hidden[i] = not ground.drawing.is_painted(float(x[i]), float(y[i]), text)
    return hidden


def _covered(chars: Chars, objects: "Codes", cover: Cover | None) -> "Flags":
    """Return which characters something covers; a blank is as its neighbour in the object."""
    hidden = np.zeros(len(chars), dtype=np.bool_)
    if cover is None:
        return hidden
    maybe = np.flatnonzero(np.isin(objects, sorted(cover.texts)))
    boxes = chars.take(maybe).boxes
    told = [cover.hides(box) for box in boxes]
    for order in (range(len(maybe)), reversed(range(len(maybe)))):  # what is left of it first
        before, answer = 0, None
        for k in order:
            if objects[maybe[k]] != before:
                before, answer = int(objects[maybe[k]]), None
            told[k] = answer = answer if told[k] is None else told[k]
    hidden[maybe] = [bool(answer) for answer in told]
    for text in np.unique(objects[hidden]).tolist():
        covered = np.flatnonzero(hidden & (objects == text))
        hidden[covered] = not cover.mirrors(chars.take(covered).printed().boxes)
    return hidden


def _gap_before(
    text_page: int, at: "Codes", generated: "Flags", codes: "Codes", left: "Numbers"
) -> "Codes":
    """Return for each character ``at`` whether pdfium made a space before it.

    0 for none, 1 for a gap, 2 where it made one in place of a printed space: that one stands
    where the made one does, and the next character behind it.
    """
    gap = np.zeros(len(at), dtype=np.int64)
    x, y = ask.Buffer(1, 1, "float64"), ask.Buffer(1, 1, "float64")
    made = np.flatnonzero(generated & (codes == SPACE))
    after = np.searchsorted(at, made)
    for i, j in zip(made.tolist(), after.tolist(), strict=True):
        if j < len(at):
            gap[j] = max(gap[j], 1)
            if at[j] == i + 1 and _is_inside_object(text_page, i):
                ask.char_origin(text_page, i, x.rows[0], y.rows[0])
                if left[i + 1] - float(x.values[0, 0]) > SPACE_WIDTH * ask.char_font_size(
                    text_page, i + 1
                ):
                    gap[j] = 2
    return gap


def _is_inside_object(text_page: int, i: int) -> bool:
    """Return whether character ``i`` and those beside it belong to one text object."""
    own = ask.text_object_of(text_page, i)
    return bool(own and i) and all(ask.text_object_of(text_page, j) == own for j in (i - 1, i + 1))


def _assemble(
    chars: Chars, double: "Flags", hidden: "Flags", gaps: "Codes", objects: "Codes"
) -> FoundChars:
    """Return the characters with "ff" spelled out and blanks where gaps are."""
    seen = np.flatnonzero(~hidden)
    visible, double, gap = chars.take(seen), double[seen], gaps[seen]
    blanks = {
        i: blank
        for i in np.flatnonzero(gap).tolist()
        if i and (blank := _blank_between(visible, i, printed=bool(gap[i] == 2)))
    }
    if blanks or double.any():
        repeats = 1 + double.astype(np.int64)
        order = np.repeat(np.arange(len(visible)), repeats)
        places = (np.cumsum(repeats) - repeats)[list(blanks)]
        visible = _with_blanks(visible, np.insert(order, places, -1), [*blanks.values()])
    return FoundChars(visible, chars.take(hidden), frozenset(objects.tolist()))


def _with_blanks(chars: Chars, order: "Codes", blanks: list[tuple[float, float, bool]]) -> Chars:
    """Return ``chars`` in ``order``, where -1 stands for the next of ``blanks``."""
    places = np.flatnonzero(order < 0)
    like = order.copy()
    like[places] = order[places - 1]  # on the line and in the size of the character before it
    found = chars.take(like)
    found.codes[places] = SPACE
    found.x0[places] = [blank[0] for blank in blanks]
    found.x1[places] = [blank[1] for blank in blanks]
    found.made[places] = [not blank[2] for blank in blanks]
    return found


def _blank_between(chars: Chars, i: int, *, printed: bool) -> tuple[float, float, bool] | None:
    """Return the space that pdfium saw before character ``i``: its ends, and whether printed."""
    a, b = i - 1, i
    if not (chars.upright[a] and chars.upright[b]) or chars.x0[b] < chars.x0[a]:
        return None
    if min(chars.bottom[a], chars.bottom[b]) <= max(chars.top[a], chars.top[b]):
        return None  # the next line
    x0, x1 = sorted((float(chars.x1[a]), float(chars.x0[b])))
    gap = (x1 - x0) / max(float(chars.size[a]), 1.0)
    narrow = gap < NARROW_GAP or (gap < WIDE_GAP and _joins(chars.codes[a], chars.codes[b]))
    if narrow and not printed:
        return None
    return x0, x1, printed


def _joins(left: Any, right: Any) -> bool:
    """Return whether a narrow gap between the two is no space.

    Chinese is set without spaces (a gap is letter-spacing), and a closing bracket or percent sign
    belongs to its number however far the column pushes it.
    """
    wide = left >= CJK_START or right >= CJK_START
    return bool(wide or right in (0x29, 0x25) or left == 0x28)  # ")%" and "("
