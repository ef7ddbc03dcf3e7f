"""A font whose map to Unicode is broken: what is printed and what is copied are not the same."""

from pathlib import Path

import pytest

from sft_assets.extract.child import extract_chunk
from sft_assets.extract.report_reading import ExtractConfig, read_report

LINES = (
    "Fellow Stockholders of the company",
    "In 2022 the market for our products was strong and",
    "revenue rose by 19 percent to 714 million dollars",
    "The board of directors has approved this statement",
    "Officers are listed on the last page of the report",
)
SHIFT = 5  # codes by which the broken map is off
DOC = "ab" * 32


def write_pdf(path: Path, broken: tuple[tuple[bool, ...], ...]) -> Path:
    """Write one page for each tuple; each of ``LINES`` in it is set in the broken font or not."""
    pages = range(len(broken))
    kids = " ".join(f"{6 + 2 * i} 0 R" for i in pages)
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(broken)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding "
        b"/ToUnicode 5 0 R >>",
        _stream(_shifted_map()),
    ]
    for i in pages:
        bodies += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents {7 + 2 * i} 0 R "
            "/Resources << /Font << /Good 3 0 R /Bad 4 0 R >> >> >>".encode(),
            _stream(_content(broken[i])),
        ]
    written, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, start=1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    written += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(bodies) + 1, table)
    end = len(written) - len(table) - len(b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1))
    written += b"trailer << /Size %d /Root 1 0 R >>\n" % (len(bodies) + 1)
    path.write_bytes(written + b"startxref\n%d\n%%%%EOF\n" % end)
    return path


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _content(broken: tuple[bool, ...]) -> bytes:
    shown = [
        f"/{'Bad' if bad else 'Good'} 14 Tf 1 0 0 1 30 {260 - 30 * i} Tm ({line}) Tj"
        for i, (line, bad) in enumerate(zip(LINES, broken, strict=True))
    ]
    return "\n".join(["BT", *shown, "ET"]).encode()


def _shifted_map() -> bytes:
    return (
        "/CIDInit /ProcSet findresource begin begincmap /CMapName /Off def\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"1 beginbfrange <20> <7E> <{0x20 + SHIFT - 32:04X}> endbfrange\n"
        "endcmap end"
    ).encode()


ALL, NONE, SOME = (True,) * 5, (False,) * 5, (False, True, True, True, True)


def test_only_garbled_pages_are_read_from_their_picture(tmp_path: Path) -> None:
    pdf = write_pdf(tmp_path / "broken.pdf", (ALL, NONE, SOME))
    found = read_report(pdf, DOC, 3, ExtractConfig())
    pages = found.tables["extracted_pages"]
    assert pages["text_source"].to_list() == ["ocr", "text_layer", "ocr"]
    expected = [line.replace(" ", "") for line in LINES]
    for text in pages["text"]:
        assert [line.replace(" ", "") for line in text.split("\n")] == expected


@pytest.mark.parametrize(("share", "unreadable"), [(NONE, []), (SOME, [1])], ids=["good", "bad"])
def test_the_text_layer_tells(
    share: tuple[bool, ...], unreadable: list[int], tmp_path: Path
) -> None:
    pdf = write_pdf(tmp_path / "broken.pdf", (share,))
    payload = {"doc_id": DOC, "min_readability": 0.5, "characters": "pdfium", "pdf": str(pdf)}
    found = extract_chunk({**payload, "first_page": 1, "last_page": 1})
    assert found["unreadable_pages"] == unreadable
