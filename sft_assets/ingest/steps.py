"""Steps of the ingest stage; the files themselves are taken in before, by ``intake``."""

from collections.abc import Mapping

import polars as pl

from sft_assets.ingest.records import (
    IntakeRecord,
    digests_of,
    list_report_keys,
    records_of_report,
    rejected_records,
)
from sft_assets.ingest.versions import build_version_rows
from sft_assets.schemas import TABLES
from sft_assets.store.folders import Folder
from sft_assets.walk.step import ExternalView, Grain, Inputs, Ledger, Step, StepResult

__all__ = ["STEPS", "list_report_keys"]


def _raw_reports(inputs: Inputs) -> StepResult:
    records = records_of_report(Folder(inputs.root), inputs.partition)
    rows = build_version_rows(inputs.partition, records)
    frame = pl.DataFrame(rows, schema=TABLES["raw_reports"].schema)
    return StepResult(
        tables={"raw_reports": frame},
        ledger=Ledger("version of a report", rows_in=len(records), kept=frame.height),
        metadata={"versions": frame.height},
    )


def _rejected_files(inputs: Inputs) -> StepResult:
    records = rejected_records(Folder(inputs.root))
    rows = [row for record in records for row in _rejection_rows(record)]
    frame = pl.DataFrame(rows, schema=TABLES["rejected_files"].schema)
    names = sum(len(record.file_names) for record in records)
    return StepResult(
        tables={"rejected_files": frame},
        ledger=Ledger("refused file", rows_in=names, kept=frame.height),
        metadata={"refused": frame.height},
    )


def _rejection_rows(record: IntakeRecord) -> list[dict[str, object]]:
    return [
        {
            "doc_id": record.doc_id,
            "file_name": name,
            "size_bytes": record.size_bytes,
            "reason": record.reason,
            "detail": record.detail,
        }
        for name in record.file_names
    ]


def _report_digests(view: ExternalView, partition: str) -> Mapping[str, str]:
    return digests_of(records_of_report(Folder(view.root), partition))


def _rejection_digests(view: ExternalView, _partition: str) -> Mapping[str, str]:
    return digests_of(rejected_records(Folder(view.root)))


STEPS: tuple[Step, ...] = (
    Step(
        name="raw_reports",
        stage="ingest",
        grain=Grain.REPORT,
        tables=("raw_reports",),
        inputs=(),
        code_version="1",
        description="Versions of one report: who it is from, what each supersedes.",
        compute=_raw_reports,
        external=_report_digests,
    ),
    Step(
        name="rejected_files",
        stage="ingest",
        grain=Grain.CORPUS,
        tables=("rejected_files",),
        inputs=(),
        code_version="1",
        description="Files that were refused, each with a typed reason.",
        compute=_rejected_files,
        external=_rejection_digests,
    ),
)
