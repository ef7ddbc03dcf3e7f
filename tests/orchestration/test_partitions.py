"""Recipes as partitions, and where the work lies."""

from pathlib import Path

import pytest

from sft_assets.orchestration.partitions import find_recipe_names
from sft_assets.orchestration.workplace import REPO_ROOT, workplace_of


def test_own_recipes_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    shipped = find_recipe_names(str(tmp_path))
    assert {"full", "lora"} <= set(shipped)
    (tmp_path / "recipes").mkdir()
    for name in ("mine.yaml", "lora.yaml", "notes.txt"):
        (tmp_path / "recipes" / name).touch()
    assert find_recipe_names(str(tmp_path)) == sorted([*shipped, "mine"])


def test_recipes_of_a_remote_root_are_not_looked_up() -> None:
    assert "lora" in find_recipe_names("memory://nowhere")


@pytest.mark.parametrize(
    ("environment", "data_root", "inbox"),
    [
        pytest.param({}, REPO_ROOT / "data", REPO_ROOT / "inbox", id="checkout"),
        pytest.param({"DAGSTER_HOME": "/srv/home"}, "/srv/data", "/srv/inbox", id="beside-home"),
        pytest.param(
            {"DAGSTER_HOME": "/srv/home", "SFT_ASSETS_DATA_ROOT": "s3://bucket/walk"},
            "s3://bucket/walk",
            "/srv/inbox",
            id="remote",
        ),
        pytest.param({"SFT_ASSETS_INBOX": "/in"}, REPO_ROOT / "data", "/in", id="inbox"),
        pytest.param({"SFT_ASSETS_INBOX": ""}, REPO_ROOT / "data", REPO_ROOT / "inbox", id="empty"),
    ],
)
def test_folders_never_depend_on_the_working_directory(
    environment: dict[str, str], data_root: object, inbox: object
) -> None:
    place = workplace_of(environment)
    assert (place.data_root, place.inbox) == (str(data_root), str(inbox))
