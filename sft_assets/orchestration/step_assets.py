"""Turn a step into Dagster assets: one asset a table, one check an asset, one op for all of them.

Dagster's own blocking checks gate only the run that they are part of. Here the gate is in the
store: a refused version is never published, so there is nothing for a later run to read.
"""

from collections.abc import Generator, Iterator, Mapping
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
from sft_assets.store.store import Version
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
        published: dict[str, Version] = {}
        for key in _keys_of(step, context):
            made = _attempt(step, key, context, workplace, steps_module)
            published[key] = yield from _after(made, step, key, workplace)
        yield from _materialized(step, published, context)

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


def _keys_of(step: Step, context: dg.AssetExecutionContext) -> list[str]:
    return [CORPUS_KEY] if step.grain is Grain.CORPUS else list(context.partition_keys)


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


def _after(
    made: Attempt, step: Step, key: str, workplace: Workplace
) -> Generator[Event, None, Version]:
    """Yield how the gate went and return the version served.

    Raises:
        dg.Failure: If nothing was published. It comes after the failed checks and before any
            materialisation, so the UI shows the first and not the second.
    """
    store = workplace.store()
    if made.status == "refused":
        refused = store.refusal(step.name, key) or {"verdicts": []}
        yield from _checks(step, refused["verdicts"])
    if made.status in ("refused", "failed"):
        raise dg.Failure(description=made.error, allow_retries=False)
    version = store.require(step.name, key)
    yield from _checks(step, version.manifest["verdicts"])
    return version


def _checks(step: Step, verdicts: list[Mapping[str, Any]]) -> Iterator[dg.AssetCheckResult]:
    for name in names_of(step):
        told = check_of(name, verdicts)
        yield dg.AssetCheckResult(
            passed=told.passed,
            asset_key=name,
            check_name=CHECK_NAME,
            description=told.description,
            metadata=told.metadata,
        )


def _materialized(
    step: Step, published: Mapping[str, Version], context: dg.AssetExecutionContext
) -> Iterator[dg.MaterializeResult[Any]]:
    """Yield one result an asset; in a run over several partitions each keeps its own figures."""
    for name in names_of(step):
        if step.grain is Grain.CORPUS:
            version = published[CORPUS_KEY]
            context.add_asset_metadata(metadata_of(step, version, name), asset_key=name)
        for key, version in published.items():
            if step.grain is not Grain.CORPUS:
                context.add_asset_metadata(metadata_of(step, version, name), name, key)
        versions = [version.data_version(name) for version in published.values()]
        one = dg.DataVersion(versions[0]) if len(versions) == 1 else None
        yield dg.MaterializeResult(asset_key=name, data_version=one)
