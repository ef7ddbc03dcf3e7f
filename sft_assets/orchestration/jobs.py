"""Jobs that a person launches, and the sensor that runs what the automation conditions ask for."""

import dagster as dg

from sft_assets.orchestration.conditions import GRAIN_TAG
from sft_assets.walk.step import Grain

EVALUATE_EVERY_SECONDS = 10


def _all_of(grain: Grain) -> dg.AssetSelection:
    return dg.AssetSelection.tag(GRAIN_TAG, grain.value)


ingest_inbox = dg.define_asset_job(
    "ingest_inbox",
    selection=_all_of(Grain.REPORT),
    description="Take one report from its bytes to its instruction pairs.",
)

refresh_corpus = dg.define_asset_job(
    "refresh_corpus",
    selection=_all_of(Grain.CORPUS),
    description="Remake what covers all reports, up to the released data set.",
)

train_and_evaluate = dg.define_asset_job(
    "train_and_evaluate",
    selection=_all_of(Grain.RECIPE),
    description="Train by one recipe and evaluate before and after on the same held-out companies.",
)

JOBS = [ingest_inbox, refresh_corpus, train_and_evaluate]

follow_the_reports = dg.AutomationConditionSensorDefinition(
    "follow_the_reports",
    target=dg.AssetSelection.all(),
    minimum_interval_seconds=EVALUATE_EVERY_SECONDS,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Runs what follows when a report arrives or changes.",
)
