"""Read a document in chunks of pages, so that one bad page costs one page."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic

import polars as pl

from sft_assets.errors import RejectedDocumentError
from sft_assets.worker.answers import Answer, V
from sft_assets.worker.isolated import run_isolated
from sft_assets.worker.limits import Limits, text_limits

CHUNK_PAGES = 25
MAX_FAILED_PAGES = 20  # single pages that may fail before the rest of failed chunks is given up


@dataclass(frozen=True, slots=True)
class Chunk(Generic[V]):
    """Pages ``first_page`` to ``last_page`` (1-based, inclusive): an answer or a reason."""

    first_page: int
    last_page: int
    answer: Answer[V] | None
    reason: str | None = None  # a key of REASONS; set when there is no answer, for one page
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """How a document is read."""

    limits: Callable[[int], Limits] = text_limits  # number of pages -> limits of the child
    chunk_pages: int = CHUNK_PAGES
    workers: int = 1  # children at a time; the results do not depend on it
    max_failed_pages: int = MAX_FAILED_PAGES
    wall_seconds: Callable[[int], float] = lambda pages: 300 + 30.0 * pages  # whole document


def run_in_chunks(
    task: str,
    pdf: Path,
    page_count: int,
    *,
    values: type[V],
    tables: Mapping[str, pl.Schema] | None = None,
    payload: Mapping[str, object] | None = None,
    plan: ReadPlan | None = None,
) -> Iterator[Chunk[V]]:
    """Yield the answers for all pages of ``pdf`` in page order, each page exactly once.

    The task gets ``payload`` with ``pdf`` (absolute path), ``first_page`` and ``last_page``. A
    chunk that fails is asked again page by page; a page that fails alone comes as a ``Chunk``
    without answer. After ``plan.max_failed_pages`` such pages, or when the time for the whole
    document is spent, the pages of failed chunks come as failed without being tried alone.

    Yields:
        Chunks in page order, whatever ``plan.workers`` is.
    """
    yield from _Reader(
        task, pdf.resolve(), page_count, payload or {}, plan or ReadPlan(), values, tables
    ).read()


class _Reader(Generic[V]):
    """One pass over one document; keeps what its chunks share."""

    def __init__(
        self,
        task: str,
        pdf: Path,
        page_count: int,
        payload: Mapping[str, object],
        plan: ReadPlan,
        values: type[V],
        tables: Mapping[str, pl.Schema] | None,
    ) -> None:
        self.task, self.pdf, self.payload, self.plan = task, pdf, payload, plan
        self.page_count, self.values, self.tables = page_count, values, tables
        self.deadline = time.monotonic() + plan.wall_seconds(page_count)
        self.stopped = threading.Event()

    def read(self) -> Iterator[Chunk[V]]:
        step = self.plan.chunk_pages
        ranges = [
            (first, min(first + step - 1, self.page_count))
            for first in range(1, self.page_count + 1, step)
        ]
        failed_pages = 0
        pool = ThreadPoolExecutor(self.plan.workers, thread_name_prefix="pdf-chunk")
        try:
            waiting: list[Future[Chunk[V]]] = []
            while ranges or waiting:
                while ranges and len(waiting) <= self.plan.workers:  # one more than can run
                    waiting.append(pool.submit(self._read_range, *ranges.pop(0)))
                chunk = waiting.pop(0).result()
                for part in self._settle(pool, chunk, failed_pages):
                    failed_pages += part.answer is None
                    yield part
        finally:
            self.stopped.set()  # ends the children that still run when the reader stops early
            pool.shutdown(wait=True, cancel_futures=True)

    def _settle(
        self, pool: ThreadPoolExecutor, chunk: Chunk[V], failed_pages: int
    ) -> Iterator[Chunk[V]]:
        """Yield ``chunk``, or what its pages give one by one when it failed."""
        if chunk.answer is not None or chunk.first_page == chunk.last_page:
            yield chunk
            return
        for page in range(chunk.first_page, chunk.last_page + 1):
            part = replace(chunk, first_page=page, last_page=page)
            if failed_pages < self.plan.max_failed_pages:
                part = pool.submit(self._read_range, page, page).result()
            failed_pages += part.answer is None
            yield part

    def _read_range(self, first: int, last: int) -> Chunk[V]:
        left = self.deadline - time.monotonic()
        if left <= 1:
            return Chunk(first, last, None, "timeout", "the time for the whole document is spent")
        limits = self.plan.limits(last - first + 1)
        limits = replace(limits, wall_seconds=min(limits.wall_seconds, int(left)))
        request = {**self.payload, "pdf": str(self.pdf), "first_page": first, "last_page": last}
        try:
            answer = run_isolated(
                self.task,
                request,
                limits=limits,
                values=self.values,
                tables=self.tables,
                cancelled=self.stopped.is_set,
            )
        except RejectedDocumentError as error:
            return Chunk(first, last, None, error.reason, error.detail)
        return Chunk(first, last, answer)
