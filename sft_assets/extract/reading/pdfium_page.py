"""Read a page with pdfium: characters with boxes, ruling lines, hidden text.

Runs in an isolated child only: pdfium answers exhausted memory with ``abort()`` and is not
thread-safe. The raw interface is used because a page holds thousands of characters and each
question about one costs a call; what belongs to a text object is asked once per object.
"""

from ctypes import byref, c_float, c_int, c_uint, c_void_p, cast
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from sft_assets.extract.reading.page_content import Obj, PageContent, make_char, make_edge
from sft_assets.extract.reading.page_frame import PageFrame

SPACE = 0x20
ZERO_WIDTH = (0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060)
CJK_START = "\u2e80"
NARROW_GAP = 0.08  # of the font size; less is kerning
WIDE_GAP = 0.5  # of the font size
MAX_FORM_DEPTH = 8  # forms inside forms; deeper nesting is an attack, not a layout
MAX_EDGES = 20_000  # a drawing, not a table
MIN_SIZE = 1.0  # points; smaller text is not readable in print
STRAIGHT = 0.05  # points that the ends of a straight line may differ by
INVISIBLE_MODES = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
WHITE = 250  # of 255: lighter text on a white page cannot be seen

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class TextStyle:
    """What all characters of one text object share."""

    size: float  # points as displayed
    upright: bool
    invisible: bool  # render mode draws nothing
    white: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines and areas painted on a page."""

    edges: list[Obj]
    filled: list[tuple[float, float, float, float]]  # painted areas that are not white
    image_share: float
    shapes: int


def read_page(page: Any, page_no: int) -> PageContent:
    """Return what ``page`` (a ``pypdfium2.PdfPage``) shows."""
    frame = frame_of(page)
    drawing = read_drawing(page, frame)
    text_page = pdfium.FPDFText_LoadPage(page.raw)
    try:
        chars, hidden = _read_chars(text_page, frame, drawing)
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    return PageContent(
        page_no, frame.width, frame.height, chars, drawing.edges, hidden,
        drawing.image_share, drawing.shapes,
    )  # fmt: skip


def frame_of(page: Any) -> PageFrame:
    """Return the frame in which pdfium displays ``page``."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page.raw, byref(box))
    rotation = 90 * pdfium.FPDFPage_GetRotation(page.raw)
    return PageFrame(box.left, box.bottom, box.right, box.top, rotation)


def _read_chars(text_page: Any, frame: PageFrame, drawing: Drawing) -> tuple[list[Obj], int]:
    chars: list[Obj] = []
    hidden = 0
    styles: dict[int, TextStyle] = {}
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
        if _is_hidden(style, shown, frame, drawing):
            hidden += not text.isspace()
            continue
        char = make_char(text, shown, style.size, style.upright)
        if gap and chars:
            chars += _blank_between(chars[-1], char)
        gap = False
        chars.append(char)
    return chars, hidden


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
    style = TextStyle(
        size=size,
        upright=ax * cy > 0 and ay * cx <= 0,
        invisible=mode in INVISIBLE_MODES or alpha.value == 0,
        white=min(red.value, green.value, blue.value) >= WHITE
        and mode == pdfium.FPDF_TEXTRENDERMODE_FILL,
    )
    styles[key] = style
    return style


def _is_hidden(
    style: TextStyle, box: tuple[float, float, float, float], frame: PageFrame, drawing: Drawing
) -> bool:
    if style.invisible or style.size < MIN_SIZE:
        return True
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    if not (0 <= x <= frame.width and 0 <= y <= frame.height):
        return True
    # White text is read on a dark ground: only where nothing is painted behind it nobody sees it.
    return style.white and not any(a <= x <= c and b <= y <= d for a, b, c, d in drawing.filled)


def read_drawing(page: Any, frame: PageFrame) -> Drawing:
    """Return the edges, painted areas and share of images of ``page``."""
    drawing = _DrawingReader(frame)
    count = pdfium.FPDFPage_CountObjects(page.raw)
    for i in range(count):
        drawing.take(pdfium.FPDFPage_GetObject(page.raw, i), IDENTITY, 0)
    area = frame.width * frame.height
    share = min(1.0, drawing.image_area / area) if area else 0.0
    return Drawing(drawing.edges, drawing.filled, round(share, 4), drawing.shapes)


