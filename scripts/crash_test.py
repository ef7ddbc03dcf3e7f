"""Kill the walk at random moments and run it again: the bytes must be those of an undisturbed run.

    python scripts/crash_test.py --kills 20 [--recipe smoke] [--seed 1]

Each trial starts in an empty folder, kills the whole process group with SIGKILL at a moment drawn
over the length of the undisturbed run, checks that every version that can be read is complete,
that no child process is left, runs again to the end and compares all published bytes.
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
from pathlib import Path

from sft_assets.audit.published import published_digests
from sft_assets.sample import sample_inbox

MARK = "SFT_ASSETS_CRASH_TRIAL"


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


def main() -> None:
    """Run the trials; exit 1 when one ends in other bytes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
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
    for trial in range(1, args.kills + 1):
        root = scratch / f"trial-{trial}"
        after = moments.uniform(0, seconds)
        process = start(root, args)
        time.sleep(after)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(1)
        survivors = left_over(root)
        readable = published_digests(str(root)) if root.exists() else {}
        strange = [name for name, digest in readable.items() if expected.get(name) != digest]
        finish(root, args)
        same = published_digests(str(root)) == expected
        wrong += not same or bool(survivors) or bool(strange)
        print(
            f"trial {trial}: killed after {after:.1f} s with {len(readable)} files readable "
            f"({len(strange)} not as expected), {len(survivors)} processes left, "
            f"after the rerun {'the same bytes' if same else 'OTHER BYTES'}",
            flush=True,
        )
        shutil.rmtree(root)
    print(f"{args.kills - wrong} of {args.kills} trials as expected")
    shutil.rmtree(scratch)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
