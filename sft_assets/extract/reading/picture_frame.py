"""From the upright, straightened picture that is read to the page as displayed, and back."""

import math
from dataclasses import dataclass

from sft_assets.extract.reading.page_frame import Box

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PictureFrame:
    """A displayed page, turned by ``turn`` degrees clockwise and straightened by ``skew``.

    Lengths are points. ``skew`` is the slope of the text's base lines in the turned page, in
    radians, positive when they fall to the right.
    """

    page_width: float
    page_height: float
    turn: int  # 0, 90, 180, 270
    skew: float = 0.0

    @property
    def width(self) -> float:
        """Return the upright picture's width."""
        return self.page_height if self.turn in (90, 270) else self.page_width

    @property
    def height(self) -> float:
        """Return the upright picture's height."""
        return self.page_width if self.turn in (90, 270) else self.page_height

    def straighten(self, x: float, y: float) -> Point:
        """Return a point of the turned page in the straightened picture."""
        return self._rotated(x, y, -self.skew)

    def tilt(self, x: float, y: float) -> Point:
        """Return a point of the straightened picture in the turned page."""
        return self._rotated(x, y, self.skew)

    def _rotated(self, x: float, y: float, angle: float) -> Point:
        dx, dy = x - self.width / 2, y - self.height / 2
        cos, sin = math.cos(angle), math.sin(angle)
        return self.width / 2 + cos * dx - sin * dy, self.height / 2 + sin * dx + cos * dy

    def _unturned(self, x: float, y: float) -> Point:
        if self.turn == 90:
            return y, self.page_height - x
        if self.turn == 180:
            return self.page_width - x, self.page_height - y
        if self.turn == 270:
            return self.page_width - y, x
        return x, y

    def to_page(self, box: Box) -> Box:
        """Return the smallest box of the displayed page around ``box`` of the picture.

        >>> PictureFrame(100, 200, 90).to_page((0, 0, 20, 10))
        (0.0, 180.0, 10.0, 200.0)
        """
        corners = [
            self._unturned(*self._rotated(x, y, self.skew))
            for x in (box[0], box[2])
            for y in (box[1], box[3])
        ]
        xs, ys = [c[0] for c in corners], [c[1] for c in corners]
        return min(xs), min(ys), max(xs), max(ys)
