"""Read a page with pdfium: characters with boxes, ruling lines, hidden text.

Runs in an isolated child only: pdfium answers exhausted memory with ``abort()`` and is not
thread-safe.
"""

from ctypes import byref
from typing import Any

import pypdfium2.raw as pdfium

from sft_assets.extract.reading.page_content import Obj, PageContent
from sft_assets.extract.reading.page_frame import Box, PageFrame
from sft_assets.extract.reading.pdfium_chars import Chars, read_chars
from sft_assets.extract.reading.pdfium_drawing import Drawing, read_drawing

NO_WIDTH = 0.01  # points
COVERED = 0.8  # of the width of a piece of text that is printed over another


def read_page(page: Any, page_no: int) -> PageContent:
    """Return what ``page`` (a ``pypdfium2.PdfPage``) shows."""
    frame = frame_of(page)
    drawing = read_drawing(page, frame)
    text_page = pdfium.FPDFText_LoadPage(page.raw)
    try:
        found = read_chars(text_page, frame, drawing.filled)
    finally:
        pdfium.FPDFText_ClosePage(text_page)
    return PageContent(
        page_no,
        frame.width,
        frame.height,
        chars=found.visible,
        edges=drawing.edges,
        hidden=found.hidden,
        image_share=drawing.image_share,
        shapes=drawing.shapes,
        is_doubtful=has_lost_text(found, drawing),
    )


def frame_of(page: Any) -> PageFrame:
    """Return the frame in which pdfium displays ``page``."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page.raw, byref(box))
    rotation = 90 * pdfium.FPDFPage_GetRotation(page.raw)
    return PageFrame(box.left, box.bottom, box.right, box.top, rotation)


def has_lost_text(found: Chars, drawing: Drawing) -> bool:
    """Return whether pdfium left out a piece of text that may be more than a space.

    It passes over text without ink: a space, but also a bracket or a minus sign on its own whose
    font is neither in the file nor on this machine. It also takes two equal letters set tightly,
    one after the other, for one letter printed twice.
    """
    if found.is_doubtful:
        return True
    for text in drawing.texts:
        if text.key in found.objects:
            continue
        without_ink = text.box[2] - text.box[0] < NO_WIDTH
        if without_ink and text.is_embedded:
            continue  # a space: the glyph is known, and there is nothing to it
        if without_ink or not _is_printed_twice(text.box, [*found.visible, *found.hidden]):
            return True
    return False


def _is_printed_twice(box: Box, chars: list[Obj]) -> bool:
    """Return whether characters that were found stand where the lost piece of text stands."""
    y = (box[1] + box[3]) / 2
    spans = sorted((c["x0"], c["x1"]) for c in chars if c["top"] <= y <= c["bottom"])
    covered, at = 0.0, box[0]
    for x0, x1 in spans:
        left, right = max(x0, at), min(x1, box[2])
        if right > left:
            covered += right - left
            at = right
    return covered >= COVERED * (box[2] - box[0])
