"""Write, audit, publish: the one way in which a step's output comes to be.

A version is computed only when something that decides its content changed; it is staged where no
reader looks, audited, and published by one rename. When the audit refuses, the last good version
stays, and the attempt is kept aside with the rows that failed.
"""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import polars as pl

from sft_assets.errors import GateError, LedgerError, StoreError
from sft_assets.lineage.digests import canonical_json, digest_of, sha256_of_bytes, sha256_of_file
from sft_assets.schemas import TABLES
from sft_assets.store.gate import TableAudit, Verdict, audit_table
from sft_assets.store.locks import hold_lock
from sft_assets.store.store import (
    QUARANTINE,
    Store,
    Version,
    partition_path,
    write_manifest,
)
from sft_assets.store.suites import load_suite
from sft_assets.walk.bundled import bundled_digests
from sft_assets.walk.inputs import Progress, PublishedInputs, clear_folder, find_input_versions
from sft_assets.walk.settings import Settings, settings_as_plain
from sft_assets.walk.step import C, Ledger, Step, StepConfig, StepResult

LOCK_WAIT_SECONDS = (
    3600.0  # another run of the same partition is worth waiting for: its result is ours
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one step on one partition."""

    step: str
    partition: str
    status: Literal["published", "unchanged", "refused"]
    version: Version | None  # the one that readers get now; None after a refused first attempt
    verdicts: tuple[Verdict, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def version_id(self) -> str | None:
        """Id of the version that readers get now."""
        return self.version.version_id if self.version else None

    @property
    def counts(self) -> Mapping[str, Any]:
        """The ledger of that version."""
        return self.version.counts if self.version else {}

    @property
    def data_versions(self) -> dict[str, str]:
        """Table (or, without tables, step) -> SHA-256 of its content."""
        if self.version is None:
            return {}
        tables = self.version.manifest["tables"] or {self.step: None}
        return {name: self.version.data_version(name) for name in tables}


class RefusedError(GateError):
    """The audit refused; ``outcome`` says what failed."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        blocking = [v for v in outcome.verdicts if v.blocks]
        named = "; ".join(
            f"{v.table}.{v.rule}: {v.failing_rows} rows"
            + (f" ({', '.join(v.failing_ids[:3])})" if v.failing_ids else f" ({v.detail})")
            for v in blocking
        )
        super().__init__(
            f"{outcome.step}[{outcome.partition}] is refused by {named}; "
            "expected every blocking rule to pass. hint: the attempt and its verdicts are kept "
            "under refused/; the last good version is still served"
        )


@dataclass(frozen=True, slots=True)
class _ExternalView:
    root: str
    settings: StepConfig

    def config(self, of: type[C]) -> C:
        if not isinstance(self.settings, of):
            raise TypeError(f"settings are {type(self.settings).__name__}; expected {of.__name__}")
        return self.settings


def materialize(
    step: Step,
    partition: str,
    store: Store,
    settings: Settings,
    *,
    progress: Progress | None = None,
    force: bool = False,
) -> Outcome:
    """Bring ``step`` up to date for ``partition`` and say what came of it.

    Args:
        force: Compute again although nothing changed.

    Raises:
        RefusedError: If the audit refuses; the last good version is still served.
        GateError: If an input stands refused.
        NotPublishedError: If an input has no published version.
        LockHeldError: If another process holds the partition for longer than an hour.
    """
    with hold_lock(store.lock_path(step.name, partition), wait_seconds=LOCK_WAIT_SECONDS):
        config = settings.of(step)
        versions = find_input_versions(step, partition, store)
        identity = _identity(step, partition, store, config, versions)
        version_id = digest_of("version", identity)
        current = _current_unless_damaged(store, step.name, partition, ignore_damage=force)
        if not force:
            if current is not None and current.version_id == version_id:
                store.folder.remove_tree(f"{partition_path(step.name, partition)}/refused")
                return Outcome(
                    step.name, partition, "unchanged", current, metadata=current.metadata()
                )
            complete = store.find_complete(step.name, partition, version_id)
            if complete is not None and _is_intact(complete):
                store.publish(complete)  # a writer died between manifest and publication
                return Outcome(step.name, partition, "published", complete)
        scratch = clear_folder(store.scratch_path(step.name, partition))
        kept = store.kept_path(step.name, partition)
        _remove_other_attempts(kept, but=None if force else version_id)
        try:
            inputs = PublishedInputs(
                step, partition, store, versions, config, scratch, kept / version_id, progress
            )
            result = step.compute(inputs)
            outcome = _audit_and_publish(step, partition, store, result, identity, versions)
            shutil.rmtree(kept, ignore_errors=True)
            return outcome
        finally:
            shutil.rmtree(scratch, ignore_errors=True)


def _remove_other_attempts(kept: Path, *, but: str | None) -> None:
    """Remove what attempts at other versions left: nobody will go on from there."""
    for folder in kept.glob("*"):
        if folder.name != but:
            shutil.rmtree(folder, ignore_errors=True)


def _current_unless_damaged(
    store: Store, step: str, partition: str, *, ignore_damage: bool
) -> Version | None:
    """Return the current version; a damaged one is none when it is to be made again anyway."""
    try:
        return store.current(step, partition)
    except StoreError:
        if not ignore_damage:
            raise
        return None


def _identity(
    step: Step,
    partition: str,
    store: Store,
    config: StepConfig,
    versions: Mapping[str, Mapping[str, Version]],
) -> dict[str, Any]:
    """Return all that decides the content of a version."""
    external = step.external(_ExternalView(store.root, config), partition) if step.external else {}
    return {
        "step": step.name,
        "partition": partition,
        "code_version": step.code_version,
        "config": settings_as_plain(config),
        "inputs": {
            name: {key: version.data_version(name) for key, version in sorted(found.items())}
            for name, found in sorted(versions.items())
        },
        "external": dict(sorted(external.items())),
        "bundled": bundled_digests(step),
        "schemas": {name: _schema_digest(name) for name in step.tables},
        "suites": {name: load_suite(name).sha256 for name in step.tables},
    }


def _schema_digest(table: str) -> str:
    schema = TABLES[table].schema
    return digest_of("schema", [[name, str(dtype)] for name, dtype in schema.items()])


def _is_intact(version: Version) -> bool:
    for name, expected in version.manifest["files"].items():
        try:
            content = version.folder.read_bytes(f"{version.path}/{name}")
        except FileNotFoundError:
            return False
        if sha256_of_bytes(content) != expected["sha256"]:
            return False
    return True


def _audit_and_publish(
    step: Step,
    partition: str,
    store: Store,
    result: StepResult,
    identity: Mapping[str, Any],
    versions: Mapping[str, Mapping[str, Version]],
) -> Outcome:
    missing = sorted(set(step.tables) ^ set(result.tables))
    if missing:
        raise LedgerError(f"{step.name} differs in {missing}; expected tables {step.tables}")
    audits = {
        name: audit_table(TABLES[name], result.tables[name], load_suite(name))
        for name in step.tables
    }
    verdicts = [verdict for audit in audits.values() for verdict in audit.verdicts]
    counts = _balanced_counts(step, result.ledger, audits, versions, verdicts)
    version_id = digest_of("version", identity)
    blocking = [f"{v.table}.{v.rule}" for v in verdicts if v.blocks]
    path = (
        f"{partition_path(step.name, partition)}/refused"
        if blocking
        else store.free_path(step.name, partition, version_id)
    )
    if not blocking:  # an older refusal stands until this one is written whole
        store.folder.remove_tree(path)  # what a dead writer left
    files = _stage(store, path, result, audits)
    if blocking:
        told = {
            "version_id": version_id,
            "blocking": blocking,
            "verdicts": [verdict.as_dict() for verdict in verdicts],
        }
        store.folder.replace(f"{path}/verdicts.json", canonical_json(told).encode())
        current = _current_unless_damaged(store, step.name, partition, ignore_damage=True)
        raise RefusedError(
            Outcome(step.name, partition, "refused", current, tuple(verdicts), result.metadata)
        )
    tables = {
        name: {"rows": audit.kept.height, "sha256": files[f"{name}.parquet"]["sha256"]}
        for name, audit in audits.items()
    }
    manifest = {
        **identity,
        "version_id": version_id,
        "counts": counts,
        "tables": tables,
        "files": files,
        "content_sha256": digest_of("content", {n: f["sha256"] for n, f in files.items()}),
        "verdicts": [verdict.as_dict() for verdict in verdicts],
    }
    version = write_manifest(store.folder, path, manifest)
    store.publish(version)
    return Outcome(step.name, partition, "published", version, tuple(verdicts), result.metadata)


def _balanced_counts(
    step: Step,
    ledger: Ledger,
    audits: Mapping[str, TableAudit],
    versions: Mapping[str, Mapping[str, Version]],
    verdicts: list[Verdict],
) -> dict[str, Any]:
    """Return the ledger with the audit's own quarantine, and append the verdict on its balance."""
    quarantined = {reason: rows for reason, rows in ledger.quarantined.items() if rows}
    kept = ledger.kept
    if step.tables:  # the ledger speaks of the step's first table
        aside = audits[step.tables[0]].quarantined
        for rule, rows in aside.group_by("rule", maintain_order=True).len().iter_rows():
            quarantined[f"expectation:{rule}"] = rows
        kept -= aside.height
    dropped = {reason: rows for reason, rows in ledger.dropped.items() if rows}
    out = kept + sum(dropped.values()) + sum(quarantined.values())
    wrong = [] if out == ledger.rows_in else [f"{ledger.rows_in} rows in, {out} accounted for"]
    if min([kept, *dropped.values(), *quarantined.values()]) < 0:
        wrong.append("a count is negative")
    if step.ledger_input is not None:
        expected = sum(v.rows(step.ledger_input) for v in versions[step.ledger_input].values())
        if expected != ledger.rows_in:
            wrong.append(f"{step.ledger_input} has {expected} rows, the ledger {ledger.rows_in}")
    verdicts.append(
        Verdict(
            table=step.tables[0] if step.tables else step.name,
            rule="rows_in_equal_kept_dropped_quarantined",
            severity="critical",
            passed=not wrong,
            failing_rows=abs(ledger.rows_in - out),
            failing_ids=(),
            blocks=bool(wrong),
            detail="; ".join(wrong) or f"{ledger.rows_in} {ledger.unit} rows balance",
        )
    )
    return {
        "unit": ledger.unit,
        "rows_in": ledger.rows_in,
        "kept": kept,
        "dropped": dict(sorted(dropped.items())),
        "quarantined": dict(sorted(quarantined.items())),
    }


def _stage(
    store: Store, path: str, result: StepResult, audits: Mapping[str, TableAudit]
) -> dict[str, dict[str, Any]]:
    """Write everything but the manifest and return path -> sha256 and bytes of what is hashed."""
    files: dict[str, dict[str, Any]] = {}
    for name, audit in audits.items():
        files[f"{name}.parquet"] = _put(store, f"{path}/{name}.parquet", _parquet(audit.kept))
        if audit.quarantined.height:
            inner = f"{QUARANTINE}/{name}.parquet"
            files[inner] = _put(store, f"{path}/{inner}", _parquet(audit.quarantined))
    for name, content in sorted(result.files.items()):
        files[f"files/{name}"] = _put(store, f"{path}/files/{name}", content)
    for name, content in sorted(result.measured.items()):
        _put(store, f"{path}/measured/{name}", content)
    told = {
        key: str(value) if isinstance(value, float) else value
        for key, value in result.metadata.items()
    }
    store.folder.write_new(f"{path}/metadata.json", canonical_json(told).encode())
    return files


def _put(store: Store, path: str, content: bytes | Path) -> dict[str, Any]:
    if isinstance(content, Path):
        store.folder.copy_new(content, path)
        return {"sha256": sha256_of_file(content), "bytes": content.stat().st_size}
    store.folder.write_new(path, content)
    return {"sha256": sha256_of_bytes(content), "bytes": len(content)}


def _parquet(frame: pl.DataFrame) -> bytes:
    stream = BytesIO()
    frame.write_parquet(stream, compression="zstd", statistics=True)
    return stream.getvalue()
