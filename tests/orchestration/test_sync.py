"""What the command line published shows in the UI, once, and follows the store."""

import dagster as dg
import pytest
from toy_walk import STEPS

from sft_assets.orchestration.sync import record_published
from sft_assets.orchestration.told_to_dagster import CHECK_NAME
from sft_assets.walk.run import run_walk
from sft_assets.walk.settings import Settings

KEYS = ["a_2020_annual", "b_2020_annual"]


@pytest.fixture
def walked(toy):
    for key in KEYS:
        toy.add_report(key)
        toy.instance.delete_dynamic_partition("report", key)
    walk(toy)
    return toy


def walk(toy) -> None:
    run_walk(STEPS, toy.root, Settings(), report_keys=KEYS, recipes=["lora"])


def record(toy) -> int:
    return record_published(toy.instance, toy.store, STEPS)


def check_status(toy, asset: str, partition: str | None) -> str:
    key = dg.AssetCheckKey(dg.AssetKey(asset), CHECK_NAME)
    infos = toy.instance.event_log_storage.get_asset_check_partition_info([key])
    (info,) = [info for info in infos if info.partition_key == partition]
    assert info.is_current
    return info.latest_execution_status.value


def test_everything_published_is_recorded_once(walked) -> None:
    assert record(walked) == (2 * 3 + 1 + 1) * 2
    assert record(walked) == 0
    assert sorted(walked.instance.get_dynamic_partitions("report")) == KEYS
    event = walked.instance.get_latest_materialization_event(dg.AssetKey("redacted_pages"))
    assert event.asset_materialization.metadata["dagster/row_count"].value == 2
    assert check_status(walked, "redacted_pages", KEYS[0]) == "SUCCEEDED"
    assert check_status(walked, "comparison_pairs", None) == "SUCCEEDED"


def test_nothing_runs_because_of_what_was_recorded(walked) -> None:
    everything = dg.AssetSelection.all()
    cursor = None
    for before in (lambda: None, lambda: record(walked), lambda: None):
        before()
        result = dg.evaluate_automation_conditions(
            walked.defs, instance=walked.instance, cursor=cursor, asset_selection=everything
        )
        cursor = result.cursor
        assert result.total_requested == 0


def test_a_changed_report_adds_its_own_events_only(walked) -> None:
    record(walked)
    walked.add_report(KEYS[0], pages=7)
    walk(walked)
    assert record(walked) == (3 + 1 + 1) * 2  # its three assets, the corpus and the checkpoint


def test_a_refusal_shows_and_goes_when_it_is_repaired(walked) -> None:
    record(walked)
    walked.add_report(KEYS[0], pages=9)
    walked.limit_rows("redacted_pages", 8)
    walk(walked)
    assert record(walked) > 0
    assert check_status(walked, "redacted_pages", KEYS[0]) == "FAILED"
    assert check_status(walked, "redacted_pages", KEYS[1]) == "SUCCEEDED"
    assert record(walked) == 0
    walked.limit_rows("comparison_pairs", 0)
    walk(walked)
    assert record(walked) == 1
    assert check_status(walked, "comparison_pairs", None) == "FAILED"
    assert record(walked) == 0
    walked.limit_rows("comparison_pairs", 99)
    walked.add_report(KEYS[0], pages=2)
    walked.limit_rows("redacted_pages", 99)
    walk(walked)
    record(walked)
    assert check_status(walked, "redacted_pages", KEYS[0]) == "SUCCEEDED"
    assert record(walked) == 0
    assert check_status(walked, "comparison_pairs", None) == "SUCCEEDED"


@pytest.mark.parametrize("asset", ["redacted_pages", "comparison_pairs"])
def test_a_first_attempt_that_was_refused_shows_once(toy, asset: str) -> None:
    toy.limit_rows(asset, 0)
    for key in KEYS:
        toy.add_report(key)
    walk(toy)
    assert record(toy) > 0
    assert toy.instance.get_latest_materialization_event(dg.AssetKey(asset)) is None
    assert check_status(toy, asset, KEYS[0] if asset == "redacted_pages" else None) == "FAILED"
    assert record(toy) == 0
