"""Turn a step into Dagster assets: one asset a table, one check an asset, one op for all of them.

Dagster's own blocking checks gate only the run that they are part of. Here the gate is in the
store: a refused version is never published, so there is nothing for a later run to read.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_shared.utils.warnings import disable_dagster_warnings

from sft_assets.orchestration.child_run import attempt_in_child
from sft_assets.orchestration.conditions import GRAIN_TAG, condition_of
from sft_assets.orchestration.partitions import partitions_of
from sft_assets.orchestration.told_to_dagster import (
    CHECK_NAME,
    check_of,
    metadata_of,
    names_of,
)
from sft_assets.orchestration.workplace import Workplace
from sft_assets.store.store import Store
from sft_assets.walk.inputs import CORPUS_KEY
from sft_assets.walk.run_step import STEPS_MODULE, Attempt, attempt
from sft_assets.walk.step import Grain, Step

# One at a time: corpus steps use all cores, training all memory. Reports run side by side.
_POOLS = {Grain.REPORT: None, Grain.CORPUS: "corpus", Grain.RECIPE: "training"}

Event = dg.AssetCheckResult | dg.MaterializeResult[Any]


def assets_for(step: Step, steps_module: str = STEPS_MODULE) -> dg.AssetsDefinition:
    """Return the assets that ``step`` makes: partitioned, described, gated by the store.

    Args:
        steps_module: Where a child process finds the step again, when it is an isolated one.
    """

    @dg.multi_asset(
        name=step.name,
        specs=[_spec_of(step, name) for name in names_of(step)],
        check_specs=[_check_spec_of(step, name) for name in names_of(step)],
        partitions_def=partitions_of(step.grain),
        pool=_POOLS[step.grain],
    )
    def publish(context: dg.AssetExecutionContext, workplace: Workplace) -> Iterator[Event]:
        key = _key_of(step, context)
        made = _attempt(step, key, context, workplace, steps_module)
        yield from _told(step, key, made, workplace.store())

    return publish


def _spec_of(step: Step, name: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        name,
        deps=list(step.inputs),
        description=step.description,
        group_name=step.stage,
        code_version=step.code_version,
        automation_condition=condition_of(step),
        kinds={"polars", "parquet"} if step.tables else {"file"},
        tags={GRAIN_TAG: step.grain.value},
    )


def _check_spec_of(step: Step, name: str) -> dg.AssetCheckSpec:
    gate = f"schema, key, ledger and expectations/{name}.json" if step.tables else "the ledger"
    with disable_dagster_warnings():  # partitioned checks are in preview; a test pins what we use
        return dg.AssetCheckSpec(
            CHECK_NAME,
            asset=name,
            description=f"Published only when this passes: {gate}.",
            blocking=True,
            partitions_def=partitions_of(step.grain),
        )


def _key_of(step: Step, context: dg.AssetExecutionContext) -> str:
    """Return the partition key in the store.

    Raises:
        dg.Failure: If the run covers a range of partitions: Dagster keeps the checks of such a
            run under no partition, and one bad report would fail all others.
    """
    if step.grain is Grain.CORPUS:
        return CORPUS_KEY
    if context.has_partition_key_range:
        raise dg.Failure(
            f"run of {step.name} covers a range of partitions; expected one partition a run. "
            "hint: launch them as a backfill",
            allow_retries=False,
        )
    return str(context.partition_key)


def _attempt(
    step: Step,
    key: str,
    context: dg.AssetExecutionContext,
    workplace: Workplace,
    steps_module: str,
) -> Attempt:
    if step.isolated:
        return attempt_in_child(step, key, workplace.data_root, context, steps_module)
    return attempt(step, key, workplace.data_root, say=context.log.info)


def _told(step: Step, key: str, made: Attempt, store: Store) -> Iterator[Event]:
    """Yield what Dagster is to know of an attempt.

    A check counts for the newest materialisation before it, so a published version comes first and
    its check second. A refused one has a failed check, then the failure, and no materialisation.

    Raises:
        dg.Failure: If nothing was published.
    """
    if made.status == "refused":
        refused = store.refusal(step.name, key) or {"verdicts": []}
        yield from _checks(step, refused["verdicts"])
    if made.status in ("refused", "failed"):
        raise dg.Failure(made.error, allow_retries=False)
    version = store.require(step.name, key)
    for name in names_of(step):
        yield dg.MaterializeResult(
            asset_key=name,
            metadata=metadata_of(step, version, name),
            data_version=dg.DataVersion(version.data_version(name)),
        )
    yield from _checks(step, version.manifest["verdicts"])


def _checks(step: Step, verdicts: Sequence[Mapping[str, Any]]) -> Iterator[dg.AssetCheckResult]:
    for name in names_of(step):
        told = check_of(name, verdicts)
        yield dg.AssetCheckResult(
            passed=told.passed,
            asset_key=name,
            check_name=CHECK_NAME,
            description=told.description,
            metadata=told.metadata,
        )
