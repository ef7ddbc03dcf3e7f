"""Read a page with plain pdfplumber: slower, and the yardstick for ``pdfium_page``.

Only the characters come from pdfminer; lines, hidden text and the frame are pdfium's, so that
both readers answer in the same form. Runs in an isolated child only.
"""

from dataclasses import replace
from typing import Any

from sft_assets.extract.reading.page_content import Obj, PageContent, make_char
from sft_assets.extract.reading.page_frame import PageFrame


def with_plumber_chars(content: PageContent, frame: PageFrame, page: Any) -> PageContent:
    """Return ``content`` with the characters that pdfplumber finds on ``page``.

    pdfminer does not tell hidden text apart: what is off the page or too small is left out.
    """
    chars = []
    dx, dy = _shift(frame, page)
    for found in page.dedupe_chars().chars:
        box = (found["x0"] - dx, found["top"] - dy, found["x1"] - dx, found["bottom"] - dy)
        if _is_shown(box, content, found):
            chars.append(make_char(found["text"], box, found["size"], found["upright"]))
    return replace(content, chars=chars)


def _shift(frame: PageFrame, page: Any) -> tuple[float, float]:
    """Return how far the crop box lies from pdfplumber's origin, the media box."""
    media = page.mediabox
    top = frame.top if frame.rotation in (0, 180) else frame.right
    left = frame.left if frame.rotation in (0, 180) else frame.bottom
    return left - media[0] + media[0], media[3] - top


def _is_shown(box: tuple[float, float, float, float], content: PageContent, found: Obj) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return found["size"] >= 1.0 and 0 <= x <= content.width and 0 <= y <= content.height
