"""The number printed on a page."""

import pytest

from sft_assets.extract.reading.lines import Line, Word
from sft_assets.extract.reading.page_labels import find_page_label

HEIGHT = 800.0


def line(text: str, top: float) -> Line:
    words, x = [], 50.0
    for part in text.split(" "):
        spans = tuple((x + 5 * i, x + 5 * i + 5) for i in range(len(part)))
        words.append(Word(part, x, top, x + 5 * len(part), top + 10, spans, 10))
        x += 5 * len(part) + 5
    return Line(tuple(words))


BODY = [line("Some text of the page", 100 + 20 * i) for i in range(5)]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([*BODY, line("58", 780)], "58"),
        ([*BODY, line("- 58 -", 780)], "58"),
        ([*BODY, line("第58页", 780)], "58"),
        ([*BODY, line("第 58 頁 共 124 頁", 780)], "58"),
        ([*BODY, line("58 / 124", 780)], "58"),
        ([*BODY, line("58/124", 780)], "58"),
        ([*BODY, line("Page 3 of 90", 780)], "3"),
        ([*BODY, line("F-12", 780)], "F-12"),
        ([*BODY, line("iv", 780)], "iv"),
        ([line("7", 10), *BODY], "7"),
        ([*BODY, line("58", 300)], "58"),
        ([*BODY, line("Example Holdings Limited 58", 780)], "58"),
        ([*BODY, line("58 Example annual report", 780)], "58"),
        (BODY, None),
        ([*BODY, line("Total 1,234", 780)], None),
        ([line("Annual report for 2023", 10), *BODY], None),
        ([], None),
    ],
)
def test_find_page_label(lines: list[Line], expected: str | None) -> None:
    assert find_page_label(lines, HEIGHT) == expected
