"""Run the whole walk twice, in two folders with other hash seeds, time zones and worker counts.

    python scripts/same_bytes.py [--recipe smoke] [--inbox DIR]

Prints how many published files were compared; ends with 1 and names them when any differ.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from sft_assets.audit.published import published_digests
from sft_assets.sample import sample_inbox

SURROUNDINGS = (
    {"PYTHONHASHSEED": "1", "TZ": "UTC", "workers": "1"},
    {"PYTHONHASHSEED": "4242", "TZ": "Asia/Shanghai", "workers": "2"},
)


def walk(root: Path, args: argparse.Namespace, surroundings: dict[str, str]) -> dict[str, str]:
    """Run the walk below ``root`` and return the digests of what it published."""
    env = {name: value for name, value in surroundings.items() if name != "workers"}
    command = [sys.executable, "-m", "sft_assets.cli", "run", "--inbox", str(args.inbox)]
    command += ["--data-root", str(root), "--workers", surroundings["workers"]]
    command += [part for recipe in args.recipe for part in ("--recipe", recipe)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | env)
    return published_digests(str(root))


def main() -> None:
    """Run both walks and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inbox", type=Path, default=sample_inbox())
    parser.add_argument("--recipe", action="append", default=[])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        first, second = (
            walk(Path(scratch) / str(n) / ("deeper" * n), args, surroundings)
            for n, surroundings in enumerate(SURROUNDINGS)
        )
    differ = sorted(n for n in first.keys() | second.keys() if first.get(n) != second.get(n))
    print(f"{len(first)} and {len(second)} published files, {len(differ)} differ")
    print("\n".join(differ[:50]))
    sys.exit(1 if differ or not first else 0)


if __name__ == "__main__":
    main()
