"""The bytes of a file: copied while they are looked at, kept by their hash."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sft_assets.lineage.digests import sha256_of_file
from sft_assets.store.store import Store


@contextmanager
def staged_copy(path: Path, doc_id: str, store: Store) -> Iterator[Path]:
    """Copy the file to where nobody else writes; what is left of the copy at the end is removed.

    Beside the final place where that is a local disk, so that keeping it is a rename. The name
    is fixed: the caller holds the lock on ``doc_id``, and a dead caller's copy is overwritten.

    Raises:
        OSError: If the bytes are not those of ``doc_id`` any more.
    """
    with tempfile.TemporaryDirectory(prefix="sft-assets-") as scratch:
        staged = Path(scratch) / f"{doc_id}.pdf"
        if store.folder.is_local:
            final = store.folder.local_path(store.blob_path(doc_id))
            final.parent.mkdir(parents=True, exist_ok=True)
            staged = final.with_name(f".{doc_id}.tmp")
        try:
            shutil.copyfile(path, staged)
            if sha256_of_file(staged) != doc_id:
                raise OSError(f"{path.name} changed while it was copied; expected a settled file")
            yield staged
        finally:
            staged.unlink(missing_ok=True)


def keep_blob(staged: Path, doc_id: str, store: Store) -> None:
    """Make the staged copy the blob of ``doc_id``, in one step."""
    if not store.folder.is_local:
        store.folder.copy_new(staged, store.blob_path(doc_id))
        return
    with staged.open("rb") as stream:
        os.fsync(stream.fileno())
    staged.replace(store.folder.local_path(store.blob_path(doc_id)))
