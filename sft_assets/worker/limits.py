"""What a child may use before it is ended.

Processor time decides, so that the outcome does not depend on what else the machine does; the
wall limit is several times that and ends only what waits for ever.
"""

import os
from dataclasses import dataclass

MIB = 1024 * 1024
MAX_PAGES = 5000  # of a document; a page tree may claim two thousand millions
WALL_FACTOR = 8  # a machine that shares its cores among many gives a child an eighth of one
START_SECONDS = 30  # of wall: a child imports its parser from a busy disk


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one child process; each one stops files that the others miss."""

    memory_bytes: int = 1536 * MIB  # address space; what is resident is always less
    cpu_seconds: int = 20
    wall_seconds: int = 110
    output_bytes: int = 256 * MIB  # of the answer, and of any file that the child writes
    open_files: int = 128


DEFAULT_LIMITS = Limits()


def cpu_limits(cpu_seconds: int, memory_bytes: int = 1536 * MIB) -> Limits:
    """Return limits of which processor time is the one that decides.

    >>> cpu_limits(10).wall_seconds
    110
    """
    wall = START_SECONDS + WALL_FACTOR * cpu_seconds
    return Limits(memory_bytes=memory_bytes, cpu_seconds=cpu_seconds, wall_seconds=wall)


def text_limits(pages: int) -> Limits:
    """Return the limits for reading the text layer of ``pages`` pages.

    A dense page takes a tenth of a second, or half a second with pdfplumber's characters.

    >>> text_limits(25).cpu_seconds
    58
    """
    return cpu_limits(8 + 2 * pages)


def ocr_limits(pages: int) -> Limits:
    """Return the limits for recognising ``pages`` pictures: models need more of everything.

    >>> ocr_limits(25).cpu_seconds > text_limits(25).cpu_seconds
    True
    """
    return cpu_limits(40 + 25 * pages, memory_bytes=2048 * MIB)


def opening_limits(size_bytes: int) -> Limits:
    """Return the limits for opening a file of ``size_bytes`` and reading its first pages.

    A small file that needs long is a trap; a report of some megabytes has pages to count.

    >>> opening_limits(177).cpu_seconds, opening_limits(3 * MIB).cpu_seconds
    (6, 20)
    """
    return cpu_limits(min(20, 6 + 14 * size_bytes // MIB))


WORKERS = "SFT_ASSETS_PDF_WORKERS"  # environment: children at a time; never changes a result


def worker_count() -> int:
    """Return how many children may read one report at a time; it never changes a result."""
    return max(1, int(os.environ.get(WORKERS) or usable_cores()))


def share_cores(processes: int) -> None:
    """Make this process leave cores to the others of ``processes`` that read reports beside it.

    What a user has set himself stays.
    """
    os.environ.setdefault(WORKERS, str(max(1, usable_cores() // processes)))


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
