"""One writer a partition: a lock that the kernel releases when its owner dies.

A lock file with a process id in it would outlive a killed owner, and a lease would need a clock
that everybody shares. ``flock`` has neither fault, but it holds on one machine (or one shared
POSIX file system), so all writers of a data root must see the same lock folder.
"""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sft_assets.errors import LockHeldError

POLL_SECONDS = 0.05


@contextmanager
def hold_lock(path: Path, *, wait_seconds: float) -> Iterator[None]:
    """Hold the lock at ``path`` for the time of the ``with`` block.

    Raises:
        LockHeldError: If another living process still holds it after ``wait_seconds``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as stream:
        _acquire(stream, path, wait_seconds)
        try:
            stream.seek(0)
            stream.truncate()
            stream.write(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}))
            stream.flush()
            yield
        finally:
            fcntl.flock(stream, fcntl.LOCK_UN)


def _acquire(stream: IO[str], path: Path, wait_seconds: float) -> None:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                stream.seek(0)
                owner = stream.read() or "unknown"
                raise LockHeldError(
                    f"lock {path.name} is held by {owner}; expected one writer a partition. "
                    "hint: wait for that process, or stop it; a dead owner's lock is free at once"
                ) from None
            time.sleep(POLL_SECONDS)
        else:
            return
