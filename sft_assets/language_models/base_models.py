"""A base model by name: the bundled one, a folder, or a model of a hub, always with its digest."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sft_assets.errors import SettingsError, StoreError
from sft_assets.lineage.digests import digest_of, sha256_of_file

BUNDLED: Final = "bundled"
POINTER_FILE: Final = "base_model.json"
WEIGHTS: Final = ".safetensors"  # the only weights that are read: pickles can run code
SIDE_FILES: Final = (".json", ".jinja", ".txt", ".model")


@dataclass(frozen=True, slots=True)
class BaseModel:
    """Where a base model's files are, and what they are."""

    source: str  # bundled, folder or hub
    name: str
    folder: Path
    files: Mapping[str, str]  # file name -> SHA-256

    @property
    def digest(self) -> str:
        """Identity of the model: of its files' names and bytes."""
        return digest_of("base_model", dict(self.files))


def find_base(name: str, revision: str | None, bundled: Path) -> BaseModel:
    """Return the base model called ``name``.

    Args:
        name: ``bundled``, an absolute path of a folder, or a hub name such as ``Qwen/Qwen3-0.6B``.
        revision: Commit of the hub model; a branch would be another model tomorrow.
        bundled: Folder of the base that ships with the package.

    Raises:
        SettingsError: If there is no such model, it has no safetensors weights, or a hub model
            has no revision.
    """
    if name == BUNDLED:
        return _in_folder("bundled", name, bundled)
    if Path(name).is_absolute():
        return _in_folder("folder", name, Path(name))
    if revision is None:
        raise SettingsError(
            f"base_model is {name} without a revision; expected the commit of a hub model. "
            "hint: set base_revision, or give an absolute path"
        )
    return _in_folder("hub", f"{name}@{revision}", _fetch(name, revision))


def base_identity(name: str, revision: str | None, bundled: Path) -> str:
    """Return what decides a base model, without fetching one from a hub.

    Raises:
        SettingsError: As ``find_base``.
    """
    if name == BUNDLED or Path(name).is_absolute() or revision is None:
        return find_base(name, revision, bundled).digest
    return f"{name}@{revision}"


def pointer_to(base: BaseModel) -> dict[str, Any]:
    """Return the content of ``base_model.json``; a path stands in it only for a folder's model."""
    return {
        "source": base.source,
        "name": base.name,
        "digest": base.digest,
        "files": dict(sorted(base.files.items())),
    }


def open_base(published: Path) -> Path:
    """Return the folder to load from, given the files of a published ``base_model``.

    Raises:
        StoreError: If the files that the pointer names are not those that were published.
    """
    if any(published.glob(f"*{WEIGHTS}")):
        return published
    pointer = json.loads((published / POINTER_FILE).read_text(encoding="utf-8"))
    name, _, revision = str(pointer["name"]).partition("@")
    found = find_base(name, revision or None, published)
    if found.digest != pointer["digest"]:
        raise StoreError(
            f"base model {name} has digest {found.digest}; expected {pointer['digest']}. "
            "hint: its folder changed since it was published; run base_model again"
        )
    return found.folder


def tensor_shapes(folder: Path) -> dict[str, tuple[int, ...]]:
    """Return the shape of each weight in ``folder``, from the headers of its safetensors files.

    Source: https://github.com/huggingface/safetensors#format (a length, then JSON).
    """
    shapes: dict[str, tuple[int, ...]] = {}
    for path in sorted(folder.glob(f"*{WEIGHTS}")):
        with path.open("rb") as stream:
            size = int.from_bytes(stream.read(8), "little")
            header = json.loads(stream.read(size))
        shapes |= {n: tuple(told["shape"]) for n, told in header.items() if n != "__metadata__"}
    return shapes


def count_weights(folder: Path) -> int:
    """Return how many weights the model in ``folder`` has."""
    return sum(math.prod(shape) for shape in tensor_shapes(folder).values())


def _in_folder(source: str, name: str, folder: Path) -> BaseModel:
    kept = sorted(
        path for path in folder.glob("*") if path.suffix in (WEIGHTS, *SIDE_FILES)
    ) if folder.is_dir() else []  # fmt: skip
    if not any(path.suffix == WEIGHTS for path in kept):
        raise SettingsError(
            f"base_model {name} has no {WEIGHTS} file; expected a folder in the Hugging Face form. "
            "hint: pickled weights are refused because loading them can run code"
        )
    return BaseModel(source, name, folder, {path.name: sha256_of_file(path) for path in kept})


def _fetch(name: str, revision: str) -> Path:
    from huggingface_hub import snapshot_download

    patterns = [f"*{suffix}" for suffix in (WEIGHTS, *SIDE_FILES)]
    return Path(snapshot_download(name, revision=revision, allow_patterns=patterns))
