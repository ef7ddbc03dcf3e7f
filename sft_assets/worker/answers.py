"""Read what a child answered (see ``framing``) and check it like any other input from outside."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from sft_assets.errors import RejectedDocumentError
from sft_assets.schemas.reports import REASONS

MAX_HEADER_BYTES = 8 * 1024 * 1024  # as objects of the parent it takes some twenty times that
MAX_DETAIL_CHARS = 200


class NoValues(BaseModel):
    """For tasks that answer with tables only."""

    model_config = ConfigDict(extra="forbid", frozen=True)


V = TypeVar("V", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Answer(Generic[V]):
    """What a child found, checked against what the caller expects."""

    values: V
    tables: Mapping[str, pl.DataFrame]
    cpu_seconds: float  # measurements: never put them into tables
    peak_memory_bytes: int


def read_answer(
    content: bytes, values: type[V], tables: Mapping[str, pl.Schema]
) -> tuple[V, dict[str, pl.DataFrame]]:
    """Return the values and tables of an answer, checked like any other input from outside.

    Raises:
        RejectedDocumentError: With the child's own reason, or ``invalid_output`` when the answer
            is not of the agreed form.
    """
    end = content.find(b"\n", 0, MAX_HEADER_BYTES)
    if end < 0:
        raise _invalid("the answer has no header line")
    try:
        header = json.loads(content[:end])
    except (ValueError, RecursionError) as error:
        raise _invalid("the answer's header is no JSON") from error
    if not isinstance(header, dict):
        raise _invalid("the answer's header is no object")
    if "refused" in header:
        raise _refusal(header["refused"])
    try:
        checked = values.model_validate(header.get("values"))
    except ValidationError as error:  # its message would quote the values, so it is left out
        count = error.error_count()
        raise _invalid(f"values do not fit {values.__name__} in {count} places") from None
    return checked, _read_tables(header.get("tables"), content[end + 1 :], tables)


def _read_tables(
    listed: object, content: bytes, expected: Mapping[str, pl.Schema]
) -> dict[str, pl.DataFrame]:
    sizes = _table_sizes(listed)
    if sorted(sizes) != sorted(expected) or sum(sizes.values()) != len(content):
        raise _invalid("the answer does not hold exactly the tables that were asked for")
    frames: dict[str, pl.DataFrame] = {}
    at = 0
    for name, size in sizes.items():
        try:
            frame = pl.read_ipc(io.BytesIO(content[at : at + size]))
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError):
            raise _invalid(f"table {name} is no Arrow table") from None
        if frame.schema != expected[name]:
            raise _invalid(f"table {name} does not have the columns of its schema")
        frames[name] = frame
        at += size
    return frames


def _table_sizes(listed: object) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for entry in listed if isinstance(listed, list) else [None]:
        match entry:
            case [str(name), int(size)] if size >= 0 and name not in sizes:
                sizes[name] = size
            case _:
                raise _invalid("the answer's list of tables is not of the agreed form")
    return sizes


def _refusal(listed: object) -> RejectedDocumentError:
    match listed:
        case [str(reason), str(detail)] if reason in REASONS:
            plain = "".join(c if c.isprintable() else " " for c in detail[:MAX_DETAIL_CHARS])
            return RejectedDocumentError(reason, plain)
        case _:
            return _invalid("the child refused without a known reason")


def _invalid(detail: str) -> RejectedDocumentError:
    return RejectedDocumentError("invalid_output", detail)
