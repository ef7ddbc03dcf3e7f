"""Wiring of ``normalized_pages``."""

from collections import Counter

import polars as pl

from sft_assets.lineage.text_edits import apply_edits, edits_as_rows
from sft_assets.normalize.page_text import normalize_text
from sft_assets.normalize.terms import bundled_rules
from sft_assets.schemas.pages import PAGES
from sft_assets.walk.step import Grain, Inputs, Ledger, Step, StepResult


def normalize_pages(inputs: Inputs) -> StepResult:
    """Return every page of ``clean_pages``, normalised, with the edits that did it."""
    pages = inputs.table("clean_pages")
    rules = bundled_rules()
    rows = []
    by_rule: Counter[str] = Counter()
    for page in pages.iter_rows(named=True):
        edits = normalize_text(page["text"], rules)
        by_rule.update(edit.rule for edit in edits)
        rows.append(
            {
                "doc_id": page["doc_id"],
                "page_no": page["page_no"],
                "text": apply_edits(page["text"], edits),
                "edits": edits_as_rows(edits),
            }
        )
    return StepResult(
        tables={"normalized_pages": pl.DataFrame(rows, schema=PAGES)},
        ledger=Ledger(unit="page", rows_in=pages.height, kept=len(rows)),
        metadata={"pages": len(rows)}
        | {f"edits_{rule}": by_rule[rule] for rule in sorted(by_rule)},
    )


STEPS: tuple[Step, ...] = (
    Step(
        name="normalized_pages",
        stage="normalize",
        grain=Grain.REPORT,
        tables=("normalized_pages",),
        inputs=("clean_pages",),
        code_version="2",
        description="One written form for one thing: width, dates, terms; digits untouched.",
        compute=normalize_pages,
        ledger_input="clean_pages",
    ),
)
