"""What runs by itself: new reports, what follows them, the corpus; never the training."""

from collections.abc import Iterator

import dagster as dg
import pytest

REPORT_ASSETS = {"raw_reports", "redacted_pages", "redactions"}


class Daemon:
    """Ticks of the automation sensor."""

    def __init__(self, toy) -> None:
        self.toy = toy
        self.cursor = None

    def tick(self) -> dict[str, set[str | None]]:
        """Return asset -> partitions that the conditions ask for."""
        result = dg.evaluate_automation_conditions(  # its default selection warns
            self.toy.defs,
            instance=self.toy.instance,
            cursor=self.cursor,
            asset_selection=dg.AssetSelection.all(),
        )
        self.cursor = result.cursor
        asked: dict[str, set[str | None]] = {}
        for evaluation in result.results:
            if isinstance(evaluation.key, dg.AssetKey) and not evaluation.true_subset.is_empty:
                keys = result.get_requested_partitions(evaluation.key)
                asked[evaluation.key.to_user_string()] = set(keys)
        return asked


@pytest.fixture
def daemon(toy) -> Iterator[Daemon]:
    daemon = Daemon(toy)
    assert daemon.tick() == {}
    return daemon


def run_report(toy, key: str) -> bool:
    return toy.run(*REPORT_ASSETS, partition=key).success


def test_a_new_report_asks_for_its_whole_chain_once(toy, daemon) -> None:
    toy.add_report("a_2020_annual")
    assert daemon.tick() == {name: {"a_2020_annual"} for name in REPORT_ASSETS}
    assert daemon.tick() == {}


def test_a_report_that_arrived_while_nobody_looked_is_not_forgotten(toy) -> None:
    toy.add_report("a_2020_annual")
    daemon = Daemon(toy)
    assert daemon.tick() == {"raw_reports": {"a_2020_annual"}}
    assert toy.run("raw_reports", partition="a_2020_annual").success
    assert set(daemon.tick()) == {"redacted_pages", "redactions"}


def test_the_corpus_follows_once_and_training_never(toy, daemon) -> None:
    toy.add_report("a_2020_annual")
    daemon.tick()
    assert run_report(toy, "a_2020_annual")
    assert daemon.tick() == {"comparison_pairs": {None}}
    assert toy.run("comparison_pairs").success
    assert daemon.tick() == {}
    assert daemon.tick() == {}


def test_a_refused_report_holds_up_nobody_else(toy, daemon) -> None:
    toy.limit_rows("redacted_pages", 3)
    toy.add_report("a_2020_annual", pages=2)
    toy.add_report("b_2020_annual", pages=9)
    daemon.tick()
    assert run_report(toy, "a_2020_annual")
    assert not run_report(toy, "b_2020_annual")
    assert daemon.tick() == {"comparison_pairs": {None}}


def test_nothing_is_built_on_a_report_whose_gate_failed(toy, daemon) -> None:
    toy.add_report("a_2020_annual")
    toy.add_report("b_2020_annual")
    daemon.tick()
    daemon.tick()
    for key in ("a_2020_annual", "b_2020_annual"):
        assert toy.run("raw_reports", partition=key).success
    toy.limit_rows("raw_reports", 0)
    assert not toy.run("raw_reports", partition="a_2020_annual").success
    assert daemon.tick() == {
        "redacted_pages": {"b_2020_annual"},
        "redactions": {"b_2020_annual"},
    }
