"""The sensor that watches the inbox: a report is taken in once, when its file has stopped growing.

It adds the report's partition and leaves the running to the automation conditions; only a report
that changed gets a run request, whose key is the hash of the bytes, so nothing runs twice.
"""

import contextlib
import json
import time
from collections.abc import Callable, Mapping, Set
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import Protocol

import dagster as dg

from sft_assets.lineage.digests import digest_of
from sft_assets.orchestration.partitions import REPORTS, REPORTS_NAME
from sft_assets.orchestration.workplace import Workplace

TICK_BUDGET_SECONDS = 35.0  # Dagster kills a tick after 60
LOOK_EVERY_SECONDS = 5
RETRY_SECONDS = 30.0  # after a first failure of the intake itself; doubled after each further one
MAX_RETRY_SECONDS = 3600.0

Stat = tuple[int, int]  # size in bytes, mtime in nanoseconds


class TakenIn(Protocol):
    """What the intake tells about one file."""

    @property
    def report_key(self) -> str | None:
        """Key of the report; ``None`` when the file was refused."""

    @property
    def doc_id(self) -> str:
        """SHA-256 of the bytes."""

    @property
    def reason(self) -> str | None:
        """Typed reason of the refusal; ``None`` when it was taken in."""


TakeIn = Callable[[Path, str], TakenIn]
FindFiles = Callable[[Path], list[Path]]


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be taken in for no fault of its own: a full disk, say."""

    size: int
    mtime_ns: int
    attempts: int
    retry_at: float  # seconds since the epoch

    def holds_back(self, stat: Stat, now: float) -> bool:
        """Return whether the file is still the one that failed, and its time has not come."""
        return (self.size, self.mtime_ns) == stat and now < self.retry_at

    def again(self, stat: Stat, now: float) -> "Failure":
        """Return the failure after one more attempt."""
        attempts = self.attempts + 1 if (self.size, self.mtime_ns) == stat else 1
        pause = min(RETRY_SECONDS * 2 ** (attempts - 1), MAX_RETRY_SECONDS)
        return Failure(*stat, attempts, now + pause)


NO_FAILURE = Failure(0, 0, 0, 0.0)


@dataclass(frozen=True, slots=True)
class InboxCursor:
    """What the last look saw, what is done with, what failed; by name relative to the inbox."""

    seen: Mapping[str, Stat] = field(default_factory=dict)
    done: Mapping[str, Stat] = field(default_factory=dict)
    failed: Mapping[str, Failure] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return the cursor as Dagster keeps it."""
        failed = {name: astuple(failure) for name, failure in self.failed.items()}
        parts = {"seen": self.seen, "done": self.done, "failed": failed}
        return json.dumps(parts, sort_keys=True)

    @classmethod
    def from_json(cls, text: str | None) -> "InboxCursor":
        """Return the cursor of ``text``; an empty one on the first tick."""
        if not text:
            return cls()
        parsed = json.loads(text)
        seen, done = ({k: tuple(v) for k, v in parsed[part].items()} for part in ("seen", "done"))
        return cls(seen, done, {k: Failure(*v) for k, v in parsed.get("failed", {}).items()})

    def ready(self, now: Mapping[str, Stat], clock: float) -> list[str]:
        """Return the files that did not change since the last look and whose time has come.

        ``clock`` is in seconds since the epoch.
        """
        return sorted(
            name
            for name, stat in now.items()
            if self.seen.get(name) == stat
            and self.done.get(name) != stat
            and not self.failed.get(name, NO_FAILURE).holds_back(stat, clock)
        )


@dataclass(slots=True)
class Look:
    """What one look at the inbox brought."""

    accepted: dict[str, str] = field(default_factory=dict)  # report_key -> doc_id, the newest
    refused: list[str] = field(default_factory=list)  # doc_ids
    done: dict[str, Stat] = field(default_factory=dict)
    failed: dict[str, Failure] = field(default_factory=dict)

    def add(self, name: str, taken: TakenIn, log: Callable[[str], None]) -> None:
        """Note what became of the file ``name``."""
        if taken.reason is not None:
            log(f"{name} was refused: {taken.reason}")
            self.refused.append(taken.doc_id)
        elif taken.report_key is not None:
            self.accepted[taken.report_key] = taken.doc_id


