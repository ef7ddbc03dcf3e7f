"""Materialise one step in a process of its own: ``python -m sft_assets.walk.run_step``.

Dagster starts it for long, heavy work (training), so that a crash or a memory leak there cannot
take the orchestrator down. Started by hand it does the same work and prints its one-line outcome.
"""

import argparse
import contextlib
import ctypes
import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from sft_assets.errors import SettingsError, SftAssetsError
from sft_assets.store.store import Store
from sft_assets.walk.inputs import Progress
from sft_assets.walk.materialize import RefusedError, materialize
from sft_assets.walk.settings import Settings
from sft_assets.walk.step import Step

PROGRESS_EVERY_SECONDS = 30.0  # Dagster keeps its event log for ever: few lines, also on a long job
PIPES_CONTEXT = "DAGSTER_PIPES_CONTEXT"  # set by Dagster when it started us
PR_SET_PDEATHSIG = 1  # linux/prctl.h
STEPS_MODULE = "sft_assets.stages"  # by name: the walk lies below the stages and imports none


@dataclass(frozen=True, slots=True)
class Attempt:
    """How one attempt at one step went; the version itself is read from the store."""

    status: Literal["published", "unchanged", "refused", "failed"]
    error: str = ""
    exit_code: int = 0


def attempt(
    step: Step, partition: str, root: str, *, say: Callable[[str], None] | None = None
) -> Attempt:
    """Materialise ``step`` and return how it went; an error of ours is an outcome, no crash."""
    try:
        outcome = materialize(
            step,
            partition,
            Store(root),
            Settings.load(root),
            progress=throttled(say) if say else None,
        )
    except RefusedError as error:
        return Attempt("refused", str(error), error.exit_code)
    except SftAssetsError as error:
        return Attempt("failed", f"{type(error).__name__}: {error}", error.exit_code)
    return Attempt("published" if outcome.status == "published" else "unchanged")


def throttled(say: Callable[[str], None], every: float = PROGRESS_EVERY_SECONDS) -> Progress:
    """Return a progress listener that speaks at most once in ``every`` seconds."""
    last = time.monotonic()

    def progress(done: int, total: int, what: str) -> None:
        nonlocal last
        if time.monotonic() - last >= every:
            last = time.monotonic()
            say(f"{what}: {done} of {total}")

    return progress


def load_steps(module: str = STEPS_MODULE) -> Sequence[Step]:
    """Return the ``STEPS`` of ``module``."""
    steps: Sequence[Step] = importlib.import_module(module).STEPS
    return steps


def find_step(name: str, module: str = STEPS_MODULE) -> Step:
    """Return the step called ``name`` among the ``STEPS`` of ``module``.

    Raises:
        SettingsError: If there is none.
    """
    steps = load_steps(module)
    for step in steps:
        if step.name == name:
            return step
    raise SettingsError(
        f"step is {name}; expected a step of {module}. hint: {', '.join(s.name for s in steps)}"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one step; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m sft_assets.walk.run_step", description=__doc__)
    parser.add_argument("--step", required=True)
    parser.add_argument("--partition", required=True, help="report key, recipe name or 'corpus'")
    parser.add_argument("--root", required=True, help="data root")
    parser.add_argument("--steps", default=STEPS_MODULE, help="module that lists the steps")
    given = parser.parse_args(arguments)
    _end_when_asked()
    with _listener() as (say, tell):
        came_of_it = attempt(
            find_step(given.step, given.steps), given.partition, given.root, say=say
        )
        return tell(came_of_it)


def _end_when_asked() -> None:
    """Make Ctrl-C, a termination and the death of Dagster's run end this process at once.

    Polars puts its own handler in the place of Python's: the signal is noted, but a wait for a
    child goes on until that child says something, which a trainer may do every few minutes.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(128 + signal.SIGTERM))
    if PIPES_CONTEXT in os.environ:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@contextlib.contextmanager
def _listener() -> Iterator[tuple[Callable[[str], None], Callable[[Attempt], int]]]:
    """Yield where progress and the outcome go: to Dagster if it started us, else the terminal."""
    if PIPES_CONTEXT not in os.environ:
        yield _say_on_stderr, _print_outcome
        return
    import dagster_pipes

    with dagster_pipes.open_dagster_pipes() as pipes:

        def tell(came_of_it: Attempt) -> int:
            # A non-zero exit would make Dagster forget the message: say it, do not die of it.
            pipes.report_custom_message(asdict(came_of_it))
            return 0

        yield pipes.log.info, tell


def _say_on_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _print_outcome(came_of_it: Attempt) -> int:
    sys.stdout.write(json.dumps(asdict(came_of_it), ensure_ascii=False) + "\n")
    return came_of_it.exit_code


if __name__ == "__main__":
    sys.exit(main())
