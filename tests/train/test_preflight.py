"""What base and machine cannot do is refused before weights load, with what to write instead."""

import os
import shutil
import sys
from pathlib import Path

import pytest
import torch
import yaml
from typer.testing import CliRunner

from sft_assets.cli import app
from sft_assets.errors import SettingsError
from sft_assets.language_models.jobs import _environment
from sft_assets.train import preflight
from sft_assets.train.preflight import (
    find_missing_parts,
    find_precision_faults,
    find_rank_faults,
    left_build_locks,
    refuse_unfit,
)
from sft_assets.train.recipe import Recipe
from sft_assets.train.recipes import recipe_text
from tests.train.forked import METHODS, recipe_with

on_a_cpu = pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")


def recipe_of(base: Path, **changes) -> Recipe:
    return Recipe.model_validate(recipe_with(base, **changes))


@pytest.fixture
def weightless(tiny_base: Path, tmp_path: Path) -> Path:
    """The base without its weights: whatever is found out is found out before they load."""
    folder = tmp_path / "weightless"
    shutil.copytree(tiny_base, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    return folder


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"qlora"}))
def test_what_fits_is_not_refused(method: str, weightless: Path) -> None:
    refuse_unfit(recipe_of(weightless, **METHODS[method]), weightless)


@pytest.mark.parametrize("section", ["lora", "adalora"])
@pytest.mark.parametrize("module", ["c_attn", "mlp", "norm", "all-linear", "0"])
def test_modules_that_no_adapter_stands_beside(section: str, module: str, weightless: Path) -> None:
    changes = METHODS[section]
    part = {**changes[section], "target_modules": ["q_proj", module]}
    told = rf"{section}.target_modules names {module}, .*qwen3.* expected some of .*q_proj"
    with pytest.raises(SettingsError, match=told):
        refuse_unfit(recipe_of(weightless, **{**changes, section: part}), weightless)


PRECISIONS = [
    ("auto", False, False, ""),
    ("fp32", False, False, ""),
    ("fp16", False, False, "no GPU; expected auto or fp32"),
    ("bf16", False, False, "no GPU; expected auto or fp32"),
    ("fp16", True, False, ""),
    ("bf16", True, False, "cannot compute in it; expected auto, fp16 or fp32"),
    ("bf16", True, True, ""),
]


@pytest.mark.parametrize(("precision", "has_gpu", "has_bf16", "told"), PRECISIONS)
def test_precisions(
    tiny_base: Path, precision: str, has_gpu: bool, has_bf16: bool, told: str
) -> None:
    recipe = recipe_of(tiny_base, precision=precision)
    found = list(find_precision_faults(recipe, has_gpu=has_gpu, gpu_has_bf16=has_bf16))
    assert len(found) == bool(told)
    assert all(told in fault for fault in found)


@pytest.mark.parametrize(("gpus", "faults"), [(0, 0), (1, 1), (2, 0), (8, 0)])
def test_ranks_need_a_gpu_each(tiny_base: Path, gpus: int, faults: int) -> None:
    recipe = recipe_of(tiny_base, scale={"ranks": 2})
    assert len(list(find_rank_faults(recipe, gpus))) == faults


def test_every_fault_is_told_at_once(weightless: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    lora = {**METHODS["lora"]["lora"], "target_modules": ["wqkv"]}
    recipe = recipe_of(weightless, **{**METHODS["lora"], "lora": lora, "precision": "fp16"})
    with pytest.raises(
        SettingsError, match=r"precision is fp16.*; lora\.target_modules names wqkv"
    ):
        refuse_unfit(recipe, weightless)


def test_zero_needs_deepspeed_and_on_a_cpu_a_compiler(
    tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_EXTENSIONS_DIR", str(tmp_path))
    recipe = recipe_of(tiny_base, scale={"zero": 3})
    assert list(find_missing_parts(recipe, gpus=1)) == []
    monkeypatch.setenv("CXX", "no-such-compiler")
    (fault,) = find_missing_parts(recipe, gpus=0)
    assert "no-such-compiler is missing" in fault
    assert list(find_missing_parts(recipe_of(tiny_base), gpus=0)) == []
    monkeypatch.setattr(preflight, "_is_installed", lambda _package: False)
    (fault,) = find_missing_parts(recipe, gpus=0)
    assert "deepspeed is not installed; expected it, or scale.zero: null" in fault


def test_the_lock_of_a_killed_build_is_named(
    tiny_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TORCH_EXTENSIONS_DIR", str(tmp_path))
    lock = tmp_path / "deepspeed_shm_comm" / "lock"
    lock.parent.mkdir()
    lock.touch()
    assert left_build_locks(tmp_path) == []  # a build may be going on
    os.utime(lock, (1, 1))
    (fault,) = find_missing_parts(recipe_of(tiny_base, scale={"zero": 0}), gpus=0)
    assert f"{lock} is of a build that was killed" in fault


def test_training_finds_what_lies_beside_python(tmp_path: Path) -> None:
    path = _environment(tmp_path, 1)["PATH"].split(os.pathsep)
    assert path[0] == str(Path(sys.executable).parent)  # ninja, where .venv is not activated
    assert path[1:] == os.environ["PATH"].split(os.pathsep)


@on_a_cpu
def test_recipe_command_refuses_what_training_would(sample_walk: Path, tmp_path: Path) -> None:
    root = tmp_path / "data"
    (root / "recipes").mkdir(parents=True)
    (root / "tables").symlink_to(sample_walk / "tables")
    changed = yaml.safe_load(recipe_text("smoke", "none"))
    changed["lora"]["target_modules"] = ["c_attn"]
    (root / "recipes" / "mine.yaml").write_text(yaml.safe_dump(changed | {"precision": "fp16"}))
    result = CliRunner().invoke(app, ["recipe", "--recipe", "mine", "--data-root", str(root)])
    assert result.exit_code == 2
    assert "precision is fp16" in result.stderr
    assert "target_modules names c_attn" in result.stderr
    assert "v_proj" in result.stderr


@pytest.mark.parametrize("name", ["tensorboard", "mlflow"])
def test_a_tracker_that_is_not_installed_is_refused(name, tiny_base, monkeypatch):
    recipe = Recipe.model_validate(recipe_with(tiny_base, trackers=[name]))
    monkeypatch.setattr(preflight, "_is_installed", lambda _name: True)
    assert list(find_missing_parts(recipe, 0)) == []
    monkeypatch.setattr(preflight, "_is_installed", lambda _name: False)
    with pytest.raises(SettingsError, match=rf"pip install 'sft-assets\[{name}\]'"):
        refuse_unfit(recipe, tiny_base)
