"""Draw pages of a report in isolated children and write the pictures."""

import html
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from sft_assets.errors import RejectedDocumentError
from sft_assets.extract.drawing.marks import Dropped, is_doubtful, marks_of, words_of
from sft_assets.extract.report_reading import Progress
from sft_assets.worker.answers import Answer, NoValues
from sft_assets.worker.chunks import ReadPlan, run_in_chunks
from sft_assets.worker.limits import Limits, cpu_limits, worker_count

PNG = b"\x89PNG\r\n\x1a\n"
MAX_SIDES = (4800, 2400)  # pixels: page, what was read beside it, legend
SCHEMA = pl.Schema({"page_no": pl.Int32, "png": pl.Binary})
PAGES_PER_CHILD = 8
Told = dict[str, object]


def draw_report(
    pdf: Path,
    tables: Mapping[str, pl.DataFrame],
    dropped: Dropped,
    pages: Sequence[int],
    folder: Path,
    *,
    dpi: int = 110,
    report_progress: Progress | None = None,
) -> dict[int, str]:
    """Write ``page_0001.png`` ... and ``index.html`` below ``folder``; return what failed.

    Args:
        pdf: The report.
        tables: What was read from it.
        dropped: The lines that are no content, with the rule that says so.
        pages: Numbers of the pages to draw (1-based, ascending).
        folder: Made if it is missing.
        dpi: Of the pictures; a large page is drawn coarser.
        report_progress: Called with pages done, pages in all, and what they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    told = _tell(tables, dropped, pages)
    failed: dict[int, str] = {}
    done = 0
    for chunk in run_in_chunks(
        "sft_assets.extract.drawing.child:draw_pages",
        pdf,
        pages,
        values=NoValues,
        tables={"pictures": SCHEMA},
        payload=lambda asked: {"dpi": dpi, "told": {str(n): told[n] for n in asked}},
        plan=ReadPlan(_limits, PAGES_PER_CHILD, least_pages=2, workers=worker_count()),
        check=_refuse_other_pictures,
    ):
        if chunk.answer is None:
            failed.update(dict.fromkeys(chunk.pages, chunk.reason or "crash"))
        else:
            for page_no, png in chunk.answer.tables["pictures"].iter_rows():
                (folder / _name(page_no)).write_bytes(png)
        done += len(chunk.pages)
        if report_progress:
            report_progress(done, len(pages), "pages drawn")
    page = _index(pdf.name, tables, dropped, [n for n in pages if n not in failed], failed)
    (folder / "index.html").write_text(page, encoding="utf-8")
    return failed


def _limits(pages: int) -> Limits:
    return cpu_limits(8 + 4 * pages)


def _name(page_no: int) -> str:
    return f"page_{page_no:04d}.png"


def _tell(
    tables: Mapping[str, pl.DataFrame], dropped: Dropped, pages: Sequence[int]
) -> dict[int, Told]:
    """Return what the child has to know of each page: a title, marks, and what OCR read."""
    marks = marks_of(tables, dropped, pages)
    found = tables["extracted_pages"].filter(pl.col("page_no").is_in(list(pages)))
    lines = tables["extracted_lines"].filter(pl.col("confidence").is_not_null())
    texts: dict[int, list[list[object]]] = {page: [] for page in pages}
    for row in lines.filter(pl.col("page_no").is_in(list(pages))).iter_rows(named=True):
        doubtful = is_doubtful(row["confidence"])
        texts[row["page_no"]] += [[word, box, doubtful] for word, box in words_of(row)]
    return {
        row["page_no"]: {
            "title": _title(row),
            "marks": marks[row["page_no"]],
            "texts": texts[row["page_no"]],
        }
        for row in found.iter_rows(named=True)
    }


def _title(page: Mapping[str, object]) -> str:
    parts = [f"PDF page {page['page_no']}"]
    if page["page_label"]:
        parts.append(f"printed {page['page_label']}")
    parts.append(
        {"text_layer": "text layer", "ocr": "OCR"}.get(str(page["text_source"]), "no text")
    )
    if page["ocr_confidence"] is not None:
        parts.append(f"confidence {page['ocr_confidence']:.2f}")
    else:
        parts.append(f"readability {page['readability']:.2f}")
    if page["hidden_chars"]:
        parts.append(f"{page['hidden_chars']} hidden characters")
    if page["status"] == "failed":
        parts.append(f"failed: {page['reason']}")
    return ", ".join(parts)


def _refuse_other_pictures(answer: Answer[NoValues], pages: Sequence[int]) -> None:
    """Refuse pictures of other pages, and what is none or is too large to be looked at."""
    found = answer.tables["pictures"]
    if found["page_no"].to_list() != list(pages):
        raise RejectedDocumentError("invalid_output", "the answer is not about the pages asked for")
    for png in found["png"]:
        head = png[:24] if png is not None else b""
        sides = int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
        possible = all(0 < side <= most for side, most in zip(sides, MAX_SIDES, strict=True))
        if head[:8] != PNG or head[12:16] != b"IHDR" or not possible:
            raise RejectedDocumentError("invalid_output", "a picture is none, or is too large")


STYLE = """
body { font-family: sans-serif; margin: 1em; } section { display: flex; gap: 1em; }
img { border: 1px solid #888; max-width: 60%; align-self: flex-start; }
ol { font-size: 14px; } .dropped { color: #c00; text-decoration: line-through; }
.doubtful { background: #ffe680; } small { color: #666; }
"""


def _index(
    name: str,
    tables: Mapping[str, pl.DataFrame],
    dropped: Dropped,
    pages: Sequence[int],
    failed: Mapping[int, str],
) -> str:
    """Return a page that shows each picture beside the lines that were read."""
    lines: dict[int, list[str]] = {page: [] for page in pages}
    wanted = pl.col("page_no").is_in(list(pages))
    for row in tables["extracted_lines"].filter(wanted).iter_rows(named=True):
        rule = dropped.get((row["page_no"], row["start"]))
        look = "dropped" if rule else "doubtful" if is_doubtful(row["confidence"]) else ""
        notes = [rule or "", "" if row["confidence"] is None else f"{row['confidence']:.2f}"]
        note = " ".join(n for n in notes if n)
        lines[row["page_no"]].append(
            f'<li><span class="{look}">{html.escape(row["text"])}</span> <small>{note}</small></li>'
        )
    sections = [
        f'<h2 id="p{n}">Page {n}</h2><section><img src="{_name(n)}" alt="page {n}">'
        f"<ol>{''.join(lines[n])}</ol></section>"
        for n in pages
    ]
    not_drawn = [f"<p>Page {n} could not be drawn: {r}</p>" for n, r in sorted(failed.items())]
    title = html.escape(name)
    return "\n".join(
        [
            f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>',
            f"<style>{STYLE}</style></head><body><h1>{title}</h1>",
            "<p>Struck out: dropped by cleaning. Yellow: OCR was not sure.</p>",
            *not_drawn,
            *sections,
            "</body></html>",
        ]
    )
