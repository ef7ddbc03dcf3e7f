"""Publication, hashes, locks: what a reader may rely on."""

import json
import multiprocessing
import os
import signal
import time
from pathlib import Path

import polars as pl
import pytest

from sft_assets.errors import LockHeldError, NotPublishedError, StoreError
from sft_assets.schemas import TABLES
from sft_assets.store.folders import Folder
from sft_assets.store.locks import hold_lock
from sft_assets.store.store import Store
from sft_assets.walk.inputs import fetch_blob
from sft_assets.walk.materialize import RefusedError, materialize
from sft_assets.walk.settings import Settings
from sft_assets.walk.step import Grain, Inputs, Ledger, Step, StepConfig, StepResult


class Rows(StepConfig):
    rows: int = 3
    bad: int = 0
    lost: int = 0


def _pages(inputs: Inputs) -> StepResult:
    config = inputs.config(Rows)
    frame = pl.DataFrame(
        [
            ("0" * 64 if n >= config.bad else "nonsense", n + 1, f"page {n}", [])
            for n in range(config.rows)
        ],
        schema=TABLES["clean_pages"].schema,
        orient="row",
    )
    return StepResult(
        tables={"clean_pages": frame},
        ledger=Ledger("page", rows_in=config.rows + config.lost, kept=config.rows),
        files={"notes/readme.txt": b"beside the table"},
        measured={"seconds.json": str(time.monotonic()).encode()},
        metadata={"rows": config.rows},
    )


STEP = Step(
    name="clean_pages",
    stage="clean",
    grain=Grain.REPORT,
    tables=("clean_pages",),
    inputs=(),
    code_version="1",
    description="Pages for a test.",
    compute=_pages,
    config=Rows,
)
KEY = "600000_2024_annual"
SUITE = {
    "name": "clean_pages",
    "meta": {"max_quarantine_share": "0.4"},
    "expectations": [
        {
            "type": "expect_column_values_to_match_regex",
            "kwargs": {"column": "doc_id", "regex": "^[0-9a-f]{64}$"},
            "severity": "warning",
            "meta": {"rule": "doc_id_is_sha256"},
        },
    ],
}


@pytest.fixture(autouse=True)
def _own_suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "expectations"
    folder.mkdir()
    (folder / "clean_pages.json").write_text(json.dumps(SUITE))
    monkeypatch.setenv("SFT_ASSETS_EXPECTATIONS", str(folder))


