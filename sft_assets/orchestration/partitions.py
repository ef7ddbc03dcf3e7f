"""Partitions of the walk: one a report (they arrive), one a recipe (they ship), else none."""

from pathlib import Path

import dagster as dg

import sft_assets
from sft_assets.walk.step import Grain

CORPUS = "corpus"  # partition key in the store of everything that covers all reports

REPORTS_NAME = "report"
REPORTS = dg.DynamicPartitionsDefinition(name=REPORTS_NAME)

RECIPES_DIR = Path(sft_assets.__file__).parent / "train" / "recipes"


def find_recipe_names(folder: Path = RECIPES_DIR) -> list[str]:
    """Return the names of the training recipes, sorted; reads file names only."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


RECIPES = dg.StaticPartitionsDefinition(find_recipe_names())

_BY_GRAIN: dict[Grain, dg.PartitionsDefinition[str] | None] = {
    Grain.REPORT: REPORTS,
    Grain.RECIPE: RECIPES,
    Grain.CORPUS: None,
}


def partitions_of(grain: Grain) -> dg.PartitionsDefinition[str] | None:
    """Return the partitions of a step of this grain; ``None`` for the corpus."""
    return _BY_GRAIN[grain]
