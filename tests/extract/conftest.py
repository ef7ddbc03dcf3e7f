"""Small PDFs made for the tests of extract, with texts of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from sft_assets.extract.reading.page_content import PageContent
from sft_assets.extract.reading.pdfium_page import read_page

WIDTH, HEIGHT = 400.0, 500.0
Drawer = Callable[[Any], None]


@pytest.fixture(scope="session")
def chinese_font() -> str:
    """A font that every reader knows how to decode, though it is not embedded."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return "STSong-Light"


@pytest.fixture
def make_pdf(tmp_path: Path) -> Callable[..., Path]:
    """Write a PDF with one page for each drawing function; ``y`` counts from the bottom."""

    def make(*drawers: Drawer, size: tuple[float, float] = (WIDTH, HEIGHT)) -> Path:
        path = tmp_path / "made.pdf"
        canvas = Canvas(str(path), pagesize=size, invariant=True)
        for draw in drawers:
            canvas.setFont("Helvetica", 10)
            draw(canvas)
            canvas.showPage()
        canvas.save()
        return path

    return make


@pytest.fixture
def read_made(make_pdf: Callable[..., Path]) -> Callable[..., PageContent]:
    """Return what pdfium reads on the first page drawn."""

    def read(*drawers: Drawer) -> PageContent:
        document = pypdfium2.PdfDocument(make_pdf(*drawers))
        page = document[0]
        content = read_page(page, 1)
        page.close()
        document.close()
        return content

    return read
