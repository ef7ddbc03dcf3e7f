"""What runs inside the child: give up rights, then run one task and write its answer.

Started by ``isolated.py`` with the answer's file descriptor as only argument and the request on
standard input. Nothing here may import polars or a parser before the limits hold.
"""

import contextlib
import ctypes
import errno
import importlib
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any

from sft_assets.errors import RejectedDocumentError
from sft_assets.worker.framing import write_answer, write_refusal

CLONE_NEWUSER = 0x10000000  # sched.h
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1  # prctl.h


def main() -> None:
    """Run the request on standard input and end the process."""
    request = json.load(sys.stdin.buffer)
    _leave_network()
    _die_with(int(request["parent"]))
    _set_limits(request["limits"])
    with os.fdopen(int(sys.argv[-1]), "wb") as stream:
        _answer(stream, request["task"], request["payload"])
    os._exit(0)  # no destructors: a parser's teardown must not turn an answer into a crash


def _answer(stream: Any, task: str, payload: Mapping[str, object]) -> None:
    try:
        result = _load(task)(payload)
        write_answer(stream, result)
    except RejectedDocumentError as error:
        _start_over(stream)
        write_refusal(stream, error.reason, error.detail)
    except MemoryError:
        _start_over(stream)
        write_refusal(stream, "memory", "an allocation failed")
    except OSError as error:
        _start_over(stream)
        if error.errno == errno.EFBIG:
            write_refusal(stream, "invalid_output", "the answer exceeds its limit of bytes")
        else:
            write_refusal(stream, "crash", f"{type(error).__name__} in {task}")
    except Exception as error:  # noqa: BLE001  # the class name is all that may leave
        _start_over(stream)
        print(type(error).__name__, file=sys.stderr)  # noqa: T201
        write_refusal(stream, "crash", f"{type(error).__name__} in {task}")


def _load(task: str) -> Callable[[Mapping[str, object]], Mapping[str, object]]:
    module, _, function = task.partition(":")
    return getattr(importlib.import_module(module), function)  # type: ignore[no-any-return]


def _start_over(stream: Any) -> None:
    with contextlib.suppress(OSError):
        stream.seek(0)
        stream.truncate()


def _leave_network() -> None:
    """Move into a network namespace without any interface, where the kernel allows it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "unshare"):
        return
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def _die_with(parent: int) -> None:
    """Ask the kernel for SIGKILL when the parent ends; it may have ended already.

    Set after the namespaces: a change of credentials clears the request.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "prctl"):
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _set_limits(limits: Mapping[str, int]) -> None:
    cpu = limits["cpu_seconds"]
    for kind, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_FSIZE, limits["output_bytes"], limits["output_bytes"]),
        (resource.RLIMIT_NOFILE, limits["open_files"], limits["open_files"]),
        (resource.RLIMIT_CPU, cpu, cpu + 1),  # SIGXCPU first, SIGKILL a second later
        (resource.RLIMIT_AS, limits["memory_bytes"], limits["memory_bytes"]),
    ):
        ceiling = resource.getrlimit(kind)[1]
        most = hard if ceiling == resource.RLIM_INFINITY else min(hard, ceiling)
        resource.setrlimit(kind, (min(soft, most), most))


if __name__ == "__main__":
    main()