@pytest.fixture(params=["local", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store on a local disk and one on an object-store-like file system."""
    monkeypatch.setenv("HOME", str(tmp_path))
    root = tmp_path / "data" if request.param == "local" else f"memory://{tmp_path.name}"
    return Store(str(root))


def _run(store: Store, **settings: int) -> str:
    outcome = materialize(STEP, KEY, store, Settings({"clean_pages": settings}))
    return outcome.status


def test_published_version_is_read_back_with_its_counts(store: Store) -> None:
    assert _run(store) == "published"
    version = store.require("clean_pages", KEY)
    assert version.read_table("clean_pages")["page_no"].to_list() == [1, 2, 3]
    assert version.read_file("files/notes/readme.txt") == b"beside the table"
    assert version.local_files(Path("/nonexistent")) if store.folder.is_local else True
    assert version.counts == {
        "unit": "page",
        "rows_in": 3,
        "kept": 3,
        "dropped": {},
        "quarantined": {},
    }
    assert store.partitions("clean_pages") == [KEY]


def test_same_work_is_not_done_twice_and_other_work_is(store: Store) -> None:
    assert [_run(store), _run(store), _run(store, rows=4)] == [
        "published",
        "unchanged",
        "published",
    ]
    first = store.require("clean_pages", KEY).version_id
    assert _run(store, rows=3) == "published"  # back to the first settings: its version is reused
    assert store.require("clean_pages", KEY).version_id != first


def test_manifest_holds_no_time_and_no_place(tmp_path: Path) -> None:
    manifests = []
    for name in ("a", "b"):
        store = Store(str(tmp_path / name))
        _run(store)
        path = store.require("clean_pages", KEY).path
        manifests.append(store.folder.read_bytes(f"{path}/manifest.json"))
    assert manifests[0] == manifests[1]


def test_failing_rows_are_set_aside_with_their_rule(store: Store) -> None:
    assert _run(store, bad=1) == "published"
    version = store.require("clean_pages", KEY)
    assert version.rows("clean_pages") == 2
    aside = version.read_quarantine("clean_pages")
    assert aside is not None
    assert aside["rule"].to_list() == ["doc_id_is_sha256"]
    assert version.counts["quarantined"] == {"expectation:doc_id_is_sha256": 1}


def test_too_many_failing_rows_block_and_the_old_version_stays(store: Store) -> None:
    _run(store)
    good = store.require("clean_pages", KEY).version_id
    with pytest.raises(RefusedError, match="quarantine_share: 2 rows"):
        _run(store, bad=2)
    assert store.require("clean_pages", KEY).version_id == good
    refusal = store.refusal("clean_pages", KEY)
    assert refusal is not None
    assert refusal["blocking"] == ["clean_pages.quarantine_share"]
    _run(store)
    assert store.refusal("clean_pages", KEY) is None


def test_lost_row_blocks(store: Store) -> None:
    with pytest.raises(RefusedError, match="rows_in_equal_kept_dropped_quarantined"):
        _run(store, lost=1)
    with pytest.raises(NotPublishedError, match="hint: materialise clean_pages"):
        store.require("clean_pages", KEY)


@pytest.mark.parametrize("file", ["clean_pages.parquet", "files/notes/readme.txt", "manifest.json"])
@pytest.mark.parametrize("damage", ["flip", "truncate", "remove"])
def test_damaged_file_is_never_read(store: Store, file: str, damage: str) -> None:
    _run(store)
    path = f"{store.require('clean_pages', KEY).path}/{file}"
    content = bytearray(store.folder.read_bytes(path))
    if damage == "remove":
        store.folder.remove_file(path)
    else:
        content[len(content) // 2] ^= 1
        store.folder.write_new(path, bytes(content if damage == "flip" else content[:-1]))
    with pytest.raises(StoreError, match="hint: restore it"):
        _read_all(store)


def _read_all(store: Store) -> None:
    version = store.require("clean_pages", KEY)
    version.read_table("clean_pages")
    version.read_file("files/notes/readme.txt")


def test_version_of_a_writer_that_died_before_its_manifest_is_not_readable(store: Store) -> None:
    _run(store)
    current = store.require("clean_pages", KEY)
    store.folder.remove_file(f"{current.path}/manifest.json")
    store.folder.remove_file(f"tables/clean_pages/{KEY}/current")
    assert store.current("clean_pages", KEY) is None
    assert _run(store) == "published"
    _read_all(store)


def test_complete_version_that_was_not_yet_named_is_published_as_it_is(store: Store) -> None:
    _run(store)
    store.folder.remove_file(f"tables/clean_pages/{KEY}/current")
    assert _run(store) == "published"
    _read_all(store)


def test_version_made_again_never_touches_the_one_that_is_read(store: Store) -> None:
    _run(store)
    open_now = store.require("clean_pages", KEY)
    again = materialize(STEP, KEY, store, Settings(), force=True)
    assert again.status == "published"
    assert again.version is not None
    assert (again.version.path != open_now.path, again.version_id) == (True, open_now.version_id)
    assert open_now.read_table("clean_pages").equals(again.version.read_table("clean_pages"))
    store.folder.write_new(f"{again.version.path}/clean_pages.parquet", b"damaged")
    materialize(STEP, KEY, store, Settings(), force=True)
    _read_all(store)


@pytest.mark.parametrize("file", ["manifest.json", "current"])
@pytest.mark.parametrize("content", [b"", b"{}", b"[1"])
def test_force_repairs_what_is_damaged(store: Store, file: str, content: bytes) -> None:
    _run(store)
    version = store.require("clean_pages", KEY)
    path = f"tables/clean_pages/{KEY}/current" if file == "current" else f"{version.path}/{file}"
    store.folder.write_new(path, content)
    with pytest.raises(StoreError, match="with force"):
        _run(store)
    materialize(STEP, KEY, store, Settings(), force=True)
    _read_all(store)


def test_half_a_manifest_of_a_dead_writer_is_no_version(store: Store) -> None:
    _run(store)
    version = store.require("clean_pages", KEY)
    store.folder.write_new(f"{version.path}/manifest.json", b"")
    store.folder.remove_file(f"tables/clean_pages/{KEY}/current")
    assert _run(store) == "published"
    _read_all(store)


def test_replace_leaves_old_or_new_content(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path))
    folder.replace("a/b", b"old")
    folder.replace("a/b", b"new")
    assert (folder.read_bytes("a/b"), folder.names("a")) == (b"new", ["b"])


def test_blob_with_other_bytes_is_refused(store: Store, tmp_path: Path) -> None:
    doc_id = "a" * 64
    with pytest.raises(NotPublishedError):
        fetch_blob(store, doc_id, tmp_path / "scratch")
    store.folder.write_new(store.blob_path(doc_id), b"%PDF other")
    with pytest.raises(StoreError, match="damaged"):
        fetch_blob(store, doc_id, tmp_path / "scratch")


def _hold_for_ever(path: Path, ready: "multiprocessing.synchronize.Event") -> None:
    with hold_lock(path, wait_seconds=0):
        ready.set()
        time.sleep(600)


def test_dead_owner_releases_its_lock(tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    owner = context.Process(target=_hold_for_ever, args=(path, ready))
    owner.start()
    assert ready.wait(60)
    with (
        pytest.raises(LockHeldError, match=rf'"pid": {owner.pid}'),
        hold_lock(path, wait_seconds=0),
    ):
        pass
    os.kill(owner.pid or 0, signal.SIGKILL)
    owner.join()
    with hold_lock(path, wait_seconds=0):
        pass
