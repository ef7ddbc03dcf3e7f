"""Text that something painted later covers, so that nobody sees it.

Which text may be covered is told by the order of painting and by boxes. Whether it is covered is
told by drawing the page with and without it: that answers for opacity, soft masks, clips, blend
modes and layers that are switched off. A text that is not drawn even where nothing covers it,
because its font is neither in the file nor on this machine, is none that somebody hid.

Runs in an isolated child only.
"""

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from sft_assets.extract.reading import pdfium_calls as ask
from sft_assets.extract.reading.page_frame import Box, PageFrame
from sft_assets.extract.reading.pdfium_drawing import Drawing, is_transparent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Numbers = NDArray[np.float64]
    Codes = NDArray[np.int64]
    Picture = NDArray[np.uint8]

MAX_PIXELS = 2_000_000  # of the page drawn: an A4 page at 140 dpi
COARSE = 0.5  # pixels a point where it is only asked which texts may be covered
MAX_SCALE = 2.5  # pixels a point
MIN_SIDE = 2.0  # points of a covering area: less is a ruling line or an underline
MARGIN = 0.15  # of a character's box: what its neighbours may reach into
EMPTY = 1e4  # points: the extent of an object without glyphs
AROUND = 12.0  # points drawn around the texts: a character's box is larger than its ink
ALIKE = 0.7  # correlation of each character's look with and without what covers it
SEEN = 6  # of 255: what differs less from the page without the text cannot be seen


@dataclass(frozen=True, slots=True)
class Cover:
    """Text objects that something covers wholly or in part, and how the page looks around them."""

    texts: frozenset[int]  # addresses
    window: "_Window"
    seen: "Flags"  # pixels, (height, width): ink of the texts that is seen
    covered: "Flags"  # ... and ink that would be seen if nothing covered it
    whole: "Picture"  # pixels, (height, width, 3): the page
    bare: "Picture"  # ... without what may cover the texts

    def hides(self, box: Box) -> bool | None:
        """Return whether the character in ``box`` is covered; None if it has no ink at all."""
        place = self.window.place_of(box)
        if self.seen[place].any():
            return False
        return True if self.covered[place].any() else None

    def mirrors(self, boxes: Iterable[Box]) -> bool:
        """Return whether what covers the characters in ``boxes`` is a picture of just them."""
        return all(map(self._looks_alike, boxes))

    def _looks_alike(self, box: Box) -> bool:
        place = self.window.place_of(box)
        whole, bare = (drawn[place].ravel().astype(np.float64) for drawn in (self.whole, self.bare))
        if not whole.size or bare.std() < SEEN:
            return True  # a blank
        return bool(whole.std() >= SEEN and np.corrcoef(whole, bare)[0, 1] >= ALIKE)


@dataclass(frozen=True, slots=True)
class _Window:
    """The part of the displayed page that is drawn."""

    box: Box  # points
    page_width: float
    page_height: float
    scale: float  # pixels a point

    def place_of(self, box: Box) -> tuple[slice, slice]:
        """Return the pixels of a character's ``box``, less what its neighbours may reach into."""
        dx, dy = MARGIN * (box[2] - box[0]), MARGIN * (box[3] - box[1])
        sides = (box[0] + dx, box[1] + dy, box[2] - dx, box[3] - dy)
        left, upper = (math.ceil(side * self.scale) for side in self.box[:2])
        x0, x1 = (side * self.scale - left for side in sides[::2])
        top, bottom = (side * self.scale - upper for side in sides[1::2])
        return (
            slice(max(math.floor(top), 0), max(math.ceil(bottom), 0)),
            slice(max(math.floor(x0), 0), max(math.ceil(x1), 0)),
        )

    def draw(self, page: Any) -> "Picture":
        """Return the window as pixels of shape (height, width, 3)."""
        x0, top, x1, bottom = self.box
        cut = (x0, self.page_height - bottom, self.page_width - x1, top)
        bitmap = page.render(scale=self.scale, crop=cut)
        try:
            return np.array(bitmap.to_numpy()[:, :, :3], dtype=np.uint8)
        finally:
            bitmap.close()


def find_cover(page: Any, frame: PageFrame, drawing: Drawing) -> Cover | None:
    """Return which text of ``page`` (a ``pypdfium2.PdfPage``) is covered; None if none is."""
    areas = _areas_over_text(drawing)
    if areas is None:
        return None
    boxes = _text_boxes(frame, drawing)
    below = _texts_below(frame, drawing, areas, boxes)
    if not below:
        return None
    texts = [drawing.texts[i] for i in below]
    window = _window_around(boxes[:, below], frame)
    whole = window.draw(page)
    with _left_out(texts):
        seen = _differs(whole, window.draw(page))
    with _left_out(areas.objects):
        bare = window.draw(page)
        with _left_out(texts):
            covered = _differs(bare, window.draw(page)) & ~seen
    if not covered.any():
        return None
    return Cover(frozenset(texts), window, seen, covered, whole, bare)


def _window_around(boxes: "Numbers", frame: PageFrame) -> _Window:
    x0, top = (max(float(side.min()) - AROUND, 0.0) for side in boxes[:2])
    x1, bottom = (float(side.max()) + AROUND for side in boxes[2:])
    box = (x0, top, min(x1, frame.width), min(bottom, frame.height))
    area = max((box[2] - box[0]) * (box[3] - box[1]), 1.0)
    scale = min(MAX_SCALE, math.sqrt(MAX_PIXELS / area))
    return _Window(box, frame.width, frame.height, scale)


def _differs(picture: "Picture", other: "Picture") -> "Flags":
    far = np.maximum(picture, other) - np.minimum(picture, other)
    return np.asarray(far.max(axis=2) >= SEEN)


