"""What the first bytes of a file tell."""

from pathlib import Path

from sft_assets.errors import RejectedDocumentError
from sft_assets.worker.pdf_start import HEAD_BYTES, HEADER

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
    if HEADER in head:
        return
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(LFS):
        raise RejectedDocumentError("not_a_pdf", "a Git LFS pointer; fetch the file itself")
    if start.startswith(HTML):
        raise RejectedDocumentError("not_a_pdf", "an HTML page, as failed downloads leave them")
    raise RejectedDocumentError("not_a_pdf", f"no PDF header in the first {HEAD_BYTES} bytes")
