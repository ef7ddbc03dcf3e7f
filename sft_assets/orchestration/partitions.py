"""Partitions of the walk: one a report (they arrive), one a recipe (they ship), else none."""

from pathlib import Path

import dagster as dg

import sft_assets
from sft_assets.orchestration.workplace import workplace_of
from sft_assets.store.folders import Folder
from sft_assets.walk.step import Grain

REPORTS_NAME = "report"
REPORTS = dg.DynamicPartitionsDefinition(name=REPORTS_NAME)

SHIPPED_RECIPES = Path(sft_assets.__file__).parent / "train" / "recipes"
OWN_RECIPES = "recipes"  # folder of the data root


def find_recipe_names(data_root: str) -> list[str]:
    """Return the names of the recipes, shipped and the operator's own, sorted; opens no file.

    Own recipes of a remote data root are not looked up: loading the definitions never waits for a
    network. They still run from the command line.
    """
    names = [path.name for path in SHIPPED_RECIPES.iterdir()]
    own = Folder(data_root)
    if own.is_local:
        names += own.names(OWN_RECIPES)
    return sorted({name.removesuffix(".yaml") for name in names if name.endswith(".yaml")})


RECIPES = dg.StaticPartitionsDefinition(find_recipe_names(workplace_of().data_root))

_BY_GRAIN: dict[Grain, dg.PartitionsDefinition[str] | None] = {
    Grain.REPORT: REPORTS,
    Grain.RECIPE: RECIPES,
    Grain.CORPUS: None,
}


def partitions_of(grain: Grain) -> dg.PartitionsDefinition[str] | None:
    """Return the partitions of a step of this grain; ``None`` for the corpus."""
    return _BY_GRAIN[grain]
