"""Dirt on a scan: where it lies between lines too, a speck may be taken for a decimal point."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sft_assets.worker.ocr import Quad

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

MAX_SIDE = 1.1  # points: a decimal point of ten-point type, or less
MIN_SPECKS = 100  # on the page, beside its lines
DARK = 40  # how much darker than its surroundings, of 255
WINDOW = 51  # pixels of those surroundings
MARGIN = 1.0  # points around a line that are not looked at


def is_speckled(picture: "Picture", quads: Sequence[Quad], scale: float) -> bool:
    """Return whether many specks lie beside the lines.

    Args:
        picture: RGB, shape (height, width, 3).
        quads: Corners of the lines in pixels.
        scale: Pixels per point.
    """
    return count_specks(picture, quads, scale) >= MIN_SPECKS


def count_specks(picture: "Picture", quads: Sequence[Quad], scale: float) -> int:
    """Return the dark spots, as small as a decimal point, that lie beside the lines."""
    import cv2

    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    ink = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, WINDOW, DARK
    )
    margin = round(MARGIN * scale)
    for quad in quads:
        xs, ys = [x for x, _ in quad], [y for _, y in quad]
        left, top = max(0, int(min(xs)) - margin), max(0, int(min(ys)) - margin)
        ink[top : int(max(ys)) + margin, left : int(max(xs)) + margin] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    side = MAX_SIDE * scale
    return sum(w <= side and h <= side and area > 1 for _, _, w, h, area in stats[1:].tolist())
