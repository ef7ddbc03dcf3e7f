"""Settings of the stage."""

from typing import Annotated

from pydantic import Field

from sft_assets.walk.step import StepConfig

Share = Annotated[int, Field(ge=0, le=100)]


KIND_SHARES = {
    "lookup": 24,
    "growth": 12,
    "ratio": 16,
    "multi_part": 8,
    "unanswerable": 6,
    "wrong_year": 5,
    "wrong_unit": 4,
    "which_page": 5,
    "difference": 4,
    "summary": 3,
    "discussion": 4,
    "comparison": 2,
    "trend": 2,
    "ranking": 2,
    "advice": 2,
    "forward_looking": 2,
}


class ContextSettings(StepConfig):
    """How much of the report goes with a question."""

    context_max_chars: Annotated[int, Field(ge=80, le=20000)] = 320
    """Distractor rows are added while the context stays below; evidence is always in it."""
    context_max_tokens: Annotated[int, Field(ge=50, le=32000)] = 900
    """A pair whose evidence alone is longer (tokens, see token_budget) is dropped and counted."""
    distractors: Annotated[int, Field(ge=0, le=20)] = 2
    """At most so many rows of the same page that do not answer the question."""


class PairSettings(ContextSettings):
    """How many pairs a report gives, and of which kinds."""

    max_pairs_per_report: Annotated[int, Field(ge=1)] = 400
    """Cap over all kinds; what it cuts is counted in the ledger."""
    shares: dict[str, Share] = Field(default_factory=lambda: dict(KIND_SHARES))
    """Weights of the kinds under the cap; what one kind does not use goes to the others."""


class EndpointSettings(StepConfig):
    """A server that speaks OpenAI's chat protocol; its key is in SFT_ASSETS_ENDPOINT_KEY."""

    url: Annotated[str, Field(pattern=r"^https?://")]
    """Up to and with the version, for instance http://127.0.0.1:8000/v1."""
    model: Annotated[str, Field(min_length=1)]
    """Name of the model that the server is asked for."""
    share: Share = 10
    """Percent of a report's originals that it rewords, beside the paraphrases by rule."""
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 30.0
    """A reply that takes longer is none."""
    failures_in_a_row: Annotated[int, Field(ge=1, le=100)] = 3
    """After so many it is not asked again for this report."""


class AugmentationSettings(StepConfig):
    """How many variants are made, in percent of a report's original pairs."""

    paraphrase: Share = 15
    typo: Share = 8
    wider_context: Share = 8
    cot: Share = 12
    """Of all originals; only computed answers get one."""
    without_context: Share = 0
    """Questions without the passage, for models that are to know the reports by heart."""
    negative: Share = 7
    """Of originals and variants together: wrong answers to be judged (design: 5 to 10)."""
    confirmed: Share = 3
    """Right answers to be judged, so that "wrong" is not always the verdict."""
    endpoint: EndpointSettings | None = None
    """Paraphrases by a model as well; what it says is taken only if all numbers and names stay."""
    wider_max_chars: Annotated[int, Field(ge=100, le=50000)] = 600
    """Length of the widened context."""


class ComparisonSettings(StepConfig):
    """Which companies and metrics are compared."""

    metrics: tuple[str, ...] = (
        "revenue",
        "net_sales",
        "total_revenue",
        "net_profit_attributable_to_parent",
        "net_profit",
        "net_cash_from_operating",
        "total_assets",
        "rd_expenses",
    )
    """Concept ids, each compared by itself: unlike terms never share a table."""
    max_pairs: Annotated[int, Field(ge=0)] = 300
    """Cap over the corpus; trends of one company come first, the rest by digest."""
    max_companies: Annotated[int, Field(ge=2, le=10)] = 3
    """Companies in one table."""
    max_groups: Annotated[int, Field(ge=1)] = 200
    """Groups of companies considered for a metric; more are drawn by digest."""
    max_years: Annotated[int, Field(ge=1, le=10)] = 3
    """Years in one table, the newest that all companies state."""
