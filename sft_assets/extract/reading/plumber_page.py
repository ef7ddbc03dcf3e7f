"""Read a page's characters with plain pdfplumber: slower, and the yardstick for pdfium's.

Lines, hidden text and the frame stay pdfium's, so that both readers answer in the same form.
Runs in an isolated child only.
"""

from dataclasses import replace
from typing import Any

from sft_assets.extract.reading.page_content import Obj, PageContent, make_char
from sft_assets.extract.reading.page_frame import Box, PageFrame

SAME_PLACE = 1.5  # points between the centres of one character as two readers see it


def with_plumber_chars(content: PageContent, frame: PageFrame, page: Any) -> PageContent:
    """Return ``content`` with the characters that pdfplumber finds on ``page``.

    pdfminer does not tell hidden text apart: what pdfium found hidden is left out here too.
    """
    dx, dy = _shift(frame, page)
    hidden = {(c["text"], *_cell(c, 0, 0)) for c in content.hidden}
    chars = []
    for found in page.dedupe_chars().chars:
        box = (found["x0"] - dx, found["top"] - dy, found["x1"] - dx, found["bottom"] - dy)
        char = make_char(found["text"], box, found["size"], found["upright"])
        if _is_shown(box, content, found["size"]) and not _is_among(char, hidden):
            chars.append(char)
    return replace(content, chars=chars, is_doubtful=False)


def _shift(frame: PageFrame, page: Any) -> tuple[float, float]:
    """Return where the displayed page's corner lies in pdfplumber's frame, the media box."""
    x0, y0, x1, y1 = _user_space(page)
    if frame.rotation == 90:
        return frame.bottom - y0 + page.mediabox[0], frame.left - x0 + page.mediabox[1]
    if frame.rotation == 180:
        return x1 - frame.right + page.mediabox[0], frame.bottom - y0 + page.mediabox[1]
    if frame.rotation == 270:
        return y1 - frame.top + page.mediabox[0], x1 - frame.right + page.mediabox[1]
    return frame.left - x0 + page.mediabox[0], y1 - frame.top + page.mediabox[1]


def _user_space(page: Any) -> Box:
    """Return the media box as written in the file, corners in order."""
    from pdfminer.pdftypes import resolve_all

    a, b, c, d = (float(v) for v in resolve_all(page.page_obj.attrs["MediaBox"]))
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _is_shown(box: Box, content: PageContent, size: float) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return size >= 1.0 and 0 <= x <= content.width and 0 <= y <= content.height


def _cell(char: Obj, right: int, down: int) -> tuple[int, int]:
    """Return the square of a coarse grid that holds the character's centre, or one beside it."""
    x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
    return round(x / SAME_PLACE) + right, round(y / SAME_PLACE) + down


def _is_among(char: Obj, hidden: set[tuple[str, int, int]]) -> bool:
    near = (-1, 0, 1)
    return any((char["text"], *_cell(char, i, j)) in hidden for i in near for j in near)
