"""Add reports one at a time, and all at once; the published bytes must agree and no row may move.

    python scripts/one_by_one.py [--reports 5] [--inbox DIR] [--seed 3]

After each report the splits are compared with those before: a row may leave, never change its
split. Ends with 1 and names what differs.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sft_assets.audit.published import published_digests
from sft_assets.sample import sample_inbox
from sft_assets.store.store import Store


def walk(inbox: Path, root: Path) -> None:
    """Bring everything up to the release up to date; without a training company there is none."""
    command = [sys.executable, "-m", "sft_assets.cli", "run", "--inbox", str(inbox)]
    command += ["--data-root", str(root), "--until", "release", "--workers", "1"]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def splits_of(root: Path) -> dict[str, str]:
    """Return pair_id -> split of what is released."""
    version = Store(str(root)).current("sft_dataset", "corpus")
    if version is None:
        return {}
    table = version.read_table("sft_dataset")
    return dict(table.select("pair_id", "split").iter_rows())


def chosen(inbox: Path, count: int, seed: int) -> list[Path]:
    """Return ``count`` files in an order that ``seed`` shuffles."""
    files = sorted(path for path in inbox.iterdir() if path.suffix == ".pdf")
    random.Random(seed).shuffle(files)
    return files[:count]


def main() -> int:
    """Run both ways and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inbox", type=Path, default=sample_inbox())
    parser.add_argument("--reports", type=int, default=5)
    parser.add_argument("--seed", type=int, default=3)
    args = parser.parse_args()
    moved: list[str] = []
    with tempfile.TemporaryDirectory() as scratch:
        grown, whole = Path(scratch) / "grown", Path(scratch) / "whole"
        inbox = Path(scratch) / "inbox"
        inbox.mkdir()
        before: dict[str, str] = {}
        for file in chosen(args.inbox, args.reports, args.seed):
            shutil.copy2(file, inbox)
            walk(inbox, grown)
            now = splits_of(grown)
            own = [pair for pair in before if now.get(pair, before[pair]) != before[pair]]
            left = len(before.keys() - now.keys())
            print(f"{file.name}: {len(now)} rows, {len(own)} moved, {left} left", flush=True)
            moved += own
            before = now
        walk(inbox, whole)
        first, second = published_digests(str(grown)), published_digests(str(whole))
    differ = sorted(n for n in first.keys() | second.keys() if first.get(n) != second.get(n))
    print(f"{len(first)} and {len(second)} published files, {len(differ)} differ")
    print(f"{len(moved)} rows moved to another split")
    print("\n".join([*differ[:50], *moved[:50]]))
    return 1 if differ or moved or not before else 0


if __name__ == "__main__":
    sys.exit(main())