class SlowIntake:
    """Takes files in on a thread, one after the other.

    A scan is read by OCR to find its company and year, which can outlast a tick. It then goes on
    between ticks, and a later look collects the result. After a restart it begins again: taking
    the same bytes in twice changes nothing.
    """

    def __init__(self, take_in: TakeIn) -> None:
        self._take_in = take_in
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="inbox")
        self._running: dict[tuple[Path, Stat], Future[TakenIn]] = {}

    def collect(self, path: Path, stat: Stat, root: str, *, seconds: float) -> TakenIn | None:
        """Return what came of the file; None while it is still being read after ``seconds``.

        Raises:
            Exception: Whatever the intake raised.
        """
        key = (path, stat)
        if key not in self._running:
            self._running[key] = self._thread.submit(self._take_in, path, root)
        try:
            taken = self._running[key].result(timeout=max(0.0, seconds))
        except TimeoutError:
            if not self._running[key].done():
                return None
            raise
        finally:
            if self._running[key].done():
                del self._running[key]
        return taken


def snapshot(inbox: Path, find_files: FindFiles) -> dict[str, Stat]:
    """Return size and mtime of the entries of the inbox, by name relative to it."""
    found: dict[str, Stat] = {}
    for path in find_files(inbox):
        with contextlib.suppress(FileNotFoundError):  # moved away while we looked
            stat = path.stat() if path.exists() else path.lstat()  # a link may lead nowhere
            found[path.relative_to(inbox).as_posix()] = (stat.st_size, stat.st_mtime_ns)
    return found


def look(
    inbox: Path,
    now: Mapping[str, Stat],
    root: str,
    cursor: InboxCursor,
    intake: SlowIntake,
    log: Callable[[str], None],
) -> tuple[Look, InboxCursor]:
    """Take in the files that have settled, within the time of a tick; return what came of it.

    What the intake raises says nothing about the file (a refusal is no exception): the disk may be
    full or the memory spent. The file is tried again, after a pause that grows.
    """
    deadline = time.monotonic() + TICK_BUDGET_SECONDS
    brought = Look()
    for name in cursor.ready(now, time.time()):
        seconds = deadline - time.monotonic()
        try:
            taken = intake.collect(inbox / name, now[name], root, seconds=seconds)
        except Exception as error:  # noqa: BLE001  one file must never stop the others
            failure = cursor.failed.get(name, NO_FAILURE).again(now[name], time.time())
            brought.failed[name] = failure
            pause = failure.retry_at - time.time()
            kind = type(error).__name__
            log(f"{name} was not taken in: {kind}; it is tried again in {pause:.0f} s")
            continue
        if taken is None:
            log(f"{name} is still being read")
            break
        brought.done[name] = now[name]
        brought.add(name, taken, log)
    done = {name: stat for name, stat in cursor.done.items() if name in now} | brought.done
    failed = {
        name: failure
        for name, failure in {**cursor.failed, **brought.failed}.items()
        if name in now and name not in brought.done
    }
    return brought, InboxCursor(now, done, failed)


def build_inbox_sensor(
    take_in: TakeIn, find_files: FindFiles, *, report_asset: str, refusals_asset: str
) -> dg.SensorDefinition:
    """Return the sensor that feeds ``report_asset`` and, after a refusal, ``refusals_asset``."""
    raw, refusals = dg.AssetKey(report_asset), dg.AssetKey(refusals_asset)
    intake = SlowIntake(take_in)

    @dg.sensor(
        name="inbox",
        target=[raw, refusals],
        minimum_interval_seconds=LOOK_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Takes in annual reports from the inbox folder once they are complete.",
    )
    def inbox(context: dg.SensorEvaluationContext, workplace: Workplace) -> dg.SensorResult:
        folder = Path(workplace.inbox)
        folder.mkdir(parents=True, exist_ok=True)
        cursor = InboxCursor.from_json(context.cursor)
        now = snapshot(folder, find_files)
        root, log = workplace.data_root, context.log.info
        brought, cursor = look(folder, now, root, cursor, intake, log)
        known = set(context.instance.get_dynamic_partitions(REPORTS_NAME))
        new = sorted(brought.accepted.keys() - known)
        return dg.SensorResult(
            run_requests=[
                *_runs_for_changed(brought, known, raw),
                *_run_for_refusals(brought, refusals),
            ],
            dynamic_partitions_requests=[REPORTS.build_add_request(new)] if new else [],
            cursor=cursor.to_json(),
        )

    return inbox


def _runs_for_changed(brought: Look, known: Set[str], raw: dg.AssetKey) -> list[dg.RunRequest]:
    return [
        dg.RunRequest(run_key=f"{key}:{doc_id}", partition_key=key, asset_selection=[raw])
        for key, doc_id in sorted(brought.accepted.items())
        if key in known
    ]


def _run_for_refusals(brought: Look, refusals: dg.AssetKey) -> list[dg.RunRequest]:
    if not brought.refused:
        return []
    run_key = f"refused:{digest_of('refused', sorted(brought.refused))}"
    return [dg.RunRequest(run_key=run_key, asset_selection=[refusals])]
