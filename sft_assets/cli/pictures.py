"""``extract --render``: pictures of pages with what was read, and what cleaning drops, marked."""

import re
from pathlib import Path
from typing import Any

from sft_assets.clean.page_lines import read_pages
from sft_assets.clean.running_lines import find_running_lines
from sft_assets.cli.output import progress_bar, say
from sft_assets.errors import SettingsError
from sft_assets.extract.drawing.pictures import draw_report
from sft_assets.extract.report_reading import ExtractConfig, count_pages, read_report
from sft_assets.lineage.digests import sha256_of_file


def render_pages(pdf: Path, folder: Path, pages: str | None, dpi: int) -> dict[str, Any]:
    """Draw ``pages`` of ``pdf`` below ``folder`` and return what came of it.

    All pages are read, since a running head is one by its repetition; by OCR only those drawn.

    Raises:
        RejectedDocumentError: If the PDF cannot be opened.
        SettingsError: If ``pages`` names none of its pages.
    """
    page_count = count_pages(pdf)
    wanted = parse_pages(pages, page_count)
    with progress_bar() as listen:
        found = read_report(
            pdf, sha256_of_file(pdf), page_count, ExtractConfig(), listen, ocr_only=set(wanted)
        )
        tables = found.tables
        running = find_running_lines(read_pages(*tables.values()))
        dropped = {
            (page_no, drop.line.start): drop.rule
            for page_no in running
            for drop in running[page_no]
        }
        failed = draw_report(pdf, tables, dropped, wanted, folder, dpi=dpi, report_progress=listen)
    return {
        "render": str(folder / "index.html"),
        "pictures": len(wanted) - len(failed),
        "pages_by_ocr": found.ocr_pages,
        "pages_not_read": found.failed,
        "pages_not_drawn": {str(page): reason for page, reason in sorted(failed.items())},
    }


def parse_pages(text: str | None, page_count: int) -> list[int]:
    """Return the page numbers that ``text`` names, ascending; all of them for None.

    A range that reaches beyond the last page ends there, with a word.

    >>> parse_pages("9,3-5", 10)
    [3, 4, 5, 9]

    Raises:
        SettingsError: If it names none, or pages that are not there.
    """
    if text is None:
        return list(range(1, page_count + 1))
    wanted: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,6})(?:-(\d{1,6}))?\s*", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
        if not 1 <= first <= min(last, page_count):
            raise SettingsError(
                f"pages is {text}; expected numbers and ranges such as 3-5,9 from 1 to {page_count}"
            )
        if last > page_count:
            say(f"pages {first}-{last} end at {page_count}, the last page of the PDF")
        wanted.update(range(first, min(last, page_count) + 1))
    return sorted(wanted)
