"""A toy walk in a folder of its own, with suites that a test can break."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from sft_assets.orchestration import partitions
from sft_assets.orchestration.step_assets import assets_for
from sft_assets.orchestration.workplace import Workplace
from sft_assets.store.store import Store
from sft_assets.walk.step import Grain

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # toy_walk is also imported by child processes, by its bare name

from toy_walk import STEPS, source  # noqa: E402


@dataclass(frozen=True)
class Toy:
    """Everything a test needs to run the toy walk."""

    root: str
    suites: Path
    instance: dg.DagsterInstance
    defs: dg.Definitions

    @property
    def store(self) -> Store:
        return Store(self.root)

    def add_report(self, key: str, pages: int = 2) -> None:
        path = source(self.root, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(pages))
        self.instance.add_dynamic_partitions(partitions.REPORTS_NAME, [key])

    def run(self, *assets: str, partition: str | None = None) -> dg.ExecuteInProcessResult:
        job = self.defs.resolve_implicit_global_asset_job_def()
        return job.execute_in_process(
            instance=self.instance,
            asset_selection=[dg.AssetKey(name) for name in assets],
            partition_key=partition,
            raise_on_error=False,
        )

    def limit_rows(self, table: str, rows: int) -> None:
        write_suite(self.suites, table, {"min_value": 0, "max_value": rows})


def write_suite(folder: Path, table: str, limits: dict[str, int]) -> None:
    rule = {
        "type": "expect_table_row_count_to_be_between",
        "kwargs": limits,
        "severity": "critical",
        "meta": {"rule": "row_count"},
    }
    suite = {"name": table, "meta": {"max_quarantine_share": "0"}, "expectations": [rule]}
    (folder / f"{table}.json").write_text(json.dumps(suite))


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Toy]:
    suites = tmp_path / "suites"
    suites.mkdir()
    for step in STEPS:
        for table in step.tables:
            write_suite(suites, table, {"min_value": 0})
    monkeypatch.setenv("SFT_ASSETS_EXPECTATIONS", str(suites))
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    recipes = dg.StaticPartitionsDefinition(["broken", "lora", "slow"])
    monkeypatch.setitem(partitions._BY_GRAIN, Grain.RECIPE, recipes)
    root = str(tmp_path / "data")
    defs = dg.Definitions(
        assets=[assets_for(step, steps_module="toy_walk") for step in STEPS],
        resources={"workplace": Workplace(data_root=root, inbox=str(tmp_path / "inbox"))},
        executor=dg.in_process_executor,
    )
    with dg.DagsterInstance.ephemeral() as instance:
        yield Toy(root, suites, instance, defs)
