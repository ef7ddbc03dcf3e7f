"""What runs in isolated children: read pages of a PDF, from the text layer or from a picture."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Self

import pypdfium2
import pypdfium2.raw as pdfium

from sft_assets.errors import RejectedDocumentError
from sft_assets.extract.page_rows import Rows, cell_rows, line_rows, page_row
from sft_assets.extract.reading.body_text import part_body
from sft_assets.extract.reading.lines import build_lines, build_words, text_of
from sft_assets.extract.reading.page_content import PageContent
from sft_assets.extract.reading.page_frame import Box, PageFrame
from sft_assets.extract.reading.page_labels import find_page_label
from sft_assets.extract.reading.pdfium_page import frame_of, read_page
from sft_assets.extract.reading.picture_reading import PictureReading, read_picture, text_within
from sft_assets.extract.reading.plumber_page import with_plumber_chars
from sft_assets.extract.reading.readability import needs_ocr, readability_of
from sft_assets.extract.reading.text_columns import in_reading_order
from sft_assets.extract.tables.cells import without_cells_beside
from sft_assets.extract.tables.page_tables import find_tables
from sft_assets.worker.pdf_start import open_at_header

Payload = Mapping[str, Any]


def extract_chunk(payload: Payload) -> dict[str, object]:
    """Return the rows of pages ``first_page`` to ``last_page`` and which of them need OCR."""
    rows = Rows()
    unreadable = [c.page_no for c in _pages(payload) if _add_page(rows, c, payload)]
    return {"unreadable_pages": unreadable, **rows.frames()}


def _add_page(rows: Rows, content: PageContent, payload: Payload) -> bool:
    """Add the rows of one page; return whether its text layer cannot be used."""
    body, marks = part_body(content)
    words = build_words(body)
    lines = build_lines(words)
    text = "\n".join(line.text for line in lines)
    doc_id, page_no = payload["doc_id"], content.page_no
    readability = readability_of(text)
    known = {
        "width": round(content.width, 3),
        "height": round(content.height, 3),
        "readability": readability,
        "hidden_chars": content.hidden_chars,
    }
    unreadable = needs_ocr(
        text, content.image_share, content.shapes, hidden_chars=content.hidden_chars,
        is_readable=readability >= payload["min_readability"],
    )  # fmt: skip
    if unreadable or not lines:
        rows.pages.append(page_row(doc_id, page_no, **known))
        return unreadable
    tables = [
        without_cells_beside(table, content.width, content.height)
        for table in find_tables(content.edges, words, lines)
    ]
    ordered = [*in_reading_order(lines, [table.box for table in tables]), *marks]
    rows.pages.append(
        page_row(
            doc_id, page_no, **known,
            page_label=find_page_label(lines, content.height), text_source="text_layer",
            text="\n".join(line.text for line in ordered),
        )
    )  # fmt: skip
    rows.lines += line_rows(doc_id, page_no, ordered)
    rows.cells += cell_rows(doc_id, page_no, tables)
    return False


def _pages(payload: Payload) -> Iterator[PageContent]:
    with _open(payload["pdf"]) as document, _Plumber(payload) as plumber:
        for page_no in range(payload["first_page"], payload["last_page"] + 1):
            yield _read(document, page_no, plumber)


def _read(document: Any, page_no: int, plumber: "_Plumber") -> PageContent:
    page = document[page_no - 1]
    try:
        return plumber.correct(read_page(page, page_no), frame_of(page))
    finally:
        page.close()


class _Plumber:
    """pdfplumber, opened only when a page needs it."""

    def __init__(self, payload: Payload) -> None:
        self.path, self.always = payload["pdf"], payload["characters"] == "pdfplumber"
        self.stream: BinaryIO | None = None
        self.pdf: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.pdf is not None:
            self.pdf.close()
        if self.stream is not None:
            self.stream.close()

    def correct(self, content: PageContent, frame: PageFrame) -> PageContent:
        """Return ``content``, with pdfplumber's characters where pdfium may have lost some."""
        if not (content.is_doubtful or self.always):
            return content
        import pdfplumber

        if self.pdf is None:
            self.stream = open_at_header(Path(self.path))
            self.pdf = pdfplumber.open(self.stream)
        page = self.pdf.pages[content.page_no - 1]
        corrected = with_plumber_chars(content, frame, page)
        page.close()
        return corrected


@contextmanager
def _open(path: str) -> Iterator[Any]:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        asked = pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD
        reason = "password" if asked else "unreadable"
        raise RejectedDocumentError(reason, "pdfium does not open it") from None
    try:
        yield document
    finally:
        document.close()


def ocr_pages(payload: Payload) -> dict[str, object]:
    """Return the rows of the ``pages`` listed, read from their pictures."""
    rows = Rows()
    with _open(payload["pdf"]) as document:
        for page_no in payload["pages"]:
            page = document[page_no - 1]
            try:
                reading = read_picture(page, payload["ocr_engine"], payload["ocr_dpi"])
                layer = read_page(page, page_no)
            finally:
                page.close()
            _add_picture(rows, reading, layer, payload["doc_id"])
    return rows.frames()  # type: ignore[return-value]


def _add_picture(rows: Rows, reading: PictureReading, layer: PageContent, doc_id: str) -> None:
    lines = build_lines(reading.words)
    frame = reading.frame
    known = [word.confidence for word in reading.words if word.confidence is not None]
    layer_text = text_of(layer.chars)
    tables = find_tables(reading.edges, reading.words, lines, by_ocr=True)
    ordered = [*in_reading_order(lines, [table.box for table in tables]), *reading.slanted]
    rows.pages.append(
        page_row(
            doc_id,
            layer.page_no,
            page_label=find_page_label(lines, frame.height),
            width=round(layer.width, 3),
            height=round(layer.height, 3),
            text_source="ocr" if ordered else "none",
            readability=readability_of(layer_text),
            text="\n".join(line.text for line in ordered),
            hidden_chars=layer.hidden_chars,
            ocr_confidence=round(math.fsum(known) / len(known), 4) if known else None,
        )
    )
    rows.lines += line_rows(doc_id, layer.page_no, ordered, frame.to_page)
    rows.cells += cell_rows(doc_id, layer.page_no, tables, frame.to_page)


def read_boxes(payload: Payload) -> dict[str, object]:
    """Return the text in each ``[page_no, [x0, top, x1, bottom], source]`` of ``boxes``.

    Boxes of one page that follow each other cost one reading of the page.
    """
    texts: list[str] = []
    at: tuple[int, str] | None = None
    read: Callable[[Box], str] = _nothing
    with _open(payload["pdf"]) as document, _Plumber(payload) as plumber:
        for page_no, box, source in payload["boxes"]:
            if at != (page_no, source):
                at = (page_no, source)
                if source == "ocr":
                    read = _picture_reader(document, page_no, payload)
                else:
                    read = _layer_reader(_read(document, page_no, plumber))
            texts.append(read(tuple(box)))
    return {"texts": texts}


def _nothing(box: Box) -> str:
    del box
    return ""


def _layer_reader(content: PageContent) -> Callable[[Box], str]:
    body, _ = part_body(content)
    return lambda box: text_of(body.within(box))


def _picture_reader(document: Any, page_no: int, payload: Payload) -> Callable[[Box], str]:
    page = document[page_no - 1]
    reading = read_picture(page, payload["ocr_engine"], payload["ocr_dpi"])
    page.close()
    return lambda box: text_within(reading, box)


def count_pages(payload: Payload) -> dict[str, object]:
    """Return the number of pages."""
    with _open(payload["pdf"]) as document:
        return {"page_count": len(document)}
