"""What a pre-training run is made of: its phases, its lengths and its rates."""

import time
from dataclasses import dataclass
from typing import Final

from sft_assets.pretraining.shards import LOOKUPS, REPORTS


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of the curriculum."""

    until: float  # share of the run at which it ends
    batch_tokens: int  # padded tokens a step; small ones first, many steps are what starts copying
    levels: tuple[str, ...]  # of the shards that are read in turn


@dataclass(frozen=True, slots=True)
class PretrainPlan:
    """Settings of one pre-training run."""

    phases: tuple[Phase, ...]
    seed: int = 20
    steps: int = 20_000
    minutes: float | None = None  # ends the run, and paces its rates, by the clock instead
    shard_rows: int = 500
    shards: int = 20_000  # most that are written
    reread_after: int | None = None  # shards; each is then read a second time
    matrix_rate: float = 0.02  # Muon, for the matrices of the layers
    other_rate: float = 0.003  # AdamW, for embeddings and norms
    embeds: bool = True  # whether the embedding table learns, too
    warm_up_steps: int = 100
    decay_from: float = 0.5  # share of the run at full rate; then linearly down to 2 %
    score_every: int = 1000  # steps
    held_out: int = 300  # conversations that are scored
    save_seconds: int = 60
    writers: int = 1  # processes that write practice
    ahead: int = 8  # shards that are written before they are asked for
    threads: int = 1


CPU: Final = PretrainPlan(
    phases=(
        Phase(0.15, 2048, ("easy",)),
        Phase(0.40, 3072, ("easy", "middle", REPORTS)),
        Phase(1.00, 4096, (REPORTS,)),
    ),
    steps=16_000,
)
"""Two cores for some hours; weaker than what ships."""

GPU: Final = PretrainPlan(
    phases=(
        Phase(0.03, 16_384, ("easy",)),
        Phase(0.08, 16_384, ("easy", "middle", REPORTS)),
        Phase(0.60, 49_152, (REPORTS,)),
        Phase(1.00, 65_536, (REPORTS,)),
    ),
    steps=30_000,
    reread_after=600,
    writers=14,
    ahead=400,
)
"""What made the base that ships, on one H200."""


FURTHER: Final = PretrainPlan(
    phases=(
        Phase(0.10, 6144, (LOOKUPS,)),
        Phase(0.40, 6144, (LOOKUPS, REPORTS)),
        Phase(1.00, 8192, (REPORTS,)),
    ),
    seed=21,
    steps=2_500,
    matrix_rate=0.003,
    other_rate=0.0004,
    embeds=False,
    warm_up_steps=30,
    decay_from=0.1,
    score_every=200,
)
"""From weights that copy already, on two cores: which year's figure it is that is asked for.

The embeddings stay: in short runs the rare characters of names are only ever pushed down as what
was not the answer, and are then no longer copied.
"""


class RunClock:
    """How far the run is: by its steps, or by the minutes that it is given."""

    def __init__(self, plan: PretrainPlan) -> None:
        self._plan = plan
        self._started = time.monotonic()
        self.now = 0.0

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._started

    def progress(self, step: int) -> float:
        """Return the share of the run that is behind it after ``step`` steps."""
        if self._plan.minutes is None:
            self.now = step / self._plan.steps
        else:
            self.now = self.seconds / 60 / self._plan.minutes
        return self.now
