"""``financial_facts`` and ``fact_quarantine``: one row per printed number that has a meaning.

A row says what the number is, where it stands and what proves it. ``value`` is the printed
number (brackets and minus applied) and is *not* multiplied by ``scale``.
"""

import polars as pl

from sft_assets.schemas.tables import columns

VALUE = pl.Decimal(38, 10)

FACTS = columns(
    {
        "fact_id": pl.String,  # digest of evidence_id and the reading below
        "evidence_id": pl.String,  # digest of doc_id, page_no, box and printed text
        "report_key": pl.String,
        "doc_id": pl.String,
        "company": pl.String,
        "company_id": pl.String,
        "metric": pl.String,  # concept id of the term dictionary, e.g. revenue
        "label": pl.String,  # row label as printed, wraps joined
        "value_printed": pl.String,  # as printed in the cell or sentence
        "value": VALUE,
        "unit": pl.String,  # currency, per_share, percent, percentage_points, persons, shares
        "scale": pl.Int64,  # 1, 1000, 10000, 1000000, 100000000; value * scale is in the base unit
        "currency": pl.String,  # ISO 4217; null where the unit is no currency
        "fiscal_year": pl.Int32,  # of the period: 2020 for a prior-year column of a 2021 report
        "period": pl.String,  # 2020 (full year), 2020-12-31 (instant), 2020Q1 ...
        "period_type": pl.String,  # duration or instant
        "basis": pl.String,  # reported, before_restatement, after_restatement
        "scope": pl.String,  # consolidated or parent
        "statement": pl.String,  # key_data, balance_sheet, income_statement, cash_flow, text ...
        "page_no": pl.Int32,  # 1-based PDF page
        "page_label": pl.String,  # page number as printed; null when none is
        "table_no": pl.Int32,  # of extracted_cells; null for a sentence
        "row_no": pl.Int32,
        "col_no": pl.Int32,
        "x0": pl.Float64,
        "top": pl.Float64,
        "x1": pl.Float64,
        "bottom": pl.Float64,
        "text_source": pl.String,  # text_layer or ocr
        "status": pl.String,  # proved, accepted; quarantined in fact_quarantine
        "proofs": pl.List(pl.String),  # names of the identities that hold with this number
        "reason": pl.String,  # why it is quarantined; null otherwise
    }
)

PRIOR_YEAR_FIGURES = columns(
    {
        "company_id": pl.String,
        "metric": pl.String,
        "scope": pl.String,
        "period": pl.String,  # a past one of the later report
        "basis": pl.String,  # of the later figure: reported, before_restatement, after_restatement
        "later_report_key": pl.String,
        "later_fact_ids": pl.List(pl.String),  # of financial_facts: all that print the figure
        "later_value": VALUE,  # in the base unit, of the most exact print
        "earlier_report_key": pl.String,  # the nearest earlier report that prints the figure
        "earlier_fact_ids": pl.List(pl.String),
        "earlier_value": VALUE,  # in the base unit
        "verdict": pl.String,  # agrees, restated (and told so), changed (without a word: a finding)
    }
)


def changed_facts(prior_year_figures: pl.DataFrame) -> list[str]:
    """Return the facts of both reports whose figure changed between them without a word."""
    changed = prior_year_figures.filter(pl.col("verdict") == "changed")
    return sorted(
        {i for side in ("later_fact_ids", "earlier_fact_ids") for i in changed[side].explode()}
    )
