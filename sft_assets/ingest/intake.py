"""Take files in: hash, copy by content, identify in a child process, keep a record.

The same bytes are copied and parsed once, under whatever names they come. A file that is no
annual report, or a trap, becomes a record with a typed reason; nothing of it is kept.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sft_assets.errors import RejectedDocumentError, SftAssetsError
from sft_assets.ingest.blobs import keep_blob, staged_copy
from sft_assets.ingest.file_names import hinted_code, hinted_year, printable_name
from sft_assets.ingest.headers import refuse_unless_pdf
from sft_assets.ingest.identity import Identity
from sft_assets.ingest.inbox_entries import find_empty_folders, find_entries, why_no_file
from sft_assets.ingest.records import (
    RULES_VERSION,
    IntakeRecord,
    ensure_mark,
    forget_rejection,
    list_report_keys,
    read_record,
    write_record,
)
from sft_assets.lineage.digests import sha256_of_bytes, sha256_of_file
from sft_assets.store.locks import hold_lock
from sft_assets.store.store import Store
from sft_assets.worker.isolated import run_isolated
from sft_assets.worker.limits import MAX_PAGES, MIB, cpu_limits, opening_limits

__all__ = [
    "IntakeLimits",
    "IntakeRecord",
    "RefusedFile",
    "intake_folder",
    "list_report_keys",
    "take_in",
]

LOCK_WAIT_SECONDS = 600.0
OCR_LIMITS = cpu_limits(55, memory_bytes=2048 * MIB)


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """What a file may weigh before it is refused unread."""

    max_bytes: int = 512 * MIB
    max_pages: int = MAX_PAGES


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """An entry of an inbox that was not taken in."""

    name: str
    reason: str  # a key of REASONS, or ``unread`` where the file itself could not be read
    detail: str


class _Identified(BaseModel):
    """What the child read of a file, from its text or its pictures."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    identity: Identity | None
    reason: Literal["not_an_annual_report", "unidentified"] | None
    detail: str = Field(max_length=200)
    hinted: bool


class _Inspected(_Identified):
    """What the child found in a file that two parsers open."""

    page_count: int = Field(ge=1)
    modified: str | None = Field(pattern=r"^\d{14}$")
    needs_ocr: bool


DEFAULT_LIMITS = IntakeLimits()


def take_in(path: Path, root: str, *, limits: IntakeLimits = DEFAULT_LIMITS) -> IntakeRecord:
    """Return the record of the file's bytes, making it when they are new.

    What is no file (a named pipe, a dead link ...) is refused by its name, without being opened.

    Args:
        path: An entry of the inbox; it is read, never changed.
        root: Root of the data folder (a path or an fsspec URL).
        limits: What the file may weigh.

    Raises:
        OSError: If the file itself cannot be read.
        LockHeldError: If another process works on these bytes for longer than ten minutes.
    """
    store = Store(root)
    name = printable_name(path.name)
    if kind := why_no_file(path):
        return _refuse_entry(store, name, kind)
    forget_rejection(store.folder, _entry_id(name))
    doc_id = sha256_of_file(path)
    with hold_lock(store.lock_path("intake", doc_id[:2]), wait_seconds=LOCK_WAIT_SECONDS):
        known = read_record(store.folder, doc_id)
        if known and _still_holds(known, name):
            return _remember_name(store, known, name)
        names = tuple(sorted({name, *(known.file_names if known else ())}))
        record = _make_record(path, doc_id, names, store, limits)
        write_record(store.folder, record)
        return record


def _entry_id(name: str) -> str:
    """Return the doc_id of an entry without bytes: of its name, so that it has one."""
    return sha256_of_bytes(f"no file: {name}".encode())


def _refuse_entry(store: Store, name: str, kind: str) -> IntakeRecord:
    record = IntakeRecord(
        doc_id=_entry_id(name),
        status="rejected",
        reason="not_a_file",
        detail=kind,
        identity=None,
        file_names=(name,),
        size_bytes=0,
        page_count=None,
        modified=None,
    )
    with hold_lock(store.lock_path("intake", record.doc_id[:2]), wait_seconds=LOCK_WAIT_SECONDS):
        if read_record(store.folder, record.doc_id) != record:
            write_record(store.folder, record)
    return record


TRANSIENT = ("timeout", "memory", "crash")  # a busy machine may refuse a good file: ask again


