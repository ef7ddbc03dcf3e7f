"""Bytes before the PDF's header change nothing, whichever parser reads the page."""

from pathlib import Path

import pytest

from sft_assets.extract.child import extract_chunk
from sft_assets.sample import sample_inbox


@pytest.mark.parametrize("characters", ["pdfium", "pdfplumber"])
def test_bytes_before_the_header_are_skipped(tmp_path: Path, characters: str) -> None:
    plain = sample_inbox() / "nlmi-20230630.pdf"
    late = tmp_path / "late.pdf"
    late.write_bytes(b"HTTP/1.1 200 OK\r\n\r\n" + plain.read_bytes())
    payload = {"first_page": 4, "last_page": 4, "doc_id": "0" * 64, "min_readability": 0.5}
    payload |= {"characters": characters}
    one, other = (extract_chunk(payload | {"pdf": str(path)}) for path in (plain, late))
    assert one["extracted_cells"].equals(other["extracted_cells"])
    assert one["extracted_cells"].height > 20
