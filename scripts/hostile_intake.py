"""Take in every file of a folder of hostile PDFs and tell what became of each.

    python scripts/hostile_intake.py FOLDER [--max-seconds 60] [--max-mib 2048]

Prints one line a file, then a table of outcomes with the longest time and the largest child.
Ends with 1 when a file took too long, a child grew too large, or a file had no typed outcome.
"""

import argparse
import os
import re
import resource
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from sft_assets.ingest.intake import find_files, take_in
from sft_assets.schemas.reports import REASONS

MIB = 1024 * 1024


class ChildWatch(threading.Thread):
    """Looks at this process's children every 10 ms and keeps the highest resident size."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_bytes = 0
        self.stopped = threading.Event()

    def run(self) -> None:
        """Look until stopped."""
        while not self.stopped.wait(0.01):
            for pid in _descendants(os.getpid()):
                self.peak_bytes = max(self.peak_bytes, _peak_of(pid))

    def take_peak(self) -> int:
        """Return the highest size since the last call."""
        peak, self.peak_bytes = self.peak_bytes, 0
        return peak


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            children = [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *(_descendants(child) if Path(f"/proc/{child}/task").exists() else [])]
    return found


def _peak_of(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    match = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(match[1]) * 1024 if match else 0


def _children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--max-seconds", type=float, default=60)
    parser.add_argument("--max-mib", type=int, default=2048)
    options = parser.parse_args()
    folder = options.folder / "hostile" if (options.folder / "hostile").is_dir() else options.folder
    files = find_files(folder)
    watch = ChildWatch()
    watch.start()
    outcomes: Counter[str] = Counter()
    slowest, busiest, largest, bad = (0.0, ""), (0.0, ""), (0, ""), []
    with tempfile.TemporaryDirectory() as root:
        for path in files:
            started, cpu = time.monotonic(), _children_cpu()
            record = take_in(path, root)
            seconds, peak = time.monotonic() - started, watch.take_peak()
            cpu = _children_cpu() - cpu
            outcome = record.reason or "accepted"
            print(
                f"{seconds:6.1f} s {cpu:6.1f} s cpu {peak // MIB:5d} MiB  "
                f"{outcome:<22} {path.name}",
                flush=True,
            )
            outcomes[outcome] += 1
            slowest, largest = max(slowest, (seconds, path.name)), max(largest, (peak, path.name))
            busiest = max(busiest, (cpu, path.name))
            typed = outcome == "accepted" or outcome in REASONS
            if seconds > options.max_seconds or peak > options.max_mib * MIB or not typed:
                bad.append(path.name)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\n{len(files)} files")
    for outcome, count in outcomes.most_common():
        print(f"{count:5d}  {outcome}")
    print(f"longest  {slowest[0]:.1f} s ({slowest[1]})")
    print(f"most processor time  {busiest[0]:.1f} s ({busiest[1]})")
    print(f"largest child  {largest[0] // MIB} MiB ({largest[1]})")
    print(f"parent  {own} MiB at most, alive")
    print(f"beyond the limits or without a typed outcome: {bad or 'none'}")
    return 1 if bad or not files else 0


if __name__ == "__main__":
    sys.exit(main())
