"""Characters of a page: what is printed, where, and what nobody can see."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from sft_assets.extract.reading.lines import text_of
from sft_assets.extract.reading.page_content import PageContent
from sft_assets.extract.reading.pdfium_page import read_page

Read = Callable[..., PageContent]


def _mode(mode: int) -> Callable[[Any], None]:
    def draw(canvas: Any) -> None:
        canvas.drawString(50, 400, "seen")
        text = canvas.beginText(50, 300)
        text.setTextRenderMode(mode)
        text.textOut("Secret 123")
        canvas.drawText(text)

    return draw


def _white_on(ground: str | None) -> Callable[[Any], None]:
    def draw(canvas: Any) -> None:
        canvas.drawString(50, 400, "seen")
        if ground:
            canvas.setFillColor(ground)
            canvas.rect(40, 290, 200, 30, stroke=0, fill=1)
        canvas.setFillColor("white")
        canvas.drawString(50, 300, "Secret 123")

    return draw


def _at(x: float, y: float, size: float = 10) -> Callable[[Any], None]:
    def draw(canvas: Any) -> None:
        canvas.drawString(50, 400, "seen")
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, y, "Secret 123")

    return draw


@pytest.mark.parametrize(
    ("draw", "hidden"),
    [
        pytest.param(_mode(3), 9, id="render-mode-invisible"),
        pytest.param(_mode(7), 9, id="render-mode-clip"),
        pytest.param(_white_on(None), 9, id="white-on-white"),
        pytest.param(_white_on("#fefefe"), 9, id="white-on-nearly-white"),
        pytest.param(_at(50, -80), 9, id="below-the-page"),
        pytest.param(_at(900, 300), 9, id="right-of-the-page"),
        pytest.param(_at(50, 300, 0.4), 9, id="smaller-than-a-point"),
        pytest.param(_mode(0), 0, id="filled"),
        pytest.param(_mode(1), 0, id="outlined"),
        pytest.param(_white_on("navy"), 0, id="white-on-dark"),
        pytest.param(_at(50, 300, 4), 0, id="small-print"),
    ],
)
def test_hidden_text(read_made: Read, draw: Callable[[Any], None], hidden: int) -> None:
    content = read_made(draw)
    assert content.hidden_chars == hidden
    assert text_of(content.chars) == ("seen" if hidden else "seen\nSecret 123")


def test_boxes_are_where_the_text_is(read_made: Read) -> None:
    content = read_made(lambda canvas: canvas.drawString(50, 400, "Ab"))
    chars = content.chars
    assert (round(chars.x0[0]), round(chars.bottom[0])) == (50, 102)  # 500 - 400 + descent
    assert chars.size[0] == pytest.approx(10)
    assert chars.bottom[0] - chars.top[0] == pytest.approx(10)


def _turned(path: Path, rotation: int, crop: tuple[float, float, float, float] | None) -> Path:
    document = pypdfium2.PdfDocument(path)
    page = document[0]
    page.set_rotation(rotation)
    if crop:
        page.set_cropbox(*crop)
    out = path.with_name("turned.pdf")
    document.save(out)
    document.close()
    return out


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (20.0, 30.0, 380.0, 480.0)])
def test_boxes_follow_the_displayed_page(
    make_pdf: Callable[..., Path], rotation: int, crop: tuple[float, float, float, float] | None
) -> None:
    """What pdfium draws inside a character's box is ink; the frame is the displayed page."""
    made = make_pdf(
        lambda canvas: (canvas.setFont("Helvetica", 40), canvas.drawString(90, 300, "H"))
    )
    document = pypdfium2.PdfDocument(_turned(made, rotation, crop))
    page = document[0]
    content = read_page(page, 1)
    picture = page.render(scale=1).to_pil().convert("L")
    chars = content.chars
    box = tuple(round(side[0]) for side in (chars.x0, chars.top, chars.x1, chars.bottom))
    document.close()
    assert (content.width, content.height) == pytest.approx(picture.size, abs=1)
    assert picture.crop(box).getextrema()[0] < 100
    picture.paste(255, box)
    assert picture.getextrema() == (255, 255), "all ink is inside the box"


