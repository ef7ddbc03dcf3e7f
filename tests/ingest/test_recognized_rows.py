"""OCR lines become rows: a label stands before its value, also on a crooked scan."""

import pytest

from sft_assets.ingest.child import _join_rows
from sft_assets.worker.ocr import OcrLine


def line(text: str, x0: float, top: float, height: float = 20) -> OcrLine:
    return OcrLine(x0, top, x0 + 10 * len(text), top + height, text, 1.0)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], ""),
        ([line("value", 300, 97), line("label", 0, 100)], "label value"),
        ([line("second", 0, 130), line("first", 0, 100)], "first\nsecond"),
        ([line("a", 0, 100), line("b", 200, 106), line("c", 400, 112), line("d", 0, 130)], "a b c\nd"),
        ([line("title", 0, 100, 60), line("below", 0, 170)], "title\nbelow"),
    ],
)  # fmt: skip
def test_rows(lines: list[OcrLine], expected: str) -> None:
    assert _join_rows(lines) == expected
    assert _join_rows(lines[::-1]) == expected
