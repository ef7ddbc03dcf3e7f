"""Practice as token ids on disk, written ahead of the training by processes of their own.

A shard is one ``.npz`` file, in its place only when it is whole. Its content depends on its seed
alone, so the number of processes changes nothing but the time.
"""

import multiprocessing
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from sft_assets.language_models.chat import IGNORED_LABEL, EncodedConversation, encode_conversation
from sft_assets.pretraining.conversations import Practice, practice
from sft_assets.pretraining.lookup_drill import lookup_drill
from sft_assets.train.practice_text import EASY, HARD, MIDDLE, Difficulty, make_conversation
from sft_assets.train.tokenizer import build_tokenizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from transformers import PreTrainedTokenizerFast

LONGEST: Final = 1088  # tokens of a conversation; longer ones are left out
LEVELS: Final[dict[str, Difficulty]] = {"easy": EASY, "middle": MIDDLE, "hard": HARD}
REPORTS: Final = "reports"  # the level of questions about invented reports
LOOKUPS: Final = "lookups"  # the level of many look-ups in one passage


@dataclass(frozen=True, slots=True)
class Shard:
    """Conversations, one after the other."""

    ids: "NDArray[np.uint16]"
    learned: "NDArray[np.bool_]"  # which tokens carry loss
    ends: "NDArray[np.int64]"  # of each conversation

    def rows(self) -> list[tuple["NDArray[np.uint16]", "NDArray[np.bool_]"]]:
        """Return ids and mask of each conversation."""
        starts = [0, *self.ends[:-1].tolist()]
        return [
            (self.ids[a:b], self.learned[a:b])
            for a, b in zip(starts, self.ends.tolist(), strict=True)
        ]


def conversations(level: str, seed: str) -> Iterator[Practice]:
    """Yield practice of one level for ever: ``reports``, ``lookups`` or a difficulty of text."""
    if level == REPORTS:
        yield from practice(seed)
    if level == LOOKUPS:
        yield from (Practice("drill", told) for told in lookup_drill(seed))
    random = Random(seed)  # noqa: S311 - practice text, no secret
    while True:
        yield Practice("free", make_conversation(random, LEVELS[level]))


def encode_practice(
    tokenizer: "PreTrainedTokenizerFast", conversation: Practice
) -> EncodedConversation:
    """Return a conversation whose loss leaves out what the calculator will fill in.

    >>> tokenizer = build_tokenizer()
    >>> told = [{"role": "user", "content": "?"}, {"role": "assistant", "content": "<<1+2=3>>"}]
    >>> row = encode_practice(tokenizer, Practice("free", told))
    >>> tokenizer.decode([t for t in row.labels if t != IGNORED_LABEL])
    '<<1+2=<|im_end|>'
    """
    row = encode_conversation(tokenizer, conversation.messages)
    opened, equals, closed = (
        int(tokenizer.convert_tokens_to_ids(sign)) for sign in ("<", "=", ">")
    )
    labels, ids = list(row.labels), row.input_ids
    if opened not in ids:
        return row
    inside = filled = False
    for at, token in enumerate(ids):
        if labels[at] == IGNORED_LABEL:
            inside = filled = False
            continue
        if token == opened and ids[at - 1] == opened:
            inside = True
        elif inside and not filled and token == equals:
            filled = True
            continue
        if filled:
            labels[at] = IGNORED_LABEL
            if token == closed and ids[at - 1] == closed:
                inside = filled = False
    return EncodedConversation(ids, tuple(labels))


@cache
def _tokenizer() -> "PreTrainedTokenizerFast":
    return build_tokenizer()


def make_shard(level: str, seed: str, rows: int) -> Shard:
    """Return ``rows`` conversations of ``level`` that are short enough."""
    import numpy as np

    tokenizer = _tokenizer()
    encoded = (encode_practice(tokenizer, c) for c in conversations(level, seed))
    kept = list(islice((row for row in encoded if len(row.input_ids) <= LONGEST), rows))
    ids = np.concatenate([np.array(row.input_ids, dtype=np.uint16) for row in kept])
    labels = np.concatenate([np.array(row.labels, dtype=np.int64) for row in kept])
    ends = np.cumsum([len(row.input_ids) for row in kept], dtype=np.int64)
    return Shard(ids, labels != IGNORED_LABEL, ends)


def read_shard(path: Path) -> Shard:
    """Return a shard that was written."""
    import numpy as np

    with np.load(path, allow_pickle=False) as arrays:
        return Shard(arrays["ids"], arrays["learned"], arrays["ends"])


def shard_path(folder: Path, number: int) -> Path:
    """Return where shard ``number`` stands."""
    return folder / f"{number:06d}.npz"


@dataclass(frozen=True, slots=True)
class ShardPlan:
    """Which shards are written, in order."""

    seed: int
    levels: tuple[str, ...]  # of each shard
    rows: int  # conversations a shard


class ShardWriters:
    """Processes that write the shards of a plan into a folder, at most ``ahead`` unread ones.

    They are read in rising order; those below the highest one that was asked for are not written.
    """

    def __init__(self, plan: ShardPlan, folder: Path, processes: int, ahead: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        context = multiprocessing.get_context("spawn")
        self._read = context.Value("q", 0)
        self._children = [
            context.Process(
                target=_write_shards,
                args=(plan, folder, number, processes, self._read, ahead),
                daemon=True,
            )
            for number in range(processes)
        ]
        for child in self._children:
            child.start()

    def take(self, number: int) -> Shard:
        """Return shard ``number``; waits until it is written.

        Raises:
            RuntimeError: If a writer ended before it.
        """
        path = shard_path(self._folder, number)
        self._read.value = max(self._read.value, number)
        while not path.exists():
            if any(child.exitcode not in (None, 0) for child in self._children):
                raise RuntimeError(f"shard {number} was not written; its writer ended")
            time.sleep(0.01)
        return read_shard(path)

    def stop(self) -> None:
        """End the processes."""
        for child in self._children:
            child.kill()  # SIGTERM may be ignored, and what it leaves is a part that nobody reads
            child.join()


def _write_shards(
    plan: ShardPlan, folder: Path, first: int, every: int, read: "object", ahead: int
) -> None:
    import numpy as np

    for number in range(first, len(plan.levels), every):
        while number > read.value + ahead:  # type: ignore[attr-defined]
            time.sleep(0.05)
        path = shard_path(folder, number)
        if number < read.value or path.exists():  # type: ignore[attr-defined]
            continue  # of a phase that has ended, or written by an earlier run
        shard = make_shard(plan.levels[number], f"{plan.seed}:{number}", plan.rows)
        part = path.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as stream:
            np.savez(stream, ids=shard.ids, learned=shard.learned, ends=shard.ends)
        part.rename(path)
