"""Tables of a page: drawn grids, columns of numbers, and what is neither."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from sft_assets.extract.reading.lines import build_lines, build_words
from sft_assets.extract.reading.page_content import PageContent
from sft_assets.extract.tables.cells import PageTable
from sft_assets.extract.tables.page_tables import find_tables

Read = Callable[..., PageContent]
LINE = 14.0


def tables_of(content: PageContent) -> list[PageTable]:
    words = build_words(content.chars)
    return find_tables(content.edges, words, build_lines(words))


def as_text(table: PageTable) -> list[list[str]]:
    """Rows of the table; a column without a cell in a row is ""."""
    columns = max(cell.col_no for cell in table.cells) + 1
    rows = [[""] * columns for _ in range(max(cell.row_no for cell in table.cells) + 1)]
    for cell in table.cells:
        rows[cell.row_no][cell.col_no] = cell.text
    return rows


def statement(rows: Sequence[Sequence[str]], *, right: Sequence[float] = (280, 350)) -> Any:
    """Draw rows of a label and numbers whose digits end at ``right``; ")" and "%" hang over."""

    def draw(canvas: Any) -> None:
        y = 450.0
        for label, *numbers in rows:
            canvas.drawString(40, y, label)
            for x, number in zip(right, numbers, strict=False):
                body = number.rstrip(")%")
                currency, _, digits = body.rpartition("$")
                canvas.drawRightString(x, y, digits)
                canvas.drawString(x + 0.5, y, number[len(body) :])
                if currency or body.startswith("$"):
                    canvas.drawString(x - 50, y, "$")
            y -= LINE

    return draw


STATEMENT = [
    ("(In millions)", "", ""),
    ("Year ended June 30,", "2023", "2022"),
    ("Revenue:", "", ""),
    ("Goods", "$64,699", "$72,732"),
    ("Services and other", "147,216", "125,538"),
    ("Other income, net", "(788)", "-"),
    ("Allowance of $650 and $633", "48,688", "44,261"),
    ("Effective rate", "19.0%", "13.1%"),
]


def test_statement_without_rules(read_made: Read) -> None:
    (table,) = tables_of(read_made(statement(STATEMENT)))
    assert table.method == "aligned"
    assert as_text(table) == [
        ["(In millions)", "", ""],
        ["Year ended June 30,", "2023", "2022"],
        ["Revenue:", "", ""],
        ["Goods", "$ 64,699", "$ 72,732"],
        ["Services and other", "147,216", "125,538"],
        ["Other income, net", "(788)", "-"],
        ["Allowance of $650 and $633", "48,688", "44,261"],
        ["Effective rate", "19.0%", "13.1%"],
    ]


def test_wrapped_labels_join_their_numbers_and_headings_do_not(read_made: Read) -> None:
    rows = [
        ("", "2023", "2022"),
        ("Operating activities", "", ""),
        ("Net income", "100", "90"),
        ("Purchases of property and", "", ""),
        ("equipment, net of disposals", "(40)", "(30)"),
        ("Changes in assets:", "", ""),
        ("Inventories", "5", "6"),
    ]
    (table,) = tables_of(read_made(statement(rows)))
    labels = [row[0] for row in as_text(table)]
    assert labels == [
        "",
        "Operating activities",
        "Net income",
        "Purchases of property and\nequipment, net of disposals",
        "Changes in assets:",
        "Inventories",
    ]


def test_chinese_statement_without_rules(read_made: Read, chinese_font: str) -> None:
    labels = ["營業額", "銷貨成本", "毛利"]
    rows = [("", "99,313", "148,422"), ("", "(94,192)", "(139,558)"), ("", "5,121", "8,864")]

    def draw(canvas: Any) -> None:
        statement(rows)(canvas)
        canvas.setFont(chinese_font, 10)
        for i, label in enumerate(labels):
            canvas.drawString(40, 450 - LINE * i, label)

    (table,) = tables_of(read_made(draw))
    assert as_text(table) == [[label, *row[1:]] for label, row in zip(labels, rows, strict=True)]


def test_labels_in_two_languages_have_columns_of_their_own(
    read_made: Read, chinese_font: str
) -> None:
    pairs = [("Turnover", "營業額"), ("Cost of sales", "銷貨成本"), ("Gross profit", "毛利")]

    def draw(canvas: Any) -> None:
        statement([(en, f"{i},100", f"{i},200") for i, (en, _) in enumerate(pairs, 1)])(canvas)
        canvas.setFont(chinese_font, 10)
        for i, (_, zh) in enumerate(pairs):
            canvas.drawString(130, 450 - LINE * i, zh)

    (table,) = tables_of(read_made(draw))
    assert as_text(table)[1] == ["Cost of sales", "銷貨成本", "2,100", "2,200"]


def test_dots_lead_to_numbers(read_made: Read) -> None:
    rows = [(f"Item {c} ..........", "1,100", "1,200") for c in "abc"]
    (table,) = tables_of(read_made(statement(rows)))
    assert as_text(table)[0] == ["Item a", "1,100", "1,200"]


def _prose(canvas: Any) -> None:
    for i, text in enumerate(
        [
            "Sales grew by 12.5% to 1,234 million in 2023, after 1,097 million in 2022.",
            "The margin fell to 18.1%, since costs rose by 90 million in the second half.",
            "We expect 2024 to be a year of moderate growth, between 2% and 4%.",
        ]
    ):
        canvas.drawString(40, 450 - LINE * i, text)


def _contents(canvas: Any) -> None:
    rows = [(f"Chapter {i} ....................", str(3 * i)) for i in range(1, 9)]
    statement(rows, right=(350,))(canvas)


def _page_number(canvas: Any) -> None:
    canvas.drawString(40, 450, "A page with a single line of text")
    canvas.drawString(200, 20, "58")


@pytest.mark.parametrize("draw", [_prose, _contents, _page_number])
def test_no_table(read_made: Read, draw: Any) -> None:
    assert tables_of(read_made(draw)) == []


def _grid(canvas: Any, xs: Sequence[float], ys: Sequence[float]) -> None:
    canvas.grid(list(xs), list(ys))


def test_drawn_grid(read_made: Read) -> None:
    def draw(canvas: Any) -> None:
        _grid(canvas, (40, 160, 260, 360), (380, 410, 430, 450))
        canvas.drawString(45, 436, "Item")
        canvas.drawString(165, 436, "2023")
        canvas.drawString(265, 436, "2022")
        canvas.drawString(45, 416, "Revenue")
        canvas.drawRightString(255, 416, "1,234.50")
        canvas.drawString(45, 398, "Profit of the")
        canvas.drawString(45, 386, "owners")
        canvas.drawRightString(255, 392, "39,608,340,979.04")
        canvas.drawRightString(357, 392, "36,683,290,538.29")

    (table,) = tables_of(read_made(draw))
    assert table.method == "ruled"
    assert as_text(table) == [
        ["Item", "2023", "2022"],
        ["Revenue", "1,234.50", ""],
        ["Profit of the\nowners", "39,608,340,979.04", "36,683,290,538.29"],
    ]


def test_frame_around_columns_is_no_grid(read_made: Read) -> None:
    def draw(canvas: Any) -> None:
        _grid(canvas, (30, 380), (300, 440, 470))
        statement(STATEMENT)(canvas)

    (table,) = tables_of(read_made(draw))
    assert table.method == "aligned"
    assert ["Services and other", "147,216", "125,538"] in as_text(table)


def test_shaded_rows_are_no_grid(read_made: Read) -> None:
    def draw(canvas: Any) -> None:
        canvas.setFillColorRGB(0.8, 0.9, 1)
        for i in range(0, len(STATEMENT), 2):
            for x0, x1 in ((35, 225), (225, 290), (290, 360)):
                canvas.rect(x0, 447 - LINE * i, x1 - x0, LINE, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)
        statement(STATEMENT)(canvas)

    (table,) = tables_of(read_made(draw))
    assert table.method == "aligned"
    assert len(as_text(table)) == len(STATEMENT)
