"""Kill the walk at random moments and run it again: the bytes must be those of an undisturbed run.

    python scripts/crash_test.py --kills 20 [--per-run 5] [--recipe smoke] [--seed 1]

Each run starts in an empty folder. Its whole process group is killed with SIGKILL at a random
moment and started again, as many times as ``--per-run`` says; after each kill every version that
can be read must be complete and as expected, and no child process may be left. At the end the run
goes on undisturbed, and all published bytes are compared. With one kill a run its moment is drawn
over the length of an undisturbed run, with several they are spread over it.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from sft_assets.audit.published import published_digests
from sft_assets.sample import sample_inbox

MARK = "SFT_ASSETS_CRASH_TRIAL"
RESTART_SECONDS = 8.0  # imports, and finding that what is published is up to date


def start(root: Path, args: argparse.Namespace) -> subprocess.Popen[bytes]:
    """Start the walk in a session of its own."""
    command = [sys.executable, "-m", "sft_assets.cli", "run"]
    command += ["--inbox", str(args.inbox), "--data-root", str(root), "--workers", "2"]
    command += [part for recipe in args.recipe for part in ("--recipe", recipe)]
    return subprocess.Popen(
        command,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, MARK: str(root), "PYTHONHASHSEED": str(random.randrange(2**32))},
    )


def left_over(root: Path) -> list[int]:
    """Return the processes that still carry this trial's mark."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if f"{MARK}={root}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def finish(root: Path, args: argparse.Namespace) -> float:
    """Run the walk to its end and return the seconds it took."""
    started = time.monotonic()
    if code := start(root, args).wait():
        raise SystemExit(f"the walk ended with {code} in {root}")
    return time.monotonic() - started


def kill_once(
    number: int, after: float, root: Path, expected: Mapping[str, str], args: argparse.Namespace
) -> bool:
    """Start or go on with a run, kill it ``after`` seconds; return whether all is as it must be."""
    process = start(root, args)
    time.sleep(after)
    was_running = process.poll() is None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    time.sleep(1)
    survivors = left_over(root)
    readable = published_digests(str(root)) if root.exists() else {}
    strange = [name for name, digest in readable.items() if expected.get(name) != digest]
    print(
        f"kill {number}: after {after:.1f} s{'' if was_running else ' (it had ended)'}, "
        f"{len(readable)} files readable, {len(strange)} of them not as expected, "
        f"{len(survivors)} processes left",
        flush=True,
    )
    return not survivors and not strange


def main() -> None:
    """Run the trials; exit 1 when one ends in other bytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--per-run", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inbox", type=Path, default=sample_inbox())
    parser.add_argument("--recipe", action="append", default=[])
    args = parser.parse_args()
    moments = random.Random(args.seed)
    scratch = Path(tempfile.mkdtemp(prefix="crash-test-"))
    seconds = finish(scratch / "undisturbed", args)
    expected = published_digests(str(scratch / "undisturbed"))
    print(f"undisturbed: {seconds:.0f} s, {len(expected)} published files", flush=True)
    wrong = 0
    span = seconds if args.per_run == 1 else 2 * seconds / args.per_run + RESTART_SECONDS
    for first in range(1, args.kills + 1, args.per_run):
        kills = range(first, min(first + args.per_run, args.kills + 1))
        root = scratch / f"run-{first}"
        wrong += sum(
            not kill_once(number, moments.uniform(0, span), root, expected, args)
            for number in kills
        )
        finish(root, args)
        same = published_digests(str(root)) == expected
        wrong += 0 if same else len(kills)
        print(f"finished: {'the same bytes' if same else 'OTHER BYTES'}", flush=True)
        shutil.rmtree(root)
    print(f"{max(0, args.kills - wrong)} of {args.kills} kills as expected")
    shutil.rmtree(scratch)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
