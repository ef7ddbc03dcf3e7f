"""Where a PDF begins: its header may stand within the first kilobyte.

Source: ISO 32000-1, 7.5.2 and Annex H (implementation note 13 of the PDF Reference 1.7).
"""

import io
from pathlib import Path
from typing import BinaryIO

HEADER = b"%PDF"
HEAD_BYTES = 1024


def open_at_header(path: Path) -> BinaryIO:
    """Open the file at its header: pdfminer counts offsets from the first byte, whatever it is."""
    with path.open("rb") as stream:
        start = stream.read(HEAD_BYTES).find(HEADER)
        if start > 0:
            stream.seek(start)
            return io.BytesIO(stream.read())
    return path.open("rb")
