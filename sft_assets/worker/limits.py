"""What a child may use before it is ended."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one child process; each one stops files that the others miss."""

    memory_bytes: int = 1536 * MIB  # address space; what is resident is always less
    cpu_seconds: int = 20
    wall_seconds: int = 45
    output_bytes: int = 256 * MIB  # of the answer, and of any file that the child writes
    open_files: int = 128


DEFAULT_LIMITS = Limits()


def text_limits(pages: int) -> Limits:
    """Return the limits for reading the text layer of ``pages`` pages.

    >>> text_limits(25).cpu_seconds
    95
    """
    cpu = 20 + 3 * pages
    return Limits(cpu_seconds=cpu, wall_seconds=25 + 2 * cpu)


def ocr_limits(pages: int) -> Limits:
    """Return the limits for recognising ``pages`` pictures: models need more of everything.

    >>> ocr_limits(25).cpu_seconds > text_limits(25).cpu_seconds
    True
    """
    cpu = 40 + 25 * pages
    return Limits(memory_bytes=2048 * MIB, cpu_seconds=cpu, wall_seconds=60 + 2 * cpu)
