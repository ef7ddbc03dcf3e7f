"""Small PDFs made by bytes, good and hostile."""

import zlib
from collections.abc import Sequence
from pathlib import Path


def pdf_bytes(objects: Sequence[bytes], *, header: bytes = b"%PDF-1.4\n", root: int = 1) -> bytes:
    """Return a PDF of ``objects``, numbered from 1, with a correct cross-reference table."""
    content = bytearray(header)
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    content += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    content += b"trailer\n<< /Size %d /Root %d 0 R >>\n" % (len(objects) + 1, root)
    return bytes(content + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(body: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n" % (len(body), entries) + body + b"\nendstream"


def text_pdf(pages: Sequence[str]) -> bytes:
    """Return a PDF with one text page for each of ``pages`` (Latin letters only)."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for i, page in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] "
            b"/Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % (5 + 2 * i)
        )
        lines = [line.replace("(", r"\(").replace(")", r"\)") for line in page.split("\n")]
        shown = "".join(f"({line}) Tj T*\n" for line in lines)
        objects.append(stream(f"BT /F1 10 Tf 50 750 Td 14 TL\n{shown}ET".encode("latin-1")))
    return pdf_bytes(objects)


def looping_kids() -> bytes:
    """A page tree that contains itself."""
    return pdf_bytes(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"]
    )


def bomb(size: int = 1 << 31) -> bytes:
    """A page whose content grows from a few kilobytes to ``size`` bytes, packed twice."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(size >> 20)) + packer.flush()
    body = zlib.compress(packed, 9)
    return pdf_bytes(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
            stream(body, b"/Filter [/FlateDecode /FlateDecode]"),
        ]
    )


def counted_pages(kids: int, count: int) -> bytes:
    """A page tree that says ``count`` and has ``kids``."""
    listed = b" ".join(b"%d 0 R" % (3 + i) for i in range(kids))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>"
    return pdf_bytes(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (listed, count),
            *([page] * kids),
        ]
    )


def encrypted(path: Path, *, user: str) -> Path:
    """A PDF that asks for ``user`` as password; with "" it opens for everybody."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(
        str(path), encrypt=StandardEncryption(user, ownerPassword="owner", strength=128)
    )
    for text in FORM_10K:
        block = canvas.beginText(50, 750)
        block.textLines(text)
        canvas.drawText(block)
        canvas.showPage()
    canvas.save()
    return path


FORM_10K = [
    "UNITED STATES\nSECURITIES AND EXCHANGE COMMISSION\nWashington, D.C. 20549\nFORM 10-K\n"
    "[X] ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934\n"
    "For the fiscal year ended June 30, 2021\nor\n"
    "[ ] TRANSITION REPORT PURSUANT TO SECTION 13 OR 15(d)\n"
    "Commission File Number: 001-00000\nQuillfeather Widgets, Inc.\n"
    "(Exact name of registrant as specified in its charter)\nDelaware 00-0000000\n"
    "Title of each class Trading Symbol Name of each exchange on which registered\n"
    "Common Stock, $0.01 par value QFW New York Stock Exchange",
    "TABLE OF CONTENTS\nItem 1. Business 3\nItem 8. Financial Statements 40",
]
