"""Whether a text layer can be used."""

import pytest

from sft_assets.extract.reading.readability import garbled_letters, needs_ocr, readability_of

CHINESE = "本公司董事会及董事保证本报告所载资料不存在任何虚假记载，并对其内容的真实性承担责任。" * 3
ENGLISH = "The Company’s revenue rose by 12.5% to $1,234 million (2022: $1,097 million)."
TABLE = "项目 2023年12月31日 2022年12月31日\n货币资金 1,234.50 987.00\n应收账款 - 12,345.67"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(CHINESE, id="chinese"),
        pytest.param(ENGLISH, id="english"),
        pytest.param(TABLE, id="table"),
        pytest.param("□适用 \uf052不适用", id="one-private-tick"),
        pytest.param("Contents ................ 5", id="leaders"),
        pytest.param("I. Overview II. Risks (a) U.S. GAAP", id="short-tokens"),
        pytest.param("截至二零二三年十二月三十一日止年度之綜合業績公告", id="traditional"),
    ],
)
def test_readable(text: str) -> None:
    assert readability_of(text) >= 0.8


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("\ufffd\ufffd\ufffd \ufffd\ufffd", id="no-unicode-map"),
        pytest.param("\x01\x02\x03\x04", id="control"),
        pytest.param("\uf041\uf042\uf043 \uf044\uf045", id="private-letters"),
        pytest.param("7JH>C:HH ME:C9>IJG:H 6;I:G C:8:HH6GN", id="shifted-codes"),
        pytest.param("鼯鼱鼹龃龅龆龇龈龊龌龠龢龥龤龣" * 10, id="wrong-map-to-rare-characters"),
    ],
)
def test_unreadable(text: str) -> None:
    assert readability_of(text) < 0.5


def is_read_by_ocr(
    text: str, image_share: float = 0.0, shapes: int = 0, hidden_chars: int = 0
) -> bool:
    is_readable = readability_of(text) >= 0.5
    return needs_ocr(text, image_share, shapes, is_readable=is_readable, hidden_chars=hidden_chars)


@pytest.mark.parametrize(
    ("text", "image_share", "shapes", "expected"),
    [
        pytest.param("", 0.9, 0, True, id="scan"),
        pytest.param("58", 0.9, 0, True, id="scan-with-a-stamped-number"),
        pytest.param("", 0.0, 900, True, id="outlined-letters"),
        pytest.param("", 0.1, 3, False, id="blank-with-a-logo"),
        pytest.param(ENGLISH, 1.0, 0, False, id="text-over-a-picture"),
        pytest.param("\ufffd" * 100, 0.0, 0, True, id="broken-map"),
    ],
)
def test_needs_ocr(text: str, image_share: float, shapes: int, expected: bool) -> None:
    assert is_read_by_ocr(text, image_share, shapes) is expected


@pytest.mark.parametrize(
    ("image_share", "hidden_chars", "expected"),
    [
        pytest.param(1.0, len(ENGLISH) + 1, True, id="stamped-scan-with-hidden-text"),
        pytest.param(1.0, 3, False, id="text-over-a-picture-and-little-hidden"),
        pytest.param(0.1, len(ENGLISH) + 1, False, id="hidden-text-without-a-scan"),
    ],
)
def test_hidden_text_of_a_scan(image_share: float, hidden_chars: int, expected: bool) -> None:
    assert is_read_by_ocr(ENGLISH, image_share, hidden_chars=hidden_chars) is expected


def shifted(text: str) -> str:
    """The text as a font shows it whose map is five codes off."""
    return "".join(" " if char == " " else chr((ord(char) - 32 + 5) % 95 + 32) for char in text)


SENTENCE = "The board of directors has approved the consolidated statements for the fiscal year"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("\n".join([SENTENCE] * 9 + [shifted(SENTENCE)] * 3), True, id="some-lines"),
        pytest.param("\n".join([SENTENCE] * 9 + ["\ufffd" * 40] * 5), True, id="nameless-lines"),
        pytest.param(f"\ufffd {SENTENCE} informa\ufffdon\n" * 90, False, id="nameless-bullets"),
        pytest.param("\n".join([SENTENCE] * 12), False, id="prose"),
        pytest.param("HK$’000 HK$’000 HK$’000 HK$’000\n" * 12, False, id="units"),
        pytest.param("公司网址 http://www.qzxjkwv.com.cn\n" * 12, False, id="addresses"),
        pytest.param("WONG Chun Nam, Duffy, B.B.S., J.P.\n" * 4, False, id="names"),
        pytest.param(f"{SENTENCE}\n{shifted(SENTENCE)}", False, id="one-line"),
    ],
)
def test_a_page_with_one_broken_font(text: str, expected: bool) -> None:
    assert is_read_by_ocr(text) is expected


def test_letters_of_garbled_lines_are_counted() -> None:
    assert garbled_letters(shifted(SENTENCE)) > 40
    assert garbled_letters(SENTENCE) == 0
