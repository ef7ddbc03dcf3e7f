"""A `checkpoint` step that was killed goes on where it was, through the real processes."""

import json
import os
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from sft_assets.train.recipes import recipe_text
from sft_assets.train.steps import publish_base, train_checkpoint

pytestmark = [pytest.mark.xdist_group("training"), pytest.mark.slow]


@dataclass
class Place:
    """The inputs of a step, without a store."""

    root: str
    work_dir: Path
    kept_dir: Path
    folders: dict[str, Path]
    partition: str = "mine"
    told: list[str] = field(default_factory=list)

    def files(self, name):
        return self.folders[name]

    def report_progress(self, done, total, what):
        self.told.append(f"{done} of {total}: {what}")


def place_in(folder, tiny_base, conversations) -> Place:
    (folder / "recipes").mkdir(parents=True, exist_ok=True)
    recipe = yaml.safe_load(recipe_text("smoke", "none")) | {"base_model": str(tiny_base)}
    recipe |= {"checkpoints": {"every_steps": 5}, "method": "full", "lora": None}
    recipe["optimizer"] |= {"max_steps": 60}
    (folder / "recipes" / "mine.yaml").write_text(yaml.safe_dump(recipe))
    base = folder / "base_model"
    for part in ("dataset", "work", "kept"):
        (folder / part).mkdir(exist_ok=True)
    data = folder / "dataset" / "openai_messages"
    if not data.exists():
        data.symlink_to(conversations)
    found = Place(
        str(folder),
        folder / "work",
        folder / "kept",
        {"sft_dataset": folder / "dataset", "base_model": base},
    )
    base.mkdir(exist_ok=True)
    for name, content in publish_base(found).files.items():
        (base / name).write_bytes(content)
    return found


def test_a_killed_step_goes_on(tiny_base, conversations, tmp_path):
    plain = train_checkpoint(place_in(tmp_path / "undisturbed", tiny_base, conversations))
    assert plain.metadata["resumed_from_step"] == "0"
    place = place_in(tmp_path / "killed", tiny_base, conversations)
    pid = os.fork()
    if pid == 0:
        try:
            train_checkpoint(place)
        finally:
            os._exit(1)
    end = time.monotonic() + 300
    while not list(place.kept_dir.glob("step-*")):
        assert time.monotonic() < end
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    result = train_checkpoint(place)
    assert int(result.metadata["resumed_from_step"]) >= 5
    assert place.told[0].startswith("0 of 1: training, needs about")
    assert {name: _bytes(x) for name, x in result.files.items()} == {
        name: _bytes(x) for name, x in plain.files.items()
    }
    assert json.loads(_bytes(result.files["checkpoint.json"]))["steps"] == 60


def _bytes(content) -> bytes:
    return content.read_bytes() if isinstance(content, Path) else content
