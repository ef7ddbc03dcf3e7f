"""What runs in an isolated child: draw pages with marks on them."""

import io
import math
from collections import Counter
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polars as pl
import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from sft_assets.extract.reading.page_frame import Box
from sft_assets.extract.reading.pdfium_page import read_page

SCHEMA = pl.Schema({"page_no": pl.Int32, "png": pl.Binary})
MAX_SIDE = 2200  # pixels of a drawn page
LEGEND_WIDTH = 800
LEGEND_HEIGHT = 48
Colour = tuple[int, int, int, int]
LOOKS: Mapping[str, tuple[Colour, Colour | None, int]] = {  # outline, filling, width of the outline
    "ruled cell": ((0, 150, 0, 255), (0, 180, 0, 26), 1),
    "aligned cell": ((235, 110, 0, 255), (255, 140, 0, 30), 1),
    "ocr cell": ((120, 0, 200, 255), (150, 60, 255, 30), 1),
    "word": ((70, 130, 220, 140), None, 1),
    "doubtful": ((170, 120, 0, 255), (255, 215, 0, 120), 1),
    "dropped line": ((200, 0, 0, 255), (255, 60, 60, 90), 1),
    "hidden text": ((200, 0, 200, 255), (255, 0, 255, 110), 1),
}  # in this order one over the other
HAN_FONTS = (
    "truetype/droid/DroidSansFallback*.ttf",
    "*/*/NotoSansCJK*-Regular.ttc",
    "*/*/NotoSansSC*-Regular.otf",
    "truetype/wqy/wqy-*.ttc",
    "truetype/arphic/u*.ttc",
)
FIRST_HAN = 0x2E80
_MATPLOTLIB = find_spec("matplotlib")  # brings a font with ticks and boxes; it is not imported
DEJAVU = (
    Path(_MATPLOTLIB.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
    if _MATPLOTLIB and _MATPLOTLIB.origin
    else None
)
Font = Any


def draw_pages(payload: Mapping[str, Any]) -> dict[str, object]:
    """Return the pictures of ``pages``: the page with its marks, read text beside, a legend."""
    rows = []
    document = pypdfium2.PdfDocument(payload["pdf"])
    for page_no in payload["pages"]:
        page = document[page_no - 1]
        told = payload["told"][str(page_no)]
        marks = [(kind, tuple(box)) for kind, box in told["marks"]]
        marks += [("hidden text", box) for box in read_page(page, page_no).hidden.boxes]
        picture = _draw(page, marks, told, payload["dpi"])
        page.close()
        stream = io.BytesIO()
        picture.save(stream, "PNG", optimize=False)
        rows.append({"page_no": page_no, "png": stream.getvalue()})
    document.close()
    return {"pictures": pl.DataFrame(rows, schema=SCHEMA, orient="row")}


def _draw(
    page: Any, marks: list[tuple[str, Box]], told: Mapping[str, Any], dpi: int
) -> Image.Image:
    width, height = page.get_size()
    scale = min(dpi / 72, MAX_SIDE / max(width, height, 1.0))
    bitmap = page.render(scale=scale, rev_byteorder=True)
    drawn = bitmap.to_pil().convert("RGBA")
    bitmap.close()
    for kind in LOOKS:
        drawn = Image.alpha_composite(drawn, _layer(drawn.size, kind, marks, scale))
    panel = _read_text(told["texts"], drawn.size, scale) if told["texts"] else None
    wide = drawn.width + (panel.width if panel else 0)
    whole = Image.new("RGB", (max(wide, LEGEND_WIDTH), drawn.height + LEGEND_HEIGHT), "white")
    whole.paste(drawn.convert("RGB"), (0, LEGEND_HEIGHT))
    if panel:
        whole.paste(panel, (drawn.width, LEGEND_HEIGHT))
    _draw_legend(whole, told["title"], Counter(kind for kind, _ in marks))
    return whole


def _layer(
    size: tuple[int, int], kind: str, marks: list[tuple[str, Box]], scale: float
) -> Image.Image:
    layer = Image.new("RGBA", size, (0, 0, 0, 0))
    brush = ImageDraw.Draw(layer)
    line, filling, thick = LOOKS[kind]
    for found, box in marks:
        if found == kind:
            x0, top, x1, bottom = (_within(side * scale) for side in box)
            brush.rectangle((x0, top, max(x0, x1), max(top, bottom)), filling, line, thick)
            if kind == "dropped line":
                middle = (top + bottom) / 2
                brush.line((x0, middle, x1, middle), fill=line, width=2)
    return layer


def _within(pixels: float) -> float:
    """Return a coordinate that is not far outside of any picture."""
    return min(max(pixels, -10.0), 2.0 * MAX_SIDE) if math.isfinite(pixels) else 0.0


def _draw_legend(picture: Image.Image, title: str, counts: Counter[str]) -> None:
    brush = ImageDraw.Draw(picture)
    brush.line((0, LEGEND_HEIGHT - 1, picture.width, LEGEND_HEIGHT - 1), fill="grey")
    font = ImageFont.load_default(size=14)
    brush.text((6, 4), title, fill="black", font=font)
    at = 6
    for kind in LOOKS:
        if counts[kind]:
            line, filling, thick = LOOKS[kind]
            swatch = Image.new("RGBA", (16, 14), (0, 0, 0, 0))
            ImageDraw.Draw(swatch).rectangle((0, 0, 15, 13), filling, line, thick)
            picture.paste(swatch, (at, 27), swatch)
            words = f"{kind} ({counts[kind]})"
            brush.text((at + 21, 25), words, fill="black", font=font)
            at += 21 + int(brush.textlength(words, font=font)) + 16


def _read_text(texts: list[list[Any]], size: tuple[int, int], scale: float) -> Image.Image:
    """Return a page of ``size`` with what OCR read, each word where it was read."""
    panel = Image.new("RGB", size, (250, 250, 245))
    han = next(iter(_han_fonts()), None)
    if not han:
        note = "grey: characters that no font of this machine has; index.html shows them"
        ImageDraw.Draw(panel).text((6, 4), note, fill="grey", font=ImageFont.load_default(size=13))
    for text, box, doubtful in texts:
        x0, top, x1, bottom = (_within(side * scale) for side in box)
        on_side = len(text) > 3 and bottom - top > 1.5 * (x1 - x0)
        long, high = (bottom - top, x1 - x0) if on_side else (x1 - x0, bottom - top)
        if long >= 1 and high >= 1:
            line = _line_picture(str(text), int(long), int(min(high, 200)), han)
            if doubtful:
                tint = Image.new("RGB", line.size, (255, 230, 120))
                line = Image.composite(line, tint, line.convert("L").point(lambda v: 255 - v))
            panel.paste(line.rotate(90, expand=True) if on_side else line, (int(x0), int(top)))
    return panel


def _han_fonts() -> list[Path]:
    root = Path("/usr/share/fonts")
    return [path for pattern in HAN_FONTS for path in sorted(root.glob(pattern))]


def _line_picture(text: str, long: int, high: int, han: Path | None) -> Image.Image:
    """Return ``text`` on white, as wide as its line; runs that no font has are grey bars."""
    size = max(6, int(high * 0.8))
    latin = ImageFont.truetype(str(DEJAVU), size) if DEJAVU else ImageFont.load_default(size=size)
    other = ImageFont.truetype(str(han), size) if han else None
    brush = ImageDraw.Draw(Image.new("RGB", (1, 1)))
    runs: list[tuple[str, Font, float]] = []
    for char in text:
        font = latin if ord(char) < FIRST_HAN else other
        width = brush.textlength(char, font=font) if font else float(size)
        if runs and runs[-1][1] is font:
            runs[-1] = (runs[-1][0] + char, font, runs[-1][2] + width)
        else:
            runs.append((char, font, width))
    natural = max(1, math.ceil(math.fsum(width for _, _, width in runs)))
    picture = Image.new("RGB", (min(natural, 4 * MAX_SIDE), high), "white")
    brush = ImageDraw.Draw(picture)
    at = 0.0
    for part, font, width in runs:
        if font:
            brush.text((at, 0), part, fill="black", font=font)
        else:
            brush.rectangle((at + 1, high * 0.3, at + width - 1, high * 0.7), fill=(190, 190, 190))
        at += width
    return picture.resize((max(1, min(long, 2 * MAX_SIDE)), high))
