"""From a PDF page's user space to the page as displayed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

Box = tuple[float, float, float, float]
Measure = TypeVar("Measure", float, "Numbers")


@dataclass(frozen=True, slots=True)
class PageFrame:
    """The crop box in user space and the clockwise rotation with which the page is displayed."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int  # 0, 90, 180, 270

    @property
    def width(self) -> float:
        """Return the displayed width in points."""
        turned = self.rotation in (90, 270)
        return self.top - self.bottom if turned else self.right - self.left

    @property
    def height(self) -> float:
        """Return the displayed height in points."""
        turned = self.rotation in (90, 270)
        return self.right - self.left if turned else self.top - self.bottom

    def point(self, x: Measure, y: Measure) -> tuple[Measure, Measure]:
        """Return a user-space point in the displayed frame, origin at the top left, y downwards.

        >>> PageFrame(0, 0, 100, 200, 90).point(0, 200)  # the upper left corner moves right
        (200, 0)
        """
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        if self.rotation == 270:
            return self.top - y, self.right - x
        return x - self.left, self.top - y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Return a user-space rectangle as x0, top, x1, bottom of the displayed frame."""
        xa, ya = self.point(left, bottom)
        xb, yb = self.point(right, top)
        return min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)

    def boxes(
        self, left: "Numbers", bottom: "Numbers", right: "Numbers", top: "Numbers"
    ) -> tuple["Numbers", "Numbers", "Numbers", "Numbers"]:
        """Return user-space rectangles as x0, top, x1, bottom of the displayed frame."""
        xa, ya = self.point(left, bottom)
        xb, yb = self.point(right, top)
        return np.minimum(xa, xb), np.minimum(ya, yb), np.maximum(xa, xb), np.maximum(ya, yb)

    def vector(self, x: Measure, y: Measure) -> tuple[Measure, Measure]:
        """Return a user-space direction turned as the page is; y still points upwards.

        >>> PageFrame(0, 0, 100, 200, 90).vector(0, 1)  # what pointed up now points right
        (1, 0)
        """
        if self.rotation == 90:
            return y, -x
        if self.rotation == 180:
            return -x, -y
        if self.rotation == 270:
            return -y, x
        return x, y
