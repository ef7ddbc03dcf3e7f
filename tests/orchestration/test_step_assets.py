"""Assets made from steps: what is published, what is refused, and what Dagster is told."""

import dagster as dg
import pytest

from sft_assets.orchestration.told_to_dagster import CHECK_NAME


def evaluations(result: dg.ExecuteInProcessResult) -> dict[str, bool]:
    return {e.asset_key.to_user_string(): e.passed for e in result.get_asset_check_evaluations()}


def test_a_report_walks_and_dagster_knows_its_figures(toy) -> None:
    toy.add_report("a_2020_annual", pages=3)
    result = toy.run("raw_reports", "redacted_pages", "redactions", partition="a_2020_annual")
    assert result.success
    assert evaluations(result) == {"raw_reports": True, "redacted_pages": True, "redactions": True}
    event = toy.instance.get_latest_materialization_event(dg.AssetKey("redacted_pages"))
    told = event.asset_materialization
    assert told.partition == "a_2020_annual"
    assert told.metadata["dagster/row_count"].value == 3
    assert told.metadata["rows_kept"].value == 3
    assert told.metadata["words"].value == 3
    assert "第1页 \\| 甲" in told.metadata["rows"].value
    version = toy.store.require("redact", "a_2020_annual")
    assert told.tags["dagster/data_version"] == version.data_version("redacted_pages")


def test_no_row_of_a_table_before_redaction_is_shown(toy) -> None:
    toy.add_report("a_2020_annual")
    toy.run("raw_reports", partition="a_2020_annual")
    event = toy.instance.get_latest_materialization_event(dg.AssetKey("raw_reports"))
    assert "rows" not in event.asset_materialization.metadata


def test_a_refused_version_is_a_failed_check_and_no_materialization(toy) -> None:
    toy.add_report("a_2020_annual", pages=2)
    assert toy.run("raw_reports", "redacted_pages", "redactions", partition="a_2020_annual").success
    good = toy.store.require("redact", "a_2020_annual").version_id
    toy.limit_rows("redacted_pages", 1)
    result = toy.run("redacted_pages", "redactions", partition="a_2020_annual")
    assert not result.success
    assert result.asset_materializations_for_node("redact") == []
    assert evaluations(result) == {"redacted_pages": False, "redactions": True}
    (failed,) = [e for e in result.get_asset_check_evaluations() if not e.passed]
    assert failed.check_name == CHECK_NAME
    assert failed.partition == "a_2020_annual"
    assert failed.severity is dg.AssetCheckSeverity.ERROR
    assert failed.metadata["failed_rules"].value.startswith("row_count: ")
    assert "row_count" in failed.metadata["failed"].value
    assert "第1页" not in str(failed.metadata)
    assert toy.store.require("redact", "a_2020_annual").version_id == good


def test_the_child_of_a_refused_version_refuses_until_it_is_repaired(toy) -> None:
    toy.add_report("a_2020_annual", pages=2)
    toy.run("raw_reports", partition="a_2020_annual")
    toy.run("redacted_pages", "redactions", partition="a_2020_annual")
    toy.limit_rows("raw_reports", 0)
    assert not toy.run("raw_reports", partition="a_2020_annual").success
    child = toy.run("redacted_pages", "redactions", partition="a_2020_annual")
    assert not child.success
    (failure,) = [e for e in child.all_events if e.is_step_failure]
    said = failure.step_failure_data.user_failure_data.description
    assert "raw_reports[a_2020_annual] was refused by raw_reports.row_count" in said
    assert "hint:" in said
    toy.limit_rows("raw_reports", 1)
    assert toy.run("raw_reports", partition="a_2020_annual").success
    assert toy.run("redacted_pages", "redactions", partition="a_2020_annual").success


def test_the_corpus_takes_the_reports_that_are_published(toy) -> None:
    toy.add_report("a_2020_annual", pages=2)
    toy.add_report("b_2020_annual", pages=5)
    for key in ("a_2020_annual", "b_2020_annual"):
        assert toy.run("raw_reports", partition=key).success
    toy.limit_rows("redacted_pages", 3)
    assert toy.run("redacted_pages", "redactions", partition="a_2020_annual").success
    assert not toy.run("redacted_pages", "redactions", partition="b_2020_annual").success
    assert toy.run("comparison_pairs").success
    assert toy.store.require("comparison_pairs", "corpus").rows("comparison_pairs") == 2


def test_an_input_that_was_never_published_is_named(toy) -> None:
    toy.add_report("a_2020_annual")
    result = toy.run("redacted_pages", "redactions", partition="a_2020_annual")
    (failure,) = [e for e in result.all_events if e.is_step_failure]
    assert "raw_reports[a_2020_annual]" in failure.step_failure_data.user_failure_data.description


@pytest.mark.parametrize(
    ("recipe", "success"),
    [pytest.param("lora", True, id="good"), pytest.param("broken", False, id="crash")],
)
def test_an_isolated_step_runs_in_a_child(toy, recipe: str, success: bool) -> None:
    toy.add_report("a_2020_annual", pages=2)
    toy.run("raw_reports", partition="a_2020_annual")
    toy.run("redacted_pages", "redactions", partition="a_2020_annual")
    toy.run("comparison_pairs")
    result = toy.run("checkpoint", partition=recipe)
    assert result.success is success
    version = toy.store.current("checkpoint", recipe)
    assert (version is not None) is success
    if version is None:
        (failure,) = [e for e in result.all_events if e.is_step_failure]
        said = failure.step_failure_data.user_failure_data.description
        assert "the child process of checkpoint died" in said
    else:
        assert version.read_file("files/model.txt") == f"{recipe} 2".encode()
        event = toy.instance.get_latest_materialization_event(dg.AssetKey("checkpoint"))
        told = event.asset_materialization.metadata
        assert told["rows_seen"].value == 2
        assert told["curve.png"].value == "![curve.png](data:image/png;base64,YSBwbG90LCBzYXk=)"
        assert "poster.png" not in told  # an event is kept for ever
