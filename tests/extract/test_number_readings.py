"""Two readings of one number: which are taken, which stay doubtful."""

import pytest

from sft_assets.extract.reading.number_readings import (
    NumberReading,
    confuses_signs,
    find_numbers,
    needs_third,
    only_number,
    settle,
    spaces_within,
)


def readings(*texts: str, sureness: float = 0.99) -> list[NumberReading]:
    return [NumberReading(text, sureness) for text in texts]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["1,234.50", "1,234.50"], "1,234.50", id="alike"),
        pytest.param(["1.234.567.89", "1.234.567.89"], "1,234,567.89", id="points-for-commas"),
        pytest.param(["1.234,567,89", "1.234.567.89"], "1,234,567.89", id="mixed"),
        pytest.param(["1.234.567", "1,234,567"], "1,234,567", id="one-saw-the-commas"),
        pytest.param(["-1,234", "-1,234"], "-1,234", id="minus"),
        pytest.param(["(1,234", "（1,234"], "(1,234", id="bracket"),
        pytest.param(["1,284", "1,234", "1,234"], "1,234", id="third-decides"),
        pytest.param(["12.5", "12.5"], "12.5", id="decimal"),
        pytest.param(["2021", "2021"], "2021", id="year"),
        pytest.param(["2014.05.20", "2014.05.20"], "2014.05.20", id="date"),
    ],
)
def test_settled(texts: list[str], expected: str) -> None:
    found = settle(readings(*texts))
    assert (found.text, found.is_doubtful) == (expected, False)


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["1,234", "1,284"], id="digits-differ"),
        pytest.param(["1,234", "1,284", "1,264"], id="all-differ"),
        pytest.param(["-1,234", "1,234"], id="sign-lost"),
        pytest.param(["1.234", "1,234"], id="comma-or-point"),
        pytest.param(["12,34", "12,34"], id="no-such-group"),
        pytest.param(["-13.23", "13.23", "13.23"], id="sign-cut-off-twice"),
        pytest.param(["3014.05.20", "3014.05.20"], id="no-date"),
        pytest.param(["1,234,56789", "1,234,56789"], id="group-of-five"),
        pytest.param(["1,234", ""], id="nothing-read"),
        pytest.param(["1,234"], id="one-reading"),
    ],
)
def test_doubtful_and_left_as_it_was(texts: list[str]) -> None:
    found = settle(readings(*texts))
    assert (found.text, found.is_doubtful) == (texts[0], True)


def test_readings_that_were_unsure_prove_nothing() -> None:
    assert settle(readings("48,396", "48,396", sureness=0.6)).is_doubtful
    assert settle(readings("48,396", "48,396", sureness=0.95)).is_doubtful
    assert not settle([*readings("48,396", "48,396"), *readings("4", sureness=0.1)]).is_doubtful


def test_three_readings_of_which_one_was_clear() -> None:
    unsure, clear = readings("11,686", "11,686", sureness=0.7), readings("11,686")
    assert not settle([*unsure, *clear]).is_doubtful
    assert settle([*unsure, *readings("11,686", sureness=0.95)]).is_doubtful
    assert settle([unsure[0], *clear, *readings("11,688", sureness=0.5)]).is_doubtful


def test_a_third_reading_is_asked_for() -> None:
    sure, unsure = readings("1,234", "1.234")[0], NumberReading("1,234", 0.5)
    assert not needs_third(sure, sure)
    assert needs_third(sure, unsure)
    assert needs_third(sure, NumberReading("1,284", 0.99))


def test_points_for_commas_are_noticed() -> None:
    assert confuses_signs(readings("1.234.567", "1.234.567"))
    assert confuses_signs(readings("1,234", "1.234"))
    assert not confuses_signs(readings("1,234.50", "1，234.50"))


def test_which_numbers_are_read_again() -> None:
    text = "增加1.68个百分点，营业收入1,234.50元（2021年12月）"
    assert [text[a:b] for a, b in find_numbers(text)] == ["1.68", "1,234.50", "（2021"]


def test_the_number_among_neighbours_is_found() -> None:
    found = only_number("|1,234 5", (0.5, *[0.9] * 5, 0.2, 0.3), "1234")
    assert (found.text, found.sureness) == ("1,234", 0.9)
    assert only_number("元", (0.9,), "1234").text == ""


def test_a_part_of_another_number_is_unsure() -> None:
    cut = only_number("5,937,451:98", (0.99,) * 12, "593745198")
    assert (cut.text, cut.sureness) == ("5,937,451", 0.0)
    assert settle([*readings("5,937,451.98"), cut, cut]).is_doubtful


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1,440, 700.00", [6], id="wide-comma"),
        pytest.param("395 ,789,289. 00", [3, 13], id="before-and-after"),
        pytest.param("12, 345", [], id="may-be-two"),
        pytest.param("in 2021, 395,789 people", [], id="year-before"),
        pytest.param("1,234 5,678", [], id="two-columns"),
    ],
)
def test_spaces_of_wide_commas(text: str, expected: list[int]) -> None:
    assert spaces_within(text) == expected
