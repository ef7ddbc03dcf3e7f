"""The store: every published version of every step, and which one readers get.

Layout under the root::

    tables/<step>/<partition>/versions/<version_id>/<table>.parquet
                                                    files/...        published beside the tables
                                                    measured/...     seconds and their plots
                                                    metadata.json    what the UI shows
                                                    manifest.json    written last: makes it complete
    tables/<step>/<partition>/current               one small file: the version that readers get
    tables/<step>/<partition>/refused/              the newest attempt that an audit refused
    blobs/sha256/<2 hex>/<doc_id>.pdf               the reports themselves, by content

``version_id`` is the digest of all that decides the content, so the same work has the same name
on every machine. A version is published when ``current`` names it, which is one atomic rename.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from sft_assets.errors import NotPublishedError, StoreError
from sft_assets.lineage.digests import canonical_json, sha256_of_bytes, sha256_of_file
from sft_assets.store.folders import Folder

MANIFEST = "manifest.json"
METADATA = "metadata.json"
QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Version:
    """One complete version of a step's output; reading checks every hash."""

    folder: Folder
    path: str  # of the version's folder, relative to the root
    manifest: Mapping[str, Any]

    @property
    def version_id(self) -> str:
        """Digest of inputs, code version and settings."""
        return str(self.manifest["version_id"])

    @property
    def counts(self) -> Mapping[str, Any]:
        """The ledger: unit, rows_in, kept, dropped and quarantined by reason."""
        counts: Mapping[str, Any] = self.manifest["counts"]
        return counts

    def data_version(self, name: str) -> str:
        """Return the SHA-256 of table ``name``, or of all files when it names the step itself."""
        tables: Mapping[str, Mapping[str, Any]] = self.manifest["tables"]
        if name in tables:
            return str(tables[name]["sha256"])
        return str(self.manifest["content_sha256"])

    def rows(self, table: str) -> int:
        """Return the row count of ``table`` as published."""
        return int(self.manifest["tables"][table]["rows"])

    def read_table(self, name: str) -> pl.DataFrame:
        """Return table ``name``.

        Raises:
            StoreError: If its bytes do not have the hash in the manifest.
        """
        return pl.read_parquet(BytesIO(self.read_file(f"{name}.parquet")))

    def read_quarantine(self, table: str) -> pl.DataFrame | None:
        """Return the rows of ``table`` that the audit set aside, with the rule; else None."""
        path = f"{QUARANTINE}/{table}.parquet"
        if path not in self.manifest["files"]:
            return None
        return pl.read_parquet(BytesIO(self.read_file(path)))

    def read_file(self, path: str) -> bytes:
        """Return the content of a file of the version, checked against its hash."""
        expected = self.manifest["files"].get(path)
        if expected is None:
            raise StoreError(f"{self.path} has no file {path}; expected one of its manifest")
        try:
            content = self.folder.read_bytes(f"{self.path}/{path}")
        except FileNotFoundError:
            raise _damaged(self.path, path, "missing") from None
        if sha256_of_bytes(content) != expected["sha256"]:
            raise _damaged(self.path, path, "not what was published")
        return content

    def file_names(self, under: str = "files/") -> list[str]:
        """Return the paths of the version's files below ``under``, sorted."""
        return sorted(name for name in self.manifest["files"] if name.startswith(under))

    def extra_files(self) -> list[str]:
        """Return the files in the version's folder that were not published with it, sorted.

        What was measured is not part of a version's identity and not in its manifest.
        """
        own = {MANIFEST, METADATA, *self.manifest["files"]}
        found = self.folder.files_below(self.path)
        return [name for name in found if name not in own and not name.startswith("measured/")]

    def local_files(self, scratch: Path) -> Path:
        """Return a local folder with the content of ``files/``, each file checked.

        On a local root it is the version's own folder; treat it as read-only.
        """
        if self.folder.is_local:
            for name in self.file_names():
                file = self.folder.local_path(f"{self.path}/{name}")
                expected = self.manifest["files"][name]["sha256"]
                if not file.is_file() or sha256_of_file(file) != expected:
                    raise _damaged(self.path, name, "not what was published")
            return self.folder.local_path(f"{self.path}/files")
        target = scratch / str(self.manifest["step"])
        for name in self.file_names():
            file = target / name.removeprefix("files/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(self.read_file(name))
        return target

    def metadata(self) -> Mapping[str, Any]:
        """Return what the step told about this version; not part of its identity."""
        try:
            told: Mapping[str, Any] = json.loads(self.folder.read_bytes(f"{self.path}/{METADATA}"))
        except FileNotFoundError:
            return {}
        return told


class Store:
    """All published versions below one root."""

    def __init__(self, root: str) -> None:
        self.root = str(root)
        self.folder = Folder(self.root)

    def current(self, step: str, partition: str) -> Version | None:
        """Return the version that readers get; None if nothing was published yet.

        Raises:
            StoreError: If the manifest does not have the hash that publication recorded.
        """
        try:
            pointer = json.loads(
                self.folder.read_bytes(f"{partition_path(step, partition)}/current")
            )
            folder, expected = pointer["folder"], pointer["manifest_sha256"]
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError):
            place = partition_path(step, partition)
            raise _damaged(place, "current", "not what was published") from None
        path = version_path(step, partition, folder)
        try:
            content = self.folder.read_bytes(f"{path}/{MANIFEST}")
        except FileNotFoundError:
            raise _damaged(path, MANIFEST, "missing") from None
        if sha256_of_bytes(content) != expected:
            raise _damaged(path, MANIFEST, "not what was published")
        return Version(self.folder, path, json.loads(content))

    def require(self, step: str, partition: str) -> Version:
        """Return the current version.

        Raises:
            NotPublishedError: If there is none.
        """
        version = self.current(step, partition)
        if version is None:
            raise NotPublishedError(
                f"{step}[{partition}] has no published version; expected one to read. "
                f"hint: materialise {step} for {partition} first, or bring all of this data root "
                "up to date with sft-assets run"
            )
        return version

    def partitions(self, step: str) -> list[str]:
        """Return the keys of the partitions of ``step`` with a published version, sorted."""
        base = f"tables/{step}"
        return [
            key for key in self.folder.names(base) if self.folder.exists(f"{base}/{key}/current")
        ]

    def steps(self) -> list[str]:
        """Return the names of the steps that ever wrote, sorted."""
        return self.folder.names("tables")

    def find_complete(self, step: str, partition: str, version_id: str) -> Version | None:
        """Return the version if its manifest is there, published or not; else None.

        ``version_id`` may also name the folder of a version that was made again.
        """
        path = version_path(step, partition, version_id)
        try:
            content = self.folder.read_bytes(f"{path}/{MANIFEST}")
            return Version(self.folder, path, json.loads(content))
        except (FileNotFoundError, ValueError):
            return None

    def free_path(self, step: str, partition: str, version_id: str) -> str:
        """Return a folder for a new attempt at ``version_id`` that holds no complete version.

        A version that is made again (by force, or because its bytes are damaged) gets a folder of
        its own: the one that readers may have open is never touched.
        """
        attempt = version_id
        number = 1
        while self.folder.exists(f"{version_path(step, partition, attempt)}/{MANIFEST}"):
            number += 1
            attempt = f"{version_id}.{number}"
        return version_path(step, partition, attempt)

    def publish(self, version: Version) -> None:
        """Make ``version`` the one that readers get: one atomic rename."""
        partition = partition_path(
            str(version.manifest["step"]), str(version.manifest["partition"])
        )
        pointer = {
            "folder": version.path.rsplit("/", 1)[-1],
            "version_id": version.version_id,
            "manifest_sha256": sha256_of_bytes(_manifest_bytes(version.manifest)),
        }
        self.folder.replace(f"{partition}/current", canonical_json(pointer).encode())
        self.folder.remove_tree(f"{partition}/refused")

    def refusal(self, step: str, partition: str) -> Mapping[str, Any] | None:
        """Return the verdicts of the newest attempt if an audit refused it; else None."""
        try:
            refused: Mapping[str, Any] = json.loads(
                self.folder.read_bytes(f"{partition_path(step, partition)}/refused/verdicts.json")
            )
        except FileNotFoundError:
            return None
        return refused

    def blob_path(self, doc_id: str) -> str:
        """Return where the PDF with this SHA-256 is kept, relative to the root."""
        return f"blobs/sha256/{doc_id[:2]}/{doc_id}.pdf"

    def lock_path(self, step: str, partition: str) -> Path:
        """Return the lock file of a partition; for a remote root, in the user's cache folder."""
        if self.folder.is_local:
            return self.folder.local_path(".locks") / step / f"{partition}.lock"
        place = sha256_of_bytes(self.root.encode())[:16]
        return Path.home() / ".cache" / "sft_assets" / "locks" / place / step / f"{partition}.lock"

    def scratch_path(self, step: str, partition: str) -> Path:
        """Return the scratch folder that the writer of a partition may use."""
        return self.lock_path(step, partition).with_suffix(".scratch")

    def kept_path(self, step: str, partition: str) -> Path:
        """Return where attempts at a partition leave what the next one may go on from."""
        return self.lock_path(step, partition).with_suffix(".kept")


def partition_path(step: str, partition: str) -> str:
    """Return the folder of one partition of one step, relative to the root."""
    return f"tables/{step}/{partition}"


def version_path(step: str, partition: str, version_id: str) -> str:
    """Return the folder of one version, relative to the root."""
    return f"{partition_path(step, partition)}/versions/{version_id}"


def write_manifest(folder: Folder, path: str, manifest: Mapping[str, Any]) -> Version:
    """Write the manifest, the last file of a version, and return the version."""
    folder.replace(f"{path}/{MANIFEST}", _manifest_bytes(manifest))  # whole or not at all
    return Version(folder, path, manifest)


def _manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    return canonical_json(manifest).encode()


def _damaged(path: str, file: str, what: str) -> StoreError:
    return StoreError(
        f"{path}/{file} is {what}; expected the bytes that were published. "
        "hint: restore it from a backup, or materialise that partition again with force"
    )
