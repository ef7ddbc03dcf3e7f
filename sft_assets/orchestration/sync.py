"""Tell a Dagster instance what the command line has published: ``python -m ...orchestration.sync``.

The store is the truth and Dagster's event log a picture of it. A walk on the command line leaves
no events, so before the UI opens, every version that the picture lacks is painted in, with the
same figures and checks as if a run had made it. Painting twice adds nothing.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import (
    AssetCheckEvaluationTargetMaterializationData,
)
from dagster._core.definitions.data_version import DATA_VERSION_TAG
from dagster._core.events import DagsterEvent, DagsterEventType, StepMaterializationData
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster_shared.record import replace

from sft_assets.orchestration.partitions import REPORTS_NAME
from sft_assets.orchestration.told_to_dagster import (
    CHECK_NAME,
    VERSION_ID,
    check_of,
    metadata_of,
    names_of,
)
from sft_assets.orchestration.workplace import workplace_of
from sft_assets.store.store import Store, Version
from sft_assets.walk.run_step import STEPS_MODULE, load_steps
from sft_assets.walk.step import Grain, Step, order_steps

JOB_NAME = "command_line"  # under which the UI lists what a walk on the command line made

Event = dg.AssetMaterialization | dg.AssetCheckEvaluation


def record_published(instance: dg.DagsterInstance, store: Store, steps: Sequence[Step]) -> int:
    """Record every published version and standing refusal that ``instance`` lacks; count events."""
    keys = {key for s in steps if s.grain is Grain.REPORT for key in _tried(store, s)}
    instance.add_dynamic_partitions(REPORTS_NAME, sorted(keys))
    missing = [
        event
        for step in order_steps(steps)  # what is read first is recorded first: nothing looks stale
        for key in _tried(store, step)
        for name in names_of(step)
        for event in _Picture(instance, step, key, name).missing(store)
    ]
    if missing:
        _record(instance, missing)
    return len(missing)


def _record(instance: dg.DagsterInstance, events: Sequence[Event]) -> None:
    """Record ``events`` under one finished run.

    Events without a run would do, but Dagster keeps only the first check of that kind a partition.
    """
    assets = frozenset(event.asset_key for event in events)
    run = dg.DagsterRun(
        job_name=JOB_NAME, asset_selection=assets, tags={"dagster/run_label": "cli"}
    )
    instance.add_run(run)
    _report(instance, run, DagsterEventType.PIPELINE_START, None)
    for event in events:
        if isinstance(event, dg.AssetMaterialization):
            data = StepMaterializationData(event)
            _report(instance, run, DagsterEventType.ASSET_MATERIALIZATION, data)
        else:
            target = _target(instance, event.asset_key, event.partition)
            evaluation = replace(event, target_materialization_data=target)
            _report(instance, run, DagsterEventType.ASSET_CHECK_EVALUATION, evaluation)
    _report(instance, run, DagsterEventType.PIPELINE_SUCCESS, None)


def _report(
    instance: dg.DagsterInstance, run: dg.DagsterRun, kind: DagsterEventType, data: Any
) -> None:
    event = DagsterEvent(kind.value, job_name=JOB_NAME, event_specific_data=data)
    instance.report_dagster_event(event, run_id=run.run_id)


def _latest(
    instance: dg.DagsterInstance, asset_key: dg.AssetKey, partition: str | None
) -> dg.EventLogRecord | None:
    wanted = dg.AssetRecordsFilter(
        asset_key=asset_key, asset_partitions=[partition] if partition else None
    )
    records = instance.fetch_materializations(wanted, limit=1).records
    return records[0] if records else None


def _target(
    instance: dg.DagsterInstance, asset_key: dg.AssetKey, partition: str | None
) -> AssetCheckEvaluationTargetMaterializationData | None:
    """Return the materialisation that a check speaks of; without one it would count for nothing."""
    latest = _latest(instance, asset_key, partition)
    return latest and AssetCheckEvaluationTargetMaterializationData(
        storage_id=latest.storage_id, run_id=latest.run_id, timestamp=latest.timestamp
    )


def _tried(store: Store, step: Step) -> list[str]:
    """Return the partitions that ``step`` ever wrote, published or refused."""
    return store.folder.names(f"tables/{step.name}")


@dataclass(frozen=True, slots=True)
class _Picture:
    """What the instance shows of one asset on one partition."""

    instance: dg.DagsterInstance
    step: Step
    key: str  # of the partition in the store
    name: str  # of the asset

    @property
    def partition(self) -> str | None:
        return None if self.step.grain is Grain.CORPUS else self.key

    def missing(self, store: Store) -> list[Event]:
        """Return the events that would bring the picture up to the store."""
        version = store.current(self.step.name, self.key)
        refused = store.refusal(self.step.name, self.key)
        verdicts = (refused or (version.manifest if version else {})).get("verdicts", [])
        check = self._check(verdicts)
        events: list[Event] = []
        is_new = version is not None and self._version_shown() != version.version_id
        if version is not None and is_new:
            events.append(self._materialization(version))
        if is_new or check.passed == self._check_failed():
            events.append(check)
        return events

    def _version_shown(self) -> object:
        latest = _latest(self.instance, dg.AssetKey(self.name), self.partition)
        if latest is None or latest.asset_materialization is None:
            return None
        shown = latest.asset_materialization.metadata.get(VERSION_ID)
        return shown.value if shown else None

    def _check_failed(self) -> bool:
        check_key = dg.AssetCheckKey(dg.AssetKey(self.name), CHECK_NAME)
        infos = self.instance.event_log_storage.get_asset_check_partition_info([check_key])
        return any(
            info.latest_execution_status is AssetCheckExecutionRecordStatus.FAILED
            for info in infos
            if info.partition_key == self.partition
        )

    def _materialization(self, version: Version) -> dg.AssetMaterialization:
        return dg.AssetMaterialization(
            asset_key=self.name,
            partition=self.partition,
            metadata=metadata_of(self.step, version, self.name),
            tags={DATA_VERSION_TAG: version.data_version(self.name)},
        )

    def _check(self, verdicts: Sequence[Mapping[str, Any]]) -> dg.AssetCheckEvaluation:
        told = check_of(self.name, verdicts)
        return dg.AssetCheckEvaluation(
            asset_key=dg.AssetKey(self.name),
            check_name=CHECK_NAME,
            passed=told.passed,
            description=told.description,
            metadata=told.metadata,
            blocking=True,
            partition=self.partition,
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Record what the data root holds in the instance of DAGSTER_HOME."""
    parser = argparse.ArgumentParser(
        prog="python -m sft_assets.orchestration.sync", description=__doc__
    )
    parser.add_argument("--data-root", default=workplace_of().data_root)
    parser.add_argument("--steps", default=STEPS_MODULE, help="module that lists the steps")
    given = parser.parse_args(arguments)
    with dg.DagsterInstance.get() as instance:
        events = record_published(instance, Store(given.data_root), load_steps(given.steps))
    sys.stderr.write(f"{events} events recorded from {given.data_root}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
