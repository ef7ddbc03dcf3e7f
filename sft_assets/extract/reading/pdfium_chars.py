"""Read the characters of a page with pdfium, and tell which of them nobody can see.

Runs in an isolated child only. The raw interface is used because a page holds thousands of
characters and each question about one costs a call; what belongs to a text object is asked once.
"""

from ctypes import byref, c_uint, c_void_p, cast
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from sft_assets.extract.reading.page_content import Obj, make_char
from sft_assets.extract.reading.page_frame import Box, PageFrame
from sft_assets.extract.reading.pdfium_drawing import WHITE

SPACE = 0x20
ZERO_WIDTH = (0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060)
CJK_START = "\u2e80"
NARROW_GAP = 0.08  # of the font size; less is kerning
WIDE_GAP = 0.5  # of the font size
DOUBLE = 1.4  # times the width of a single letter
WIDE_F = 0.45  # of the font size
GLYPH_GAP = 0.2  # of the font size
MIN_SIZE = 1.0  # points; smaller text is not readable in print
INVISIBLE_MODES = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)


@dataclass(frozen=True, slots=True)
class TextStyle:
    """What all characters of one text object share."""

    font: int  # its address
    size: float  # points as displayed
    upright: bool
    invisible: bool  # render mode draws nothing
    white: bool


@dataclass(frozen=True, slots=True)
class Chars:
    """Characters of a page."""

    visible: list[Obj]
    hidden: list[Obj]
    objects: frozenset[int]  # addresses of the text objects that they come from
    is_doubtful: bool  # a letter may stand for two


def read_chars(text_page: Any, frame: PageFrame, filled: list[Box]) -> Chars:
    """Return the characters of a loaded text page; white ones are seen on ``filled`` areas."""
    chars: list[Obj] = []
    hidden: list[Obj] = []
    styles: dict[int, TextStyle] = {}
    double_f = _DoubleF()
    box, high, gap = pdfium.FS_RECTF(), 0, False
    for i in range(pdfium.FPDFText_CountChars(text_page)):
        code = pdfium.FPDFText_GetUnicode(text_page, i)
        if pdfium.FPDFText_IsGenerated(text_page, i) == 1:
            gap = gap or code == SPACE
            continue
        if 0xD800 <= code < 0xDC00:  # first half of a pair
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        if code in ZERO_WIDTH:
            continue
        text = _printed(text_page, i, code)
        if not pdfium.FPDFText_GetLooseCharBox(text_page, i, byref(box)):
            continue
        style = _style_of(text_page, i, frame, styles)
        shown = frame.box(box.left, box.bottom, box.right, box.top)
        if style.upright:  # as pdfminer: from the descent up by the font's size
            shown = (shown[0], shown[3] - style.size, shown[2], shown[3])
        char = make_char(text, shown, style.size, style.upright)
        if _is_hidden(style, shown, frame, filled):
            hidden.append(char)
            continue
        if gap and chars:
            chars += _blank_between(chars[-1], char)
        gap = False
        chars.append(char)
        double_f.see(style.font, char)
    chars = double_f.spell_out(chars)
    return Chars(chars, hidden, frozenset(styles), double_f.is_doubtful)