def test_characters_by_their_unicode_map(tmp_path: Path) -> None:
    """Private-use ticks and characters beyond 16 bits are kept as one code point each."""
    path = tmp_path / "map.pdf"
    path.write_bytes(_pdf_with_map({"A": "F052", "B": "D840DC0B", "C": "00A3"}, "ABC"))
    document = pypdfium2.PdfDocument(path)
    content = read_page(document[0], 1)
    document.close()
    assert text_of(content.chars) == "\uf052\U0002000b£"


def _pdf_with_map(mapping: dict[str, str], text: str, *, is_program: bool = False) -> bytes:
    pairs = "".join(f"<{ord(k):02X}> <{v}>\n" for k, v in mapping.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
        "/CMapType 2 def 1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"{len(mapping)} beginbfchar\n{pairs}endbfchar endcmap end end"
    )
    content = f"BT /F 20 Tf 50 100 Td {text if is_program else f'({text}) Tj'} ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R"
        "/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        f"<</Length {len(cmap)}>>stream\n{cmap}\nendstream",
    ]
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF"
    return out.encode("latin-1")


def test_spaces(read_made: Read, chinese_font: str) -> None:
    def draw(canvas: Any) -> None:
        canvas.drawString(50, 400, "Net income  for the year")
        canvas.setFont(chinese_font, 10)
        canvas.drawString(50, 300, "本期净利润", charSpace=2.0)

    assert text_of(read_made(draw).chars) == "Net income for the year\n本期净利润"


def test_a_sign_without_a_glyph_is_found(read_made: Read, chinese_font: str) -> None:
    """pdfium passes over a lone bracket whose font is nowhere: it would turn a loss to a gain."""

    def apart(canvas: Any) -> None:
        canvas.setFont(chinese_font, 10)
        canvas.drawString(50, 400, "(1,234")
        canvas.drawString(50 + canvas.stringWidth("(1,234"), 400, ")")
        canvas.drawString(50, 300, "-")
        canvas.drawString(50 + canvas.stringWidth("-"), 300, "5,678")
        canvas.drawString(50, 200, " ")

    content = read_made(apart)
    assert text_of(content.chars) == "(1,234)\n-5,678"
    assert not content.is_doubtful


def test_equal_letters_side_by_side_are_all_found(read_made: Read) -> None:
    """pdfium takes two equal objects set tightly for one printed twice, and a hyphen for none."""

    def apart(canvas: Any) -> None:
        for i in range(4):
            canvas.drawString(50 + 2.3 * i, 400, "l")
        canvas.drawString(50, 300, "A-")
        canvas.drawString(60.5, 300, "-")

    content = read_made(apart)
    assert text_of(content.chars) == "llll\nA--"
    assert not content.is_doubtful


def test_print_over_print_is_read_once(read_made: Read) -> None:
    def bold(canvas: Any) -> None:
        for dx in (0.0, 0.3):
            canvas.drawString(50 + dx, 400, "Total")
        for dy in (0.0, 1.0):
            canvas.drawString(50, 300 + dy, "51")

    content = read_made(bold)
    assert text_of(content.chars) == "Total\n51"
    assert not content.is_doubtful


def test_glyphs_speak_for_themselves(tmp_path: Path) -> None:
    """Two objects under one ActualText: pdfium alone would give that text and no more."""
    path = tmp_path / "actual.pdf"
    shown = "/Span <</ActualText (9)>> BDC (1) Tj 20 0 Td (2) Tj EMC"
    path.write_bytes(_pdf_with_map({"1": "0031", "2": "0032"}, shown, is_program=True))
    document = pypdfium2.PdfDocument(path)
    content = read_page(document[0], 1)
    document.close()
    assert text_of(content.chars) == "1 2"


def test_a_page_read_is_drawn_as_before(make_pdf: Callable[..., Path], chinese_font: str) -> None:
    def draw(canvas: Any) -> None:
        for i in range(3):
            canvas.drawString(50 + 2.3 * i, 400, "l")
        canvas.setFont(chinese_font, 10)
        canvas.drawString(80, 400, "-")

    document = pypdfium2.PdfDocument(make_pdf(draw))
    page = document[0]
    before = page.render(scale=2).to_numpy().copy()
    content = read_page(page, 1)
    after = page.render(scale=2).to_numpy()
    assert text_of(content.chars) == "lll -"
    assert (before == after).all()
    document.close()
