"""Training for real, in processes of its own, on a model that needs a second."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from sft_assets.errors import SettingsError
from sft_assets.language_models.jobs import JobFailedError, NonFiniteLossError, run_job
from sft_assets.lineage.digests import sha256_of_file
from sft_assets.train.recipe import Recipe
from sft_assets.train.recipes import recipe_text

pytestmark = pytest.mark.xdist_group("training")


def recipe_of(base: Path, **changes) -> dict:
    recipe = yaml.safe_load(recipe_text("smoke", "none"))
    recipe["base_model"] = str(base)
    recipe["optimizer"] |= {"max_steps": 6}
    return Recipe.model_validate(recipe | changes).model_dump(mode="json")


def train(base: Path, data: Path, work_dir: Path, **changes):
    work_dir.mkdir()
    lines = []
    job = {"recipe": recipe_of(base, **changes), "data": str(data), "base": str(base)}
    result = run_job("sft_assets.train.run", job, work_dir, threads=1, on_progress=lines.append)
    return result, lines


def digests(folder: Path) -> dict[str, str]:
    return {p.name: sha256_of_file(p) for p in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def trained(tiny_base, conversations, tmp_path_factory):
    work_dir = tmp_path_factory.mktemp("trained") / "lora"
    result, lines = train(tiny_base, conversations, work_dir)
    return work_dir / "out", result, lines


def test_the_adapter_is_safetensors_and_names_no_path(trained, tiny_base):
    out, _, _ = trained
    names = {path.name for path in out.iterdir()}
    assert {"adapter_model.safetensors", "adapter_config.json", "tokenizer.json"} <= names
    assert not [name for name in names if name.endswith((".bin", ".pt", ".pkl"))]
    for path in out.iterdir():
        assert str(tiny_base).encode() not in path.read_bytes()


def test_every_row_is_accounted_for(trained):
    _, result, _ = trained
    assert (result["rows_in"], result["kept"], result["dropped"]) == (24, 23, {"too_long": 1})


def test_the_log_has_a_line_for_each_step_and_no_seconds(trained):
    out, _, lines = trained
    rows = [json.loads(x) for x in (out / "training_log.jsonl").read_text().split("\n") if x]
    assert [row["step"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert set(rows[0]) == {"step", "loss", "learning_rate", "grad_norm", "general_share"}
    assert [line["done"] for line in lines] == [1, 2, 3, 4, 5, 6]
    assert lines[0]["total"] == 6


def test_a_second_run_gives_the_same_bytes(trained, tiny_base, conversations, tmp_path):
    out, _, _ = trained
    train(tiny_base, conversations, tmp_path / "again")
    assert digests(tmp_path / "again" / "out") == digests(out)


def test_the_merged_model_is_the_trained_one(trained, tiny_base, tmp_path):
    out, _, _ = trained
    job = {"checkpoint": str(out), "base": str(tiny_base)}
    result = run_job("sft_assets.train.merge", job, tmp_path, threads=1)
    assert float(result["largest_difference"]) <= 1e-4
    merged = {path.name for path in (tmp_path / "out").iterdir()}
    assert "model.safetensors" in merged
    assert "adapter_model.safetensors" not in merged
    before = sha256_of_file(tiny_base / "model.safetensors")
    assert sha256_of_file(tmp_path / "out" / "model.safetensors") != before


def test_full_training_learns_and_writes_the_whole_model(tiny_base, conversations, tmp_path):
    recipe = yaml.safe_load(recipe_text("smoke", "none"))
    optimizer = recipe["optimizer"] | {"max_steps": 40, "learning_rate": 0.02}
    result, lines = train(
        tiny_base, conversations, tmp_path / "full", method="full", lora=None, optimizer=optimizer
    )
    assert (tmp_path / "full" / "out" / "model.safetensors").exists()
    assert lines[-1]["loss"] < 0.7 * lines[0]["loss"]
    assert float(result["validation_loss_after"]) < float(result["validation_loss_before"])


def test_a_loss_that_is_no_number_ends_the_run(tiny_base, conversations, tmp_path):
    from safetensors.torch import load_file, save_file

    broken = tmp_path / "broken"
    broken.mkdir()
    for path in tiny_base.iterdir():
        (broken / path.name).write_bytes(path.read_bytes())
    weights = load_file(broken / "model.safetensors")
    weights["model.norm.weight"][0] = float("nan")
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(NonFiniteLossError, match="step 1"):
        train(broken, conversations, tmp_path / "nan")
    assert not list((tmp_path / "nan" / "out").glob("*.safetensors"))


def test_modules_that_the_base_lacks_are_refused(tiny_base, conversations, tmp_path):
    lora = yaml.safe_load(recipe_text("smoke", "none"))["lora"] | {"target_modules": ["wqkv"]}
    with pytest.raises(SettingsError, match="wqkv"):
        train(tiny_base, conversations, tmp_path / "refused", lora=lora)


def test_a_crash_is_told_as_a_failed_job(tmp_path, capfd):
    with pytest.raises(JobFailedError, match=r"train\.run ended with code 1"):
        run_job("sft_assets.train.run", {"recipe": {}}, tmp_path, threads=1)
    assert "ValidationError" in capfd.readouterr().err


PARENT = """
import sys
from pathlib import Path
from sft_assets.language_models.jobs import run_job
work = Path(sys.argv[1])
run_job("tests_sleeping_job", {}, work, threads=1)
"""
CHILD = """
import os, time
from pathlib import Path
from sft_assets.language_models.job_child import run_as_job
def work(job):
    Path(job["out"], "pid").write_text(str(os.getpid()))
    time.sleep(60)
    return {}
run_as_job(work)
"""


def test_the_child_dies_with_a_killed_parent(tmp_path):
    (tmp_path / "tests_sleeping_job.py").write_text(CHILD)
    work = tmp_path / "work"
    work.mkdir()
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(work)], env=environment)
    pid_file = work / "out" / "pid"
    wait_until(lambda: pid_file.exists() and pid_file.read_text() != "")
    child = int(pid_file.read_text())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    wait_until(lambda: not is_running(child))


def wait_until(holds, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
