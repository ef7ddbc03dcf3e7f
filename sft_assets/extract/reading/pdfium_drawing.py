"""What is drawn on a page beside its characters: ruling lines, painted areas, pictures.

Runs in an isolated child only.
"""

from ctypes import byref, c_float, c_int, c_uint, c_void_p, cast
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from sft_assets.extract.reading.page_content import Obj, make_edge
from sft_assets.extract.reading.page_frame import Box, PageFrame

MAX_FORM_DEPTH = 8  # forms inside forms; deeper nesting is an attack, not a layout
MAX_EDGES = 20_000  # a drawing, not a table
STRAIGHT = 0.05  # points that the ends of a straight line may differ by
WHITE = 250  # of 255: lighter text on a white page cannot be seen

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class TextObject:
    """A piece of text as the page's program shows it."""

    key: int  # address, by which a character names its object
    box: Box
    is_embedded: bool  # its font, with the shapes of its glyphs


@dataclass(frozen=True, slots=True)
class Drawing:
    """Lines, areas and pieces of text painted on a page."""

    edges: list[Obj]
    filled: list[Box]  # painted areas that are not white
    image_share: float
    shapes: int
    texts: list[TextObject]


def read_drawing(page: Any, frame: PageFrame) -> Drawing:
    """Return the edges, painted areas and share of images of ``page``."""
    drawing = _DrawingReader(frame)
    count = pdfium.FPDFPage_CountObjects(page.raw)
    for i in range(count):
        drawing.take(pdfium.FPDFPage_GetObject(page.raw, i), IDENTITY, 0)
    area = frame.width * frame.height
    share = min(1.0, drawing.image_area / area) if area else 0.0
    return Drawing(drawing.edges, drawing.filled, round(share, 4), drawing.shapes, drawing.texts)


class _DrawingReader:
    """Walks page objects, forms included, and keeps what draws straight lines or areas."""

    def __init__(self, frame: PageFrame) -> None:
        self.frame = frame
        self.edges: list[Obj] = []
        self.filled: list[Box] = []
        self.image_area = 0.0
        self.shapes = 0
        self.texts: list[TextObject] = []

    def take(self, obj: Any, outer: Matrix, depth: int) -> None:
        kind = pdfium.FPDFPageObj_GetType(obj)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            self.texts.append(self._text(obj, outer))
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

    def _text(self, obj: Any, outer: Matrix) -> TextObject:
        embedded = pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(obj)) == 1
        return TextObject(cast(obj, c_void_p).value or 0, self._bounds(obj, outer), embedded)

    def _bounds(self, obj: Any, outer: Matrix) -> Box:
        left, bottom, right, top = c_float(), c_float(), c_float(), c_float()
        pdfium.FPDFPageObj_GetBounds(obj, byref(left), byref(bottom), byref(right), byref(top))
        xa, ya = _apply(outer, left.value, bottom.value)
        xb, yb = _apply(outer, right.value, top.value)
        return self.frame.box(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))

    def _shown_area(self, box: Box) -> float:
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

    def _bounds_of_path(self, obj: Any, matrix: Matrix) -> Box:
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
