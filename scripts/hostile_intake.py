"""Take in every file of a folder of hostile PDFs, or extract each, and tell what became of them.

    python -m scripts.hostile_intake FOLDER [--task intake|extract] [--runs 3] [--with-samples]
                                     [--max-seconds 30] [--max-mib 2048] [--match PATTERN]

Prints one line a file, then a table of outcomes with the longest time and the largest child.
``--runs`` repeats all of it and compares the outcomes. ``--with-samples`` mixes the bundled sample
reports in: each of them has to be accepted. Ends with 1 when a file took too long, a child grew
too large or stayed behind, a file had no typed outcome, an outcome differs, or a good file fails.

Time is counted in seconds of processor time of the children, so that the figures do not tell what
else the machine did; the time on the clock stands beside it.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from scripts.child_watch import (
    ChildWatch,
    adopt_orphans,
    children_cpu,
    left_behind,
    own_peak_bytes,
)
from sft_assets.errors import RejectedDocumentError
from sft_assets.extract.report_reading import ExtractConfig, read_report
from sft_assets.ingest.inbox_entries import find_files
from sft_assets.ingest.intake import take_in
from sft_assets.lineage.digests import sha256_of_file
from sft_assets.sample import sample_inbox
from sft_assets.schemas.reports import REASONS

MIB = 1024 * 1024
# the sample holds a quarterly file and a broken one, which two parsers count differently
NOT_GOOD = {"not_an_annual_report", "page_count_disagrees"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file."""

    name: str
    words: str
    is_typed: bool
    seconds: float
    cpu_seconds: float
    child_seconds: float  # of them, the busiest child's: a report's pages are shared out
    peak_bytes: int
    left: int  # processes that stayed behind
    pages: int  # extracted ones


def judge(path: Path, task: str, root: str, watch: ChildWatch) -> Outcome:
    """Return what becomes of ``path``."""
    started, cpu = time.monotonic(), children_cpu()
    watch.take_peak()
    watch.take_busiest()
    words, is_typed, pages = _taken_in(path, root) if task == "intake" else _extracted(path)
    seconds, cpu = time.monotonic() - started, children_cpu() - cpu
    left = len(left_behind())
    return Outcome(
        path.name, words, is_typed, seconds, cpu,
        watch.take_busiest(), watch.take_peak(), left, pages,
    )  # fmt: skip


def _taken_in(path: Path, root: str) -> tuple[str, bool, int]:
    outcome = take_in(path, root).reason or "accepted"
    return outcome, outcome in {"accepted", *REASONS}, 0


def _extracted(path: Path) -> tuple[str, bool, int]:
    try:
        found = read_report(path, sha256_of_file(path), None, ExtractConfig())
    except RejectedDocumentError as error:
        return error.reason, error.reason in REASONS, 0
    pages = found.tables["extracted_pages"].height
    failed = ", ".join(f"{reason} {count}" for reason, count in sorted(found.failed.items()))
    words = f"read, failed pages: {failed}" if failed else "read"
    return words, set(found.failed) <= set(REASONS), pages


def run_once(
    files: list[Path], options: argparse.Namespace, watch: ChildWatch, run: int
) -> tuple[list[Outcome], list[str]]:
    """Judge all files; return their outcomes and what is beyond the limits."""
    outcomes, bad = [], []
    with tempfile.TemporaryDirectory() as root:
        for path in files:
            found = judge(path, options.task, root, watch)
            print(
                f"{found.seconds:6.1f} s {found.cpu_seconds:6.1f} s cpu "
                f"{found.peak_bytes // MIB:5d} MiB  {found.words:<22} {found.name}",
                flush=True,
            )
            outcomes.append(found)
            allowed = options.max_seconds * max(1, found.pages)
            beyond = found.cpu_seconds > allowed or found.peak_bytes > options.max_mib * MIB
            if beyond or found.left or not found.is_typed:
                bad.append(f"{found.name} (run {run})")
    return outcomes, bad


def _print_figures(outcomes: list[Outcome]) -> None:
    print(f"\n{len(outcomes)} files")
    kinds = Counter(o.words.split(":")[0] for o in outcomes)
    for words, count in sorted(kinds.items(), key=lambda item: (-item[1], item[0])):
        print(f"{count:5d}  {words}")
    longest = max(outcomes, key=lambda o: o.seconds)
    busiest = max(outcomes, key=lambda o: o.cpu_seconds)
    largest = max(outcomes, key=lambda o: o.peak_bytes)
    print(f"longest  {longest.seconds:.1f} s ({longest.name})")
    print(f"most processor time  {busiest.cpu_seconds:.1f} s ({busiest.name})")
    child = max(outcomes, key=lambda o: o.child_seconds)
    print(f"busiest child  {child.child_seconds:.1f} s of processor time ({child.name})")
    print(f"largest child  {largest.peak_bytes // MIB} MiB ({largest.name})")
    print(f"parent  {own_peak_bytes() // MIB} MiB at most, alive\n", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--task", choices=("intake", "extract"), default="intake")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--with-samples", action="store_true")
    parser.add_argument("--match", default="*", help="only files whose name fits, e.g. 'pdf.js*'")
    parser.add_argument("--max-seconds", type=float, default=30, help="for extract: a page")
    parser.add_argument("--max-mib", type=int, default=2048)
    options = parser.parse_args()
    folder = options.folder / "hostile" if (options.folder / "hostile").is_dir() else options.folder
    files = [path for path in find_files(folder) if path.match(options.match)]
    good = find_files(sample_inbox()) if options.with_samples else []
    files = sorted([*files, *good], key=lambda path: path.name)
    adopt_orphans()
    watch = ChildWatch()
    watch.start()
    bad: list[str] = []
    runs: list[list[Outcome]] = []
    for run in range(1, options.runs + 1):
        outcomes, beyond = run_once(files, options, watch, run)
        runs.append(outcomes)
        bad += beyond
        if outcomes:
            _print_figures(outcomes)
    told = [[outcome.words for outcome in outcomes] for outcomes in runs]
    differ = [path.name for i, path in enumerate(files) if len({words[i] for words in told}) > 1]
    names = {path.name for path in good}
    kept = {o.name for o in runs[0] if o.words in {"accepted", "read"}}
    lost = [o.name for o in runs[0] if o.name in names - kept and o.words not in NOT_GOOD]
    print(f"beyond the limits, left behind or without a typed outcome: {bad or 'none'}")
    if options.runs > 1:
        print(f"outcomes that differ over {options.runs} runs: {differ or 'none'}")
    if good:
        print(f"good files among them: {len(names & kept)} kept, lost: {lost or 'none'}")
    return 1 if bad or differ or lost or not files else 0


if __name__ == "__main__":
    sys.exit(main())
