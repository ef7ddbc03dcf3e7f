"""Settings of the stage."""

from typing import Annotated, Literal

from pydantic import Field

from sft_assets.release.rows import ReasoningForm, ReasoningMode
from sft_assets.walk.step import StepConfig

FormatName = Literal[
    "alpaca",
    "sharegpt",
    "openai_messages",
    "prompt_completion",
    "preference",
    "preference_messages",
    "cot",
]
ALL_FORMATS: tuple[FormatName, ...] = (
    "openai_messages",
    "alpaca",
    "sharegpt",
    "prompt_completion",
    "preference",
    "preference_messages",
    "cot",
)
SHARE_LIMITS = {
    "negative_pct": (5, 10),
    "cot_pct": (5, 40),
    "refusal_pct": (5, 40),
    "general_pct": (10, 20),
}


class ReleaseSettings(StepConfig):
    """How the files are written."""

    formats: tuple[FormatName, ...] = ALL_FORMATS
    """Notations to write; trainers differ in which they read."""
    system_prompt_zh: str = "你是年报分析助手。只根据给定的年报摘录回答，数字照抄原文并注明页码。"
    """System message of Chinese rows; empty for none."""
    system_prompt_en: str = (
        "You are an annual report analyst. Answer from the given passages only; "
        "copy numbers exactly and cite the page."
    )
    """System message of English rows; empty for none."""
    system_prompt_general: str = ""
    """System message of general rows."""
    reasoning: ReasoningMode = "always"
    """Calculation before every computed answer (always), only where asked, or never."""
    reasoning_form: ReasoningForm = "plain"
    """Steps stand before the answer as they are, or in <think> tags."""
    share_limits: dict[str, tuple[int, int]] = Field(default_factory=lambda: dict(SHARE_LIMITS))
    """Least and greatest percent: negative, cot and refusal of rows about reports, general of
    training. A release above them is refused, one below says so (from 200 rows about reports)."""
    refuse_low_shares: bool = False
    """Refuse a release that is below them, too."""
    fewest_validation_rows: Annotated[int, Field(ge=0)] = 100
    """With fewer, and ten times as many for training, the release is told so."""
    cut_off_tokens: Annotated[int, Field(ge=32)] = 1024
    """Longer rows are listed in the quality report; none is cut. A recipe's ``max_tokens``."""
    tokenizer_folder: str | None = None
    """Folder of the base model by whose tokenizer rows are measured; the bundled one's if unset."""
    industries: dict[str, str] = Field(default_factory=dict)
    """company_id -> industry, for the quality report; without, the form of its statements tells."""
    critiques: bool = True
    """Include rows that show a wrong answer to be judged."""
    general_repeats: Annotated[int, Field(ge=1, le=10)] = 1
    """How often each general row is written into training (more than once for a small pool)."""
