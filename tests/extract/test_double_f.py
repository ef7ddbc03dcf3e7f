"""One glyph for two letters: "ff" is spelled out, "fi" and an ordinary "f" stay as they are."""

from typing import Any

import pytest

from sft_assets.extract.reading.page_content import make_char
from sft_assets.extract.reading.pdfium_chars import _DoubleF

FONT, OTHER = 1, 2
Glyph = tuple[str, float, float, int]  # text, x0, x1, font


def _read(glyphs: list[Glyph]) -> tuple[str, bool]:
    double_f = _DoubleF()
    chars: list[Any] = []
    for text, x0, x1, font in glyphs:
        chars.append(make_char(text, (x0, 0.0, x1, 10.0), 10.0, upright=True))
        double_f.see(font, chars[-1])
    return "".join(c["text"] for c in double_f.spell_out(chars)), double_f.is_doubtful


@pytest.mark.parametrize(
    ("glyphs", "expected"),
    [
        pytest.param([("f", 0, 3, FONT), ("o", 3, 8, FONT), ("f", 8, 11, FONT)], "fof", id="plain"),
        pytest.param(
            [("f", 0, 3, FONT), ("o", 3, 8, FONT), ("f", 8, 13.5, FONT), ("f", 20, 23, FONT)],
            "fofff",
            id="wide-among-narrow-of-its-font",
        ),
        pytest.param(
            [("f", 0, 3, FONT), ("f", 3, 6, FONT), ("f", 6, 11, FONT), ("i", 6, 11, FONT)],
            "fffi",
            id="fi-glyph-spelled-by-pdfium",
        ),
        pytest.param(
            [("f", 0, 2, FONT), ("a", 2, 7, FONT), ("f", 7, 10, OTHER), ("b", 10, 15, OTHER)],
            "fafb",
            id="another-font-is-another-width",
        ),
        pytest.param(
            [("o", 0, 5, FONT), ("f", 5, 10.5, OTHER)], "off", id="font-of-this-glyph-only"
        ),
    ],
)
def test_what_is_spelled_out(glyphs: list[Glyph], expected: str) -> None:
    assert _read(glyphs) == (expected, False)


def test_typewriter_leaves_a_doubt() -> None:
    assert _read([("f", 0, 6, FONT), ("o", 6, 12, FONT)]) == ("fo", True)
