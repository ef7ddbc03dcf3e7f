"""Settings of the stage."""

from typing import Annotated, Literal

from pydantic import Field

from sft_assets.walk.step import StepConfig


class EvalSettings(StepConfig):
    """Which rows are asked, and how the models answer. Both models get the same."""

    split: Literal["test", "validation"] = "test"
    """Rows of companies that training never saw."""
    max_rows: Annotated[int, Field(ge=1)] = 80
    """At most so many rows, drawn by the digest of their ids; the rest is counted."""
    max_prompt_tokens: Annotated[int, Field(ge=16)] = 1024
    """Longer questions are left out and counted."""
    max_new_tokens: Annotated[int, Field(ge=1, le=8192)] = 400
    """An answer is cut off after so many tokens."""
    batch_rows: Annotated[int, Field(ge=1)] = 60
    """Questions answered at the same time."""
    printed_numbers_only: bool = False
    """Each number of an answer must be one of the prompt's or the calculator's; which one is the
    model's choice. For tokenizers that spell digits one by one. Off: numbers are spelled freely."""
    refusal_margin_pct: Annotated[int, Field(ge=0, le=100)] = 5
    """By so many points may the share of rightly refused questions fall before the model is not
    promoted."""
    latency_rows: Annotated[int, Field(ge=1)] = 10
    """Questions answered one by one to measure how long one answer takes."""
    threads: Annotated[int, Field(ge=1, le=1024)] = 1
    """CPU threads; a setting because the last digits of a sum depend on it."""
    seed: Annotated[int, Field(ge=0)] = 1
    """Start of the resampling behind the intervals."""
