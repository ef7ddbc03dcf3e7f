"""``raw_reports``: a row per version of an annual report; ``rejected_files``: the refused."""

import polars as pl

from sft_assets.schemas.tables import columns

RAW_REPORTS = columns(
    {
        "report_key": pl.String,  # partition key: <code or slug>_<fiscal year>_<kind>
        "version_no": pl.Int32,  # 1-based; the highest is the one in use
        "is_current": pl.Boolean,
        "doc_id": pl.String,  # SHA-256 of the PDF bytes, 64 hex digits
        "supersedes": pl.String,  # doc_id of the version before; null for the first
        "company": pl.String,  # legal name as printed on the cover
        "company_id": pl.String,  # stable id of the issuer: code, else slug of the name
        "code": pl.String,  # stock code as printed, e.g. 600519; null when none is printed
        "exchange": pl.String,  # SSE, SZSE, BSE, HKEX, NASDAQ, NYSE; null when unknown
        "fiscal_year": pl.Int32,  # the year that the report is for, by its own words
        "period_end": pl.Date,  # last day of the fiscal year
        "kind": pl.String,  # "annual" (also 10-K and annual results announcements)
        "language": pl.String,  # zh, zh-Hant, en, or zh-Hant+en for a bilingual report
        "is_revision": pl.Boolean,  # 更正后, 修订版, 10-K/A ... on the cover or in the name
        "title": pl.String,  # as printed
        "page_count": pl.Int32,
        "size_bytes": pl.Int64,
        "aliases": pl.List(pl.String),  # file names under which these bytes came in, sorted
    }
)

REASONS = {
    "not_a_file": "it is a pipe, socket, device, link to nowhere or a folder without a report",
    "not_a_pdf": "the bytes are no PDF",
    "empty_file": "the file has no bytes",
    "password": "a password is asked for",
    "too_large": "the file or its page count exceeds the limit",
    "timeout": "parsing took longer than the limit",
    "memory": "parsing took more memory than the limit",
    "crash": "the parser died",
    "unreadable": "no parser opens it",
    "no_pages": "it has no pages",
    "page_count_disagrees": "two parsers count different pages",
    "invalid_output": "the parser's answer is not of the agreed form",
    "not_an_annual_report": "neither cover nor text says that it is an annual report",
    "unidentified": "it is an annual report, but company or fiscal year cannot be read",
}  # typed reasons of a rejection

REJECTIONS = columns(
    {
        "doc_id": pl.String,  # SHA-256 of the bytes; of the name for not_a_file
        "file_name": pl.String,  # base name under which the bytes came in
        "size_bytes": pl.Int64,
        "reason": pl.String,  # a key of REASONS
        "detail": pl.String,  # what was found, without page text
    }
)
