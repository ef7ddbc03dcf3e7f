"""Which shards a run reads, and the padded batches that it makes of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from sft_assets.pretraining.plans import PretrainPlan, RunClock
from sft_assets.pretraining.shards import ShardWriters

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    Row = tuple[NDArray[np.uint16], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class ShardOrder:
    """Which level each shard has, and which phase it is read for."""

    levels: tuple[str, ...]
    of_phase: tuple[tuple[int, ...], ...]  # numbers of the shards of each phase


def shard_order(plan: PretrainPlan) -> ShardOrder:
    """Return the shards: as many a phase as it could read, were it the whole run.

    A phase that ends by the clock leaves its other shards unwritten.
    """
    levels: list[str] = []
    of_phase: list[tuple[int, ...]] = []
    share = max(1, plan.shards // len(plan.phases))
    for phase in plan.phases:
        own = [phase.levels[n % len(phase.levels)] for n in range(share)]
        of_phase.append(tuple(range(len(levels), len(levels) + share)))
        levels += own
    return ShardOrder(tuple(levels), tuple(of_phase))


def read_batches(
    plan: PretrainPlan, order: ShardOrder, writers: ShardWriters, clock: RunClock, pad: int
) -> Iterator[tuple["torch.Tensor", "torch.Tensor", "torch.Tensor"]]:
    """Yield padded batches of similar lengths: ids, places of the learned tokens, these tokens."""
    for phase_no, phase in enumerate(plan.phases):
        pool: list[Row] = []
        for number in _read_twice(order.of_phase[phase_no], plan.reread_after):
            random = Random(f"{plan.seed}:{number}")  # noqa: S311
            pool += writers.take(number).rows()
            if sum(len(ids) for ids, _ in pool) < 8 * phase.batch_tokens:
                continue
            batches = _cut(sorted(pool, key=lambda row: len(row[0])), phase.batch_tokens)
            pool = []
            random.shuffle(batches)
            for batch in batches:
                yield _tensors(batch, pad)
            if clock.now >= phase.until:
                break


def _read_twice(numbers: Sequence[int], after: int | None) -> Iterator[int]:
    for at, number in enumerate(numbers):
        yield number
        if after is not None and at >= after:
            yield numbers[at - after]


def _cut(pool: Sequence["Row"], tokens: int) -> list[list["Row"]]:
    """Cut a pool that is sorted by length into batches of at most ``tokens`` padded tokens."""
    batches: list[list[Row]] = [[]]
    for row in pool:
        if batches[-1] and len(row[0]) * (len(batches[-1]) + 1) > tokens:
            batches.append([])
        batches[-1].append(row)
    return batches


def _tensors(
    batch: Sequence["Row"], pad: int
) -> tuple["torch.Tensor", "torch.Tensor", "torch.Tensor"]:
    import numpy as np
    import torch

    width = -(-max(len(ids) for ids, _ in batch) // 16) * 16
    ids = np.full((len(batch), width), pad, dtype=np.int64)
    learned = np.zeros((len(batch), width), dtype=bool)
    for at, (own, mask) in enumerate(batch):
        ids[at, : len(own)] = own
        learned[at, : len(own)] = mask
    learned[:, 0] = False
    places = np.flatnonzero(learned)
    return (
        torch.from_numpy(ids),
        torch.from_numpy(places - 1),  # the state before a token predicts it
        torch.from_numpy(ids.reshape(-1)[places]),
    )
