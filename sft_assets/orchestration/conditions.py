"""When an asset is remade without a click.

Dagster's own ``eager()`` serves a report's assets. For an asset over all reports it dead-locks as
soon as one report is missing or refused, so the corpus has a condition of its own.
"""

from typing import Any

import dagster as dg

from sft_assets.walk.step import Grain, Step

GRAIN_TAG = "sft_assets/grain"

_Condition = dg.AutomationCondition[Any]


def condition_of(step: Step) -> _Condition | None:
    """Return when ``step`` runs by itself; ``None`` when only a person or a job starts it.

    Training and what follows it never start by themselves: they take the machine for minutes to
    days, and nobody wants one because of one more report. The job ``train_and_evaluate`` does it.
    """
    if step.grain is Grain.RECIPE:
        return None
    if not step.inputs:
        return _when_new()
    if step.grain is Grain.REPORT:
        return _when_the_report_moves()
    return _when_the_reports_have_settled()


def _when_new() -> _Condition:
    """Once per new partition; not ``on_missing()``, which forgets those added while it was off."""
    return (
        dg.AutomationCondition.missing()
        .newly_true()
        .since(dg.AutomationCondition.newly_requested() | dg.AutomationCondition.newly_updated())
        & ~dg.AutomationCondition.in_progress()
    ).with_label("when_new")


def _when_the_report_moves() -> _Condition:
    """After the stage before it, and only while that stage's own gate holds."""
    return (
        dg.AutomationCondition.eager() & dg.AutomationCondition.all_deps_blocking_checks_passed()
    ).with_label("when_the_report_moves")


def _when_the_reports_have_settled() -> _Condition:
    """After any report moved and none is on its way; a missing or refused report holds nobody up.

    Missing corpus tables do hold it up: without them there is nothing to compute.
    """
    corpus_only = dg.AssetSelection.tag(GRAIN_TAG, Grain.CORPUS.value)
    return (
        dg.AutomationCondition.any_deps_updated().since_last_handled()
        & ~dg.AutomationCondition.any_deps_in_progress()
        & ~dg.AutomationCondition.any_deps_missing().allow(corpus_only)
        & ~dg.AutomationCondition.in_progress()
    ).with_label("when_the_reports_have_settled")
