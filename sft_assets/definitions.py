"""The code location: the walk as Dagster sees it. Imports no model, no parser, no gate."""

import dagster as dg

from sft_assets.clean.assets import assets as clean_assets
from sft_assets.dedup.assets import assets as dedup_assets
from sft_assets.evaluate.assets import assets as evaluate_assets
from sft_assets.extract.assets import assets as extract_assets
from sft_assets.facts.assets import assets as facts_assets
from sft_assets.ingest.assets import assets as ingest_assets
from sft_assets.ingest.assets import inbox
from sft_assets.normalize.assets import assets as normalize_assets
from sft_assets.orchestration.jobs import JOBS, follow_the_reports
from sft_assets.orchestration.workplace import workplace_of
from sft_assets.pairs.assets import assets as pairs_assets
from sft_assets.redact.assets import assets as redact_assets
from sft_assets.release.assets import assets as release_assets
from sft_assets.review.assets import assets as review_assets
from sft_assets.splits.assets import assets as splits_assets
from sft_assets.train.assets import assets as train_assets

STAGES = {
    "ingest": ingest_assets,
    "extract": extract_assets,
    "clean": clean_assets,
    "normalize": normalize_assets,
    "redact": redact_assets,
    "facts": facts_assets,
    "pairs": pairs_assets,
    "review": review_assets,
    "dedup": dedup_assets,
    "splits": splits_assets,
    "release": release_assets,
    "train": train_assets,
    "evaluate": evaluate_assets,
}  # in the walk's order; each stage is an asset group

defs = dg.Definitions(
    assets=[asset for assets in STAGES.values() for asset in assets],
    jobs=JOBS,
    sensors=[inbox, follow_the_reports],
    resources={"workplace": workplace_of()},
    executor=dg.in_process_executor,  # one process a run: a report's steps hand over in order
)
