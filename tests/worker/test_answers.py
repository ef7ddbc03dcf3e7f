"""What comes back is input from outside: only the agreed form passes."""

import io
import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from sft_assets.errors import RejectedDocumentError
from sft_assets.worker.answers import NoValues, read_answer
from sft_assets.worker.framing import write_answer, write_refusal

SCHEMA = pl.Schema({"a": pl.Int64})
TABLES = {"t": SCHEMA}


class Pages(BaseModel):
    pages: int


def written(result: dict[str, object]) -> bytes:
    stream = io.BytesIO()
    write_answer(stream, result)
    return stream.getvalue()


def framed(header: object, rest: bytes = b"") -> bytes:
    return json.dumps(header).encode() + b"\n" + rest


@given(st.integers(), st.lists(st.integers(-(2**62), 2**62)))
def test_what_is_written_is_read(pages: int, numbers: list[int]) -> None:
    frame = pl.DataFrame({"a": numbers}, schema=SCHEMA)
    values, tables = read_answer(written({"pages": pages, "t": frame}), Pages, TABLES)
    assert values.pages == pages
    assert tables["t"].equals(frame)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x80\x04K\x01.", id="pickle"),
        pytest.param(b"{", id="no-line"),
        pytest.param(b"[1]\n", id="no-object"),
        pytest.param(b"[" * 100_000 + b"\n", id="deep"),
        pytest.param(framed({"values": {}, "tables": "t"}), id="tables-no-list"),
        pytest.param(framed({"values": {}, "tables": [["t", -1]]}), id="negative-size"),
        pytest.param(framed({"values": {}, "tables": [["t", 4]]}, b"ARRO"), id="no-arrow"),
        pytest.param(framed({"values": {}, "tables": [["t", 9]]}, b"ARROW1"), id="short"),
        pytest.param(framed({"values": {}, "tables": [["t", 0], ["t", 0]]}), id="twice"),
        pytest.param(framed({"values": {"x": 1}, "tables": []}), id="extra-value"),
        pytest.param(framed({"refused": ["no such reason", "x"]}), id="unknown-reason"),
        pytest.param(framed({"refused": "x"}), id="refused-no-pair"),
        pytest.param(written({"t": pl.DataFrame({"a": ["x"]})}), id="wrong-type"),
        pytest.param(written({"t": pl.DataFrame({"b": [1]})}), id="wrong-column"),
        pytest.param(written({"t": pl.DataFrame({"a": [1]})}) + b"more", id="more-bytes"),
    ],
)
def test_anything_else_is_invalid_output(content: bytes) -> None:
    with pytest.raises(RejectedDocumentError) as caught:
        read_answer(content, NoValues, TABLES)
    assert caught.value.reason == "invalid_output"


@given(st.binary(max_size=200))
def test_no_bytes_get_through_or_crash(content: bytes) -> None:
    with pytest.raises(RejectedDocumentError):
        read_answer(content, NoValues, TABLES)


def reason_of(content: bytes) -> str | None:
    try:
        read_answer(content, NoValues, TABLES)
    except RejectedDocumentError as error:
        return error.reason
    return None


def test_broken_arrow_is_refused_wherever_it_breaks() -> None:
    good = written({"t": pl.DataFrame({"a": list(range(20))})})
    reasons: list[str | None] = []
    for position in range(good.index(b"\n") + 1, len(good), 7):
        broken = bytearray(good)
        broken[position] ^= 0xFF
        reasons.append(reason_of(bytes(broken)))
    assert set(reasons) <= {None, "invalid_output"}  # None: other numbers, the same form
    assert reasons.count("invalid_output") > 10


def test_a_refusal_keeps_its_reason_and_loses_what_does_not_print() -> None:
    stream = io.BytesIO()
    write_refusal(stream, "password", "asked\x1b[31m" + "x" * 500)
    with pytest.raises(RejectedDocumentError) as caught:
        read_answer(stream.getvalue(), NoValues, {})
    assert caught.value.reason == "password"
    assert "\x1b" not in caught.value.detail
    assert len(caught.value.detail) == 200
