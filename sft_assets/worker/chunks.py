"""Read a document in chunks of pages, so that one bad page costs one page."""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
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
LEAST_PAGES = 8  # a child for fewer would mostly start and end
MAX_FAILED_PAGES = 20  # single pages that may fail before the rest of failed chunks is given up


@dataclass(frozen=True, slots=True)
class Chunk(Generic[V]):
    """Pages (1-based, ascending) with an answer, or one page with a reason."""

    pages: tuple[int, ...]
    answer: Answer[V] | None
    reason: str | None = None  # a key of REASONS; set when there is no answer, for one page
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """How a document is read."""

    limits: Callable[[int], Limits] = text_limits  # number of pages -> limits of the child
    chunk_pages: int = CHUNK_PAGES  # at most; fewer where the workers would have nothing to do
    least_pages: int = LEAST_PAGES
    workers: int = 1  # children at a time; the results do not depend on it
    max_failed_pages: int = MAX_FAILED_PAGES
    wall_seconds: Callable[[int], float] = lambda pages: 300 + 30.0 * pages  # whole document

    def cut(self, pages: Sequence[int]) -> list[tuple[int, ...]]:
        """Return ``pages`` in runs, so many that each worker has one, none needlessly small.

        >>> [len(run) for run in ReadPlan(workers=2).cut(range(1, 31))]
        [15, 15]
        """
        share = math.ceil(len(pages) / max(1, self.workers))
        step = max(1, min(self.chunk_pages, max(self.least_pages, share)))
        return [tuple(pages[i : i + step]) for i in range(0, len(pages), step)]


Payload = Mapping[str, object]
Check = Callable[[Answer[V], Sequence[int]], None]
"""Raises ``RejectedDocumentError`` when an answer cannot be one about these pages."""


def run_in_chunks(
    task: str,
    pdf: Path,
    pages: Sequence[int],
    *,
    values: type[V],
    tables: Mapping[str, pl.Schema] | None = None,
    payload: Payload | Callable[[Sequence[int]], Payload] | None = None,
    plan: ReadPlan | None = None,
    check: Check[V] | None = None,
) -> Iterator[Chunk[V]]:
    """Yield the answers for ``pages`` of ``pdf`` (1-based, ascending) in order, each page once.

    The task gets ``payload`` (or what it returns for the child's pages) with ``pdf`` (absolute
    path), ``pages``, and the first and last of them as ``first_page`` and ``last_page``. A chunk
    that fails, or whose answer ``check`` refuses, is asked again page by page; a page that fails
    alone comes as a ``Chunk`` without answer. After ``plan.max_failed_pages`` such pages, or when
    the time for the whole document is spent, the pages of failed chunks come as failed without
    being tried alone.

    Yields:
        Chunks in page order, whatever ``plan.workers`` is.
    """
    yield from _Reader(
        task, pdf.resolve(), pages, payload or {}, plan or ReadPlan(), values, tables, check
    ).read()


class _Reader(Generic[V]):
    """One pass over one document; keeps what its chunks share."""

    def __init__(
        self,
        task: str,
        pdf: Path,
        pages: Sequence[int],
        payload: Payload | Callable[[Sequence[int]], Payload],
        plan: ReadPlan,
        values: type[V],
        tables: Mapping[str, pl.Schema] | None,
        check: Check[V] | None,
    ) -> None:
        self.task, self.pdf, self.payload, self.plan = task, pdf, payload, plan
        self.pages, self.values, self.tables, self.check = pages, values, tables, check
        self.deadline = time.monotonic() + plan.wall_seconds(len(pages))
        self.stopped = threading.Event()

    def read(self) -> Iterator[Chunk[V]]:
        runs = deque(self.plan.cut(self.pages))
        failed_pages = 0
        pool = ThreadPoolExecutor(self.plan.workers, thread_name_prefix="pdf-chunk")
        try:
            waiting: deque[Future[Chunk[V]]] = deque()
            while runs or waiting:
                while runs and len(waiting) < 2 * self.plan.workers:  # answers are kept in memory
                    waiting.append(pool.submit(self._read_pages, runs.popleft()))
                chunk = waiting.popleft().result()
                for part in self._settle(pool, chunk, failed_pages):
                    failed_pages += part.answer is None
                    yield part
        finally:
            self.stopped.set()  # ends the children that still run when the reader stops early
            pool.shutdown(wait=True, cancel_futures=True)

    def _settle(
        self, pool: ThreadPoolExecutor, chunk: Chunk[V], failed_pages: int
    ) -> Iterator[Chunk[V]]:
        """Yield ``chunk``, or what its pages give one by one when it failed.

        Pages are tried side by side but counted in order: one that was tried beyond the bound is
        given up like one that was not, so that the number of workers decides nothing.
        """
        if chunk.answer is not None or len(chunk.pages) == 1:
            yield chunk
            return
        left = deque(chunk.pages)
        tried: deque[Future[Chunk[V]]] = deque()
        while left and failed_pages < self.plan.max_failed_pages:
            while len(tried) < min(len(left), self.plan.workers):
                tried.append(pool.submit(self._read_pages, (left[len(tried)],)))
            part = tried.popleft().result()
            left.popleft()
            failed_pages += part.answer is None
            yield part
        for future in tried:
            future.cancel()
        for page in left:
            yield replace(chunk, pages=(page,))

    def _read_pages(self, pages: tuple[int, ...]) -> Chunk[V]:
        left = self.deadline - time.monotonic()
        if left <= 1:
            return Chunk(pages, None, "timeout", "the time for the whole document is spent")
        limits = self.plan.limits(len(pages))
        limits = replace(limits, wall_seconds=min(limits.wall_seconds, int(left)))
        given = self.payload(pages) if callable(self.payload) else self.payload
        place = {"pages": list(pages), "first_page": pages[0], "last_page": pages[-1]}
        try:
            answer = run_isolated(
                self.task,
                {**given, "pdf": str(self.pdf), **place},
                limits=limits,
                values=self.values,
                tables=self.tables,
                cancelled=self.stopped.is_set,
            )
            if self.check is not None:
                self.check(answer, pages)
        except RejectedDocumentError as error:
            return Chunk(pages, None, error.reason, error.detail)
        return Chunk(pages, answer)
