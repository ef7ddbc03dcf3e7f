"""Checkpoints of a training under way: folders that are complete or not there, and never trusted.

A checkpoint is written aside, every file synced and hashed into ``manifest.json``, and published
by one rename, so that its name means that it was written whole. What happens to it afterwards is
another matter: each file is hashed again before anything is read from it.
"""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sft_assets.lineage.digests import digest_of, sha256_of_file

MANIFEST: Final = "manifest.json"
FORMAT: Final = "1"
WEIGHTS: Final = "weights.safetensors"
STATE: Final = "trainer_state.json"
JOURNAL: Final = "journal.json"
_PREFIX: Final = "step-"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a checkpoint must agree in with the training that goes on from it."""

    recipe: str  # digest of its settings
    dataset: str  # digest of the rows' files
    base: str  # digest of the base model's files
    code_version: str
    ranks: int  # each rank has its own part of the state

    def as_plain(self) -> dict[str, str]:
        """Return it as JSON of strings."""
        return {name: str(getattr(self, name)) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class PartCheckpoint:
    """A checkpoint whose every file has the hash of its manifest."""

    folder: Path
    step: int
    plan: Mapping[str, int]  # how its batches were portioned, see ``scale.BatchPlan``


@dataclass(frozen=True, slots=True)
class RefusedCheckpoint:
    """A checkpoint that nothing goes on from, and why."""

    name: str
    reason: str


def rank_files(rank: int) -> tuple[str, str]:
    """Return the names of the files that hold one rank's optimizer, schedule and random state."""
    return f"state-{rank}.safetensors", f"state-{rank}.json"


def required_files(ranks: int) -> tuple[str, ...]:
    """Return the files without which a training cannot go on."""
    states = [name for rank in range(ranks) for name in rank_files(rank)]
    return (WEIGHTS, STATE, JOURNAL, *states)


def staged_folder(parent: Path, step: int) -> Path:
    """Return the folder in which the checkpoint of ``step`` is written; dotted, so never read."""
    return parent / f".{_folder_name(step)}.tmp"


def publish(parent: Path, step: int, identity: Identity, plan: Mapping[str, int]) -> Path:
    """Hash and sync the staged files of ``step``, write the manifest, rename; return the folder."""
    staged, target = staged_folder(parent, step), parent / _folder_name(step)
    files = {}
    for path in sorted(staged.iterdir()):
        _sync(path)
        files[path.name] = {"sha256": sha256_of_file(path), "bytes": path.stat().st_size}
    told: dict[str, Any] = {
        "format": FORMAT,
        "step": step,
        "identity": identity.as_plain(),
        "plan": dict(plan),
        "files": files,
    }
    manifest = staged / MANIFEST
    text = json.dumps({**told, "digest": digest_of("part_checkpoint", told)}, indent=2)
    manifest.write_text(text + "\n", encoding="utf-8")
    _sync(manifest)
    _sync(staged)
    shutil.rmtree(target, ignore_errors=True)  # only a refused one can be there
    staged.rename(target)
    _sync(parent)
    return target


def find_newest(
    parent: Path, identity: Identity
) -> tuple[PartCheckpoint | None, list[RefusedCheckpoint]]:
    """Return the newest checkpoint that holds, and those newer ones that do not."""
    refused: list[RefusedCheckpoint] = []
    for folder in sorted(parent.glob(f"{_PREFIX}*"), reverse=True):
        found = judge(folder, identity)
        if isinstance(found, PartCheckpoint):
            return found, refused
        refused.append(found)
    return None, refused


def judge(folder: Path, identity: Identity) -> PartCheckpoint | RefusedCheckpoint:
    """Return the checkpoint in ``folder``, each of its files hashed, or why it is refused."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        digest = told.pop("digest")
        holds = digest == digest_of("part_checkpoint", told)
        files, own = dict(told["files"]), dict(told["identity"])
        step, plan = int(told["step"]), dict(told["plan"])
    except FileNotFoundError:
        return RefusedCheckpoint(folder.name, f"{MANIFEST} is missing")
    except (ValueError, KeyError, TypeError, AttributeError):
        return RefusedCheckpoint(folder.name, f"{MANIFEST} is damaged")
    reason = (
        (f"{MANIFEST} is damaged" if not holds else None)
        or (f"it is of format {told['format']}" if told["format"] != FORMAT else None)
        or _another(own, identity.as_plain())
        or (f"it holds step {step}" if folder.name != _folder_name(step) else None)
        or _missing(files, identity.ranks)
        or _damaged(folder, files)
    )
    return RefusedCheckpoint(folder.name, reason) if reason else PartCheckpoint(folder, step, plan)


def prune(parent: Path, *, keep: int, also: Sequence[int] = ()) -> None:
    """Remove all but the newest ``keep`` checkpoints and those of the steps ``also``."""
    spared = {_folder_name(step) for step in also}
    published = sorted(parent.glob(f"{_PREFIX}*"), reverse=True)
    for folder in published[keep:]:
        if folder.name not in spared:
            shutil.rmtree(folder, ignore_errors=True)


def _folder_name(step: int) -> str:
    return f"{_PREFIX}{step:08d}"


def _another(own: Mapping[str, str], expected: Mapping[str, str]) -> str | None:
    words = {
        "recipe": "it is of another recipe",
        "dataset": "it is of another data set",
        "base": "it is of another base model",
        "code_version": "it is of another code version",
        "ranks": f"it was saved by {own.get('ranks')} ranks, and there are {expected['ranks']}",
    }
    return next((words[name] for name in words if own.get(name) != expected[name]), None)


def _missing(files: Mapping[str, object], ranks: int) -> str | None:
    absent = [name for name in required_files(ranks) if name not in files]
    return f"{absent[0]} is missing" if absent else None


def _damaged(folder: Path, files: Mapping[str, Mapping[str, Any]]) -> str | None:
    for name, expected in sorted(files.items()):
        path = folder / name
        if not path.is_file():
            return f"{name} is missing"
        size = path.stat().st_size
        if size != expected["bytes"]:
            return f"{name} has {size} of {expected['bytes']} bytes"
        if sha256_of_file(path) != expected["sha256"]:
            return f"{name} has other bytes than were saved"
    return None


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
