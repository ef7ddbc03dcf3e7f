"""The page number that is printed on a page."""

import re
from collections.abc import Sequence

from sft_assets.extract.reading.lines import Line

ROMAN = r"[ivxlcIVXLC]{1,7}"
ALONE = re.compile(
    rf"(?:page|第)?\s*[-–—~·]?\s*([A-Z]-?\d{{1,3}}|\d{{1,4}}|{ROMAN})\s*[-–—~·]?\s*"
    r"(?:页|頁)?(?:\s*(?:/|of|共)\s*\d{1,4}\s*(?:页|頁)?)?",
    re.IGNORECASE,
)
CORNER = re.compile(r"\d{1,3}")
EDGE_LINES = 3  # from the top and from the bottom
CORNER_MARGIN = 0.08  # of the page's height


def find_page_label(lines: Sequence[Line], height: float) -> str | None:
    """Return the printed page number as printed, without its ornaments; None when none is.

    A line of its own at the bottom speaks first, then one at the top, then a number at the outer
    end of a running line.
    """
    low, high = list(reversed(lines[-EDGE_LINES:])), list(lines[:EDGE_LINES])
    for line in [*low, *high[:2]]:
        found = ALONE.fullmatch(line.text)
        if found:
            return found[1]
    for line in [*low[:2], *high[:2]]:
        edge = min(line.box[1], height - line.box[3])
        ends = (line.words[0].text, line.words[-1].text)
        numbers = [text for text in ends if CORNER.fullmatch(text)]
        if edge < height * CORNER_MARGIN and len(numbers) == 1 and len(line.words) > 2:
            return numbers[0]
    return None
