"""Ruling lines found in a picture."""

import numpy as np
import pytest

from sft_assets.extract.reading.picture_rules import find_rules

SCALE = 200 / 72


def picture(
    x0: int, top: int, width: int, height: int
) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """A white picture with one black bar."""
    drawn = np.full((600, 500, 3), 255, dtype=np.uint8)
    drawn[top : top + height, x0 : x0 + width] = 0
    return drawn


@pytest.mark.parametrize(
    ("bar", "orientation"),
    [
        pytest.param((250, 100, 4, 80), "v", id="wall-of-one-row"),
        pytest.param((250, 50, 4, 500), "v", id="long-wall"),
        pytest.param((50, 300, 400, 3), "h", id="line"),
    ],
)
def test_rules(bar: tuple[int, int, int, int], orientation: str) -> None:
    ((x0, top, x1, bottom),) = find_rules(picture(*bar), SCALE, 0.0)
    assert ("v" if bottom - top > x1 - x0 else "h") == orientation
    middle = bar[0] + (bar[2] / 2 if orientation == "v" else 0)
    assert x0 * SCALE == pytest.approx(middle, abs=3)


@pytest.mark.parametrize(
    "bar",
    [
        pytest.param((250, 100, 4, 30), id="stroke-of-a-letter"),
        pytest.param((100, 100, 200, 200), id="block"),
        pytest.param((250, 100, 25, 90), id="bar-of-a-chart"),
    ],
)
def test_what_is_no_rule(bar: tuple[int, int, int, int]) -> None:
    assert find_rules(picture(*bar), SCALE, 0.0) == []
