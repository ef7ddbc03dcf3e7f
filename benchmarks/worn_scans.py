"""Pages of the sample reports as bad scanners make them, with the text that they were made from.

Each way of wear is fixed by its name, so that a page comes out the same each time. The reader is
held to these pages and not to given scans alone, which a rule could be fitted to.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from zlib import crc32

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

DPI = 200
SHEET = "figures"  # no report: a page of figures in a typeface that the sample does not use
REPORTS = Path(__file__).parent.parent / "sft_assets" / "sample" / "reports"
SAMPLE_PAGES = (("1219384756.pdf", 8), ("309218_霁原新材_2023_年度报告.pdf", 12),
                ("nlmi-20230630.pdf", 4), (SHEET, 1))  # fmt: skip

Grey = NDArray[np.float32]  # shape (height, width), 0 black to 255 white
Wear = Callable[[Grey, np.random.Generator], Grey]


def _blur(page: Grey, rng: np.random.Generator, pixels: float) -> Grey:
    del rng
    return cv2.GaussianBlur(page, (0, 0), pixels).astype(np.float32)


def _jpeg(page: Grey, rng: np.random.Generator, quality: int) -> Grey:
    del rng
    out = io.BytesIO()
    Image.fromarray(page.clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out), dtype=np.float32)


def _skew(page: Grey, rng: np.random.Generator, degrees: float) -> Grey:
    del rng
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    return cv2.warpAffine(
        page, turn, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255.0,)
    ).astype(np.float32)


def _speckle(page: Grey, rng: np.random.Generator, share: float) -> Grey:
    """Specks of two pixels and a half, dark on paper and light on ink, and grain."""
    specks = rng.random((page.shape[0] // 2 + 1, page.shape[1] // 2 + 1))
    specks = specks.repeat(2, 0).repeat(2, 1)[: page.shape[0], : page.shape[1]]
    worn = np.where(specks < share / 2, 60.0, np.where(specks > 1 - share / 2, 230.0, page))
    return (worn + rng.normal(0, 12, page.shape)).astype(np.float32)


def _grey_paper(page: Grey, rng: np.random.Generator, darkest: float) -> Grey:
    """Paper that darkens to one side under a weak copy."""
    shade = np.linspace(darkest, 215, page.shape[1], dtype=np.float32)[None, :]
    return (shade * (0.35 + 0.65 * page / 255) + rng.normal(0, 4, page.shape)).astype(np.float32)


def _coarse(page: Grey, rng: np.random.Generator, dpi: float) -> Grey:
    del rng
    size = (round(page.shape[1] * dpi / DPI), round(page.shape[0] * dpi / DPI))
    return cv2.resize(page, size, interpolation=cv2.INTER_AREA).astype(np.float32)


def _grain(page: Grey, rng: np.random.Generator) -> Grey:
    return (page + rng.normal(0, 9, page.shape)).astype(np.float32)


def _two_tone(page: Grey, rng: np.random.Generator) -> Grey:
    """A fax or a scan of ink or no ink."""
    grainy = page + rng.normal(0, 18, page.shape)
    return np.where(grainy > 140, 255.0, 0.0).astype(np.float32)


def _one_after_another(page: Grey, rng: np.random.Generator, *steps: Wear) -> Grey:
    for step in steps:
        page = step(page, rng)
    return page


WEARS: dict[str, Wear] = {
    "blur": partial(_blur, pixels=1.3),
    "strong blur": partial(_blur, pixels=2.2),
    "jpeg": partial(_jpeg, quality=12),
    "skew 1": partial(_skew, degrees=1.0),
    "skew -3": partial(_skew, degrees=-3.0),
    "speckle": partial(_speckle, share=0.004),
    "grey paper": partial(_grey_paper, darkest=120.0),
    "two tone": _two_tone,
    "150 dpi": partial(_coarse, dpi=150),
    "120 dpi": lambda page, rng: _one_after_another(
        page, rng, partial(_coarse, dpi=120), partial(_jpeg, quality=50)
    ),
    "100 dpi": lambda page, rng: _one_after_another(
        page, rng, partial(_coarse, dpi=100), partial(_jpeg, quality=50)
    ),
    "80 dpi": lambda page, rng: _one_after_another(
        page, rng, partial(_coarse, dpi=80), partial(_jpeg, quality=50)
    ),
    "noisy 100 dpi": lambda page, rng: _one_after_another(
        page, rng, partial(_skew, degrees=0.6), partial(_blur, pixels=1.0),
        partial(_coarse, dpi=100), _grain, partial(_jpeg, quality=40),
    ),
    "copy of a copy": lambda page, rng: _one_after_another(
        page, rng, partial(_skew, degrees=1.6), partial(_blur, pixels=1.0),
        partial(_grey_paper, darkest=150.0), partial(_speckle, share=0.002),
        partial(_jpeg, quality=40),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WornPage:
    """A page of a sample report after a way of wear."""

    report: str
    page_no: int  # 1-based
    wear: str

    def source(self) -> bytes:
        """Return the PDF with the text layer."""
        return sheet_of_figures() if self.report == SHEET else (REPORTS / self.report).read_bytes()


def sheet_of_figures() -> bytes:
    """Return a page of random amounts in three sizes of Helvetica, some of them negative."""
    rng = Random(7)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    y = 790.0
    for size, rows in ((8, 18), (9, 16), (10, 14)):
        canvas.setFont("Helvetica", size)
        for row in range(rows):
            canvas.drawString(50, y, f"Item {row + 1}")
            for column in range(4):
                amount = rng.randrange(10 ** rng.randrange(4, 12)) / 100
                text = f"{amount:,.2f}" if column % 2 else f"{int(amount * 10):,}"
                canvas.drawRightString(
                    210 + 110 * column, y, f"({text})" if rng.random() < 0.1 else text
                )
            y -= 1.75 * size
    canvas.save()
    return out.getvalue()


def worn_pages(wear: str) -> list[WornPage]:
    """Return the pages that the benchmark reads, after ``wear``."""
    return [WornPage(report, page_no, wear) for report, page_no in SAMPLE_PAGES]


def worn_pdf(page: WornPage) -> bytes:
    """Return a PDF of one page that holds nothing but the worn picture, as a JPEG."""
    document = pypdfium2.PdfDocument(page.source())
    drawn = document[page.page_no - 1]
    width, height = drawn.get_size()
    clean = np.asarray(drawn.render(scale=DPI / 72, grayscale=True).to_pil(), dtype=np.float32)
    document.close()
    rng = np.random.default_rng(crc32(repr(page).encode()))
    worn = WEARS[page.wear](clean, rng).clip(0, 255).astype(np.uint8)
    jpeg, out = io.BytesIO(), io.BytesIO()
    Image.fromarray(worn).save(jpeg, "JPEG", quality=90)
    canvas = Canvas(out, pagesize=(width, height), invariant=True)
    canvas.drawImage(ImageReader(jpeg), 0, 0, width, height)
    canvas.save()
    return out.getvalue()
