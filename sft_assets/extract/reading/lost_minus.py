"""A minus sign that OCR passed over: blurred into the first digit it is read as part of it.

No second reading finds it, since the crop of a number begins where the first one saw its first
digit. So the ink before that digit is looked at: a bar at half height that is longer than the
foot of a 4 is a minus sign, whatever an engine says.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

BESIDE, ABOVE = 0.5, 0.3  # margins of the crop that is looked at, in heights of the number's box
INTO_DIGIT = 0.45  # of the digits' height: how far a bar may reach into the first digit's place
BAND = (0.3, 0.75)  # from the top of the digits, in their height, where a bar lies
MIDDLE = (0.5, 0.72)  # ... and its middle
THICK = 0.32  # of the digits' height, at most
LONG = 0.16  # of the digits' height, at least
LONG_BEFORE_4 = 0.24  # the foot of a 4 looks like a short bar
INKED = 0.06  # of a row's length: a row of digits
LOW = 0.3  # of the box: digits are higher


def has_minus_before(crop: "Picture", first_digit: str) -> bool:
    """Return whether a bar stands before the digits.

    Args:
        crop: The number with margins of ``BESIDE`` and ``ABOVE``, shape (height, width, 3).
        first_digit: What was read as the first one.
    """
    import cv2
    import numpy as np

    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    height = grey.shape[0] / (1 + 2 * ABOVE)
    left, right = round(BESIDE * height), grey.shape[1] - round(BESIDE * height)
    middle = grey[round(ABOVE * height) : round((1 + ABOVE) * height)]
    paper, _ = cv2.threshold(middle, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    ink = np.asarray(grey <= paper)
    top, bottom = _rows_of_digits(ink[:, left:right].mean(axis=1) > INKED)
    size = bottom - top
    if size < LOW * height:
        return False
    needed = (LONG_BEFORE_4 if first_digit == "4" else LONG) * size
    return _longest_bar(ink[top:bottom, : left + round(INTO_DIGIT * size)]) >= needed


def _rows_of_digits(inked: "NDArray[np.bool_]") -> tuple[int, int]:
    """Return the first row of digits and the one behind the last, around the middle row."""
    top = bottom = len(inked) // 2
    while top > 0 and inked[top - 1]:
        top -= 1
    while bottom < len(inked) and inked[bottom]:
        bottom += 1
    return top, bottom


def _longest_bar(ink: "NDArray[np.bool_]") -> int:
    """Return the length of the longest bar in columns whose ink lies in the band alone."""
    size = ink.shape[0]
    best = 0
    run: list[float] = []
    for column in ink.T:
        rows = column.nonzero()[0]
        if (
            len(rows)
            and rows[0] >= BAND[0] * size
            and rows[-1] < BAND[1] * size
            and rows[-1] - rows[0] < THICK * size
        ):
            run.append((rows[0] + rows[-1] + 1) / 2 / size)
            if MIDDLE[0] <= sum(run) / len(run) <= MIDDLE[1]:
                best = max(best, len(run))
        else:
            run = []
    return best
