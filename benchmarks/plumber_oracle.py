"""What plain pdfplumber reads on each page of a report, kept in a folder: it costs 0.1 s a page."""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber

from sft_assets.extract.reading.page_frame import Box

PARTS = 10  # of a report's pages; the first part is a sample spread evenly over it
Word = tuple[str, float, float, float, float]  # text, x0, top, x1, bottom


@dataclass(frozen=True, slots=True)
class PlainTable:
    """A table as pdfplumber's finder gives it; a merged cell is None."""

    box: Box
    rows: tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True, slots=True)
class PlainPage:
    """Words and tables in pdfplumber's own frame, the media box; None where it fails."""

    page_no: int
    words: tuple[Word, ...] | None
    tables: tuple[PlainTable, ...]


def plain_page(page: Any) -> PlainPage:
    """Return what ``page.extract_words()``, ``page.find_tables()`` and ``extract()`` say."""
    words = tuple(
        (w["text"], *(round(w[k], 3) for k in ("x0", "top", "x1", "bottom")))
        for w in page.extract_words()
    )
    tables = tuple(
        PlainTable(
            tuple(round(v, 3) for v in table.bbox),  # type: ignore[arg-type]
            tuple(tuple(row) for row in table.extract()),
        )
        for table in page.find_tables()
    )
    return PlainPage(page.page_number, words, tables)


def plain_pages(pdf: Path, cache: Path, part: int) -> list[PlainPage]:
    """Return the pages of ``pdf`` whose index is ``part`` modulo ``PARTS``.

    They come from ``cache`` where an earlier run left them.
    """
    kept = cache / f"{pdf.stem}.{part}.json.gz"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        text = json.dumps(_read(pdf, part), ensure_ascii=False)
        unfinished = kept.with_suffix(".part")
        unfinished.write_bytes(gzip.compress(text.encode()))
        unfinished.rename(kept)
    found = json.loads(gzip.decompress(kept.read_bytes()))
    return [_page_of(*entry) for entry in found]


def _read(pdf: Path, part: int) -> list[Any]:
    pages: list[Any] = []
    with pdfplumber.open(pdf) as document:
        for page in document.pages[part::PARTS]:
            try:
                found = plain_page(page)
            except Exception:  # noqa: BLE001  # whatever a parser raises on a stranger's file
                found = PlainPage(page.page_number, None, ())
            tables = [(table.box, table.rows) for table in found.tables]
            pages.append((found.page_no, found.words, tables))
            page.close()
    return pages


def _page_of(page_no: int, words: list[Any] | None, tables: list[Any]) -> PlainPage:
    return PlainPage(
        page_no,
        None if words is None else tuple(tuple(word) for word in words),
        tuple(PlainTable(tuple(box), tuple(tuple(row) for row in rows)) for box, rows in tables),
    )
