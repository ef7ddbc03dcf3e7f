"""What a step reads: published versions only, resolved once, so that a run sees one state."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from sft_assets.errors import GateError, NotPublishedError, StoreError
from sft_assets.lineage.digests import sha256_of_file
from sft_assets.schemas import TABLES, empty
from sft_assets.store.store import Store, Version
from sft_assets.walk.step import C, Grain, Step, StepConfig

CORPUS_KEY = "corpus"
Progress = Callable[[int, int, str], None]


def find_input_versions(step: Step, partition: str, store: Store) -> dict[str, dict[str, Version]]:
    """Return input name -> partition key -> the version to read.

    A report step reads its own report, a corpus step all published reports (a report that failed
    is simply not among them), a recipe step the corpus or its own recipe.

    Raises:
        NotPublishedError: If an input of this very partition has no published version.
        GateError: If the newest attempt at such an input was refused by its audit: its old
            version is still served, but nothing new is built on it.
    """
    found: dict[str, dict[str, Version]] = {}
    for name in step.inputs:
        maker, keys = _keys_to_read(step, partition, name, store)
        versions: dict[str, Version] = {}
        for key in keys:
            version = store.current(maker, key)
            if version is None and name in TABLES and step.grain is Grain.CORPUS and len(keys) > 1:
                continue
            versions[key] = version or store.require(maker, key)
            if key in (partition, CORPUS_KEY) and (refused := store.refusal(maker, key)):
                raise GateError(
                    f"input {name}[{key}] was refused by {', '.join(refused['blocking'])}; "
                    f"expected its newest version published. hint: repair {maker} for {key} first"
                )
        found[name] = versions
    return found


def _keys_to_read(step: Step, partition: str, name: str, store: Store) -> tuple[str, list[str]]:
    table = TABLES.get(name)
    if table is None:
        return name, [partition]
    if table.corpus:
        return table.made_by, [CORPUS_KEY]
    if step.grain is Grain.CORPUS:
        return table.made_by, store.partitions(table.made_by)
    return table.made_by, [partition]


class PublishedInputs:
    """The ``Inputs`` of one step run (see ``walk.step.Inputs``)."""

    def __init__(
        self,
        step: Step,
        partition: str,
        store: Store,
        versions: Mapping[str, Mapping[str, Version]],
        config: StepConfig,
        work_dir: Path,
        kept_dir: Path,
        progress: Progress | None,
    ) -> None:
        self.partition = partition
        self.root = store.root
        self.work_dir = work_dir
        self._step = step
        self._store = store
        self._versions = versions
        self._config = config
        self._kept_dir = kept_dir
        self._progress = progress

    @property
    def kept_dir(self) -> Path:
        """Return the folder that outlives this attempt, made when it is first asked for."""
        self._kept_dir.mkdir(parents=True, exist_ok=True)
        return self._kept_dir

    def config(self, of: type[C]) -> C:
        """Return the step's settings, which must be of class ``of``."""
        if not isinstance(self._config, of):
            raise TypeError(f"settings are {type(self._config).__name__}; expected {of.__name__}")
        return self._config

    def table(self, name: str) -> pl.DataFrame:
        """Return the rows of input ``name`` over all partitions read, in order of key."""
        self._require_declared(name)
        frames = [version.read_table(name) for _, version in sorted(self._versions[name].items())]
        return pl.concat(frames) if frames else empty(name)

    def files(self, name: str) -> Path:
        """Return the local folder with the files of step ``name``."""
        self._require_declared(name)
        (version,) = self._versions[name].values()
        return version.local_files(self.work_dir / ".inputs")

    def blob(self, doc_id: str) -> Path:
        """Return the local path of the PDF, its hash checked."""
        return fetch_blob(self._store, doc_id, self.work_dir / ".blobs")

    def report_progress(self, done: int, total: int, what: str) -> None:
        """Pass progress on to whoever listens."""
        if self._progress is not None:
            self._progress(done, total, what)

    def _require_declared(self, name: str) -> None:
        if name not in self._versions:
            raise ValueError(f"{self._step.name} reads {name}; expected one of {self._step.inputs}")


def fetch_blob(store: Store, doc_id: str, scratch: Path) -> Path:
    """Return a local path of the PDF whose SHA-256 is ``doc_id``, its hash checked.

    Raises:
        NotPublishedError: If the store does not have it.
        StoreError: If its bytes are not those.
    """
    path = store.blob_path(doc_id)
    if not store.folder.exists(path):
        raise NotPublishedError(f"document {doc_id} is not in the store; expected {path}")
    if store.folder.is_local:
        local = store.folder.local_path(path)
    else:
        local = scratch / f"{doc_id}.pdf"
        local.parent.mkdir(parents=True, exist_ok=True)
        local.write_bytes(store.folder.read_bytes(path))
    if sha256_of_file(local) != doc_id:
        raise StoreError(f"document {doc_id} is damaged; expected bytes with that SHA-256")
    return local


def clear_folder(path: Path) -> Path:
    """Return ``path`` as an empty folder."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)
    return path
