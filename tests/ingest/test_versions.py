"""Versions of one report, in an order that the arrival of files does not decide."""

import datetime as dt
import itertools
from pathlib import Path

import pytest

from sft_assets.ingest.identity import Identity
from sft_assets.ingest.records import IntakeRecord, write_record
from sft_assets.ingest.steps import STEPS
from sft_assets.ingest.versions import build_version_rows
from sft_assets.store.folders import Folder
from sft_assets.store.store import Store
from sft_assets.walk.materialize import materialize
from sft_assets.walk.settings import Settings

KEY = "600999_2020_annual"


def record(
    digit: str, *names: str, modified: str | None = None, is_revision: bool = False
) -> IntakeRecord:
    identity = Identity(
        company="青岚电器股份有限公司",
        company_id="600999",
        code="600999",
        exchange="SSE",
        fiscal_year=2020,
        period_end=dt.date(2020, 12, 31),
        language="zh",
        is_revision=is_revision,
        title="2020年年度报告",
    )
    return IntakeRecord(
        doc_id=digit * 64,
        status="accepted",
        reason=None,
        detail="",
        identity=identity,
        file_names=names or ("a.pdf",),
        size_bytes=10,
        page_count=3,
        modified=modified,
    )


def refusal(digit: str, *names: str) -> IntakeRecord:
    return IntakeRecord(
        doc_id=digit * 64,
        status="rejected",
        reason="password",
        detail="it does not open without one",
        identity=None,
        file_names=names,
        size_bytes=10,
        page_count=None,
        modified=None,
    )


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        pytest.param([record("a")], "a", id="one"),
        pytest.param(
            [record("a", modified="20210401000000"), record("b", modified="20210301000000")], "ba", id="older-first"
        ),
        pytest.param(
            [record("a", modified="20210301000000", is_revision=True), record("b", modified="20220101000000")],
            "ba",
            id="original-before-revision-whatever-the-dates",
        ),
        pytest.param([record("b", "x（更正后）.pdf"), record("c", "x.pdf")], "cb", id="revision-by-its-name"),
        pytest.param([record("b"), record("a")], "ab", id="by-content-when-nothing-tells"),
    ],
)  # fmt: skip
def test_order(records: list[IntakeRecord], expected: str) -> None:
    for arrived in itertools.permutations(records):
        rows = build_version_rows(KEY, arrived)
        assert "".join(str(row["doc_id"])[0] for row in rows) == expected
        assert [row["version_no"] for row in rows] == list(range(1, len(rows) + 1))
        assert [row["is_current"] for row in rows] == [False] * (len(rows) - 1) + [True]
        assert [row["supersedes"] for row in rows] == [None, *(r["doc_id"] for r in rows[:-1])]


def test_a_refusal_is_no_version() -> None:
    with pytest.raises(ValueError, match="expected accepted"):
        build_version_rows(KEY, [refusal("a", "x.pdf")])


def test_the_steps_publish_and_notice_what_arrives(tmp_path: Path) -> None:
    root = str(tmp_path)
    store, settings, folder = Store(root), Settings(), Folder(root)
    raw_reports, rejected_files = STEPS
    write_record(folder, record("a"))
    write_record(folder, refusal("b", "x.pdf", "y.pdf"))
    assert materialize(raw_reports, KEY, store, settings).status == "published"
    assert materialize(rejected_files, "corpus", store, settings).status == "published"
    assert materialize(raw_reports, KEY, store, settings).status == "unchanged"
    refused = store.require("rejected_files", "corpus").read_table("rejected_files")
    assert refused.select("file_name", "reason").rows() == [
        ("x.pdf", "password"),
        ("y.pdf", "password"),
    ]
    write_record(folder, record("c", "a（修订版）.pdf"))
    assert materialize(raw_reports, KEY, store, settings).status == "published"
    assert materialize(rejected_files, "corpus", store, settings).status == "unchanged"
    versions = store.require("raw_reports", KEY).read_table("raw_reports")
    assert versions["doc_id"].str.head(1).to_list() == ["a", "c"]
