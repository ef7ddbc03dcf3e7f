"""Read the text inside boxes of a page again: what a citation points to, from the PDF itself."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from sft_assets.extract.reading.page_frame import Box
from sft_assets.extract.report_reading import ExtractConfig
from sft_assets.worker.isolated import run_isolated
from sft_assets.worker.limits import ocr_limits, text_limits
from sft_assets.worker.ocr import require_engine

BOXES_PER_CHILD = 5000
OCR_PAGES_PER_CHILD = 4

Ask = tuple[int, Box, str]  # page_no (1-based), box, text_source (text_layer or ocr)


class Texts(BaseModel):
    """Texts of the boxes asked for, in their order."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    texts: list[str]


def read_box(
    pdf: Path, page_no: int, box: Box, *, source: str, config: ExtractConfig | None = None
) -> str:
    """Return the text in one box; see ``read_boxes``."""
    return read_boxes(pdf, [(page_no, box, source)], config)[0]


def read_boxes(pdf: Path, asked: Sequence[Ask], config: ExtractConfig | None = None) -> list[str]:
    """Return the text of each box of ``asked``, in the same order, read in isolated children.

    A character is in a box when its centre is. A cell read again has its text, up to white space.
    A page of ``source`` "ocr" is recognised again as a whole, as it was when it was extracted:
    a picture cut out at a box is recognised less well.

    Raises:
        RejectedDocumentError: If the PDF cannot be read any more.
        SettingsError: If a page was read by an OCR engine that is not installed here.
    """
    config = config or ExtractConfig()
    if any(source == "ocr" for _, _, source in asked):
        require_engine(config.ocr_engine)
    order = sorted(range(len(asked)), key=lambda i: (asked[i][2] == "ocr", asked[i][0], i))
    texts: dict[int, str] = {}
    for group in _groups(asked, order):
        found = _ask(pdf, [asked[i] for i in group], config)
        texts.update(zip(group, found, strict=True))
    return [texts[i] for i in range(len(asked))]


def _groups(asked: Sequence[Ask], order: Sequence[int]) -> list[list[int]]:
    """Return ``order`` cut so that no child has too much to do."""
    groups: list[list[int]] = []
    pages: set[int] = set()
    for i in order:
        page_no, _, source = asked[i]
        same = bool(groups) and (asked[groups[-1][0]][2] == "ocr") == (source == "ocr")
        crowded = source == "ocr" and len(pages | {page_no}) > OCR_PAGES_PER_CHILD
        if not same or crowded or len(groups[-1]) >= BOXES_PER_CHILD:
            groups.append([])
            pages = set()
        groups[-1].append(i)
        pages.add(page_no)
    return groups


def _ask(pdf: Path, asked: Sequence[Ask], config: ExtractConfig) -> list[str]:
    pages = len({page_no for page_no, _, _ in asked})
    limits = ocr_limits(pages) if asked[0][2] == "ocr" else text_limits(pages)
    payload = {
        "pdf": str(pdf.resolve()),
        "boxes": [[page_no, list(box), source] for page_no, box, source in asked],
        **config.model_dump(),
    }
    answer = run_isolated(
        "sft_assets.extract.child:read_boxes", payload, values=Texts, limits=limits
    )
    return answer.values.texts
