"""Write an answer: one line of JSON, then Arrow tables back to back.

Never pickle: a parser that was taken over must not be able to make the parent run anything.
Used in the child, so it imports nothing that takes time.
"""

import io
import json
from collections.abc import Mapping
from typing import BinaryIO


def write_answer(stream: BinaryIO, result: Mapping[str, object]) -> None:
    """Write what a task returned; called in the child."""
    blobs: list[tuple[str, bytes]] = []
    values: dict[str, object] = {}
    for name, value in result.items():
        if hasattr(value, "write_ipc"):  # a data frame; the child need not import polars to ask
            buffer = io.BytesIO()
            value.write_ipc(buffer, compression="uncompressed")
            blobs.append((name, buffer.getvalue()))
        else:
            values[name] = value
    _write_header(stream, {"values": values, "tables": [[n, len(b)] for n, b in blobs]})
    for _, blob in blobs:
        stream.write(blob)


def write_refusal(stream: BinaryIO, reason: str, detail: str) -> None:
    """Write a typed refusal; called in the child."""
    _write_header(stream, {"refused": [reason, detail]})


def _write_header(stream: BinaryIO, header: dict[str, object]) -> None:
    stream.write(json.dumps(header, ensure_ascii=True, allow_nan=False).encode("ascii") + b"\n")
