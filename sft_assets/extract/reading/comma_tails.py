"""Whether a sign between digits is a comma: the ink below the digits' feet tells, not an engine.

An engine takes the comma of a coarse scan for a point, twice alike. What a comma looks like
depends on typeface and blur, so that each page is its own measure: commas that the groups of
digits prove are compared with points and digits, and nothing is told where they look alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

BESIDE, ABOVE = 0.2, 0.3  # margins of the crop that is looked at, in heights of the number's box
TALL = 0.7  # of the tallest columns of ink: a digit's
INKED, FAINT = 0.5, 0.2  # from paper to ink
FOOT = 0.35  # of the digits' height, that is looked at below them
AROUND = 0.3  # of the digits' height, to each side of where a sign was read
BLANK = 0.01  # ink of a row, in its length
RULE, BLURRED = 0.8, 0.9  # ... of a ruling line, and of the faint rows beside it
MIN_HEIGHT = 6  # pixels of a digit
MIN_COMMAS, MIN_OTHERS = 5, 5  # of a page that tells
MIN_TAIL = 0.05  # ink of a usual comma below the digits, in their height
TELLING = 0.75  # of the known commas have longer tails than anything else
LIKE = 0.75  # of a usual comma's tail: a sign with less is none


@dataclass(frozen=True, slots=True)
class PageTails:
    """Tails of what is known on one page."""

    commas: Sequence[float]
    others: Sequence[float]  # of points, and of digits: they stand on the line as points do

    def is_comma(self, tail: float) -> bool:
        """Return whether a sign with this tail is a comma for certain.

        >>> page = PageTails([0.1, 0.09, 0.11, 0.1, 0.08], [0.0, 0.02, 0.01, 0.03, 0.0])
        >>> page.is_comma(0.09), page.is_comma(0.04), PageTails([], []).is_comma(0.09)
        (True, False, False)
        """
        if len(self.commas) < MIN_COMMAS or len(self.others) < MIN_OTHERS:
            return False
        usual, longest = median(self.commas), max(self.others)
        clear = sum(comma > longest for comma in self.commas)
        return (
            usual >= MIN_TAIL
            and clear >= TELLING * len(self.commas)
            and tail > longest
            and tail >= LIKE * usual
        )


def tails_of(crop: "Picture", places: Sequence[float]) -> list[float]:
    """Return for each sign how much more ink hangs below the digits than under a digit.

    Args:
        crop: The number with margins of ``BESIDE`` and ``ABOVE``, shape (height, width, 3).
        places: Where the signs stand, 0..1 of the number's length.

    Returns:
        In heights of a digit; none where no digits are made out.
    """
    import cv2
    import numpy as np

    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    height = grey.shape[0] / (1 + 2 * ABOVE)
    left, right = round(BESIDE * height), grey.shape[1] - round(BESIDE * height)
    above, below = round(ABOVE * height), round((1 + ABOVE) * height)
    strip, box = grey[:, left:right], grey[above:below, left:right]
    threshold, _ = cv2.threshold(box, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    light, dark = box[box > threshold], box[box <= threshold]
    if not (light.size and dark.size):
        return []
    paper, ink = float(np.median(light)), float(np.percentile(dark, 20))
    darkness = ((paper - strip.astype(np.float64)) / (paper - ink)).clip(0, 1)
    darkness = _alone(darkness, (above + below) // 2)
    inked = darkness[above:below] > INKED
    tops = np.where(inked.any(axis=0), inked.argmax(axis=0), 0)
    feet = np.where(inked.any(axis=0), len(inked) - inked[::-1].argmax(axis=0), 0)
    digits = feet - tops >= TALL * np.percentile(feet - tops, 90)
    foot = int(np.median(feet[digits]))
    size = foot - int(np.median(tops[digits]))
    if size < MIN_HEIGHT:
        return []
    under = darkness[above + foot :][: max(2, round(FOOT * size))].sum(axis=0) / size
    usual, reach = float(np.median(under[digits])), AROUND * size
    tails = []
    for place in places:
        middle = place * len(under)
        near = under[max(0, int(middle - reach)) : int(middle + reach) + 1]
        tails.append(float(near.max(initial=0.0)) - usual)
    return tails


def _alone(darkness: "NDArray[np.float64]", middle: int) -> "NDArray[np.float64]":
    """Return ``darkness`` around row ``middle``, up to the nearest blank rows or ruling lines."""
    import numpy as np

    faint, dark = ((darkness > least).mean(axis=1) for least in (FAINT, INKED))
    ends = np.flatnonzero((faint <= BLANK) | (dark > RULE))
    top = int(ends[ends < middle].max(initial=-1)) + 1
    bottom = int(ends[ends > middle].min(initial=len(darkness)))
    while top < middle and faint[top] > BLURRED:
        top += 1
    while bottom > middle and faint[bottom - 1] > BLURRED:
        bottom -= 1
    kept = np.zeros_like(darkness)
    kept[top:bottom] = darkness[top:bottom]
    return kept
