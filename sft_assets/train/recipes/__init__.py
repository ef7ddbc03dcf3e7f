"""The recipes that ship, one YAML file each, readable from top to bottom."""

import re
from pathlib import Path

from sft_assets.errors import SettingsError
from sft_assets.store.folders import Folder

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")  # also a partition key and a file name
FOLDER = Path(__file__).parent
OWN_FOLDER = "recipes"  # under the data root: the operator's own recipes


def recipe_names() -> list[str]:
    """Return the names of the recipes that ship."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def recipe_text(name: str, root: str) -> str:
    """Return the recipe called ``name``: the data folder's own one, else the one that ships.

    Raises:
        SettingsError: If there is none.
    """
    if NAME.fullmatch(name):
        data, own = Folder(root), f"{OWN_FOLDER}/{name}.yaml"
        if data.exists(own):
            try:
                return data.read_bytes(own).decode("utf-8")
            except UnicodeDecodeError:
                raise SettingsError(f"{own} is not UTF-8. hint: save it as UTF-8") from None
        if name in recipe_names():
            return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    own_names = own_recipe_names(root)
    told = f"{', '.join(own_names)} of {OWN_FOLDER}/" if own_names else f"none in {OWN_FOLDER}/"
    raise SettingsError(
        f"recipe is {name}; expected one that ships ({', '.join(recipe_names())}) or your own "
        f"({told} of the data folder). hint: a name is of a-z, 0-9, '.', '_', '-', without .yaml; "
        f"copy one from {FOLDER}"
    )


def own_recipe_names(root: str) -> list[str]:
    """Return the names of the recipes that lie in the data folder."""
    files = [name for name in Folder(root).names(OWN_FOLDER) if name.endswith(".yaml")]
    names = [name.removesuffix(".yaml") for name in files]
    return [name for name in names if NAME.fullmatch(name)]
