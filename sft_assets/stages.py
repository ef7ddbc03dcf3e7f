"""The stages in the order in which a report walks through them, and all their steps."""

from sft_assets.clean.steps import STEPS as CLEAN
from sft_assets.dedup.steps import STEPS as DEDUP
from sft_assets.evaluate.steps import STEPS as EVALUATE
from sft_assets.extract.steps import STEPS as EXTRACT
from sft_assets.facts.steps import STEPS as FACTS
from sft_assets.ingest.steps import STEPS as INGEST
from sft_assets.normalize.steps import STEPS as NORMALIZE
from sft_assets.pairs.steps import STEPS as PAIRS
from sft_assets.redact.steps import STEPS as REDACT
from sft_assets.release.steps import STEPS as RELEASE
from sft_assets.review.steps import STEPS as REVIEW
from sft_assets.splits.steps import STEPS as SPLITS
from sft_assets.train.steps import STEPS as TRAIN
from sft_assets.walk.step import Step

STAGES: dict[str, tuple[Step, ...]] = {
    "ingest": INGEST,
    "extract": EXTRACT,
    "clean": CLEAN,
    "normalize": NORMALIZE,
    "redact": REDACT,
    "facts": FACTS,
    "pairs": PAIRS,
    "review": REVIEW,
    "dedup": DEDUP,
    "splits": SPLITS,
    "release": RELEASE,
    "train": TRAIN,
    "evaluate": EVALUATE,
}

STEPS: tuple[Step, ...] = tuple(step for steps in STAGES.values() for step in steps)
