"""What is drawn on a page beside its characters: ruling lines, painted areas, pictures.

Runs in an isolated child only.
"""

from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2.raw as pdfium

from sft_assets.extract.reading import pdfium_calls as ask
from sft_assets.extract.reading.page_content import Edge
from sft_assets.extract.reading.page_frame import Box, Measure, PageFrame

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Kinds = NDArray[np.int64]

MAX_FORM_DEPTH = 8  # forms inside forms; deeper nesting is an attack, not a layout
MAX_EDGES = 20_000  # a drawing, not a table
MAX_SEGMENTS = 400_000  # of the paths of a page or of a form
STRAIGHT = 0.05  # points that the ends of a straight line may differ by
OPAQUE = 255  # of 255
WHITE = 250  # of 255: lighter text on a white page cannot be seen

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Drawing:
    """Lines, areas and pieces of text painted on a page."""

    edges: list[Edge] = field(default_factory=list)
    pictures: list[tuple[int, Box]] = field(default_factory=list)  # and shadings, by address
    fills: list[tuple[int, Box]] = field(default_factory=list)  # filled paths by their address
    texts: list[int] = field(default_factory=list)  # addresses of text objects
    text_matrices: list[Matrix] = field(default_factory=list)  # of the forms that hold them
    places: dict[int, int] = field(default_factory=dict)  # of each object in the painting's order
    image_area: float = 0.0
    shapes: int = 0
    _bounds: "Numbers | None" = None

    def text_bounds(self) -> "Numbers":
        """Return left, bottom, right, top of each text object within its form, asked once."""
        if self._bounds is None:
            bounds = ask.Buffer(len(self.texts), 4)
            ask.each(ask.object_bounds, self.texts, *(bounds.column(i) for i in range(4)))
            self._bounds = bounds.values[: len(self.texts)].astype(np.float64)
        return self._bounds

    def is_painted(self, x: float, y: float, text: int) -> bool:
        """Return whether a picture or a path that is not white lies at a point behind ``text``."""
        place = self.places.get(text, len(self.places))
        return any(
            _holds(box, x, y) and self.places[obj] < place for obj, box in self.pictures
        ) or any(
            _holds(box, x, y) and self.places[path] < place and not _is_white(path)
            for path, box in self.fills
        )


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def read_drawing(page: int, frame: PageFrame) -> Drawing:
    """Return the edges, painted areas, pictures and text objects of the page at an address."""
    reader = _DrawingReader(frame)
    count = ask.count_objects(page)
    reader.take_all(ask.each(ask.object_at, repeat(page), range(count)), IDENTITY, 0)
    return reader.drawing


