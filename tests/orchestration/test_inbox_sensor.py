"""The inbox: only complete files are taken in, each once, and no file stops the others."""

import hashlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from sft_assets.orchestration import inbox_sensor
from sft_assets.orchestration.inbox_sensor import Failure, InboxCursor, build_inbox_sensor, snapshot
from sft_assets.orchestration.partitions import REPORTS_NAME
from sft_assets.orchestration.workplace import Workplace


@dataclass(frozen=True)
class Taken:
    report_key: str | None
    doc_id: str
    reason: str | None


def find_files(inbox: Path) -> list[Path]:
    return sorted(inbox.iterdir())


class FakeIntake:
    """Reads the report key from the first line; refuses a file without one, dies of "die"."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.dies = True
        self.held: dict[str, threading.Event] = {}

    def hold(self, name: str) -> threading.Event:
        """Make the intake of ``name`` wait for the event that is returned."""
        return self.held.setdefault(name, threading.Event())

    def __call__(self, path: Path, _root: str) -> Taken:
        self.seen.append(path.name)
        if path.name in self.held:
            assert self.held[path.name].wait(60)
        content = path.read_bytes()
        if self.dies and content.startswith(b"die"):
            raise RuntimeError("of something nobody thought of")
        key = content.decode().split("\n")[0]
        doc_id = hashlib.sha256(content).hexdigest()
        return Taken(key or None, doc_id, None if key else "not_a_pdf")


class Ticks:
    """The sensor on a folder, tick by tick."""

    def __init__(self, inbox: Path, instance: dg.DagsterInstance) -> None:
        self.intake = FakeIntake()
        self.inbox = inbox
        self.instance = instance
        self.cursor: str | None = None
        self.sensor = build_inbox_sensor(
            self.intake, find_files, report_asset="raw_reports", refusals_asset="rejected_files"
        )
        self.defs = dg.Definitions(
            assets=[dg.AssetSpec("raw_reports"), dg.AssetSpec("rejected_files")]
        )

    def tick(self) -> dg.SensorResult:
        context = dg.build_sensor_context(
            instance=self.instance,
            cursor=self.cursor,
            definitions=self.defs,
            resources={"workplace": Workplace(data_root="/nowhere", inbox=str(self.inbox))},
        )
        result = self.sensor(context)
        assert isinstance(result, dg.SensorResult)
        self.cursor = result.cursor
        for request in result.dynamic_partitions_requests or ():
            self.instance.add_dynamic_partitions(REPORTS_NAME, request.partition_keys)
        return result


@pytest.fixture
def ticks(tmp_path: Path):
    with dg.DagsterInstance.ephemeral() as instance:
        yield Ticks(tmp_path / "inbox", instance)


def partitions_of(result: dg.SensorResult) -> list[str]:
    return [
        key
        for request in result.dynamic_partitions_requests or ()
        for key in request.partition_keys
    ]


def test_the_inbox_is_made_when_it_is_missing(ticks) -> None:
    ticks.tick()
    assert ticks.inbox.is_dir()


def test_a_growing_file_is_left_alone_and_then_taken_in_once(ticks) -> None:
    ticks.tick()
    path = ticks.inbox / "a.pdf"
    for size in (1, 2, 3):
        path.write_text("a_2020_annual\n" + "x" * size)
        assert partitions_of(ticks.tick()) == []
    result = ticks.tick()
    assert partitions_of(result) == ["a_2020_annual"]
    assert result.run_requests == []  # the automation conditions run what is new
    ticks.tick()
    ticks.tick()
    assert ticks.intake.seen == ["a.pdf"]


def test_a_file_that_changed_without_changing_its_size_is_seen(ticks) -> None:
    ticks.tick()
    path = ticks.inbox / "a.pdf"
    path.write_text("a_2020_annual\n1")
    ticks.tick()
    path.write_text("a_2020_annual\n2")
    os.utime(path, ns=(1, 1))
    assert partitions_of(ticks.tick()) == []
    assert partitions_of(ticks.tick()) == ["a_2020_annual"]


def test_a_changed_report_is_run_again_by_its_hash(ticks) -> None:
    ticks.tick()
    first, second = (ticks.inbox / name for name in ("a.pdf", "a restated.pdf"))
    first.write_text("a_2020_annual\nfirst")
    ticks.tick()
    ticks.tick()
    second.write_text("a_2020_annual\nsecond")
    ticks.tick()
    result = ticks.tick()
    assert partitions_of(result) == []
    (request,) = result.run_requests
    assert request.partition_key == "a_2020_annual"
    assert request.run_key == f"a_2020_annual:{hashlib.sha256(second.read_bytes()).hexdigest()}"
    assert request.asset_selection == [dg.AssetKey("raw_reports")]


def test_a_bad_file_stops_nobody(ticks) -> None:
    ticks.tick()
    (ticks.inbox / "1 dies.pdf").write_text("die")
    (ticks.inbox / "2 refused.pdf").write_text("")
    (ticks.inbox / "3 good.pdf").write_text("c_2020_annual\n")
    ticks.tick()
    result = ticks.tick()
    assert ticks.intake.seen == ["1 dies.pdf", "2 refused.pdf", "3 good.pdf"]
    assert partitions_of(result) == ["c_2020_annual"]
    (request,) = result.run_requests
    assert request.asset_selection == [dg.AssetKey("rejected_files")]
    assert ticks.tick().run_requests == []


def test_a_failed_intake_is_tried_again_after_a_growing_pause(ticks, monkeypatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr(inbox_sensor.time, "time", lambda: clock[0])
    ticks.tick()
    path = ticks.inbox / "a.pdf"
    path.write_text("die: the disk is full")
    ticks.tick()
    attempts = []
    for clock[0] in (1000.0, 1029.0, 1030.0, 1089.0, 1090.0):
        ticks.tick()
        attempts.append(len(ticks.intake.seen))
    assert attempts == [1, 1, 2, 2, 3]  # at once, after 30 s, after 60 s more
    ticks.intake.dies = False  # there is room again; the file is the same
    clock[0] = 1090.0 + 120.0
    assert partitions_of(ticks.tick()) == ["die: the disk is full"]
    ticks.tick()
    assert len(ticks.intake.seen) == 4
    cursor = InboxCursor.from_json(ticks.cursor)
    assert cursor.failed == {}
    assert list(cursor.done) == ["a.pdf"]


def test_a_failed_file_that_changes_waits_no_longer(ticks, monkeypatch) -> None:
    monkeypatch.setattr(inbox_sensor.time, "time", lambda: 1000.0)
    ticks.tick()
    path = ticks.inbox / "a.pdf"
    path.write_text("die")
    ticks.tick()
    ticks.tick()
    path.write_text("a_2020_annual\n")
    ticks.tick()
    assert partitions_of(ticks.tick()) == ["a_2020_annual"]


def test_a_slow_file_outlives_the_tick_and_is_collected_later(ticks, monkeypatch) -> None:
    monkeypatch.setattr(inbox_sensor, "TICK_BUDGET_SECONDS", 0.01)
    go_on = ticks.intake.hold("b.pdf")
    ticks.tick()
    for name in "abc":
        (ticks.inbox / f"{name}.pdf").write_text(f"{name}_2020_annual\n")
    ticks.tick()
    got = [key for _ in range(3) for key in partitions_of(ticks.tick())]
    assert got in ([], ["a_2020_annual"])  # b is being read, c waits behind it
    monkeypatch.setattr(inbox_sensor, "TICK_BUDGET_SECONDS", 20.0)
    go_on.set()
    got += partitions_of(ticks.tick())
    assert got == ["a_2020_annual", "b_2020_annual", "c_2020_annual"]
    assert ticks.intake.seen == ["a.pdf", "b.pdf", "c.pdf"]


def test_a_file_that_moves_away_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "stays.pdf").touch()
    files = [tmp_path / "stays.pdf", tmp_path / "gone.pdf"]
    assert list(snapshot(tmp_path, lambda _inbox: files)) == ["stays.pdf"]


def test_a_cursor_survives_its_own_text() -> None:
    failed = {"c": Failure(5, 6, attempts=2, retry_at=7.5)}
    cursor = InboxCursor(seen={"a": (1, 2)}, done={"b": (3, 4)}, failed=failed)
    assert InboxCursor.from_json(cursor.to_json()) == cursor
    assert InboxCursor.from_json(None) == InboxCursor()


def test_entries_that_are_no_files_are_seen(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "dangling.pdf").symlink_to(tmp_path / "nowhere")
    assert set(snapshot(tmp_path, find_files)) == {"pipe.pdf", "dangling.pdf"}