class _DrawingReader:
    """Walks page objects, forms included, and keeps what draws straight lines or areas."""

    def __init__(self, frame: PageFrame) -> None:
        self.frame = frame
        self.edges: list[Obj] = []
        self.filled: list[tuple[float, float, float, float]] = []
        self.image_area = 0.0
        self.shapes = 0

    def take(self, obj: Any, outer: Matrix, depth: int) -> None:
        kind = pdfium.FPDFPageObj_GetType(obj)
        if kind == pdfium.FPDF_PAGEOBJ_PATH:
            self._take_path(obj, _compose(_matrix_of(obj), outer))
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_FORM_DEPTH:
            inner = _compose(_matrix_of(obj), outer)
            for i in range(pdfium.FPDFFormObj_CountObjects(obj)):
                self.take(pdfium.FPDFFormObj_GetObject(obj, i), inner, depth + 1)
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING):
            box = self._bounds(obj, outer)
            self.filled.append(box)
            if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                self.image_area += self._shown_area(box)

    def _bounds(self, obj: Any, outer: Matrix) -> tuple[float, float, float, float]:
        left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
        pdfium.FPDFPageObj_GetBounds(obj, byref(left), byref(bottom), byref(right), byref(top))
        xa, ya = _apply(outer, left.value, bottom.value)
        xb, yb = _apply(outer, right.value, top.value)
        return self.frame.box(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))

    def _shown_area(self, box: tuple[float, float, float, float]) -> float:
        width = min(box[2], self.frame.width) - max(box[0], 0.0)
        height = min(box[3], self.frame.height) - max(box[1], 0.0)
        return max(0.0, width) * max(0.0, height)

    def _take_path(self, obj: Any, matrix: Matrix) -> None:
        fill, stroke = c_int(), c_int()
        pdfium.FPDFPath_GetDrawMode(obj, byref(fill), byref(stroke))
        if not fill.value and not stroke.value:
            return
        self.shapes += 1
        if fill.value and not _is_white(obj):
            self.filled.append(self._bounds_of_path(obj, matrix))
        if len(self.edges) < MAX_EDGES:
            self._take_segments(obj, matrix)

    def _bounds_of_path(self, obj: Any, matrix: Matrix) -> tuple[float, float, float, float]:
        points = [p for p, _, _ in _segments(obj, matrix, self.frame)] or [(0.0, 0.0)]
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        return min(xs), min(ys), max(xs), max(ys)

    def _take_segments(self, obj: Any, matrix: Matrix) -> None:
        start = at = (0.0, 0.0)
        for point, kind, closes in _segments(obj, matrix, self.frame):
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                start = point
            elif kind == pdfium.FPDF_SEGMENT_LINETO:
                self._add_edge(at, point)
            at = point
            if closes:
                self._add_edge(at, start)
                at = start

    def _add_edge(self, a: tuple[float, float], b: tuple[float, float]) -> None:
        dx, dy = abs(a[0] - b[0]), abs(a[1] - b[1])
        if min(dx, dy) > STRAIGHT or max(dx, dy) == 0:
            return
        # Exactly vertical or horizontal, so that equal lines stay equal.
        b = (a[0], b[1]) if dx < dy else (b[0], a[1])
        self.edges.append(
            make_edge(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))
        )


def _segments(
    obj: Any, matrix: Matrix, frame: PageFrame
) -> list[tuple[tuple[float, float], int, bool]]:
    """Return the path's points in the displayed frame, each with its kind and "closes here"."""
    x, y = c_float(), c_float()
    found = []
    for i in range(min(pdfium.FPDFPath_CountSegments(obj), MAX_EDGES)):
        segment = pdfium.FPDFPath_GetPathSegment(obj, i)
        pdfium.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        point = frame.point(*_apply(matrix, x.value, y.value))
        kind = pdfium.FPDFPathSegment_GetType(segment)
        found.append((point, kind, bool(pdfium.FPDFPathSegment_GetClose(segment))))
    return found


def _is_white(obj: Any) -> bool:
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    known = pdfium.FPDFPageObj_GetFillColor(
        obj, byref(red), byref(green), byref(blue), byref(alpha)
    )
    return bool(known) and (min(red.value, green.value, blue.value) >= WHITE or alpha.value == 0)


def _matrix_of(obj: Any) -> Matrix:
    m = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(obj, byref(m)):
        return IDENTITY
    return m.a, m.b, m.c, m.d, m.e, m.f


def _compose(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (
        a * g + b * i, a * h + b * j,
        c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
