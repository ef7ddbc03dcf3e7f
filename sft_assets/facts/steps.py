"""Wiring of ``facts`` (a report's tables to facts and quarantine) and ``prior_year_figures``."""

from collections import Counter

import polars as pl
from pydantic import Field

from sft_assets.facts.build import build_facts
from sft_assets.facts.earlier_reports import VERDICTS, compare_with_earlier, figures_table
from sft_assets.walk.step import Grain, Inputs, Ledger, Step, StepConfig, StepResult


class FactsConfig(StepConfig):
    """Settings of ``facts``."""

    min_ocr_confidence: float = Field(
        default=0.9,
        ge=0.0,
        le=1.0,
        description="A number that OCR read with less confidence is quarantined in any case",
    )


def make_facts(inputs: Inputs) -> StepResult:
    """Return the facts of the report's current version; every cell is accounted for."""
    report = inputs.table("raw_reports").filter(pl.col("is_current")).row(0, named=True)
    found = build_facts(
        report,
        inputs.table("extracted_pages"),
        inputs.table("extracted_lines"),
        inputs.table("extracted_cells"),
        inputs.table("joined_tables"),
        min_ocr_confidence=inputs.config(FactsConfig).min_ocr_confidence,
    )
    proved = found.facts.filter(pl.col("status") == "proved").height
    return StepResult(
        tables={"financial_facts": found.facts, "fact_quarantine": found.quarantine},
        # The unit is the cell; a fact of a sentence has none and is counted beside.
        ledger=Ledger(
            unit="cell",
            rows_in=found.cells_in,
            kept=found.cells_kept,
            dropped=found.cells_dropped,
            quarantined=found.cells_quarantined,
        ),
        metadata={
            "facts": found.facts.height,
            "facts_proved": proved,
            "facts_accepted": found.facts.height - proved,
            "facts_quarantined": found.quarantine.height,
            "facts_from_sentences": found.facts_from_sentences,
            "quarantined_from_sentences": found.quarantined_from_sentences,
        },
    )


def compare_reports(inputs: Inputs) -> StepResult:
    """Return the figures of past years beside those of the company's earlier reports."""
    reports = inputs.table("raw_reports").filter(pl.col("is_current"))
    years = dict(reports.select("report_key", "fiscal_year").iter_rows())
    compared, past = compare_with_earlier(inputs.table("financial_facts"), years)
    verdicts = Counter(c.verdict for c in compared)
    return StepResult(
        tables={"prior_year_figures": figures_table(compared)},
        ledger=Ledger(
            unit="figure of a past year",
            rows_in=past,
            kept=len(compared),
            dropped={"no_earlier_report": past - len(compared)} if past > len(compared) else {},
        ),
        metadata={f"figures_{verdict}": verdicts[verdict] for verdict in VERDICTS},
    )


STEPS: tuple[Step, ...] = (
    Step(
        name="facts",
        stage="facts",
        grain=Grain.REPORT,
        tables=("financial_facts", "fact_quarantine"),
        inputs=(
            "raw_reports",
            "extracted_pages",
            "extracted_lines",
            "extracted_cells",
            "joined_tables",
        ),
        code_version="12",
        description="Numbers with metric, period, scope, basis and unit; proved by identities.",
        compute=make_facts,
        config=FactsConfig,
        ledger_input="extracted_cells",
    ),
    Step(
        name="prior_year_figures",
        stage="facts",
        grain=Grain.CORPUS,
        tables=("prior_year_figures",),
        inputs=("raw_reports", "financial_facts"),
        code_version="1",
        description="Figures that an earlier report prints too: alike, restated, or changed.",
        compute=compare_reports,
    ),
)
