"""Make the readers' environments and run them over what a data folder has published.

    python -m scripts.loaders DATA_ROOT [--peers FOLDER] [--only NAME]

Readers pin other versions of the same packages, so that each has its own environment; those that
need PyTorch take it from the environment that runs this. What Label Studio exports is taken in
again, into a scratch folder: the data folder is only read.
"""

import argparse
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

from sft_assets.cli.review import import_verdicts
from sft_assets.store.store import Store

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Reader:
    """A module of this package, and what pip installs before it can run."""

    name: str
    requirements: tuple[str, ...]
    shares_packages: bool = True  # sees this environment's torch and transformers
    with_dependencies: bool = True


READERS = (
    Reader("trl_trainers", ("trl==1.16.0", "datasets>=4")),
    Reader(
        "llama_factory",
        (
            "llamafactory==0.9.5",
            "transformers>=4.55,<=5.6.0",
            "datasets<=4.0.0",
            "trl<=0.24.0",
            "peft>=0.18.0,<=0.18.1",
            "accelerate<=1.11.0",
            "omegaconf",
            "sentencepiece",
            "tiktoken",
            "einops",
        ),
        with_dependencies=False,
    ),
    Reader("lm_eval_harness", ("lm_eval[hf]==0.4.13",)),
    Reader("label_studio", ("label-studio==1.23.2", "requests"), shares_packages=False),
)


def environment(reader: Reader, peers: Path) -> Path:
    """Return the Python of the reader's environment, made when it is not there."""
    folder = peers / reader.name
    python, done = folder / "bin" / "python", folder / ".installed"
    wanted = "\n".join(reader.requirements)
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return python
    print(f"{reader.name}: making {folder}", flush=True)
    venv.create(folder, with_pip=True, clear=True)
    if reader.shares_packages:
        (own,) = (folder / "lib").glob("python*/site-packages")
        shared = sysconfig.get_paths()["purelib"]
        (own / "zz_shared.pth").write_text(f"{shared}\n", encoding="utf-8")
    install = [str(python), "-m", "pip", "install", "--quiet"]
    if reader.with_dependencies:
        subprocess.run([*install, *reader.requirements], check=True)
    else:  # a trainer's web page and codecs are not needed to read its data
        subprocess.run([*install, "--no-deps", reader.requirements[0]], check=True)
        subprocess.run([*install, *reader.requirements[1:]], check=True)
    done.write_text(wanted, encoding="utf-8")
    return python


def arguments_of(reader: Reader, store: Store, scratch: Path) -> list[str]:
    """Return what a reader is given: the released files, or the review queue and an export."""
    if reader.name == "label_studio":
        queue = store.require("review_queue", "corpus").local_files(scratch)
        return [str(queue), str(scratch / "export.json")]
    return [str(store.require("sft_dataset", "corpus").local_files(scratch))]


def taken_in_again(scratch: Path) -> bool:
    """Tell whether every verdict of Label Studio's export is one of ours, and say how many are."""
    export = scratch / "export.json"
    answered = sum(1 for task in json.loads(export.read_text(encoding="utf-8")))
    told = import_verdicts(export, str(scratch / "data"))
    print(f"sft-assets review: {told['verdicts']} verdicts of {answered} exported tasks")
    return bool(answered) and told["added"] == answered


def main() -> int:
    """Run the readers; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data_root", help="a data folder with a released data set")
    parser.add_argument("--peers", type=Path, default=ROOT / ".peers")
    parser.add_argument("--only", action="append", choices=[reader.name for reader in READERS])
    args = parser.parse_args()
    store, peers = Store(args.data_root), args.peers.resolve()
    quiet = {"HF_HUB_OFFLINE": "1", "TQDM_DISABLE": "1"}
    quiet |= {"OMP_NUM_THREADS": "1"}  # small models on a busy machine
    quiet |= {"HF_DATASETS_DISABLE_PROGRESS_BARS": "1", "TOKENIZERS_PARALLELISM": "false"}
    failed, run = [], 0
    for reader in READERS:
        if args.only and reader.name not in args.only:
            continue
        python = environment(reader, peers)
        with tempfile.TemporaryDirectory() as scratch:
            given = arguments_of(reader, store, Path(scratch))
            command = [str(python), "-m", f"scripts.loaders.{reader.name}", *given]
            fresh = {"HF_HOME": f"{scratch}/cache"}  # else rows of an older release are read again
            env = os.environ | quiet | fresh
            done = subprocess.run(command, cwd=ROOT, env=env, check=False)
            read = done.returncode == 0
            if read and reader.name == "label_studio":
                read = taken_in_again(Path(scratch))
        run += 1
        failed += [] if read else [reader.name]
    print(f"{run - len(failed)} of {run} readers read the release; failed: {failed or 'none'}")
    return 1 if failed or not run else 0


if __name__ == "__main__":
    sys.exit(main())
