"""The code location: complete, quick to load, in the walk's order."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import dagster as dg
import pytest
import yaml

from sft_assets.definitions import defs
from sft_assets.orchestration.told_to_dagster import CHECK_NAME, names_of
from sft_assets.stages import STAGES, STEPS
from sft_assets.walk.step import Grain, order_steps

WALK = [
    "ingest",
    "extract",
    "clean",
    "normalize",
    "redact",
    "facts",
    "pairs",
    "review",
    "dedup",
    "splits",
    "release",
    "train",
    "evaluate",
]
HEAVY = [
    "torch",
    "transformers",
    "peft",
    "deepspeed",
    "great_expectations",
    "pdfplumber",
    "pypdfium2",
    "rapidocr",
    "datasketch",
    "matplotlib",
]


@pytest.fixture(scope="module")
def graph() -> dg.AssetSpec:
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_stages_come_in_the_walks_order() -> None:
    assert list(STAGES) == WALK
    assert {step.stage for step in STEPS} == set(WALK)
    assert all(step.stage == stage for stage, steps in STAGES.items() for step in steps)


def test_nothing_flows_back(graph) -> None:
    edges = [
        (WALK.index(graph[dep.asset_key.to_user_string()].group_name), WALK.index(spec.group_name))
        for spec in graph.values()
        for dep in spec.deps
    ]
    assert len(edges) > 20
    assert [edge for edge in edges if edge[0] > edge[1]] == []


def test_every_step_is_an_asset_with_a_gate(graph) -> None:
    order_steps(STEPS)
    expected = {name for step in STEPS for name in names_of(step)}
    assert set(graph) == expected
    checks = {
        key.asset_key.to_user_string(): key.name
        for key in defs.resolve_asset_graph().asset_check_keys
    }
    assert checks == dict.fromkeys(expected, CHECK_NAME)
    assert all(spec.description and spec.code_version for spec in graph.values())


def test_what_runs_by_itself(graph) -> None:
    for step in STEPS:
        for name in names_of(step):
            by_itself = graph[name].automation_condition is not None
            assert by_itself is (step.grain is not Grain.RECIPE), name


def test_a_step_that_loads_a_model_runs_in_a_process_of_its_own() -> None:
    isolated = {step.name for step in STEPS if step.isolated}
    assert {"checkpoint", "merged_model", "baseline_report", "eval_report"} <= isolated


@pytest.mark.parametrize(
    ("job", "grain"),
    [
        ("ingest_inbox", Grain.REPORT),
        ("refresh_corpus", Grain.CORPUS),
        ("train_and_evaluate", Grain.RECIPE),
    ],
)
def test_a_job_covers_its_part_of_the_walk(job: str, grain: Grain) -> None:
    selected = defs.resolve_job_def(job).asset_layer.selected_asset_keys
    expected = {name for s in STEPS if s.grain is grain for name in names_of(s)}
    assert {key.to_user_string() for key in selected} == expected
    assert expected


def test_loading_imports_nothing_heavy() -> None:
    code = (
        "import json, sys, time; import sft_assets.definitions;"
        "print(json.dumps([time.process_time(), sorted(sys.modules)]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    cpu_seconds, modules = json.loads(done.stdout)
    assert cpu_seconds < 3
    assert "sft_assets.definitions" in modules
    assert [name for name in HEAVY if name in modules] == []


def test_there_is_one_location_name(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text())
    workspace = yaml.safe_load((repository / "workspace.yaml").read_text())
    (entry,) = workspace["load_from"]
    name = project["tool"]["dg"]["project"]["code_location_name"]
    assert entry["python_module"]["location_name"] == name == "sft_assets"
    assert "dagster" not in project["tool"]


def test_dagster_settings_are_read(repository: Path, tmp_path: Path) -> None:
    shutil.copy(repository / "dagster_home" / "dagster.yaml", tmp_path)
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        assert instance.telemetry_enabled is False
        assert instance.run_monitoring_enabled is True
        assert instance.run_retries_max_retries == 2
        assert instance.run_retries_retry_on_asset_or_op_failure is False
        concurrency = instance.get_concurrency_config()
        assert concurrency.pool_config.default_pool_limit == 1
        assert concurrency.run_queue_config.max_concurrent_runs == 2
