"""Files under one root, on a local disk or any fsspec file system.

Only what the store needs: whole-file reads and writes, an atomic replace, and listings in a
stable order. On a local disk a write is on the platter before the call returns.
"""

import os
import shutil
import uuid
from pathlib import Path

import fsspec
from fsspec.core import url_to_fs

from sft_assets.errors import SettingsError


class Folder:
    """The tree under ``root`` (a path such as ``data`` or a URL such as ``s3://bucket/data``).

    Raises:
        SettingsError: If ``root`` is empty, or a URL whose file system is not installed.
    """

    def __init__(self, root: str) -> None:
        if not root:
            raise SettingsError("data root is empty; expected a path or a URL. hint: try data")
        self._fs: fsspec.AbstractFileSystem
        try:
            self._fs, base = url_to_fs(root)
        except (ImportError, ValueError) as error:
            raise SettingsError(
                f"data root is {root} ({error}); expected a path or a URL that fsspec knows. "
                "hint: pip install the package of its file system, such as s3fs for s3://"
            ) from error
        self._base = base.rstrip("/")
        self.is_local = "file" in (
            (self._fs.protocol,) if isinstance(self._fs.protocol, str) else self._fs.protocol
        )

    def local_path(self, path: str) -> Path:
        """Return the path on the local disk.

        Raises:
            ValueError: If the root is not on a local disk.
        """
        if not self.is_local:
            raise ValueError(f"{self._base} is not on a local disk; expected a local root")
        return Path(self._full(path))

    def read_bytes(self, path: str) -> bytes:
        """Return the content of the file.

        Raises:
            FileNotFoundError: If there is none.
        """
        content: bytes = self._fs.cat_file(self._full(path))
        return content

    def exists(self, path: str) -> bool:
        """Tell whether there is a file or folder at ``path``."""
        return bool(self._fs.exists(self._full(path)))

    def write_new(self, path: str, content: bytes) -> None:
        """Write a file that no reader looks for yet."""
        if self.is_local:
            _write_synced(Path(self._full(path)), content)
        else:
            self._fs.pipe_file(self._full(path), content)

    def copy_new(self, source: Path, path: str) -> None:
        """Copy a local file to where no reader looks for it yet."""
        if self.is_local:
            target = Path(self._full(path))
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            with target.open("rb") as stream:
                os.fsync(stream.fileno())
        else:
            self._fs.put_file(str(source), self._full(path))

    def replace(self, path: str, content: bytes) -> None:
        """Replace the file in one step: a reader sees the old content or the new, never a part.

        A local file is renamed into place; an object store replaces an object whole.
        """
        if not self.is_local:
            self._fs.pipe_file(self._full(path), content)
            return
        target = Path(self._full(path))
        staged = target.with_name(f".{target.name}.{uuid.uuid4().hex}.tmp")
        try:
            _write_synced(staged, content)
            staged.replace(target)
        finally:
            staged.unlink(missing_ok=True)
        _sync_folder(target.parent)

    def names(self, path: str) -> list[str]:
        """Return the names in the folder, sorted, without dot files; none if there is no folder."""
        full = self._full(path)
        if not self._fs.isdir(full):
            return []
        found = (entry.rstrip("/").rsplit("/", 1)[-1] for entry in self._fs.ls(full, detail=False))
        return sorted(name for name in found if not name.startswith("."))

    def files_below(self, path: str) -> list[str]:
        """Return the paths of all files below the folder, relative to it, sorted; hidden too."""
        full = self._full(path)
        found: dict[str, dict[str, str]] = self._fs.find(full, withdirs=True, detail=True)
        files = [name for name, told in found.items() if told["type"] != "directory"]
        base = len(self._fs._strip_protocol(full).rstrip("/")) + 1
        return sorted(name[base:] for name in files)

    def remove_tree(self, path: str) -> None:
        """Remove the folder with all that is in it, if it is there."""
        if self._fs.exists(self._full(path)):
            self._fs.rm(self._full(path), recursive=True)

    def remove_file(self, path: str) -> None:
        """Remove the file, if it is there."""
        if self._fs.exists(self._full(path)):
            self._fs.rm_file(self._full(path))

    def _full(self, path: str) -> str:
        return f"{self._base}/{path}" if path else self._base


def _write_synced(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