def _still_holds(known: IntakeRecord, name: str) -> bool:
    """Tell whether nothing has to be computed anew: same rules, and the name decides nothing."""
    if known.rules_version != RULES_VERSION or known.reason in TRANSIENT:
        return False
    open_to_hints = (
        known.hinted
        or known.reason == "unidentified"
        or (known.identity is not None and known.identity.code is None)
    )
    return name in known.file_names or not open_to_hints


def _remember_name(store: Store, known: IntakeRecord, name: str) -> IntakeRecord:
    if name in known.file_names:
        ensure_mark(store.folder, known)
        return known
    record = known.model_copy(update={"file_names": tuple(sorted({*known.file_names, name}))})
    write_record(store.folder, record)
    return record


def _make_record(
    path: Path, doc_id: str, names: tuple[str, ...], store: Store, limits: IntakeLimits
) -> IntakeRecord:
    size = path.stat().st_size
    found: _Inspected | None = None
    refused: RejectedDocumentError | None = None
    try:
        refuse_unless_pdf(path, size, limits.max_bytes)
        with staged_copy(path, doc_id, store) as staged:
            found = _identify(staged, names, limits)
            if found.identity is not None:
                keep_blob(staged, doc_id, store)
            else:
                refused = RejectedDocumentError(found.reason or "unidentified", found.detail)
    except RejectedDocumentError as error:
        refused = error
    return IntakeRecord(
        doc_id=doc_id,
        status="rejected" if refused else "accepted",
        reason=refused.reason if refused else None,
        detail=refused.detail if refused else "",
        identity=found.identity if found else None,
        file_names=names,
        size_bytes=size,
        page_count=found.page_count if found else None,
        modified=found.modified if found else None,
        hinted=bool(found and found.hinted),
    )


def _identify(staged: Path, names: tuple[str, ...], limits: IntakeLimits) -> _Inspected:
    payload = {
        "pdf": str(staged.resolve()),
        "max_pages": limits.max_pages,
        "year_hint": hinted_year(names),
        "code_hint": hinted_code(names),
    }
    task = "sft_assets.ingest.child:inspect"
    opening = opening_limits(staged.stat().st_size)
    found = run_isolated(task, payload, values=_Inspected, limits=opening).values
    if not found.needs_ocr:
        return found
    task = "sft_assets.ingest.child:recognize"
    read = run_isolated(task, payload, values=_Identified, limits=OCR_LIMITS).values
    return found.model_copy(update={name: getattr(read, name) for name in _Identified.model_fields})


def intake_folder(
    inbox: Path,
    root: str,
    *,
    progress: Callable[[int, int, str], None] | None = None,
    refuse: Callable[[RefusedFile], None] = lambda _refused: None,
) -> dict[str, object]:
    """Take in every file below ``inbox`` and return how many became what.

    ``refuse`` is called with each that was not taken in, in their order.

    What is no file, and a folder that holds none, is refused as ``not_a_file``. Hidden and
    half-downloaded files are left alone. A file that cannot be read is counted under ``unread``
    with the class of the error; no file stops the others.
    """
    entries = find_entries(inbox)
    files = sorted([*entries, *find_empty_folders(inbox, entries)])
    folder = Store(root).folder
    for filled in sorted({name for e in entries for name in e.relative_to(inbox).parts[:-1]}):
        forget_rejection(folder, _entry_id(printable_name(filled)))  # it was empty before
    accepted, keys = 0, set()
    rejected: Counter[str] = Counter()
    unread: dict[str, str] = {}
    for position, path in enumerate(files):
        if progress:
            progress(position, len(files), path.name)
        try:
            record = take_in(path, root)
        except (OSError, SftAssetsError) as error:
            name, kind = printable_name(path.name), type(error).__name__
            unread[name] = kind
            refuse(RefusedFile(name, "unread", kind))
            continue
        accepted += record.status == "accepted"
        keys.update({record.report_key} - {None})
        if record.reason:
            rejected.update([record.reason])
            refuse(RefusedFile(printable_name(path.name), record.reason, record.detail))
    if progress:
        progress(len(files), len(files), "")
    return {
        "files": len(files),
        "accepted": accepted,
        "reports": len(keys),
        "rejected": dict(sorted(rejected.items())),
        "unread": unread,
    }
