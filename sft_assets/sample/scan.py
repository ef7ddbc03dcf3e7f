"""A report as an office scanner makes it: grey pixels, slightly askew, with noise, and no text."""

import io
from random import Random

import numpy as np
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

DPI = 170
JPEG_QUALITY = 42


def scan_pdf(pdf: bytes, seed: str, dpi: int = DPI) -> bytes:
    """The same pages as grey images of the given resolution, one JPEG a page."""
    import pypdfium2

    rng = Random(seed)  # noqa: S311 - noise, no secret
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        image = page.render(scale=dpi / 72, grayscale=True).to_pil()
        page.close()
        jpeg = _worn(image, rng)
        canvas.drawImage(ImageReader(io.BytesIO(jpeg)), 0, 0, *A4)
        canvas.showPage()
    document.close()
    canvas.save()
    return out.getvalue()


def _worn(image: Image.Image, rng: Random) -> bytes:
    """JPEG bytes of the page after skew, grain and a few specks."""
    angle = 0.25 + 0.3 * rng.random()
    turned = image.rotate(
        angle if rng.random() < 0.5 else -angle, Image.Resampling.BICUBIC, fillcolor=255
    )
    pixels = np.asarray(turned, dtype=np.float32) * 0.93 + 8
    noise = np.random.default_rng(rng.randrange(2**32))
    pixels += (
        noise.normal(0, 2.0, (pixels.shape[0] // 2 + 1, pixels.shape[1] // 2 + 1))
        .repeat(2, 0)
        .repeat(2, 1)[: pixels.shape[0], : pixels.shape[1]]
    )
    for _ in range(25):
        y, x = rng.randrange(pixels.shape[0] - 2), rng.randrange(pixels.shape[1] - 2)
        pixels[y : y + 2, x : x + 2] = 120
    out = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
