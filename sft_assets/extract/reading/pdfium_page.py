"""Read a page with pdfium: characters with boxes, ruling lines, hidden text.

Runs in an isolated child only: pdfium answers exhausted memory with ``abort()`` and is not
thread-safe.
"""

from collections.abc import Mapping
from ctypes import byref
from typing import Any

import pypdfium2.raw as pdfium

from sft_assets.extract.reading import pdfium_calls as ask
from sft_assets.extract.reading.chars import join_chars
from sft_assets.extract.reading.page_content import PageContent
from sft_assets.extract.reading.page_frame import PageFrame
from sft_assets.extract.reading.pdfium_chars import FoundChars, Ground, read_chars
from sft_assets.extract.reading.pdfium_cover import find_cover
from sft_assets.extract.reading.pdfium_drawing import read_drawing
from sft_assets.extract.reading.pdfium_lost import (
    drop_actual_text,
    give_width,
    leave_only,
    overprints,
    restore,
    say_nothing,
)


def read_page(page: Any, page_no: int) -> PageContent:
    """Return what ``page`` (a ``pypdfium2.PdfPage``) shows."""
    frame = frame_of(page)
    drawing = read_drawing(ask.address(page.raw), frame)
    ground = Ground(frame, drawing, find_cover(page, frame, drawing))
    found, is_doubtful = _read_text(page, ground)
    area = frame.width * frame.height
    return PageContent(
        page_no,
        frame.width,
        frame.height,
        chars=found.visible,
        edges=drawing.edges,
        hidden=found.hidden,
        image_share=round(min(1.0, drawing.image_area / area), 4) if area else 0.0,
        shapes=drawing.shapes,
        is_doubtful=is_doubtful,
    )


def frame_of(page: Any) -> PageFrame:
    """Return the frame in which pdfium displays ``page``."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page.raw, byref(box))
    rotation = 90 * pdfium.FPDFPage_GetRotation(page.raw)
    return PageFrame(box.left, box.bottom, box.right, box.top, rotation)


def _read_text(page: Any, ground: Ground) -> tuple[FoundChars, bool]:
    """Return the characters of ``page`` and whether some may still be missing."""
    texts = ground.drawing.texts
    modes = give_width(texts, ground.drawing.text_bounds())
    found = _load(page, ground, modes)
    lost = _lost(texts, found)
    if lost and drop_actual_text(texts):
        found = _load(page, ground, modes)
        lost = _lost(texts, found)
    last: list[int] = []
    while lost and lost != last:  # of those next to each other pdfium may pass over some again
        modes = {**leave_only(texts, lost), **modes}
        rest = _load(page, ground, modes)
        found = _with_rest(found, rest)
        last, lost = lost, _lost(lost, rest)
    restore(texts, modes)
    return found, bool(lost)


def _load(page: Any, ground: Ground, modes: Mapping[int, int]) -> FoundChars:
    text_page = pdfium.FPDFText_LoadPage(page.raw)
    try:
        return read_chars(ask.address(text_page), ground, modes)
    finally:
        pdfium.FPDFText_ClosePage(text_page)


def _lost(texts: list[int], found: FoundChars) -> list[int]:
    """Return the ``texts`` that may have shown something of which nothing was found."""
    missing = [text for text in texts if text not in found.objects]
    return [text for text, empty in zip(missing, say_nothing(missing), strict=True) if not empty]


def _with_rest(found: FoundChars, rest: FoundChars) -> FoundChars:
    """Return ``found`` with the characters of ``rest`` that are not printed over others."""
    spoken = rest.visible.printed()
    return FoundChars(
        join_chars([found.visible, spoken.take(~overprints(spoken, found.visible))]),
        join_chars([found.hidden, rest.hidden.take(~overprints(rest.hidden, found.hidden))]),
        found.objects | rest.objects,
    )
