from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from sft_assets.errors import SettingsError
from sft_assets.train.recipes import recipe_text
from sft_assets.train.steps import (
    BUNDLED_BASE,
    STEPS,
    base_digests,
    folder_digest,
    publish_base,
    recipe_digests,
)


@dataclass
class Place:
    """A data folder, and the recipe whose steps are run."""

    root: str
    partition: str = "mine"


@pytest.fixture
def place(tmp_path):
    (tmp_path / "recipes").mkdir()
    return Place(str(tmp_path))


def write_recipe(place, **changes):
    recipe = yaml.safe_load(recipe_text("smoke", "none")) | changes
    path = Path(place.root) / "recipes" / "mine.yaml"
    path.write_text(yaml.safe_dump(recipe), encoding="utf-8")


def test_the_bundled_base_is_published_with_its_files(place):
    write_recipe(place)
    result = publish_base(place)
    assert {"base_model.json", "model.safetensors", "tokenizer.json"} <= set(result.files)
    assert result.ledger.rows_in == result.ledger.kept
    assert result.tables == {}


def test_a_base_in_a_folder_is_named_and_not_copied(place, tiny_base):
    write_recipe(place, base_model=str(tiny_base))
    result = publish_base(place)
    assert set(result.files) == {"base_model.json"}
    assert result.metadata["digest"] == base_digests(place, "mine")["base_model"]


def test_another_base_gives_another_version(place, tiny_base):
    write_recipe(place)
    bundled = base_digests(place, "mine")
    write_recipe(place, base_model=str(tiny_base))
    assert base_digests(place, "mine") != bundled


def test_another_setting_gives_another_checkpoint_and_the_same_base(place):
    write_recipe(place)
    base, recipe = base_digests(place, "mine"), recipe_digests(place, "mine")
    write_recipe(place, seed=8)
    assert base_digests(place, "mine") == base
    assert recipe_digests(place, "mine") != recipe


@pytest.mark.parametrize("base", ["/nowhere", "some/hub-name"])
def test_a_base_that_cannot_be_found_is_refused_before_anything_runs(place, base):
    write_recipe(place, base_model=base)
    with pytest.raises(SettingsError, match="base_model"):
        base_digests(place, "mine")


def test_a_folder_digest_is_of_names_and_bytes(tmp_path):
    (tmp_path / "a").write_text("1")
    first = folder_digest(tmp_path)
    (tmp_path / "a").write_text("2")
    assert folder_digest(tmp_path) != first


def test_the_steps_in_order():
    assert [step.name for step in STEPS] == ["base_model", "checkpoint", "merged_model"]
    assert [step.isolated for step in STEPS] == [False, True, True]
    assert BUNDLED_BASE.is_dir()
