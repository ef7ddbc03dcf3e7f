"""What the command line prints: what was asked for to stdout, everything for people to stderr."""

import json
import threading
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
WORDS_EVERY_SECONDS = 15.0  # where no bar can be drawn


def print_json(value: Any) -> None:
    """Print ``value`` to stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))  # noqa: T201


def print_text(text: str) -> None:
    """Print an answer in words to stdout, as it is."""
    print(text)  # noqa: T201


def say(text: str) -> None:
    """Print a line for people."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def spoken_progress(every_seconds: float, tell: Callable[[str], None]) -> Iterator[dict[str, str]]:
    """Tell how far things are every so often; yields what is under way, to be kept up to date.

    For where standard error is no terminal: a log, or a pipe. A short run says nothing, and what
    has not changed is not said again.
    """
    under_way: dict[str, str] = {}
    ended = threading.Event()

    def speak() -> None:
        said = ""
        while not ended.wait(every_seconds):
            words = "; ".join(text for text in list(under_way.values()) if text)
            if words not in ("", said):
                tell(words)
                said = words

    thread = threading.Thread(target=speak, daemon=True, name="spoken-progress")
    thread.start()
    try:
        yield under_way
    finally:
        ended.set()
        thread.join()


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int, str], None]]:
    """Show one bar, or words off a terminal; yields ``listen(done, total, what)``."""
    if not console.is_terminal:
        with spoken_progress(WORDS_EVERY_SECONDS, say) as under_way:
            yield lambda done, total, what: under_way.update({"": f"{done} of {total} {what}"})
        return
    with _bars() as bars:
        task = bars.add_task("", total=None)

        def listen(done: int, total: int, what: str) -> None:
            bars.update(task, completed=done, total=total, description=what)

        yield listen


@contextmanager
def walk_progress(reports: int) -> Iterator[Listener]:
    """Show a bar for the reports and one for each step at work; failures as lines.

    Off a terminal the same as words, every so often.
    """
    shown = _walk_bars if console.is_terminal else _walk_words
    with shown(reports) as listen:
        yield listen


@contextmanager
def _walk_words(reports: int) -> Iterator[Listener]:
    seen: set[str] = set()
    with spoken_progress(WORDS_EVERY_SECONDS, say) as under_way:

        def listen(event: ProgressEvent | StepLine) -> None:
            key = f"{event.partition} {event.step}"
            if isinstance(event, ProgressEvent):
                under_way[key] = f"{key}: {event.done} of {event.total} {event.what}"
                return
            under_way.pop(key, None)
            seen.add(event.partition)
            begun = f"{min(len(seen), reports)} of {reports} reports, " if reports else ""
            under_way[""] = f"{begun}last: {key} {event.status}"
            if event.error is not None:
                say(_failure(event))

        yield listen


@contextmanager
def _walk_bars(reports: int) -> Iterator[Listener]:
    with _bars() as bars:
        overall = bars.add_task(f"{reports} reports", total=None)
        running: dict[tuple[str, str], TaskID] = {}

        def listen(event: ProgressEvent | StepLine) -> None:
            key = (event.step, event.partition)
            if isinstance(event, ProgressEvent):
                if key not in running:
                    running[key] = bars.add_task(f"{event.partition} {event.step}")
                bars.update(running[key], completed=event.done, total=event.total)
                return
            if key in running:
                bars.remove_task(running.pop(key))
            bars.update(overall, description=f"{event.stage}: {event.partition}")
            if event.error is not None:
                bars.console.print(_failure(event), markup=False, highlight=False)

        yield listen


def _failure(line: StepLine) -> str:
    return f"{line.status}: {line.step}[{line.partition}] {line.error}"


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
