"""Intake records: what is known of one file content, kept as small JSON files.

Layout under the root, beside the store's own folders::

    intake/<doc_id>.json                   the record
    intake/reports/<report_key>/<doc_id>   empty; finds the records of a report
    intake/rejected/<doc_id>               empty; finds the refusals

The marks only find records: a reader believes the record, so a mark that a killed process left
behind or did not write is repaired at the next intake of the same bytes.
"""

from collections.abc import Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sft_assets.ingest.identity import Identity
from sft_assets.lineage.digests import canonical_json, sha256_of_bytes
from sft_assets.schemas.reports import REASONS
from sft_assets.store.folders import Folder

RULES_VERSION = "1"  # raise it when the same bytes would be identified otherwise


class IntakeRecord(BaseModel):
    """What became of one file content. Holds no time and no folder: the same on every machine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    doc_id: str = Field(pattern=r"^[0-9a-f]{64}$")
    status: Literal["accepted", "rejected"]
    reason: str | None  # a key of REASONS when rejected
    detail: str
    identity: Identity | None
    file_names: tuple[str, ...] = Field(min_length=1)  # base names it came under, sorted
    size_bytes: int = Field(ge=0)
    page_count: int | None
    modified: str | None = Field(pattern=r"^\d{14}$")  # by the PDF's own metadata
    hinted: bool = False  # a file name decided something
    rules_version: str = RULES_VERSION

    @model_validator(mode="after")
    def _accepted_has_identity(self) -> Self:
        accepted = self.status == "accepted"
        if accepted != (self.identity is not None) or accepted != (self.reason is None):
            raise ValueError("an accepted record has an identity, a rejected one a reason")
        if self.reason is not None and self.reason not in REASONS:
            raise ValueError(f"reason is {self.reason}; expected a key of REASONS")
        return self

    @property
    def report_key(self) -> str | None:
        """Key of the report; None for a refusal."""
        return self.identity.report_key if self.identity else None

    def content(self) -> bytes:
        """Return the record's bytes."""
        return canonical_json(self.model_dump(mode="json")).encode()


def record_path(doc_id: str) -> str:
    """Return where the record lies, relative to the root."""
    return f"intake/{doc_id}.json"


def read_record(folder: Folder, doc_id: str) -> IntakeRecord | None:
    """Return the record of ``doc_id``; None when these bytes were never taken in.

    A record of another form (an older release, a damaged disk) counts as none: the next intake
    of the bytes makes it anew.
    """
    try:
        return IntakeRecord.model_validate_json(folder.read_bytes(record_path(doc_id)))
    except (FileNotFoundError, ValidationError):
        return None


def write_record(folder: Folder, record: IntakeRecord) -> None:
    """Write ``record`` and its mark; the record first, since readers believe only that."""
    folder.replace(record_path(record.doc_id), record.content())
    ensure_mark(folder, record)


def ensure_mark(folder: Folder, record: IntakeRecord) -> None:
    """Write the mark that finds ``record``, if it is missing."""
    mark = f"{_mark_folder(record.report_key)}/{record.doc_id}"
    if not folder.exists(mark):
        folder.replace(mark, b"")


def forget_rejection(folder: Folder, doc_id: str) -> None:
    """Remove the refusal of what is no more; the mark last, since it finds the record."""
    mark = f"{_mark_folder(None)}/{doc_id}"
    if folder.exists(mark):
        folder.remove_file(record_path(doc_id))
        folder.remove_file(mark)


def _mark_folder(report_key: str | None) -> str:
    return f"intake/reports/{report_key}" if report_key else "intake/rejected"


def records_of_report(folder: Folder, report_key: str) -> list[IntakeRecord]:
    """Return the accepted records of one report, in order of doc_id."""
    return _marked(folder, report_key)


def rejected_records(folder: Folder) -> list[IntakeRecord]:
    """Return the refusals, in order of doc_id."""
    return _marked(folder, None)


def _marked(folder: Folder, report_key: str | None) -> list[IntakeRecord]:
    found = (read_record(folder, name) for name in folder.names(_mark_folder(report_key)))
    return [record for record in found if record and record.report_key == report_key]


def list_report_keys(root: str) -> list[str]:
    """Return the keys of all accepted reports, sorted."""
    folder = Folder(root)
    keys = folder.names("intake/reports")
    return [key for key in keys if records_of_report(folder, key)]


def digests_of(records: Sequence[IntakeRecord]) -> dict[str, str]:
    """Return the digest of each record, by its path."""
    return {record_path(r.doc_id): sha256_of_bytes(r.content()) for r in records}
