"""Every recipe that ships trains, saves, reloads, merges where it can, and learns the sample."""

import json
import shutil
import sys

import pytest
import yaml

from sft_assets.language_models.trained_models import ADAPTER_FOLDER
from sft_assets.store.store import Store
from sft_assets.train.recipe import Recipe
from sft_assets.train.recipe_rules import UNMERGEABLE
from sft_assets.train.recipes import recipe_names, recipe_text
from sft_assets.train.steps import BUNDLED_BASE
from tests.train.forked import finish

pytestmark = [pytest.mark.xdist_group("training"), pytest.mark.slow]

SHORT = 420  # characters of a row: enough for a passage with a table
MERGE = "sft_assets.train.merge"


@pytest.fixture(scope="module")
def sample_rows(sample_walk, tmp_path_factory):
    """A few hundred short rows of the released sample."""
    released = Store(str(sample_walk)).require("sft_dataset", "corpus")
    files = released.local_files(tmp_path_factory.mktemp("release"))
    folder = tmp_path_factory.mktemp("rows")
    for split, count in (("train", 240), ("validation", 16)):
        lines = (files / "openai_messages" / f"{split}.jsonl").read_text("utf-8").split("\n")
        short = [line for line in lines if 200 < len(line) < SHORT + 120][:: 5 if count > 16 else 9]
        assert len(short) >= count
        (folder / f"{split}.jsonl").write_text("".join(f"{x}\n" for x in short[:count]), "utf-8")
    return folder


def first_rows(folder, few, count):
    """Return a folder with the first ``count`` training rows of ``folder``."""
    shutil.copytree(folder, few)
    lines = (few / "train.jsonl").read_text("utf-8").split("\n")
    (few / "train.jsonl").write_text("".join(f"{line}\n" for line in lines[:count]), "utf-8")
    return few


@pytest.mark.parametrize("name", [name for name in recipe_names() if name != "smoke"])
def test_it_trains_saves_reloads_and_learns(name, sample_rows, tmp_path):
    if name == "qlora":
        pytest.importorskip("bitsandbytes")
    recipe = yaml.safe_load(recipe_text(name, "none"))
    recipe["optimizer"] |= {"max_steps": 12}
    recipe["data"] |= {"batch_rows": 4, "max_tokens": 384}
    if name == "distill":  # the base learns its own answers to a few, where they are right
        recipe["teacher"] = {"model": str(BUNDLED_BASE), "max_new_tokens": 48}
        sample_rows = first_rows(sample_rows, tmp_path / "few", 24)
    checked = Recipe.model_validate(recipe)
    (tmp_path / "out").mkdir()
    job = {
        "recipe": checked.model_dump(mode="json"),
        "data": str(sample_rows),
        "base": str(BUNDLED_BASE),
        "out": str(tmp_path / "out"),
    }
    result = finish(job)
    before, after = (float(result[f"validation_loss_{when}"]) for when in ("before", "after"))
    assert after < before, result["fit"]
    assert not [x for x in (tmp_path / "out").iterdir() if x.suffix in (".bin", ".pt", ".pkl")]
    merged = tmp_path / "merged" / "out"
    merged.mkdir(parents=True)
    merge_job = {
        "checkpoint": str(tmp_path / "out"),
        "base": str(BUNDLED_BASE),
        "out": str(merged),
        "threads": 1,
    }
    told = finish(merge_job, module=MERGE)
    assert float(told["largest_difference"]) <= 1e-4
    assert bool(told["not_merged"]) == (checked.method in UNMERGEABLE)
    assert (merged / ADAPTER_FOLDER).is_dir() == bool(told["not_merged"])
    sys.stdout.write(
        f"{name}: validation loss {before:.4f} -> {after:.4f}, "
        f"logits differ by {told['largest_difference']}, "
        f"{'beside the base' if told['not_merged'] else 'in one piece'}\n"
    )
    assert json.loads((merged / "config.json").read_text())["model_type"] == "qwen3"
