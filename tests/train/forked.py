"""Training in a forked process, so that torch and PEFT are imported once for many trainings.

The fork is a real process and really killed; what it leaves is what any killed process leaves.
"""

import importlib
import json
import os
import signal
import socket
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from sft_assets.lineage.digests import sha256_of_file
from sft_assets.train.recipe import Recipe
from sft_assets.train.recipes import recipe_text

WORK = {"sft_assets.train.run": "train", "sft_assets.train.merge": "merge"}
METHODS: dict[str, dict[str, Any]] = {
    "lora": {"lora": {"dropout": 0.1}},  # dropout: the random state must be restored too
    "full": {"method": "full", "lora": None},
    "adalora": {
        "method": "adalora",
        "lora": None,
        "adalora": {
            "start_rank": 6,
            "rank": 3,
            "alpha": 8,
            "target_modules": ["q_proj", "v_proj"],
        },
    },
    "prefix": {"method": "prefix", "lora": None, "prefix": {"tokens": 4}},
    "adapter": {"method": "adapter", "lora": None, "adapter": {"width": 8}},
    "qlora": {"method": "qlora", "quantization": {}},
}


def recipe_with(base: Path, /, **changes: Any) -> dict[str, Any]:
    """Return the smoke recipe on ``base``, whole parts changed value by value."""
    recipe = yaml.safe_load(recipe_text("smoke", "none")) | {"base_model": str(base)}
    for name, value in changes.items():
        both = isinstance(value, dict) and isinstance(recipe.get(name), dict)
        recipe[name] = recipe[name] | value if both else value
    return Recipe.model_validate(recipe).model_dump(mode="json")


def job_in(
    work: Path, base: Path, data: Path, /, *, given: dict[str, Any] | None = None, **changes
):
    """Return a training job that works in ``work``."""
    (work / "out").mkdir(parents=True, exist_ok=True)
    job = {"recipe": recipe_with(base, **changes), "data": str(data), "base": str(base)}
    return job | {"out": str(work / "out"), "kept": str(work / "kept"), **(given or {})}


@contextmanager
def training(
    job: dict[str, Any], prepare: str = "", module: str = "sft_assets.train.run"
) -> Iterator[Iterator[dict]]:
    """Fork a process that does ``job``; yield its lines of progress, and kill it afterwards.

    Args:
        job: What to train.
        prepare: Python that runs in the fork before it trains.
        module: Whose work it is: of training, or of merging.
    """
    import peft  # noqa: F401 - before the fork
    import torch

    from sft_assets.train import answer_trainer  # noqa: F401 - before the fork

    scale = job.get("recipe", {}).get("scale", {"ranks": 1, "zero": None})
    if scale["zero"] is not None:
        os.environ["DS_ACCELERATOR"] = "cpu"
        import deepspeed  # noqa: F401 - before the fork
    work = getattr(importlib.import_module(module), WORK[module])
    torch.set_num_threads(1)  # a fork has none of its parent's threads
    port = free_port()
    reader, writer = os.pipe()
    forks = []
    for rank in range(scale["ranks"]):
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            _work_in_fork(work, job, prepare, writer, rank, scale["ranks"], port)
        forks.append(pid)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as lines:
        try:
            yield (json.loads(line) for line in lines if line.startswith("{"))
        finally:
            for pid in forks:  # of one that ended: nothing, until it is waited for
                os.kill(pid, signal.SIGKILL)
            for pid in forks:
                os.waitpid(pid, 0)


def _work_in_fork(work, job, prepare, writer, rank, ranks, port) -> None:
    """Do the job and end this process; what came of it lies beside ``out``."""
    folder = Path(job["out"]).parent
    sys.stdout = os.fdopen(writer, "w", encoding="utf-8")  # pytest has put its own there
    warnings.simplefilter("ignore")  # as run_job does: those of libraries about each other
    code = 1
    try:
        if ranks > 1:
            os.environ |= {
                "RANK": str(rank),
                "LOCAL_RANK": str(rank),
                "WORLD_SIZE": str(ranks),
                "MASTER_ADDR": "127.0.0.1",
                "MASTER_PORT": str(port),
            }
        exec(prepare, {})
        result = work(job)
        if rank == 0:
            (folder / "result.json").write_text(json.dumps(result))
        code = 0
    except BaseException as error:  # noqa: BLE001 - told to the parent, whatever it is
        (folder / "error.txt").write_text(f"{type(error).__name__}: {error}")
    finally:
        os._exit(code)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def finish(
    job: dict[str, Any], prepare: str = "", module: str = "sft_assets.train.run"
) -> dict[str, Any]:
    """Train (or merge) to the end and return the result.

    Raises:
        RuntimeError: With the error of the fork.
    """
    work = Path(job["out"]).parent
    for name in ("result.json", "error.txt"):
        (work / name).unlink(missing_ok=True)
    with training(job, prepare, module) as lines:
        list(lines)  # to the end of its output, which is its own end
    if (work / "error.txt").exists():
        raise RuntimeError((work / "error.txt").read_text())
    return json.loads((work / "result.json").read_text())


def kill_at(job: dict[str, Any], step: int, later_seconds: float) -> int:
    """Start or go on, kill it with SIGKILL after ``step``; return the last step it told of."""
    last = 0
    with training(job) as lines:
        for line in lines:
            last = int(line["done"])
            if last >= step:
                time.sleep(later_seconds)
                break
    return last


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file in ``folder``."""
    return {path.name: sha256_of_file(path) for path in sorted(folder.iterdir())}
