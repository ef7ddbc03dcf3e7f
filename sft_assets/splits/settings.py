"""Settings of the stage."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sft_assets.walk.step import StepConfig

DEFAULT_SEED = "sft_assets 365"  # divides the companies of the bundled sample over all three splits
Percent = Annotated[int, Field(ge=0, le=90)]


class GeneralSettings(StepConfig):
    """Where general instruction data comes from."""

    general_file: str | None = None
    """Your own JSONL (language, question, answer, source, licence), beside the bundled one."""
    made_tasks: Annotated[int, Field(ge=0, le=5000)] = 3000
    """Small tasks posed and solved by rule, beside the written ones."""


class SplitSettings(StepConfig):
    """How companies are divided and how much general data joins the training split."""

    by: Literal["company", "time"] = "company"
    """Held out are companies that training never saw, or the years after those it saw."""
    test_pct: Percent = 15
    """Percent of the companies (hash buckets) that are only ever tested on."""
    validation_pct: Percent = 15
    """Percent of the companies for choosing the best checkpoint."""
    seed: str = DEFAULT_SEED
    """Another text gives another division."""
    same_company: tuple[tuple[str, ...], ...] = ()
    """Company ids that are one issuer under different names; equal names are joined anyway."""
    fill_empty_splits: bool = False
    """For a small corpus: train on both of two companies, and of three or more move one into a
    split that the hash left empty. It may move again when others come; pinned, it never does."""
    test_from_year: Annotated[int, Field(ge=1990, le=2100)] | None = None
    """By time: reports of this fiscal year and later are test."""
    embargo_years: Annotated[int, Field(ge=0, le=5)] = 1
    """By time: so many years before the test years are in no split."""
    folds: Annotated[int, Field(ge=0, le=20)] = 0
    """Cross-validation: number the companies outside the test split from 0 to folds - 1."""
    pinned: dict[str, Literal["train", "validation", "test"]] = Field(default_factory=dict)
    """company_id -> split, where history must not change."""
    fewest_companies_a_language: Annotated[int, Field(ge=1)] = 1
    """Companies of a language with fewer are trained on only. Above 1 an old company can move when
    its language grows; pin what was trained."""
    general_pct: Annotated[int, Field(ge=0, le=50)] = 15
    """Percent of the training split that is general data (design: 10 to 20)."""
    near_duplicate: Annotated[Decimal, Field(gt=0, le=1)] = Decimal("0.8")
    """Jaccard index of question and context from which a training pair resembles a held-out one."""

    @model_validator(mode="after")
    def _training_is_left(self) -> Self:
        if self.test_pct + self.validation_pct > 90:
            raise ValueError("test_pct + validation_pct is above 90; expected some training")
        if self.by == "time" and self.test_from_year is None:
            raise ValueError("test_from_year is not set; expected the first year of the test split")
        return self
