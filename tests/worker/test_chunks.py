"""Chunks come in page order, each page once, and a bad page costs one page."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest

from sft_assets.errors import RejectedDocumentError
from sft_assets.worker.answers import Answer, NoValues
from sft_assets.worker.chunks import Chunk, ReadPlan, run_in_chunks
from sft_assets.worker.limits import MIB, Limits

TABLES = {"pages": pl.Schema({"page_no": pl.Int32})}
LIMITS = Limits(memory_bytes=768 * MIB, cpu_seconds=2, wall_seconds=30)


def read(
    probes: str, pages: int, payload: dict[str, object] | None = None, **plan: object
) -> list[Chunk[NoValues]]:
    made = ReadPlan(limits=lambda _pages: LIMITS, chunk_pages=4, **plan)  # type: ignore[arg-type]
    return list(
        run_in_chunks(
            probes + "read",
            Path("any.pdf"),
            range(1, pages + 1),
            values=NoValues,
            tables=TABLES,
            payload=payload,
            plan=made,
        )
    )


def outcome(chunks: list[Chunk[NoValues]]) -> list[tuple[int, str | None]]:
    rows: list[tuple[int, str | None]] = []
    for chunk in chunks:
        if chunk.answer is None:
            (page,) = chunk.pages
            rows.append((page, chunk.reason))
        else:
            pages = chunk.answer.tables["pages"]["page_no"].to_list()
            assert pages == list(chunk.pages)
            rows += [(page, None) for page in pages]
    return rows


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("how", ["abort", "raise_secret", "eat"])
def test_one_bad_page_costs_one_page(probes: str, workers: int, how: str) -> None:
    found = outcome(read(probes, 10, {"bad": [6], "how": how}, workers=workers))
    reason = "memory" if how == "eat" else "crash"
    assert found == [(n, reason if n == 6 else None) for n in range(1, 11)]


def test_pages_beyond_the_bound_are_given_up_untried(probes: str) -> None:
    payload: dict[str, object] = {"bad": [1, 2, 5], "how": "abort"}
    found = outcome(read(probes, 8, payload, max_failed_pages=2))
    assert found == [(1, "crash"), (2, "crash"), (3, "crash"), (4, "crash")] + [
        (n, "crash") for n in range(5, 9)
    ]


def test_when_the_time_is_spent_pages_come_as_failed(probes: str) -> None:
    found = outcome(read(probes, 6, wall_seconds=lambda _pages: 0.0))
    assert found == [(n, "timeout") for n in range(1, 7)]


def test_a_reader_that_stops_early_leaves_no_child(probes: str) -> None:
    plan = ReadPlan(limits=lambda _pages: Limits(wall_seconds=300), chunk_pages=1, workers=2)
    payload: dict[str, object] = {"bad": [2, 3], "how": "sleep"}
    chunks = run_in_chunks(
        probes + "read",
        Path("any.pdf"),
        [1, 2, 3],
        values=NoValues,
        tables=TABLES,
        payload=payload,
        plan=plan,
    )
    assert next(chunks).answer is not None
    chunks.close()  # type: ignore[attr-defined]  # would wait for five minutes if they lived


def test_no_pages_no_chunks(probes: str) -> None:
    assert read(probes, 0) == []


def test_an_answer_that_the_caller_does_not_believe_costs_its_page(probes: str) -> None:
    asked: list[tuple[int, ...]] = []

    def disbelieve(answer: Answer[NoValues], pages: Sequence[int]) -> None:
        assert answer.tables["pages"].height == len(pages)
        asked.append(tuple(pages))
        if 2 in pages:
            raise RejectedDocumentError("invalid_output", "page 2 lies")

    chunks = run_in_chunks(
        probes + "read",
        Path("any.pdf"),
        [2, 3],
        values=NoValues,
        tables=TABLES,
        check=disbelieve,
        plan=ReadPlan(limits=lambda _pages: LIMITS),
    )
    assert outcome(list(chunks)) == [(2, "invalid_output"), (3, None)]
    assert asked == [(2, 3), (2,), (3,)]
