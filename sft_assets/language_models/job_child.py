"""The child's side of a job: read it, do it, leave a result or a typed error."""

import argparse
import ctypes
import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from sft_assets.errors import SftAssetsError
from sft_assets.language_models.jobs import ERROR_FILE, PARENT_OF_RANKS, RESULT_FILE

PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h

Work = Callable[[dict[str, Any]], Mapping[str, Any]]


def run_as_job(work: Work) -> None:
    """Run ``work`` on the job named on the command line and write what it returns.

    Raises:
        SystemExit: With the error's exit code.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--job", type=Path, required=True, help="job file written by run_job")
    job_file: Path = parser.parse_args().job
    job: dict[str, Any] = json.loads(job_file.read_text(encoding="utf-8"))
    die_with(int(os.environ.get(PARENT_OF_RANKS, job["parent"])))
    try:
        result = work(job)
    except SftAssetsError as error:
        told = {"type": type(error).__name__, "message": str(error)}
        (job_file.parent / ERROR_FILE).write_text(json.dumps(told), encoding="utf-8")
        raise SystemExit(error.exit_code) from error
    if is_first_rank():
        text = json.dumps(dict(result), ensure_ascii=False)
        (job_file.parent / RESULT_FILE).write_text(text, encoding="utf-8")


def is_first_rank() -> bool:
    """Tell whether this process speaks for the job: the only one, or the first of several."""
    return os.environ.get("RANK", "0") == "0"


def report(done: int, total: int, **figures: object) -> None:
    """Say how far the job is, one JSON line; only the first rank says it."""
    if not is_first_rank():
        return
    sys.stdout.write(json.dumps({"done": done, "total": total, **figures}) + "\n")
    sys.stdout.flush()


def make_reproducible(seed: int, threads: int) -> None:
    """Make torch give the same bytes every time: seeds, thread count, deterministic kernels."""
    import torch
    import transformers

    torch.set_num_threads(threads)
    torch.use_deterministic_algorithms(mode=True)
    transformers.set_seed(seed)
    transformers.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()


def die_with(parent: int) -> None:
    """Ask the kernel to kill this process when its parent is gone, however it went."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it went before we asked
        raise SystemExit(1)