class _DoubleF:
    """Spells out "ff" where one glyph draws both letters, of which pdfium names only one."""

    def __init__(self) -> None:
        self.letters: dict[int, set[str]] = {}  # of each font
        self.found: dict[tuple[int, float], list[Obj]] = {}  # each "f", by font and size
        self.is_doubtful = False

    def see(self, font: int, char: Obj) -> None:
        """Note a character of ``font``."""
        self.letters.setdefault(font, set()).add(char["text"])
        if char["text"] == "f":
            self.found.setdefault((font, round(char["size"], 1)), []).append(char)

    def _wide(self, chars: list[Obj]) -> set[int]:
        """Return the identities of the wide ones.

        A glyph that pdfium does spell out ("fi", "ffi") gives each of its letters the glyph's
        whole box: those are no "ff". Widths are compared within one font. A part of a font made
        for this glyph has no other letter; where nothing tells it apart, the page is doubtful.
        """
        spelled = _sharing_a_box(chars)
        wide: set[int] = set()
        for (font, size), found in sorted(self.found.items()):
            letters = [char for char in found if id(char) not in spelled]
            widths = sorted(char["width"] for char in letters)
            single = widths[(len(widths) - 1) // 2] if widths else 0.0  # "ff" is the rarer glyph
            only_f = self.letters[font] == {"f"}
            for char in letters:
                wider = char["width"] > DOUBLE * single > 0
                if wider or (only_f and char["width"] > WIDE_F * size):
                    wide.add(id(char))
            self.is_doubtful |= not only_f and single > WIDE_F * size
        return wide

    def spell_out(self, chars: list[Obj]) -> list[Obj]:
        """Return ``chars`` with "ff" for each "f" much wider than others of its font and size.

        The narrow gap that pdfium sees after such a glyph is no space.
        """
        wide = self._wide(chars)
        kept: list[Obj] = []
        for char in chars:
            after_wide = bool(kept) and id(kept[-1]) in wide
            if after_wide and char["text"] == " " and char["width"] < GLYPH_GAP * char["size"]:
                continue
            if id(char) in wide:
                char["text"] = "ff"
            kept.append(char)
        return kept


def _sharing_a_box(chars: list[Obj]) -> set[int]:
    """Return the identities of the characters that stand in the same place as their neighbour."""
    shared: set[int] = set()
    for left, right in pairwise(chars):
        if left["x0"] == right["x0"] and left["x1"] == right["x1"] and left["top"] == right["top"]:
            shared |= {id(left), id(right)}
    return shared


def _blank_between(left: Obj, right: Obj) -> list[Obj]:
    """Return the space that pdfium saw between two characters of a line.

    pdfium drops printed spaces and makes its own, whose boxes are of no use.
    """
    if not (left["upright"] and right["upright"]) or right["x0"] < left["x0"]:
        return []
    if min(left["bottom"], right["bottom"]) <= max(left["top"], right["top"]):
        return []  # the next line
    x0, x1 = sorted((left["x1"], right["x0"]))
    gap = (x1 - x0) / max(left["size"], 1.0)
    if gap < NARROW_GAP or (gap < WIDE_GAP and _joins(left["text"], right["text"])):
        return []
    return [make_char(" ", (x0, left["top"], x1, left["bottom"]), left["size"], upright=True)]


def _joins(left: str, right: str) -> bool:
    """Return whether a narrow gap between the two is no space.

    Chinese is set without spaces (a gap is letter-spacing), and a closing bracket or percent sign
    belongs to its number however far the column pushes it.
    """
    return left >= CJK_START or right >= CJK_START or right in ")%" or left == "("


def _printed(text_page: Any, index: int, code: int) -> str:
    """Return the character as printed; pdfium writes a hyphen at a line's end as U+0002."""
    if code in (0x2, 0xAD) and pdfium.FPDFText_IsHyphen(text_page, index) == 1:
        return "-"
    if pdfium.FPDFText_HasUnicodeMapError(text_page, index) == 1:
        return "\ufffd"
    if code < SPACE:
        return " "
    if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return "\ufffd"  # the font does not say which character it draws
    return chr(code)


def _style_of(
    text_page: Any, index: int, frame: PageFrame, styles: dict[int, TextStyle]
) -> TextStyle:
    obj = pdfium.FPDFText_GetTextObject(text_page, index)
    key = cast(obj, c_void_p).value or 0
    if key and key in styles:
        return styles[key]
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text_page, index, byref(matrix))
    ax, ay = frame.vector(matrix.a, matrix.b)
    cx, cy = frame.vector(matrix.c, matrix.d)
    size = pdfium.FPDFText_GetFontSize(text_page, index) * (cx * cx + cy * cy) ** 0.5
    mode = pdfium.FPDFTextObj_GetTextRenderMode(obj) if obj else pdfium.FPDF_TEXTRENDERMODE_FILL
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint(255)
    pdfium.FPDFText_GetFillColor(
        text_page, index, byref(red), byref(green), byref(blue), byref(alpha)
    )
    font = pdfium.FPDFTextObj_GetFont(obj) if obj else None
    style = TextStyle(
        font=cast(font, c_void_p).value or 0 if font else 0,
        size=size,
        upright=ax * cy > 0 and ay * cx <= 0,
        invisible=mode in INVISIBLE_MODES or alpha.value == 0,
        white=min(red.value, green.value, blue.value) >= WHITE
        and mode == pdfium.FPDF_TEXTRENDERMODE_FILL,
    )
    styles[key] = style
    return style


def _is_hidden(style: TextStyle, box: Box, frame: PageFrame, filled: list[Box]) -> bool:
    if style.invisible or style.size < MIN_SIZE:
        return True
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    if not (0 <= x <= frame.width and 0 <= y <= frame.height):
        return True
    # White text is read on a dark ground: only where nothing is painted behind it nobody sees it.
    return style.white and not any(a <= x <= c and b <= y <= d for a, b, c, d in filled)
