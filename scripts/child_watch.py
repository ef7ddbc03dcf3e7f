"""See what children this process has, how large they grow, and whether one stays behind."""

import contextlib
import ctypes
import os
import re
import resource
import signal
import threading
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h
PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Become the parent of what children leave behind, so that it can be seen."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent() -> None:
    """Ask the kernel to end this process when its parent ends, however that happens."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def descendants(pid: int) -> list[int]:
    """Return the living descendants of ``pid``; what ends while we look is left out."""
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with contextlib.suppress(OSError):
                for child in (task / "children").read_text().split():
                    found += [int(child), *descendants(int(child))]
    return found


def left_behind() -> list[int]:
    """Return the descendants of this process that still run; the dead ones are buried."""
    living = []
    for pid in descendants(os.getpid()):
        with contextlib.suppress(OSError):
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
            if state != "Z":
                living.append(pid)
                continue
            os.waitpid(pid, os.WNOHANG)
    return living


def children_cpu() -> float:
    """Return the processor seconds of all children that ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def own_peak_bytes() -> int:
    """Return the highest resident size of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class ChildWatch(threading.Thread):
    """Looks at the children every few milliseconds; keeps what the largest and busiest used."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_bytes = 0
        self.busiest_seconds = 0.0
        self.stopped = threading.Event()

    def run(self) -> None:
        """Look until stopped."""
        while not self.stopped.wait(0.01):
            for pid in descendants(os.getpid()):
                self.peak_bytes = max(self.peak_bytes, _peak_of(pid))
                self.busiest_seconds = max(self.busiest_seconds, _cpu_of(pid))

    def take_peak(self) -> int:
        """Return the highest size since the last call, in bytes."""
        peak, self.peak_bytes = self.peak_bytes, 0
        return peak

    def take_busiest(self) -> float:
        """Return the most processor seconds of one child since the last call."""
        busiest, self.busiest_seconds = self.busiest_seconds, 0.0
        return busiest


def _cpu_of(pid: int) -> float:
    """Return the processor seconds that a child has used so far; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _peak_of(pid: int) -> int:
    """Return the highest size of a child; 0 while it has our memory, before it runs its program."""
    try:
        if Path(f"/proc/{pid}/cmdline").read_bytes() == Path("/proc/self/cmdline").read_bytes():
            return 0
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    match = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(match[1]) * 1024 if match else 0
