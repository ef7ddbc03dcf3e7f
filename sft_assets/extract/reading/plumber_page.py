"""Read a page's characters with plain pdfplumber: slower, and the yardstick for pdfium's.

Lines, hidden text and the frame stay pdfium's, so that both readers answer in the same form.
Runs in an isolated child only.
"""

from dataclasses import replace
from typing import Any

from sft_assets.extract.reading.chars import chars_of
from sft_assets.extract.reading.page_content import PageContent
from sft_assets.extract.reading.page_frame import Box, PageFrame
from sft_assets.extract.reading.pdfium_chars import MIN_SIZE
from sft_assets.extract.reading.pdfium_lost import overprints


def with_plumber_chars(content: PageContent, frame: PageFrame, page: Any) -> PageContent:
    """Return ``content`` with the characters that pdfplumber finds on ``page``.

    pdfminer does not tell hidden text apart: what pdfium found hidden is left out here too.
    """
    dx, dy = shift_of(frame, page)
    chars = chars_of(
        [
            (
                c["text"], c["x0"] - dx, c["top"] - dy, c["x1"] - dx, c["bottom"] - dy,
                c["size"], c["upright"],
            )
            for c in page.dedupe_chars().chars
        ]
    )  # fmt: skip
    chars = chars.within((0.0, 0.0, content.width, content.height))
    shown = (chars.size >= MIN_SIZE) & ~overprints(chars, content.hidden)
    return replace(content, chars=chars.take(shown), is_doubtful=False)


def shift_of(frame: PageFrame, page: Any) -> tuple[float, float]:
    """Return where the displayed page's corner lies in the frame of a pdfplumber page."""
    from pdfminer.pdftypes import resolve_all

    a, b, c, d = (float(v) for v in resolve_all(page.page_obj.attrs["MediaBox"]))
    return shift_in_media_box(frame, (a, b, c, d))


def shift_in_media_box(frame: PageFrame, media_box: Box) -> tuple[float, float]:
    """Return where the displayed page's corner lies in pdfplumber's frame.

    That frame is the media box, turned with the page, whose left and top are the numbers of its
    own lower left corner, the top's with the other sign.
    """
    a, b, c, d = media_box
    x0, y0, x1, y1 = min(a, c), min(b, d), max(a, c), max(b, d)
    if frame.rotation == 90:
        return frame.bottom, frame.left - 2 * x0
    if frame.rotation == 180:
        return x1 - frame.right + x0, frame.bottom - 2 * y0
    if frame.rotation == 270:
        return y1 - frame.top + y0, x1 - frame.right - x0
    return frame.left, y1 - frame.top - y0
