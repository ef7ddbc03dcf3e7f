"""Settings of the stage."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sft_assets.walk.step import StepConfig

Percent = Annotated[int, Field(ge=0, le=90)]


class GeneralSettings(StepConfig):
    """Where general instruction data comes from."""

    general_file: str | None = None
    """Your own JSONL (language, question, answer, source, licence), beside the bundled one."""
    made_tasks: Annotated[int, Field(ge=0, le=5000)] = 600
    """Small tasks posed and solved by rule, beside the written ones."""


class SplitSettings(StepConfig):
    """How companies are divided and how much general data joins the training split."""

    test_pct: Percent = 15
    """Percent of the companies (hash buckets) that are only ever tested on."""
    validation_pct: Percent = 15
    """Percent of the companies for choosing the best checkpoint."""
    seed: str = ""
    """Another text gives another division."""
    pinned: dict[str, Literal["train", "validation", "test"]] = Field(default_factory=dict)
    """company_id -> split, where history must not change."""
    fewest_companies_a_language: Annotated[int, Field(ge=1)] = 3
    """Companies of a language with fewer are trained on only; as it grows, pin what was trained."""
    general_pct: Annotated[int, Field(ge=0, le=50)] = 15
    """Percent of the training split that is general data (design: 10 to 20)."""
    near_duplicate: Annotated[Decimal, Field(gt=0, le=1)] = Decimal("0.8")
    """Jaccard index of question and context from which a training pair resembles a held-out one."""

    @model_validator(mode="after")
    def _training_is_left(self) -> Self:
        if self.test_pct + self.validation_pct > 90:
            raise ValueError("test_pct + validation_pct is above 90; expected some training")
        return self
