"""The bytes of a file: refused unread, copied while they are looked at, kept by their hash."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sft_assets.errors import RejectedDocumentError
from sft_assets.lineage.digests import sha256_of_file
from sft_assets.store.store import Store

HEAD_BYTES = 1024  # parsers look for the header in these
HTML = (b"<!doctype html", b"<html", b"<head")
LFS = b"version https://git-lfs.github.com/spec/"


def refuse_unless_pdf(path: Path, size: int, max_bytes: int) -> None:
    """Refuse what its size or first bytes tell to be no readable PDF.

    A few bytes before the header are no reason: servers put their own there, and parsers skip them.

    Raises:
        RejectedDocumentError: ``empty_file``, ``too_large`` or ``not_a_pdf``.
    """
    if size == 0:
        raise RejectedDocumentError("empty_file", "0 bytes")
    if size > max_bytes:
        raise RejectedDocumentError("too_large", f"{size} bytes, limit {max_bytes}")
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if b"%PDF-" in head:
        return
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(LFS):
        raise RejectedDocumentError("not_a_pdf", "a Git LFS pointer; fetch the file itself")
    if start.startswith(HTML):
        raise RejectedDocumentError("not_a_pdf", "an HTML page, as failed downloads leave them")
    raise RejectedDocumentError("not_a_pdf", f"no PDF header in the first {HEAD_BYTES} bytes")


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
