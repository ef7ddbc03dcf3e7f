"""What the command line prints: JSON to stdout, everything for people to stderr."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from sft_assets.walk.run import Listener, ProgressEvent, StepLine

console = Console(stderr=True)


def print_json(value: Any) -> None:
    """Print ``value`` to stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))  # noqa: T201


def say(text: str) -> None:
    """Print a line for people."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, str], None]]:
    """Show one bar, on a terminal only; yields ``listen(done, total, what)``."""
    with _bars() as bars:
        task = bars.add_task("", total=None)

        def listen(done: int, total: int, what: str) -> None:
            bars.update(task, completed=done, total=total, description=what)

        yield listen


@contextmanager
def walk_progress(reports: int) -> Iterator[Listener]:
    """Show a bar for the reports and one for each step at work; failures as lines."""
    with _bars() as bars:
        overall = bars.add_task(f"{reports} reports", total=None)
        running: dict[tuple[str, str], TaskID] = {}
        seen: set[str] = set()

        def listen(event: ProgressEvent | StepLine) -> None:
            key = (event.step, event.partition)
            if isinstance(event, ProgressEvent):
                if key not in running:
                    running[key] = bars.add_task(f"{event.partition} {event.step}")
                bars.update(running[key], completed=event.done, total=event.total)
                return
            if key in running:
                bars.remove_task(running.pop(key))
            seen.add(event.partition)
            bars.update(overall, description=f"{event.stage}: {event.partition}")
            if event.error is not None:
                bars.console.print(
                    f"{event.status}: {event.step}[{event.partition}] {event.error}",
                    markup=False,
                    highlight=False,
                )

        yield listen


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
