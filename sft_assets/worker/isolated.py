"""Run one task in a child process under limits and return its checked answer."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

import polars as pl

import sft_assets
from sft_assets.errors import RejectedDocumentError
from sft_assets.worker.answers import Answer, V, read_answer
from sft_assets.worker.limits import DEFAULT_LIMITS, MIB, Limits

TASK = re.compile(r"sft_assets\.[a-z_]+(\.[a-z_]+)*\.child:[a-z_]+")  # the allow-list
IMPORT_ROOTS = [str(Path(sft_assets.__file__).resolve().parents[1])]
BOOT = "import sys; sys.path[:0] = {roots!r}; from sft_assets.worker.child import main; main()"
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "TMPDIR")
STDERR_BYTES = 64 * 1024
NO_MEMORY = re.compile(rb"bad_alloc|MemoryError|[Oo]ut of memory|memory allocation|Cannot allocate")


def run_isolated(
    task: str,
    payload: Mapping[str, object],
    *,
    values: type[V],
    tables: Mapping[str, pl.Schema] | None = None,
    limits: Limits = DEFAULT_LIMITS,
    cancelled: Callable[[], bool] = lambda: False,
) -> Answer[V]:
    """Return what ``task`` answers to ``payload``, computed in a child process of its own.

    The child dies with this process, even with ``kill -9``; whatever happens to it, this
    process is unharmed and nothing of the child's group stays behind.

    Args:
        task: ``sft_assets.<room>.child:<function>``.
        payload: JSON for the function; paths must be absolute.
        values: Pydantic model that the JSON part of the answer must fit; ``NoValues`` for none.
        tables: Schemas of the tables that the answer must hold, no more and no less.
        limits: What the child may use.
        cancelled: Asked every few hundredths of a second; true ends the child.

    Raises:
        ValueError: If ``task`` is not on the allow-list.
        RejectedDocumentError: With the reason: timeout, memory, crash, invalid_output, or the
            one that the task itself raised.
    """
    if not TASK.fullmatch(task):
        raise ValueError(f"task is {task}; expected {TASK.pattern}")
    request = {"task": task, "payload": payload, "limits": asdict(limits), "parent": os.getpid()}
    with (
        tempfile.TemporaryFile() as question,  # unlinked: nothing stays behind, whoever dies
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
    ):
        question.write(json.dumps(request).encode())
        question.seek(0)
        ended = _run_child(question, output, errors, limits, cancelled)
        errors.seek(0)
        _refuse_unless_ended_well(ended, limits, errors.read(STDERR_BYTES))
        output.seek(0)
        content = output.read(limits.output_bytes + 1)
    found, frames = read_answer(content, values, tables or {})
    return Answer(found, frames, ended.cpu_seconds, ended.peak_memory_bytes)


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a child ended."""

    code: int  # negative: the signal that ended it
    timed_out: bool
    cpu_seconds: float
    peak_memory_bytes: int  # highest resident size seen


def _run_child(
    question: IO[bytes],
    output: IO[bytes],
    errors: IO[bytes],
    limits: Limits,
    cancelled: Callable[[], bool],
) -> _Ended:
    child = subprocess.Popen(
        [sys.executable, "-s", "-P", "-c", BOOT.format(roots=IMPORT_ROOTS), str(output.fileno())],
        stdin=question,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        pass_fds=(output.fileno(),),
        start_new_session=True,  # a process group of its own, so that all of it can be ended
        env=_environment(),
        cwd=tempfile.gettempdir(),
    )
    try:
        return _wait(child, time.monotonic() + limits.wall_seconds, cancelled)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # also what the child may have started
        if child.returncode is None:
            child.wait()


def _wait(child: subprocess.Popen[bytes], deadline: float, cancelled: Callable[[], bool]) -> _Ended:
    peak, pause, timed_out = 0, 0.004, False
    while True:
        pid, status, usage = os.wait4(child.pid, os.WNOHANG)
        if pid:
            child.returncode = os.waitstatus_to_exitcode(status)
            cpu = usage.ru_utime + usage.ru_stime
            return _Ended(child.returncode, timed_out, cpu, peak)
        peak = max(peak, _resident_peak(child.pid))
        if not timed_out and (cancelled() or time.monotonic() > deadline):
            timed_out = True
            os.killpg(child.pid, signal.SIGKILL)
        time.sleep(pause)
        pause = min(pause * 1.3, 0.04)


def _resident_peak(pid: int) -> int:
    """Return the child's highest resident size in bytes.

    ``wait4`` cannot tell: its figure starts from the size of the process that forked.
    """
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


def _environment() -> dict[str, str]:
    """Return the few variables that a child sees: no settings and no secrets of the parent."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    one_thread = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS", "OMP_THREAD_LIMIT"), "1"
    )
    fixed = {"LANG": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0", "MALLOC_ARENA_MAX": "2"}
    return {**kept, **one_thread, **fixed}


def _refuse_unless_ended_well(ended: _Ended, limits: Limits, stderr: bytes) -> None:
    """Turn the way a child ended into a typed reason; its words on stderr are only classified."""
    if ended.timed_out:
        raise RejectedDocumentError("timeout", f"ended after {limits.wall_seconds} s")
    if ended.code == 0:
        return
    out_of_cpu = ended.cpu_seconds >= limits.cpu_seconds
    if ended.code == -signal.SIGXCPU or (ended.code == -signal.SIGKILL and out_of_cpu):
        raise RejectedDocumentError("timeout", f"used {limits.cpu_seconds} s of processor time")
    limit = f"limit {limits.memory_bytes // MIB} MiB"
    if NO_MEMORY.search(stderr) or ended.code == -signal.SIGKILL:
        raise RejectedDocumentError("memory", limit)
    if ended.code < 0:
        name = signal.Signals(-ended.code).name
        near = ended.peak_memory_bytes > limits.memory_bytes // 2
        raise RejectedDocumentError("memory" if near else "crash", f"ended by {name}, {limit}")
    raise RejectedDocumentError("crash", f"ended with code {ended.code}")
