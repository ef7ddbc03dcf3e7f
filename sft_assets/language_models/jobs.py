"""Start work on a model in a process of its own, and read what it made.

Training and generation take long, use much memory and can crash in native code; none of that may
touch the process that orchestrates. The child says one JSON line per step on its standard output.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any, Final

import sft_assets
from sft_assets import errors
from sft_assets.errors import SftAssetsError

IMPORT_ROOT: Final = str(Path(sft_assets.__file__).resolve().parents[1])
ERROR_FILE: Final = "error.json"
RESULT_FILE: Final = "result.json"
LOG_TAIL_BYTES: Final = 4000

Progress = Callable[[Mapping[str, Any]], None]


class JobFailedError(SftAssetsError):
    """The child process ended without a result."""


class NonFiniteLossError(SftAssetsError):
    """A loss or gradient became infinite or not a number; nothing was saved."""


class DivergedError(SftAssetsError):
    """The loss rises for good; the last good checkpoint was kept."""


class MemoryRanOutError(SftAssetsError):
    """A batch did not fit into memory; half of it may."""


_OWN_ERRORS: Final = (NonFiniteLossError, DivergedError, MemoryRanOutError)
LAUNCHER: Final = "sft_assets.language_models.ranks"
PARENT_OF_RANKS: Final = "SFT_ASSETS_LAUNCHER_PID"


def run_job(
    module: str,
    job: Mapping[str, Any],
    work_dir: Path,
    *,
    threads: int,
    ranks: int = 1,
    on_progress: Progress = lambda _line: None,
) -> dict[str, Any]:
    """Run ``python -m module --job FILE`` to its end and return its result.

    The child dies with this process, even with ``kill -9``. The number of threads is part of the
    job because the order of floating-point sums depends on it.

    Args:
        module: A module of this package with ``language_models.job_child.run_as_job`` in ``main``.
        job: What to do, JSON; ``out`` is added: the folder for the files it makes.
        work_dir: Where the job's files go; ``work_dir / "out"`` afterwards holds what it made.
        threads: CPU threads of the child, or of each rank.
        ranks: Processes that do it together; above one, torchrun starts them.
        on_progress: Called with each line of progress.

    Raises:
        JobFailedError: If the child crashed or was killed.
        SftAssetsError: The error that the child itself raised, of the same class.
    """
    out = work_dir / "out"
    out.mkdir(parents=True, exist_ok=True)
    job_file = work_dir / "job.json"
    for left in (ERROR_FILE, RESULT_FILE):
        (work_dir / left).unlink(missing_ok=True)  # of an earlier job in this folder
    told = {**job, "out": str(out), "parent": os.getpid(), "threads": threads}
    job_file.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    with (work_dir / "job.log").open("wb+") as log:
        code = _run(module, job_file, log, threads, ranks, on_progress)
        _raise_error_of(work_dir / ERROR_FILE)
        if code != 0 or not (work_dir / RESULT_FILE).exists():
            _show_tail(log)
            raise JobFailedError(
                f"{module} ended with code {code} and no result; expected result.json. "
                "hint: the end of its log stands above; -9 usually means that memory ran out"
            )
    result: dict[str, Any] = json.loads((work_dir / RESULT_FILE).read_text(encoding="utf-8"))
    return result


def _run(
    module: str, job_file: Path, log: IO[bytes], threads: int, ranks: int, on_progress: Progress
) -> int:
    launched = [module] if ranks == 1 else [LAUNCHER, str(os.getpid()), str(ranks), module]
    child = subprocess.Popen(
        [sys.executable, "-m", *launched, "--job", str(job_file)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        cwd=job_file.parent,
        env=_environment(job_file.parent, threads),
        start_new_session=True,
        text=True,
        encoding="utf-8",
    )
    try:
        for line in child.stdout or ():
            with contextlib.suppress(json.JSONDecodeError):
                told = json.loads(line)
                if isinstance(told, dict):
                    on_progress(told)
        return child.wait()
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)  # also what the child itself started
        child.wait()
        if child.stdout:
            child.stdout.close()


def _environment(work_dir: Path, threads: int) -> dict[str, str]:
    """Return the child's environment: fixed threads, no trackers, the same hash seed."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DAGSTER_PIPES_", "WANDB_", "MLFLOW_", "COMET_"))
    }
    count = str(threads)
    path = os.pathsep.join(filter(None, [IMPORT_ROOT, os.environ.get("PYTHONPATH")]))
    beside_python = str(Path(sys.executable).parent)  # ninja, also where .venv is not activated
    return inherited | {
        "PATH": os.pathsep.join(filter(None, [beside_python, os.environ.get("PATH")])),
        "OMP_NUM_THREADS": count,
        "MKL_NUM_THREADS": count,
        "OMP_WAIT_POLICY": "PASSIVE",  # a spinning thread starves the others on a busy machine
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": path,
        "PYTHONWARNINGS": "ignore",
        "TOKENIZERS_PARALLELISM": "false",
        "CUBLAS_WORKSPACE_CONFIG": ":4096:8",  # cuBLAS is reproducible only with a fixed workspace
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "MPLCONFIGDIR": str(work_dir / ".matplotlib"),
    }


def _raise_error_of(error_file: Path) -> None:
    """Raise the child's own error again, by its class name; anything else stays a failed job."""
    if not error_file.exists():
        return
    told = json.loads(error_file.read_text(encoding="utf-8"))
    known: dict[str, type[SftAssetsError]] = {
        name: value
        for name, value in {**vars(errors), **{own.__name__: own for own in _OWN_ERRORS}}.items()
        if isinstance(value, type)
        and issubclass(value, SftAssetsError)
        and value is not errors.RejectedDocumentError  # takes two arguments
    }
    if told["type"] in known:
        raise known[told["type"]](told["message"])


def _show_tail(log: IO[bytes]) -> None:
    log.seek(0, os.SEEK_END)
    log.seek(max(0, log.tell() - LOG_TAIL_BYTES))
    sys.stderr.write(log.read().decode("utf-8", errors="replace"))
