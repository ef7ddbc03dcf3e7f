"""What runs in an isolated child: draw plain pictures of pages."""

import io
from collections.abc import Mapping
from typing import Any

import polars as pl
import pypdfium2

PICTURES = pl.Schema(
    {"page_no": pl.Int32, "width": pl.Float64, "height": pl.Float64, "png": pl.Binary}
)
MAX_SIDE = 1600  # pixels
GREYS = 16  # enough to read print by, and a quarter of the bytes


def draw_pages(payload: Mapping[str, Any]) -> dict[str, object]:
    """Return pictures of ``pages`` (1-based) in grey, with the size of the page in points."""
    rows = []
    document = pypdfium2.PdfDocument(payload["pdf"])
    for page_no in payload["pages"]:
        page = document[page_no - 1]
        width, height = page.get_size()
        bitmap = page.render(scale=min(payload["dpi"] / 72, MAX_SIDE / max(width, height, 1.0)))
        picture = bitmap.to_pil().convert("L").quantize(GREYS)
        bitmap.close()
        page.close()
        stream = io.BytesIO()
        picture.save(stream, "PNG", optimize=True)
        rows.append((page_no, width, height, stream.getvalue()))
    document.close()
    return {"pictures": pl.DataFrame(rows, schema=PICTURES, orient="row")}