class _DrawingReader:
    """Walks page objects, forms included, and keeps what draws straight lines or areas."""

    def __init__(self, frame: PageFrame) -> None:
        self.frame = frame
        self.drawing = Drawing()
        self.numbers = ask.Buffer(1, 6)

    def take_all(self, objects: list[int], outer: Matrix, depth: int) -> None:
        """Take the objects of the page or of a form."""
        kinds = ask.each(ask.object_type, objects)
        paths, places = [], self.drawing.places
        for obj, kind in zip(objects, kinds, strict=True):
            places[obj] = len(places)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self.drawing.texts.append(obj)
                self.drawing.text_matrices.append(outer)
            elif kind == pdfium.FPDF_PAGEOBJ_PATH:
                paths.append(obj)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < MAX_FORM_DEPTH:
                inner = _compose(self._matrix_of(obj), outer)
                count = ask.count_form_objects(obj)
                self.take_all(
                    ask.each(ask.form_object_at, repeat(obj), range(count)), inner, depth + 1
                )
            elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING):
                box = self._bounds(obj, outer)
                self.drawing.pictures.append((obj, box))
                if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                    self.drawing.image_area += self._shown_area(box)
        self._take_paths(paths, outer)

    def _matrix_of(self, obj: int) -> Matrix:
        if not ask.object_matrix(obj, self.numbers.rows[0]):
            return IDENTITY
        a, b, c, d, e, f = self.numbers.values[0].tolist()
        return a, b, c, d, e, f

    def _bounds(self, obj: int, outer: Matrix) -> Box:
        ask.object_bounds(obj, *(self.numbers.column(i)[0] for i in range(4)))
        left, bottom, right, top, _, _ = self.numbers.values[0].tolist()
        xa, ya = _apply(outer, left, bottom)
        xb, yb = _apply(outer, right, top)
        return self.frame.box(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb))

    def _shown_area(self, box: Box) -> float:
        width = min(box[2], self.frame.width) - max(box[0], 0.0)
        height = min(box[3], self.frame.height) - max(box[1], 0.0)
        return max(0.0, width) * max(0.0, height)

    def _take_paths(self, paths: list[int], outer: Matrix) -> None:
        """Take the edges and the filled areas of paths that something is drawn of."""
        modes = ask.Buffer(len(paths), 2, "int32")
        ask.each(ask.draw_mode, paths, modes.column(0), modes.column(1))
        drawn = np.flatnonzero(modes.values[: len(paths)].any(axis=1)).tolist()
        paths = [paths[i] for i in drawn]
        fills = (modes.values[drawn, 0] != 0).tolist()
        self.drawing.shapes += len(paths)
        counts = [min(n, MAX_EDGES) for n in map(ask.count_segments, paths)]
        room = MAX_SEGMENTS
        for i, count in enumerate(counts):
            room -= count
            if room < 0:
                paths, counts, fills = paths[:i], counts[:i], fills[:i]
                break
        if sum(counts):
            self._take_segments(paths, counts, fills, outer)

    def _take_segments(
        self, paths: list[int], counts: list[int], fills: list[bool], outer: Matrix
    ) -> None:
        total, first = sum(counts), np.cumsum([0, *counts[:-1]])
        path = np.repeat(np.arange(len(paths)), counts)
        within = np.arange(total) - first[path]
        owners = np.repeat(np.array(paths, dtype=np.uint64), counts).tolist()
        segments = ask.each(ask.segment_at, owners, within.tolist())
        points = ask.Buffer(total, 2)
        ask.each(ask.segment_point, segments, points.column(0), points.column(1))
        kinds = ask.numbers(map(ask.segment_type, segments), total)
        closes = ask.numbers(map(ask.segment_closes, segments), total) != 0
        matrices = ask.Buffer(len(paths), 6)
        known = ask.numbers(map(ask.object_matrix, paths, matrices.rows), len(paths))
        matrices.values[: len(paths)][known == 0] = IDENTITY
        a, b, c, d, e, f = matrices.values[path].astype(np.float64).T
        x, y = points.values[:total].astype(np.float64).T
        x, y = self.frame.point(*_apply(outer, a * x + c * y + e, b * x + d * y + f))
        self._add_edges(x, y, _Outline(within == 0, kinds, closes))
        some = np.flatnonzero(np.array(counts) > 0)
        at = first[some]
        sides = (
            np.minimum.reduceat(x, at), np.minimum.reduceat(y, at),
            np.maximum.reduceat(x, at), np.maximum.reduceat(y, at),
        )  # fmt: skip
        boxes = zip(*(side.tolist() for side in sides), strict=True)
        self.drawing.fills += [
            (paths[i], box) for i, box in zip(some.tolist(), boxes, strict=True) if fills[i]
        ]

    def _add_edges(self, x: "Numbers", y: "Numbers", outline: "_Outline") -> None:
        """Add the lines of an outline that are straight, in the order in which they are drawn."""
        place = np.arange(len(x))
        begins = outline.first | (outline.kinds == pdfium.FPDF_SEGMENT_MOVETO)
        start = np.maximum.accumulate(np.where(begins, place, 0))  # of the part drawn in one go
        before = place - 1
        before[1:] = np.where(outline.closes[:-1], start[:-1], before[1:])
        lines = np.flatnonzero((outline.kinds == pdfium.FPDF_SEGMENT_LINETO) & ~outline.first)
        closing = np.flatnonzero(outline.closes)
        order = np.argsort(np.concatenate([2 * lines, 2 * closing + 1]), kind="stable")
        i = np.concatenate([before[lines], closing])[order]
        j = np.concatenate([lines, start[closing]])[order]
        dx, dy = np.abs(x[i] - x[j]), np.abs(y[i] - y[j])
        straight = (np.minimum(dx, dy) <= STRAIGHT) & (np.maximum(dx, dy) > 0)
        i, j, upright = i[straight], j[straight], (dx < dy)[straight]
        # Exactly vertical or horizontal, so that equal lines stay equal.
        xj, yj = np.where(upright, x[i], x[j]), np.where(upright, y[j], y[i])
        sides = (
            np.minimum(x[i], xj), np.minimum(y[i], yj), np.maximum(x[i], xj), np.maximum(y[i], yj)
        )  # fmt: skip
        room = max(0, MAX_EDGES - len(self.drawing.edges))
        edges = zip(*(side[:room].tolist() for side in sides), strict=True)
        self.drawing.edges += list(edges)


@dataclass(frozen=True, slots=True)
class _Outline:
    """Segments of paths, one path after the other."""

    first: "Flags"  # of its path
    kinds: "Kinds"
    closes: "Flags"  # the part drawn in one go ends where it began


def _is_white(path: int) -> bool:
    fill = _fill_of(path)
    return fill is not None and (min(fill[:3]) >= WHITE or fill[3] == 0)


def is_transparent(obj: int) -> bool:
    """Return whether what lies below a filled path shines through; of a picture that is unknown."""
    fill = _fill_of(obj) if ask.object_type(obj) == pdfium.FPDF_PAGEOBJ_PATH else None
    return fill is not None and fill[3] < OPAQUE


def _fill_of(path: int) -> list[int] | None:
    """Return red, green, blue and alpha, 0..255; None for a pattern."""
    color = ask.Buffer(1, 4, "uint32")
    known = ask.object_fill(path, *(color.column(i)[0] for i in range(4)))
    return [int(part) for part in color.values[0]] if known else None


def _compose(inner: Matrix, outer: Matrix) -> Matrix:
    if outer is IDENTITY:
        return inner
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (
        a * g + b * i, a * h + b * j,
        c * g + d * i, c * h + d * j,
        e * g + f * i + k, e * h + f * j + m,
    )  # fmt: skip


def _apply(matrix: Matrix, x: Measure, y: Measure) -> tuple[Measure, Measure]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
