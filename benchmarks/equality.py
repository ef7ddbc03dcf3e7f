"""Whether our reader gives what plain pdfplumber gives on every text page of real reports.

    make equality CORPUS=... CACHE=...

Prints for each report the share of pdfplumber's words that are ours too (same text, every side
within half a point) and of the pages with tables on which all tables are the same, cell for cell.
What differs is counted by class, with one example of each from both readings. Text that nobody sees
is read too, and marked; it is compared like the rest. A page whose text layer says nothing readable
is read from its picture: it is counted, not compared. pdfplumber's own answers are kept in the
cache; they cost a tenth of a second a page.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
from rich.console import Console
from rich.table import Table

from benchmarks.plain_reading import plain_tables, plain_words
from benchmarks.plumber_oracle import PARTS, PlainPage, PlainTable, Word, plain_pages
from sft_assets.extract.reading.body_text import part_body
from sft_assets.extract.reading.chars import join_chars
from sft_assets.extract.reading.lines import build_lines, build_words
from sft_assets.extract.reading.page_content import PageContent
from sft_assets.extract.reading.page_frame import Box
from sft_assets.extract.reading.pdfium_page import frame_of, read_page
from sft_assets.extract.reading.plumber_page import shift_in_media_box
from sft_assets.extract.reading.readability import needs_ocr, readability_of
from sft_assets.extract.report_reading import ExtractConfig

NEAR = 0.5  # points
HIDDEN = "by intention: hidden text, told from what is seen"
OUTSIDE = "by intention: off the page, left out"
NAMELESS = "by intention: a glyph without a character, marked"
NAMELESS_CELLS = "by intention: tables with such glyphs"
OVERPRINT = "by intention: print over print, read once"
CONTROL = "by intention: a control or zero-width character left out"
SAID = "by intention: ActualText, where the glyph names no character"
CONTROLS = "".join(map(chr, range(32))) + "\ufeff\u200b\u200c\u200d\u2060"
FOLDERS = ("zh_reports", "en_reports")


@dataclass(slots=True)
class Score:
    """Counts over the pages of a report or of all."""

    pages: int = 0
    pictures: int = 0  # pages that are read from their pictures
    words: int = 0
    same_words: int = 0
    meant_words: int = 0  # that differ by intention
    table_pages: int = 0
    same_table_pages: int = 0
    meant_table_pages: int = 0  # that differ by intention
    doubtful: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, example: str) -> None:
        """Count a difference and keep its first example."""
        self.classes[name] += 1
        self.examples.setdefault(name, example)

    def add(self, other: "Score") -> None:
        """Add the counts of ``other``."""
        self.pages += other.pages
        self.pictures += other.pictures
        self.words += other.words
        self.same_words += other.same_words
        self.meant_words += other.meant_words
        self.table_pages += other.table_pages
        self.same_table_pages += other.same_table_pages
        self.meant_table_pages += other.meant_table_pages
        self.doubtful += other.doubtful
        self.classes += other.classes
        self.examples = {**other.examples, **self.examples}


def _is_near(a: Box, b: Box) -> bool:
    return all(abs(p - q) <= NEAR for p, q in zip(a, b, strict=True))


def _unmatched(ours: Sequence[Word], plain: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """Return the words of ``plain`` that are not among ``ours``, and those left of ours."""
    known: dict[str, list[Word]] = defaultdict(list)
    for word in ours:
        known[word[0]].append(word)
    missing = []
    for word in plain:
        found = next((w for w in known[word[0]] if _is_near(w[1:], word[1:])), None)
        if found is None:
            missing.append(word)
        else:
            known[word[0]].remove(found)
    return missing, [word for words in known.values() for word in words]


def _holds(box: Box, inner: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return box[0] - NEAR <= x <= box[2] + NEAR and box[1] - NEAR <= y <= box[3] + NEAR


def _class_of(word: Word, ours: Sequence[Word], content: PageContent) -> tuple[str, str]:
    """Return the class of a word that only pdfplumber has, and what we read there."""
    box = word[1:]
    near = [w for w in ours if _holds(box, w[1:]) or _holds(w[1:], box)]
    here = " ".join(w[0] for w in near)
    if any(w[0] == word[0] for w in near):
        return "box: same text, a side differs", _box_text(near, word)
    if len(content.hidden.within(box)):
        return HIDDEN, here
    width, height = content.width, content.height
    if box[2] < 0 or box[0] > width or box[3] < 0 or box[1] > height:
        return OUTSIDE, here
    if "(cid:" in word[0]:
        return NAMELESS, here
    if not word[0].strip(CONTROLS):
        return CONTROL, here
    if any(control in word[0] for control in CONTROLS):
        return SAID, here
    joined, printed = here.replace(" ", ""), word[0]
    if joined and set(joined) >= set(printed) and len(printed) > len(joined):
        return OVERPRINT, here
    if joined and (printed in joined or joined in printed):
        return "parted or joined otherwise", here
    return ("another text" if here else "missing"), here


def _box_text(near: Sequence[Word], word: Word) -> str:
    same = next(w for w in near if w[0] == word[0])
    sides = zip(("x0", "top", "x1", "bottom"), same[1:], word[1:], strict=True)
    return ", ".join(f"{k} {a - b:+.2f}" for k, a, b in sides if abs(a - b) > NEAR)


def _same_table(ours: PlainTable, plain: PlainTable) -> bool:
    return ours.rows == plain.rows and _is_near(ours.box, plain.box)


def _table_class(ours: Sequence[PlainTable], plain: Sequence[PlainTable]) -> tuple[str, str]:
    if len(ours) != len(plain):
        return "tables: another number", f"{len(ours)} ours, {len(plain)} pdfplumber's"
    for a, b in zip(ours, plain, strict=True):
        if not _is_near(a.box, b.box):
            return "tables: another box", f"{_short(a.box)} | {_short(b.box)}"
        if [len(row) for row in a.rows] != [len(row) for row in b.rows]:
            return "tables: other rows or columns", f"{len(a.rows)} | {len(b.rows)} rows"
        for row, other in zip(a.rows, b.rows, strict=True):
            for cell, text in zip(row, other, strict=True):
                if cell != text and "(cid:" in (text or ""):
                    return NAMELESS_CELLS, f"{cell!r:.60} | {text!r:.60}"
                if cell != text:
                    return "tables: a cell's text", f"{cell!r:.60} | {text!r:.60}"
    return "tables: order", ""


def _short(box: Box) -> str:
    return " ".join(f"{v:.1f}" for v in box)


def score_page(content: PageContent, plain: PlainPage, score: Score) -> None:
    """Add one page that both read, in the same frame."""
    printed = join_chars([content.chars, content.hidden]).printed()
    words = plain_words(printed)
    missing, left = _unmatched(words, plain.words or ())
    score.pages += 1
    score.words += len(plain.words or ())
    score.same_words += len(plain.words or ()) - len(missing)
    score.doubtful += content.is_doubtful
    where = f"page {content.page_no}"
    for word in missing:
        name, here = _class_of(word, left, content)
        score.note(name, f"{where}: {here!r:.50} | {word[0]!r:.50}")
        score.meant_words += name.startswith("by intention")
    if plain.tables:
        tables = plain_tables(content.edges, printed)
        score.table_pages += 1
        pairs = zip(tables, plain.tables, strict=False)
        if len(tables) == len(plain.tables) and all(_same_table(a, b) for a, b in pairs):
            score.same_table_pages += 1
        else:
            name, example = _table_class(tables, plain.tables)
            score.note(name, f"{where}: {example}")
            score.meant_table_pages += name == NAMELESS_CELLS


def _is_read_from_its_picture(content: PageContent) -> bool:
    body, _ = part_body(content)
    text = "\n".join(line.text for line in build_lines(build_words(body)))
    return needs_ocr(
        text,
        content.image_share,
        content.shapes,
        hidden_chars=content.hidden_chars,
        is_readable=readability_of(text) >= ExtractConfig().min_readability,
    )


def moved(page: PlainPage, dx: float, dy: float) -> PlainPage:
    """Return ``page`` in the displayed frame."""

    def move(box: Any) -> Any:
        return box[0] - dx, box[1] - dy, box[2] - dx, box[3] - dy

    words = tuple((w[0], *move(w[1:])) for w in page.words or ())
    tables = tuple(PlainTable(move(table.box), table.rows) for table in page.tables)
    return PlainPage(page.page_no, words, tables)


def score_report(pdf: Path, cache: Path, parts: int) -> Score:
    """Return the score of the first ``parts`` of all ``PARTS`` of a report's pages."""
    score = Score()
    document = pypdfium2.PdfDocument(pdf)
    for part in range(parts):
        for plain in plain_pages(pdf, cache, part):
            if not plain.words:
                continue
            page = document[plain.page_no - 1]
            frame = frame_of(page)
            content = read_page(page, plain.page_no)
            dx, dy = shift_in_media_box(frame, page.get_mediabox())
            page.close()
            if _is_read_from_its_picture(content):
                score.pictures += 1
            else:
                score_page(content, moved(plain, dx, dy), score)
    document.close()
    return score


