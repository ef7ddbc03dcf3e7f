"""Which words are numbers, and which signs belong to them."""

import pytest

from sft_assets.extract.reading.lines import Word
from sft_assets.extract.tables.number_tokens import has_digits, is_number, join_signs


def words(*placed: tuple[str, float]) -> list[Word]:
    """Words of 5 points a character at the left edges given."""
    found = []
    for text, x0 in placed:
        spans = tuple((x0 + 5 * i, x0 + 5 * i + 5) for i in range(len(text)))
        found.append(Word(text, x0, 0, x0 + 5 * len(text), 10, spans, 10))
    return found


@pytest.mark.parametrize(
    "text",
    [
        "7",
        "1,234",
        "1，234.50",
        "(409)",
        "（1,234.50）",
        "-5.2%",
        "$1.20",
        "HK$3",
        "12.5%",
        "2023",
        ".25",
        "-.25",
        "1234567.89",
        "(12.5)%",
        "RMB12",
        "￥88",
        "10x",
        "7*",
        "-",
        "—",
        "N/A",
        "(–)",
    ],
)
def test_numbers(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Note",
        "4(a)",
        "1.2.3",
        "第3季度",
        "2023年",
        "12月31日",
        "A1",
        "1,23",
        "1-2",
        "一",
        "$",
        "%",
        "(",
    ],
)
def test_no_numbers(text: str) -> None:
    assert not is_number(text)


@pytest.mark.parametrize("text", ["-", "—", "N/A", "*", "不适用"])
def test_a_dash_is_a_number_without_digits(text: str) -> None:
    assert is_number(text)
    assert not has_digits(text)


@pytest.mark.parametrize(
    ("placed", "expected"),
    [
        pytest.param([("$", 0), ("1,234", 40)], ["$ 1,234"], id="currency-pushed-left"),
        pytest.param([("(409", 0), (")", 22)], ["(409 )"], id="bracket-pushed-right"),
        pytest.param([("(", 0), ("409)", 5)], ["(409)"], id="bracket-apart"),
        pytest.param([("12.5", 0), ("%", 22)], ["12.5 %"], id="percent"),
        pytest.param([("$", 0), ("(409", 30), (")", 52)], ["$ (409 )"], id="all-signs"),
        pytest.param([("1,234", 0), ("5,678", 60)], ["1,234", "5,678"], id="two-numbers"),
        pytest.param([("HK$", 0), ("HK$", 60)], ["HK$", "HK$"], id="two-units"),
        pytest.param([("Note", 0), ("4", 25)], ["Note", "4"], id="words-stay"),
        pytest.param([("409", 0), (")", 90)], ["409", ")"], id="bracket-far-away"),
        pytest.param([("$", 0), ("Total", 10)], ["$", "Total"], id="currency-of-nothing"),
    ],
)
def test_join_signs(placed: list[tuple[str, float]], expected: list[str]) -> None:
    joined = join_signs(words(*placed))
    assert [w.text for w in joined] == expected
    assert all(len(w.spans) == len(w.text) for w in joined)
