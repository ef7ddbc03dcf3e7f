"""Ruling lines of a scanned table, found in the picture."""

from typing import TYPE_CHECKING

from sft_assets.extract.reading.page_content import Edge, make_edge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MIN_LENGTH = 18.0  # points; longer than the strokes of any letter in running text
MAX_THICKNESS = 3.5  # points
MAX_SLANT = 0.03  # of its length
DARK = 15  # how much darker than its surroundings, of 255
WINDOW = 51  # pixels of those surroundings


def find_rules(picture: "NDArray[np.uint8]", scale: float, skew: float) -> list[Edge]:
    """Return the horizontal and vertical lines of an RGB picture, in points.

    Args:
        picture: Upright, not yet straightened; shape (height, width, 3).
        scale: Pixels per point.
        skew: Slope of the text in radians; the lines are found after the picture is straightened.
    """
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    if skew:
        height, width = grey.shape
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), skew * 57.29577951308232, 1.0)
        grey = cv2.warpAffine(grey, turn, (width, height), borderValue=(255.0,))
    dark = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, WINDOW, DARK
    )
    length = max(3, round(MIN_LENGTH * scale))
    edges: list[Edge] = []
    for kernel in ((length, 1), (1, length)):
        shape = cv2.getStructuringElement(cv2.MORPH_RECT, kernel)
        kept = cv2.morphologyEx(cv2.dilate(dark, _across(kernel)), cv2.MORPH_OPEN, shape)
        _, _, stats, _ = cv2.connectedComponentsWithStats(kept)
        edges += [
            edge
            for x, y, w, h, area in stats[1:].tolist()
            if area / max(w, h) <= MAX_THICKNESS * scale  # on average: it may still slant a little
            if (edge := _edge(x / scale, y / scale, w / scale, h / scale, kernel[0] > 1))
        ]
    return edges


def _across(kernel: tuple[int, int]) -> "NDArray[np.uint8]":
    """Return the element that closes the little steps of a line that is not quite straight."""
    import numpy as np

    return np.ones((3, 1) if kernel[0] > 1 else (1, 3), dtype=np.uint8)


def _edge(x: float, y: float, w: float, h: float, horizontal: bool) -> Edge | None:
    across, along = (h, w) if horizontal else (w, h)
    if across > max(MAX_THICKNESS, MAX_SLANT * along):
        return None
    if horizontal:
        return make_edge(x, y + h / 2, x + w, y + h / 2)
    return make_edge(x + w / 2, y, x + w / 2, y + h)