@dataclass(frozen=True, slots=True)
class _Areas:
    """Pictures and filled paths in the order in which they are painted."""

    objects: list[int]  # addresses
    places: "Codes"  # in the painting
    boxes: "Numbers"  # x0, top, x1, bottom of the displayed page, a row each

    def take(self, which: "Codes") -> "_Areas":
        """Return the chosen ones."""
        objects = [self.objects[i] for i in which.tolist()]
        return _Areas(objects, self.places[which], self.boxes[which])


def _areas_over_text(drawing: Drawing) -> _Areas | None:
    """Return what is painted after some text and is large enough to cover any."""
    painted = [*drawing.pictures, *drawing.fills]
    if not drawing.texts or not painted:
        return None
    places = ask.numbers((drawing.places[obj] for obj, _ in painted), len(painted))
    boxes = np.array([box for _, box in painted])
    sides = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    later = np.flatnonzero((places > drawing.places[drawing.texts[0]]) & (sides >= MIN_SIDE))
    if not later.size:
        return None
    areas = _Areas([obj for obj, _ in painted], places, boxes)
    return areas.take(later[np.argsort(places[later], kind="stable")])


def _texts_below(frame: PageFrame, drawing: Drawing, areas: _Areas, boxes: "Numbers") -> list[int]:
    """Return the indices of the text objects over which one of ``areas`` is painted later."""
    place = ask.numbers(map(drawing.places.__getitem__, drawing.texts), len(drawing.texts))
    maybe = np.flatnonzero((place < areas.places[-1]) & np.isfinite(boxes).all(axis=0))
    x, y, which = _points_along(boxes[:, maybe])
    at, own = maybe[which], place[maybe[which]]
    scale = min(COARSE, math.sqrt(MAX_PIXELS / max(frame.width * frame.height, 1.0)))
    over = _uppermost(areas, frame, scale)[
        (y * scale).astype(np.int64), (x * scale).astype(np.int64)
    ]
    found = set()
    for i in np.flatnonzero(over > own).tolist():  # to the pixel; and now exactly
        if int(at[i]) not in found:
            holds = _hold(areas.boxes, x[i], y[i]) & (areas.places > own[i])
            if any(not is_transparent(areas.objects[k]) for k in np.flatnonzero(holds).tolist()):
                found.add(int(at[i]))
    return sorted(found)


def _uppermost(areas: _Areas, frame: PageFrame, scale: float) -> "Codes":
    """Return for each pixel of the page the highest place of what is painted in it, or -1."""
    sides = np.array([frame.width, frame.height, frame.width, frame.height])
    boxes = np.clip(areas.boxes, 0.0, sides) * scale
    starts, ends = (
        np.floor(boxes).astype(np.int64).tolist(),
        np.ceil(boxes).astype(np.int64).tolist(),
    )
    last = np.full((int(frame.height * scale) + 2, int(frame.width * scale) + 2), -1, np.int64)
    for place, start, end in zip(areas.places.tolist(), starts, ends, strict=True):
        last[start[1] : end[3], start[0] : end[2]] = place
    return last


def _hold(boxes: "Numbers", x: float, y: float) -> "Flags":
    """Return which of ``boxes`` (n, 4) hold a point."""
    x0, top, x1, bottom = boxes.T
    return np.asarray((x0 <= x) & (x <= x1) & (top <= y) & (y <= bottom))


def _points_along(boxes: "Numbers") -> tuple["Numbers", "Numbers", "Codes"]:
    """Return points on the middle line of each box, x and y, and which box each is of.

    They lie half the box's shorter side apart: what fits between two covers no character.
    """
    x0, top, x1, bottom = boxes
    width, height = x1 - x0, bottom - top
    short = np.maximum(np.minimum(width, height), 1.0)
    counts = 1 + np.ceil(2 * np.maximum(width, height) / short).astype(np.int64)
    which = np.repeat(np.arange(len(counts)), counts)
    step = (np.arange(len(which)) - (np.cumsum(counts) - counts)[which] + 0.5) / counts[which]
    is_wide = (width >= height)[which]
    x = x0[which] + np.where(is_wide, step, 0.5) * width[which]
    y = top[which] + np.where(is_wide, 0.5, step) * height[which]
    return x, y, which


def _text_boxes(frame: PageFrame, drawing: Drawing) -> "Numbers":
    """Return x0, top, x1, bottom of the text objects, less a margin; NaN for empty ones."""
    left, bottom, right, top = drawing.text_bounds().T
    is_empty = (right <= left) | (top <= bottom) | (right - left > EMPTY) | (top - bottom > EMPTY)
    a, b, c, d, e, f = np.array(drawing.text_matrices, dtype=np.float64).reshape(-1, 6).T
    corners = [(x, y) for x in (left, right) for y in (bottom, top)]
    xs = np.array([a * x + c * y + e for x, y in corners])
    ys = np.array([b * x + d * y + f for x, y in corners])
    boxes = np.array(frame.boxes(xs.min(axis=0), ys.min(axis=0), xs.max(axis=0), ys.max(axis=0)))
    margin = 2 * MARGIN * np.minimum(boxes[2] - boxes[0], boxes[3] - boxes[1])
    boxes += np.array([margin, margin, -margin, -margin])
    sides = np.array([frame.width, frame.height, frame.width, frame.height])
    boxes = np.clip(boxes, 0.0, sides[:, None])
    boxes[:, is_empty] = np.nan
    return boxes


@contextmanager
def _left_out(objects: list[int]) -> Iterator[None]:
    """Draw the page without ``objects`` for a while."""
    ask.each(ask.set_active, objects, repeat(0))
    try:
        yield
    finally:
        ask.each(ask.set_active, objects, repeat(1))
