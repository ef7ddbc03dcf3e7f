"""Files become records: accepted ones with their bytes kept, refused ones with a typed reason."""

import contextlib
import importlib.util
import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from sft_assets.errors import RejectedDocumentError
from sft_assets.ingest import intake, records
from sft_assets.ingest.inbox_entries import find_entries, find_files, why_no_file
from sft_assets.ingest.intake import IntakeLimits, intake_folder, list_report_keys, take_in
from sft_assets.ingest.records import rejected_records
from sft_assets.lineage.digests import sha256_of_bytes
from sft_assets.store.folders import Folder
from sft_assets.worker.limits import MIB, Limits

_spec = importlib.util.spec_from_file_location(
    "pdf_bytes", Path(__file__).with_name("pdf_bytes.py")
)
assert _spec
assert _spec.loader
pdfs = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(pdfs)

REPORT: bytes = pdfs.text_pdf(pdfs.FORM_10K)
KEY = "quillfeather-widgets_2021_annual"


def put(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_report_is_kept_by_its_content(tmp_path: Path) -> None:
    root = tmp_path / "data"
    record = take_in(put(tmp_path, "download (3).pdf", REPORT), str(root))
    assert (record.status, record.report_key, record.page_count) == ("accepted", KEY, 2)
    assert record.doc_id == sha256_of_bytes(REPORT)
    blob = root / "blobs" / "sha256" / record.doc_id[:2] / f"{record.doc_id}.pdf"
    assert blob.read_bytes() == REPORT
    assert list_report_keys(str(root)) == [KEY]
    assert [p.name for p in blob.parent.iterdir()] == [blob.name]  # no staged copy stays


HOSTILE: list[tuple[str, Callable[[], bytes], set[str]]] = [
    ("empty", lambda: b"", {"empty_file"}),
    ("text", lambda: b"just words\n" * 200, {"not_a_pdf"}),
    ("late-header", lambda: b" " * 2000 + REPORT, {"not_a_pdf"}),
    ("html", lambda: b"<!DOCTYPE html><html><body>404</body></html>", {"not_a_pdf"}),
    ("lfs", lambda: b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", {"not_a_pdf"}),
    ("header-only", lambda: b"%PDF-1.7\n", {"unreadable"}),
    ("cut", lambda: REPORT[: len(REPORT) // 3], {"unreadable", "no_pages", "page_count_disagrees"}),
    ("no-pages", lambda: pdfs.counted_pages(0, 0), {"no_pages", "unreadable"}),
    ("loop", pdfs.looping_kids, {"no_pages", "unreadable", "page_count_disagrees", "crash"}),
    ("wrong-count", lambda: pdfs.counted_pages(2, 7), {"page_count_disagrees"}),
    ("no-report", lambda: pdfs.text_pdf(["A letter.\nDear reader, this is a page of words."]), {"not_an_annual_report"}),
    ("no-year", lambda: pdfs.text_pdf([pdfs.FORM_10K[0].replace("June 30, 2021", "")]), {"unidentified"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "make", "reasons"), HOSTILE, ids=[case[0] for case in HOSTILE])
def test_what_is_no_report_is_refused_with_its_reason(
    tmp_path: Path, name: str, make: Callable[[], bytes], reasons: set[str]
) -> None:
    root = tmp_path / "data"
    record = take_in(put(tmp_path, f"{name}.pdf", make()), str(root))
    assert record.status == "rejected"
    assert record.reason in reasons, record.detail
    assert record.detail
    assert list_report_keys(str(root)) == []
    assert rejected_records(Folder(str(root))) == [record]
    assert not list(root.glob("blobs/**/*.pdf"))  # nothing of it is kept


def test_bytes_before_the_header_are_no_reason_to_refuse(tmp_path: Path) -> None:
    record = take_in(
        put(tmp_path, "a.pdf", b"HTTP/1.1 200 OK\r\n\r\n" + REPORT), str(tmp_path / "d")
    )
    assert record.report_key == KEY


@pytest.mark.parametrize(("user", "expected"), [("", KEY), ("secret", None)])
def test_only_a_password_prompt_is_refused(tmp_path: Path, user: str, expected: str | None) -> None:
    record = take_in(pdfs.encrypted(tmp_path / "locked.pdf", user=user), str(tmp_path / "data"))
    assert (record.report_key, record.reason) == (expected, None if expected else "password")


def test_limits_on_bytes_and_pages(tmp_path: Path) -> None:
    path = put(tmp_path, "big.pdf", REPORT)
    heavy = take_in(path, str(tmp_path / "a"), limits=IntakeLimits(max_bytes=100))
    long = take_in(path, str(tmp_path / "b"), limits=IntakeLimits(max_pages=1))
    assert (heavy.reason, long.reason) == ("too_large", "too_large")


def test_a_bomb_ends_its_child_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = Limits(memory_bytes=400 * MIB, cpu_seconds=4, wall_seconds=60)
    monkeypatch.setattr(intake, "opening_limits", lambda _size: limits)
    monkeypatch.setattr(intake, "OCR_LIMITS", limits)
    record = take_in(put(tmp_path, "bomb.pdf", pdfs.bomb()), str(tmp_path / "data"))
    assert record.reason in {"memory", "timeout", "crash", "not_an_annual_report"}


def test_known_bytes_under_a_new_name_are_an_alias(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = str(tmp_path / "data")
    first = take_in(put(tmp_path / "in", "b.pdf", REPORT), root)
    monkeypatch.setattr(intake, "run_isolated", _must_not_run)
    again = take_in(put(tmp_path / "in", "b.pdf", REPORT), root)
    alias = take_in(put(tmp_path / "in", "a.pdf", REPORT), root)
    assert again == first
    assert alias.file_names == ("a.pdf", "b.pdf")
    assert alias.identity == first.identity


def _must_not_run(*_: object, **__: object) -> None:
    raise AssertionError("the bytes were parsed again")


def test_new_rules_look_at_known_bytes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = str(tmp_path / "data")
    take_in(put(tmp_path / "in", "b.pdf", REPORT), root)
    monkeypatch.setattr(intake, "RULES_VERSION", "next")
    monkeypatch.setattr(intake, "run_isolated", _refuse)
    assert take_in(put(tmp_path / "in", "b.pdf", REPORT), root).reason == "crash"
    assert list_report_keys(root) == []  # the old mark is not believed


def _refuse(*_: object, **__: object) -> None:
    raise RejectedDocumentError("crash", "ended by SIGABRT")


def test_the_order_of_names_does_not_matter(tmp_path: Path) -> None:
    undated = pdfs.text_pdf([pdfs.FORM_10K[0].replace("June 30, 2021", ""), pdfs.FORM_10K[1]])
    names = ["what.pdf", "Quillfeather_2021_10-K.pdf"]
    contents = []
    for root, order in ((tmp_path / "x", names), (tmp_path / "y", names[::-1])):
        for name in order:
            record = take_in(put(tmp_path / "in", name, undated), str(root))
        contents.append((root / "intake" / f"{record.doc_id}.json").read_bytes())
        assert (record.report_key, record.hinted) == (KEY, True)
    assert contents[0] == contents[1]


def test_records_and_blobs_on_a_remote_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))  # locks of a remote root lie there
    root = "memory://intake-test"
    record = take_in(put(tmp_path / "in", "a.pdf", REPORT), root)
    assert (
        Folder(root).read_bytes(f"blobs/sha256/{record.doc_id[:2]}/{record.doc_id}.pdf") == REPORT
    )
    assert list_report_keys(root) == [KEY]
    Folder(root).remove_tree("")


def test_no_file_stops_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox = tmp_path / "in"
    put(inbox / "sub", "good.pdf", REPORT)
    put(inbox, "good again.pdf", REPORT)
    put(inbox, "empty.pdf", b"")
    put(inbox, "locked away.pdf", b"%PDF-")
    for name in (".hidden.pdf", "half.pdf.part", "half.crdownload", "~$open.pdf"):
        put(inbox, name, REPORT)
    monkeypatch.setattr(intake, "sha256_of_file", _unless_locked)
    seen: list[tuple[int, int]] = []
    summary = intake_folder(
        inbox, str(tmp_path / "data"), progress=lambda d, t, _: seen.append((d, t))
    )
    assert summary == {
        "files": 4,
        "accepted": 2,
        "reports": 1,
        "rejected": {"empty_file": 1},
        "unread": {"locked away.pdf": "PermissionError"},
    }
    assert seen == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


def _unless_locked(path: Path) -> str:
    if path.name == "locked away.pdf":
        raise PermissionError(path.name)
    return sha256_of_bytes(path.read_bytes())


def test_a_killed_intake_leaves_nothing_that_is_believed(tmp_path: Path) -> None:
    root = tmp_path / "data"
    path = put(tmp_path, "a.pdf", REPORT)
    doc_id = sha256_of_bytes(REPORT)
    put(root / "blobs" / "sha256" / doc_id[:2], f".{doc_id}.tmp", b"half a copy")
    put(root / "intake" / "reports" / KEY, doc_id, b"")  # a mark without a record
    assert list_report_keys(str(root)) == []
    assert take_in(path, str(root)).report_key == KEY
    shutil.rmtree(root / "intake" / "reports")  # and a record without its mark
    assert list_report_keys(str(root)) == []
    take_in(path, str(root))
    assert list_report_keys(str(root)) == [KEY]


def test_files_are_found_in_a_stable_order(tmp_path: Path) -> None:
    for name in ("b.pdf", "a.pdf", "c/d.pdf"):
        put((tmp_path / name).parent, Path(name).name, b"x")
    (tmp_path / "dangling.pdf").symlink_to(tmp_path / "nowhere")
    assert [p.relative_to(tmp_path).as_posix() for p in find_files(tmp_path)] == [
        "a.pdf",
        "b.pdf",
        "c/d.pdf",
    ]


NO_FILES = {
    "pipe.pdf": "a named pipe",
    "socket.pdf": "a socket",
    "dangling.pdf": "a link that leads nowhere",
    "loop.pdf": "a link that leads nowhere",
    "null.pdf": "a device",
    "folder.pdf": "a folder without a report",
    "deep": "a folder without a report",
    "all of the disk": "a link to a folder",
}


@pytest.fixture
def odd_inbox(tmp_path: Path) -> Path:
    """An inbox with a report, and one of everything that is no file."""
    inbox = tmp_path / "in"
    put(inbox / "sub", "good.pdf", REPORT)
    os.mkfifo(inbox / "sub" / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as made, contextlib.chdir(inbox):  # a path has 107 bytes
        made.bind("socket.pdf")
    (inbox / "dangling.pdf").symlink_to(tmp_path / "nowhere")
    (inbox / "loop.pdf").symlink_to(inbox / "loop.pdf")
    (inbox / "null.pdf").symlink_to("/dev/null")
    (inbox / "folder.pdf").mkdir()
    (inbox / "deep" / "deeper").mkdir(parents=True)
    put(inbox / "deep" / "deeper", "half.pdf.part", REPORT)
    (inbox / "all of the disk").symlink_to("/")
    (inbox / "linked.pdf").symlink_to(inbox / "sub" / "good.pdf")
    (inbox / ".hidden").mkdir()
    return inbox


@pytest.mark.timeout(60)  # an opened pipe waits for a writer
def test_what_is_no_file_is_listed_and_never_opened(odd_inbox: Path, tmp_path: Path) -> None:
    root = str(tmp_path / "data")
    summary = intake_folder(odd_inbox, root)
    assert (summary["files"], summary["accepted"], summary["unread"]) == (10, 2, {})
    assert summary["rejected"] == {"not_a_file": len(NO_FILES)}  # 10 = 2 + 8 + 0
    found = rejected_records(Folder(root))
    assert {r.file_names: r.detail for r in found} == {(n,): told for n, told in NO_FILES.items()}
    assert intake_folder(odd_inbox, root) == summary
    assert len(rejected_records(Folder(root))) == len(NO_FILES)


def test_what_became_a_file_is_not_refused_any_more(odd_inbox: Path, tmp_path: Path) -> None:
    root = str(tmp_path / "data")
    intake_folder(odd_inbox, root)
    put(odd_inbox / "deep" / "deeper", "late.pdf", REPORT)
    (odd_inbox / "dangling.pdf").unlink()
    put(odd_inbox, "dangling.pdf", REPORT)
    intake_folder(odd_inbox, root)
    left = {name for record in rejected_records(Folder(root)) for name in record.file_names}
    assert left == set(NO_FILES) - {"deep", "dangling.pdf"}


def test_a_watched_inbox_waits_for_folders_to_be_filled(odd_inbox: Path) -> None:
    names = {path.name for path in find_entries(odd_inbox)}
    assert names == set(NO_FILES) - {"folder.pdf", "deep"} | {"good.pdf", "linked.pdf"}
    assert [p.name for p in find_files(odd_inbox)] == ["linked.pdf", "good.pdf"]
    assert why_no_file(odd_inbox / "sub" / "good.pdf") is None


def test_a_record_cannot_contradict_itself() -> None:
    fields = {"doc_id": "0" * 64, "detail": "", "identity": None, "file_names": ("a",)}
    fields |= {"size_bytes": 1, "page_count": None, "modified": None}
    for status, reason in (("accepted", None), ("rejected", None), ("rejected", "because")):
        with pytest.raises(ValueError, match=r"expected|has an identity"):
            records.IntakeRecord.model_validate({**fields, "status": status, "reason": reason})


def test_a_damaged_record_is_made_anew(tmp_path: Path) -> None:
    root = tmp_path / "data"
    path = put(tmp_path, "a.pdf", REPORT)
    record = take_in(path, str(root))
    (root / "intake" / f"{record.doc_id}.json").write_text('{"doc_id": 1')
    assert list_report_keys(str(root)) == []
    assert take_in(path, str(root)) == record
