"""The versions of one report: which came first, which is in use, what supersedes what."""

from collections.abc import Sequence

from sft_assets.ingest.file_names import marks_revision
from sft_assets.ingest.records import IntakeRecord


def build_version_rows(report_key: str, records: Sequence[IntakeRecord]) -> list[dict[str, object]]:
    """Return the rows of ``raw_reports`` for one report, oldest version first.

    Originals come before revisions, then the older before the newer by the PDF's own date, then
    by ``doc_id``: the order in which files arrived says nothing.
    """
    ordered = sorted(records, key=lambda r: (is_revision(r), r.modified or "", r.doc_id))
    rows: list[dict[str, object]] = []
    for number, record in enumerate(ordered, start=1):
        identity = record.identity
        if identity is None:
            raise ValueError(f"record {record.doc_id} is rejected; expected accepted records")
        rows.append(
            {
                "report_key": report_key,
                "version_no": number,
                "is_current": number == len(ordered),
                "doc_id": record.doc_id,
                "supersedes": ordered[number - 2].doc_id if number > 1 else None,
                "company": identity.company,
                "company_id": identity.company_id,
                "code": identity.code,
                "exchange": identity.exchange,
                "fiscal_year": identity.fiscal_year,
                "period_end": identity.period_end,
                "kind": "annual",
                "language": identity.language,
                "is_revision": is_revision(record),
                "title": identity.title,
                "page_count": record.page_count,
                "size_bytes": record.size_bytes,
                "aliases": list(record.file_names),
            }
        )
    return rows


def is_revision(record: IntakeRecord) -> bool:
    """Tell whether the cover, or a name that the file came under, says it was corrected."""
    printed = record.identity is not None and record.identity.is_revision
    return printed or any(marks_revision(name) for name in record.file_names)
