"""A training recipe: one YAML file, checked as a whole before anything is loaded."""

from pathlib import Path
from typing import Annotated, Literal, Self, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sft_assets.errors import SettingsError
from sft_assets.lineage.digests import digest_of
from sft_assets.train.recipe_rules import find_faults
from sft_assets.train.recipes import FOLDER, recipe_text
from sft_assets.walk.setting_faults import describe_faults

Method = Literal["full", "lora", "qlora", "adalora", "prefix", "adapter"]
Modules = Annotated[tuple[str, ...], Field(min_length=1)]
Share = Annotated[float, Field(ge=0, lt=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DataPart(_Part):
    """Which rows are learned, and in which portions."""

    max_tokens: Annotated[int, Field(ge=16, le=131072)] | Literal["auto"]
    min_tokens: Annotated[int, Field(ge=1)] = 1
    batch_rows: Annotated[int, Field(ge=1, le=4096)]
    accumulate: Annotated[int, Field(ge=1, le=4096)] = 1
    learn: Literal["answers", "all"] = "answers"
    packing: Literal["none", "isolated", "joined"] = "none"

    @property
    def rows_a_step(self) -> int:
        """Rows of one step, on all ranks together."""
        return self.batch_rows * self.accumulate


class OptimizerPart(_Part):
    """How the weights move."""

    epochs: Annotated[int, Field(ge=1, le=100)] | None = None
    max_steps: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    learning_rate: Annotated[float, Field(gt=0, le=1)] | Literal["auto"]
    warm_up_share: Share = 0.05
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 0.0
    max_grad_norm: Annotated[float, Field(gt=0)] = 1.0
    label_smoothing: Share = 0.0
    layer_decay: Annotated[float, Field(gt=0, le=1)] = 1.0

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if (self.epochs is None) == (self.max_steps is None):
            raise ValueError("give either epochs or max_steps, not both")
        return self


class LoraPart(_Part):
    """Low-rank adapters (Hu et al. 2021, arXiv:2106.09685)."""

    rank: Annotated[int, Field(ge=1, le=1024)]
    alpha: Annotated[int, Field(ge=1, le=4096)]
    dropout: Share = 0.0
    target_modules: Modules


class AdaloraPart(_Part):
    """Low-rank adapters whose ranks are shared out by importance (arXiv:2303.10512)."""

    start_rank: Annotated[int, Field(ge=1, le=1024)]
    rank: Annotated[int, Field(ge=1, le=1024)]
    alpha: Annotated[int, Field(ge=1, le=4096)]
    dropout: Share = 0.0
    warm_up_steps_share: Share = 0.1
    final_steps_share: Share = 0.3
    orthogonality: Annotated[float, Field(ge=0)] = 0.5
    target_modules: Modules

    @model_validator(mode="after")
    def _ranks_fall(self) -> Self:
        if self.rank > self.start_rank:
            raise ValueError("rank is what is left of start_rank; give a smaller one")
        if self.warm_up_steps_share + self.final_steps_share >= 1:
            raise ValueError("warm_up_steps_share and final_steps_share leave no steps between")
        return self


class QuantizationPart(_Part):
    """How the frozen base is stored (Dettmers et al. 2023, arXiv:2305.14314)."""

    kind: Literal["nf4"] = "nf4"
    double: bool = True


class PrefixPart(_Part):
    """Learned keys and values before every text (Li and Liang 2021, arXiv:2101.00190)."""

    tokens: Annotated[int, Field(ge=1, le=4096)]


class AdapterPart(_Part):
    """Bottlenecks after attention and feed-forward (Houlsby et al. 2019, arXiv:1902.00751)."""

    width: Annotated[int, Field(ge=1, le=65536)]


class ForgettingPart(_Part):
    """A pull back to the base: ``l2``, or ``ewc`` weighed by Fisher information."""

    method: Literal["none", "l2", "ewc"] = "none"
    strength: Annotated[float, Field(ge=0)] = 0.0
    fisher_rows: Annotated[int, Field(ge=1)] = 64


class ValidationPart(_Part):
    """How the held-out rows are watched."""

    rows: Annotated[int, Field(ge=0, le=100_000)] = 64
    every_steps: Annotated[int, Field(ge=1)] | None = None
    patience: Annotated[int, Field(ge=1)] | None = None


class CheckpointsPart(_Part):
    """How often a state is saved that a killed training goes on from."""

    every_steps: Annotated[int, Field(ge=1)] | None = 100
    keep: Annotated[int, Field(ge=1, le=100)] = 2


class ScalePart(_Part):
    """How many processes train together, and what they share out among them (DeepSpeed ZeRO)."""

    ranks: Annotated[int, Field(ge=1, le=1024)] = 1
    zero: Annotated[int, Field(ge=0, le=3)] | None = None
    offload: bool = False


class TeacherPart(_Part):
    """Whose answers are learned instead of the data set's: of a file, or of a model."""

    answers: str | None = None
    model: str | None = None
    max_new_tokens: Annotated[int, Field(ge=1, le=4096)] = 160

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.answers is None) == (self.model is None):
            raise ValueError("give either answers (a JSONL file) or model (a folder), not both")
        return self


class Recipe(_Part):
    """One training run."""

    method: Method
    base_model: Annotated[str, Field(min_length=1)]
    base_revision: str | None = None
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)]
    threads: Annotated[int, Field(ge=1, le=1024)]
    precision: Literal["auto", "fp32", "bf16", "fp16"]
    gradient_checkpointing: bool = False
    merge: Literal["auto", "always"] = "auto"
    data: DataPart
    optimizer: OptimizerPart
    lora: LoraPart | None = None
    adalora: AdaloraPart | None = None
    quantization: QuantizationPart | None = None
    prefix: PrefixPart | None = None
    adapter: AdapterPart | None = None
    teacher: TeacherPart | None = None
    forgetting: ForgettingPart = ForgettingPart()
    validation: ValidationPart = ValidationPart()
    checkpoints: CheckpointsPart = CheckpointsPart()
    scale: ScalePart = ScalePart()
    trackers: tuple[Literal["tensorboard", "mlflow"], ...] = ()

    @model_validator(mode="after")
    def _parts_go_together(self) -> Self:
        if faults := find_faults(self):
            raise ValueError("; ".join(faults))
        return self

    @property
    def digest(self) -> str:
        """Identity of the run's settings; comments and order of the file do not count."""
        plain = self.model_dump(mode="json")
        return digest_of("recipe", _floats_as_text(plain))


def load_recipe(name: str, root: str) -> Recipe:
    """Return the recipe called ``name``.

    Raises:
        SettingsError: If there is none, or a value of it cannot work; all faults are named at once.
    """
    return parse_recipe(recipe_text(name, root), name)


def parse_recipe(text: str, name: str) -> Recipe:
    """Return the recipe written in ``text``; raises as ``load_recipe`` does."""
    try:
        written = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark else ""
        raise SettingsError(
            f"recipe {name} is no YAML{where}; expected 'key: value' lines. "
            f"hint: compare with {_example(None)}"
        ) from error
    try:
        return Recipe.model_validate(written)
    except ValidationError as error:
        raise SettingsError(
            f"recipe {name} is refused: {describe_faults(error, Recipe)}. "
            f"hint: {_example(written)} explains each value"
        ) from error


def _example(written: object) -> Path:
    """Return the shipped recipe of the method that was written; of the usual one without."""
    method = written.get("method") if isinstance(written, dict) else None
    return FOLDER / f"{method if method in get_args(Method) else 'lora'}.yaml"


def _floats_as_text(value: object) -> object:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {key: _floats_as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_floats_as_text(item) for item in value]
    return value
