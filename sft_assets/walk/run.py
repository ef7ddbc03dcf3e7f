"""The whole walk without a scheduler: reports in a pool, then the corpus, then recipes.

The same steps and gates as in Dagster. What fails stops what is built on it and nothing else.
"""

import ctypes
import multiprocessing
import os
import queue
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

from sft_assets.errors import SftAssetsError
from sft_assets.schemas import TABLES
from sft_assets.store.store import Store
from sft_assets.walk.inputs import CORPUS_KEY
from sft_assets.walk.materialize import RefusedError, materialize
from sft_assets.walk.settings import Settings
from sft_assets.walk.step import Grain, Step, order_steps
from sft_assets.worker.limits import share_cores

PR_SET_PDEATHSIG = 1  # linux/prctl.h
POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class StepLine:
    """How one step went on one partition."""

    step: str
    stage: str
    partition: str
    status: Literal["published", "unchanged", "refused", "failed", "skipped"]
    seconds: float
    counts: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ProgressEvent:
    """How far a step is; ``done`` of ``total``."""

    step: str
    partition: str
    done: int
    total: int
    what: str


Listener = Callable[[ProgressEvent | StepLine], None]


def run_walk(
    steps: Sequence[Step],
    root: str,
    settings: Settings,
    *,
    report_keys: Sequence[str],
    recipes: Sequence[str] = (),
    workers: int = 1,
    listen: Listener | None = None,
    force: bool = False,
) -> list[StepLine]:
    """Bring every step up to date and return how each went, in the walk's order.

    The result does not depend on ``workers``: reports are independent of each other, and corpus
    steps read them in order of key.
    """
    tell: Listener = listen or (lambda _event: None)
    ordered = order_steps(steps)
    by_grain = {grain: [s for s in ordered if s.grain is grain] for grain in Grain}
    chain = partial(run_chain, root=root, settings=settings, force=force)
    lines = _run_reports(by_grain[Grain.REPORT], chain, report_keys, workers, tell)
    if by_grain[Grain.CORPUS]:
        lines += chain(by_grain[Grain.CORPUS], CORPUS_KEY, tell=tell)
    for recipe in recipes:
        lines += chain(by_grain[Grain.RECIPE], recipe, tell=tell)
    return lines


def run_chain(
    steps: Iterable[Step],
    partition: str,
    *,
    root: str,
    settings: Settings,
    tell: Listener,
    force: bool = False,
) -> list[StepLine]:
    """Run ``steps`` in order on one partition; a step whose input failed here is skipped."""
    store = Store(root)
    lines: list[StepLine] = []
    failed: set[str] = set()
    for step in steps:
        broken = sorted(
            {TABLES[name].made_by if name in TABLES else name for name in step.inputs} & failed
        )
        if broken:
            line = _line(step, partition, "skipped", 0.0, error=f"{', '.join(broken)} failed")
        else:
            line = _run_step(step, partition, store, settings, tell, force=force)
        if line.error is not None:
            failed.add(step.name)
        lines.append(line)
        tell(line)
    return lines


def _run_step(
    step: Step,
    partition: str,
    store: Store,
    settings: Settings,
    tell: Listener,
    *,
    force: bool,
) -> StepLine:
    def on_progress(done: int, total: int, what: str) -> None:
        tell(ProgressEvent(step.name, partition, done, total, what))

    started = time.monotonic()
    try:
        outcome = materialize(step, partition, store, settings, progress=on_progress, force=force)
    except RefusedError as error:
        return _line(step, partition, "refused", time.monotonic() - started, error=str(error))
    except SftAssetsError as error:
        return _line(step, partition, "failed", time.monotonic() - started, error=str(error))
    except Exception as error:  # noqa: BLE001  one report's bug must not stop the others
        place = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
        if isinstance(error, OSError) and error.errno:
            text += f" ({os.strerror(error.errno)})"  # a full disk, a folder that is read-only
        return _line(step, partition, "failed", time.monotonic() - started, error=text)
    seconds = time.monotonic() - started
    return _line(step, partition, outcome.status, seconds, counts=outcome.counts)


def _line(
    step: Step,
    partition: str,
    status: Literal["published", "unchanged", "refused", "failed", "skipped"],
    seconds: float,
    *,
    counts: Mapping[str, Any] | None = None,
    error: str | None = None,
) -> StepLine:
    return StepLine(step.name, step.stage, partition, status, seconds, dict(counts or {}), error)


def _run_reports(
    steps: Sequence[Step],
    chain: Callable[..., list[StepLine]],
    report_keys: Sequence[str],
    workers: int,
    tell: Listener,
) -> list[StepLine]:
    keys = sorted(set(report_keys))
    if workers <= 1 or len(keys) <= 1:
        return [line for key in keys for line in chain(steps, key, tell=tell)]
    context = multiprocessing.get_context("spawn")  # a fork would inherit locks and threads
    events: Any = context.Queue()
    with ProcessPoolExecutor(
        workers, mp_context=context, initializer=_start_worker, initargs=(events, workers)
    ) as pool:
        chains = {key: pool.submit(_chain_in_worker, chain, steps, key) for key in keys}
        try:
            _forward_events(events, list(chains.values()), tell)
        except BaseException:  # Ctrl-C: the pool would wait for what its processes are at
            for process in multiprocessing.active_children():
                process.kill()  # nothing half-written can be read; the next run goes on
            raise
        return [line for key in keys for line in _lines_of(chains[key], steps, key)]


def _lines_of(chain: "Future[list[StepLine]]", steps: Sequence[Step], key: str) -> list[StepLine]:
    error = chain.exception()
    if error is None:
        return chain.result()
    text = f"worker process died ({type(error).__name__}); hint: run again, it resumes"
    return [_line(steps[0], key, "failed", 0.0, error=text)]


def _forward_events(events: Any, chains: list["Future[list[StepLine]]"], tell: Listener) -> None:
    pending = set(chains)
    while pending:
        _, pending = wait(pending, timeout=POLL_SECONDS)
        while True:
            try:
                tell(events.get_nowait())
            except queue.Empty:
                break


_events: Any = None  # of this pool process, set once when it starts


def _start_worker(events: Any, processes: int) -> None:
    """Prepare one of ``processes``: it reports through ``events`` and dies with its parent."""
    global _events  # noqa: PLW0603  a pool initializer has no other way to hand over a queue
    _events = events
    share_cores(processes)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _chain_in_worker(
    chain: Callable[..., list[StepLine]], steps: Sequence[Step], key: str
) -> list[StepLine]:
    return chain(steps, key, tell=_events.put)