def _rows(reports: Sequence[tuple[str, Score]]) -> Iterator[tuple[str, ...]]:
    for name, score in reports:
        words, tables = score.words, score.table_pages
        yield (
            name, str(score.pages), str(score.pictures), str(words),
            _percent(score.same_words, words),
            _percent(score.same_words + score.meant_words, words),
            str(tables),
            _percent(score.same_table_pages, tables),
            _percent(score.same_table_pages + score.meant_table_pages, tables),
            str(score.doubtful),
        )  # fmt: skip


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.3f}" if whole else "-"


def main() -> None:
    """Score all reports and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="folder with zh_reports and en_reports")
    parser.add_argument("--cache", type=Path, required=True, help="keeps pdfplumber's answers")
    parser.add_argument("--parts", type=int, default=PARTS, help=f"of {PARTS}; 1 is a sample")
    parser.add_argument("--only", default="", help="reports whose name holds this")
    options = parser.parse_args()
    pdfs = [
        p
        for f in FOLDERS
        for p in sorted((options.corpus / f).glob("*.pdf"))
        if options.only in p.name
    ]
    reports = []
    for pdf in pdfs:
        reports.append((pdf.stem[:32], score_report(pdf, options.cache, options.parts)))
        print(" ".join(next(_rows(reports[-1:]))), file=sys.stderr, flush=True)
    total = Score()
    for name, score in reports:
        score.examples = {k: f"{name}, {v}" for k, v in score.examples.items()}
        total.add(score)
    table = Table(title=f"ours beside plain pdfplumber, {len(reports)} reports")
    shares = ("same %", "or meant %")
    for column in ("report", "pages", "pictures", "words", *shares, "tables", *shares, "doubtful"):
        table.add_column(column)
    for row in _rows([*reports, ("all", total)]):
        table.add_row(*row)
    Console(width=120).print(table)
    classes = Table(title="what differs: ours | pdfplumber's")
    for column in ("class", "count", "example"):
        classes.add_column(column)
    for name, count in total.classes.most_common():
        classes.add_row(name, str(count), total.examples[name].replace("[", "\\["))
    Console(width=180).print(classes)


if __name__ == "__main__":
    main()
