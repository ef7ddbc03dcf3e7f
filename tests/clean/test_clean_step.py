"""The step: pages in, pages out, and edits that replay."""

from collections.abc import Callable

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sft_assets.clean.page_edits import find_edits
from sft_assets.clean.page_lines import PageText
from sft_assets.clean.steps import STEPS, clean_tables
from sft_assets.lineage.text_edits import apply_edits, edits_from_rows
from sft_assets.schemas.pages import CELLS, EXTRACTED_PAGES, LINES, PAGES

DOC = "ab" * 32
MakePage = Callable[..., PageText]


def tables(pages: list[PageText]) -> tuple[pl.DataFrame, pl.DataFrame]:
    page_rows = [
        {**dict.fromkeys(EXTRACTED_PAGES), "doc_id": DOC, "page_no": p.page_no, "text": p.text,
         "height": p.height, "page_label": p.label}
        for p in pages
    ]  # fmt: skip
    line_rows = [
        {**dict.fromkeys(LINES), "doc_id": DOC, "page_no": p.page_no, "line_no": i,
         "start": line.start, "end": line.end, "text": line.text, "x0": line.box[0],
         "top": line.box[1], "x1": line.box[2], "bottom": line.box[3], "font_size": line.size}
        for p in pages for i, line in enumerate(p.lines)
    ]  # fmt: skip
    return pl.DataFrame(page_rows, schema=EXTRACTED_PAGES), pl.DataFrame(line_rows, schema=LINES)


def test_every_page_stays_and_its_edits_replay(page: MakePage) -> None:
    pages = [
        page(n, [("Example report", 30.0), f"Body {n} x", (str(n), 770.0)], label=str(n))
        for n in (1, 2, 3)
    ]
    pages.insert(1, PageText(9, "", 0.0))
    extracted, lines = tables(pages)
    clean, rules = clean_tables(extracted, lines, pl.DataFrame(schema=CELLS))
    assert clean.schema == PAGES
    assert clean["page_no"].to_list() == [1, 2, 3, 9]
    assert clean["text"].to_list() == ["Body 1 x", "Body 2 x", "Body 3 x", ""]
    assert rules == {"running_line": 3, "page_number": 3}
    for before, after in zip(
        extracted.sort("page_no").rows(named=True), clean.rows(named=True), strict=True
    ):
        assert apply_edits(before["text"], edits_from_rows(after["edits"])) == after["text"]


heights = st.sampled_from([30.0, 50.0, 300.0, 316.0, 770.0])
texts = st.sampled_from(["Head of it", "5", "body text that is long enough to wrap at", "甲", "x"])


@given(st.lists(st.lists(st.tuples(texts, heights), max_size=6), max_size=6))
def test_edits_never_overlap_and_kept_lines_survive_whole(
    page: MakePage, drawn: list[list[tuple[str, float]]]
) -> None:
    pages = [page(n, sorted(lines, key=lambda li: li[1])) for n, lines in enumerate(drawn, start=1)]
    edits = find_edits(pages)
    for p in pages:
        clean = apply_edits(p.text, edits[p.page_no])  # raises when edits overlap
        gone = {e.start for e in edits[p.page_no] if not e.replacement}
        kept = [
            line.text for line in p.lines if line.start not in gone and line.start - 1 not in gone
        ]
        assert not clean.startswith("\n")
        assert not clean.endswith("\n")
        assert all(text in clean for text in kept)


def test_the_ledger_counts_pages() -> None:
    (step,) = STEPS
    assert step.ledger_input == "extracted_pages"
    assert step.tables == ("clean_pages", "joined_tables")
