"""What runs in isolated children: read pages of a PDF, from the text layer or from a picture."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pypdfium2

from sft_assets.extract.lines import build_lines, build_words, chars_within, text_of
from sft_assets.extract.page_content import PageContent
from sft_assets.extract.page_labels import find_page_label
from sft_assets.extract.page_rows import Rows, cell_rows, line_rows, page_row
from sft_assets.extract.page_tables import find_tables
from sft_assets.extract.pdfium_page import frame_of, read_page
from sft_assets.extract.readability import needs_ocr, readability_of

Payload = Mapping[str, Any]


def extract_chunk(payload: Payload) -> dict[str, object]:
    """Return the rows of pages ``first_page`` to ``last_page`` and which of them need OCR."""
    rows = Rows()
    unreadable = [c.page_no for c in _pages(payload) if _add_page(rows, c, payload)]
    return {"unreadable_pages": unreadable, **rows.frames()}


def _add_page(rows: Rows, content: PageContent, payload: Payload) -> bool:
    """Add the rows of one page; return whether its text layer cannot be used."""
    words = build_words(content.chars)
    lines = build_lines(words)
    text = "\n".join(line.text for line in lines)
    doc_id, page_no = payload["doc_id"], content.page_no
    known = {
        "width": round(content.width, 3),
        "height": round(content.height, 3),
        "readability": readability_of(text),
        "hidden_chars": content.hidden_chars,
    }
    unreadable = needs_ocr(text, content.image_share, content.shapes, payload["min_readability"])
    if unreadable or not lines:
        rows.pages.append(page_row(doc_id, page_no, **known))
        return unreadable
    rows.pages.append(
        page_row(
            doc_id, page_no, **known,
            page_label=find_page_label(lines, content.height), text_source="text_layer", text=text,
        )
    )  # fmt: skip
    rows.lines += line_rows(doc_id, page_no, lines)
    page_box = (0.0, 0.0, content.width, content.height)
    tables = find_tables(content.edges, words, lines, page_box)
    rows.cells += cell_rows(doc_id, page_no, tables)
    return False


def _pages(payload: Payload) -> Iterator[PageContent]:
    numbers = range(payload["first_page"], payload["last_page"] + 1)
    with _open(payload["pdf"]) as document:
        for page_no in numbers:
            page = document[page_no - 1]
            try:
                content = read_page(page, page_no)
                if payload["characters"] == "pdfplumber":
                    content = _read_again_with_plumber(content, page, payload["pdf"])
            finally:
                page.close()
            yield content


def _read_again_with_plumber(content: PageContent, page: Any, path: str) -> PageContent:
    import pdfplumber

    from sft_assets.extract.plumber_page import with_plumber_chars

    with pdfplumber.open(path, pages=[content.page_no]) as pdf:
        return with_plumber_chars(content, frame_of(page), pdf.pages[0])


@contextmanager
def _open(path: str) -> Iterator[Any]:
    document = pypdfium2.PdfDocument(path)
    try:
        yield document
    finally:
        document.close()


def read_text_boxes(payload: Payload) -> dict[str, object]:
    """Return the text of each ``[page_no, [x0, top, x1, bottom]]`` of ``boxes``."""
    texts: list[str] = []
    content: PageContent | None = None
    with _open(payload["pdf"]) as document:
        for page_no, box in payload["boxes"]:
            if content is None or content.page_no != page_no:
                page = document[page_no - 1]
                content = read_page(page, page_no)
                page.close()
            texts.append(text_of(chars_within(content.chars, tuple(box))))
    return {"texts": texts}


def count_pages(payload: Payload) -> dict[str, object]:
    """Return the number of pages."""
    with _open(payload["pdf"]) as document:
        return {"page_count": len(document)}
