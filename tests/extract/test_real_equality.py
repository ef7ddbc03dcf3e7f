"""Words and tables of pages of real reports are those of plain pdfplumber."""

from pathlib import Path

import pdfplumber
import pypdfium2
import pytest

from benchmarks.equality import Score, moved, score_page
from benchmarks.extract_speed import sample_pages
from benchmarks.plumber_oracle import PlainPage, plain_page
from sft_assets.extract.reading.page_content import PageContent
from sft_assets.extract.reading.pdfium_page import frame_of, read_page
from sft_assets.extract.reading.plumber_page import shift_of

pytestmark = pytest.mark.corpus
EVERY = 4  # reports
GARBAGE = "ERC2_Rapid7"  # its fonts name no characters: pdfplumber itself gives none


def both(pdf: Path, number: int) -> tuple[PageContent, PlainPage]:
    """Return a page as both read it, in the displayed frame; ``number`` is 0-based."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[number]
    frame, content = frame_of(page), read_page(page, number + 1)
    with pdfplumber.open(pdf) as plain:
        found = plain_page(plain.pages[number])
        shift = shift_of(frame, plain.pages[number])
    document.close()
    return content, moved(found, *shift)


def test_pages_of_real_reports(corpus: Path) -> None:
    score = Score()
    chosen = [(pdf, n[0]) for pdf, n in sample_pages(corpus, 1) if GARBAGE not in pdf.name]
    for pdf, number in chosen[::EVERY]:
        score_page(*both(pdf, number), score)
    assert score.pages > 8
    assert score.words > 1000
    assert score.table_pages > 2
    assert score.doubtful == 0
    assert score.same_words + score.meant_words >= 0.998 * score.words, score.examples
    assert score.same_table_pages == score.table_pages, score.examples


def test_a_wrong_word_and_a_wrong_cell_are_seen(corpus: Path) -> None:
    found = (both(pdf, numbers[0]) for pdf, numbers in sample_pages(corpus, 1))
    content, plain = next(pair for pair in found if pair[1].tables)
    assert plain.words
    wrong = ("12,345", *plain.words[0][1:])
    table = plain.tables[0]
    other = (("another cell", *table.rows[0][1:]), *table.rows[1:])
    score = Score()
    changed = PlainPage(
        plain.page_no,
        (wrong, *plain.words[1:]),
        (type(table)(table.box, other), *plain.tables[1:]),
    )
    score_page(content, changed, score)
    assert score.same_words <= score.words - 1
    assert score.same_words >= score.words - 2
    assert (score.table_pages, score.same_table_pages) == (1, 0)
