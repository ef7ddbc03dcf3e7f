"""Facts: numbers of the key-data tables, the statements and a few sentences, with their meaning.

Enters: the report's row of ``raw_reports`` and its extracted pages, lines and cells.
Leaves: ``financial_facts``, one row a printed number whose metric, period, scope, basis, unit and
scale are known, with the identities that prove it; ``fact_quarantine`` with the rest.
``prior_year_figures``, for the corpus: what two reports of a company say of one figure.
Refused: a number whose unit, period or scope is not printed anywhere; two readings of one figure
that differ (both go); a statement that does not balance; a doubtful character of OCR.
"""
