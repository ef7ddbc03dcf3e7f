"""A training recipe: one YAML file, checked as a whole before anything is loaded."""

from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sft_assets.errors import SettingsError
from sft_assets.lineage.digests import digest_of
from sft_assets.train.recipes import recipe_text


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DataPart(_Part):
    """Which rows are learned, and in which portions."""

    max_tokens: Annotated[int, Field(ge=16, le=131072)]
    batch_rows: Annotated[int, Field(ge=1, le=4096)]
    accumulate: Annotated[int, Field(ge=1, le=4096)] = 1


class OptimizerPart(_Part):
    """How the weights move."""

    epochs: Annotated[int, Field(ge=1, le=100)] | None = None
    max_steps: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    learning_rate: Annotated[float, Field(gt=0, le=1)]
    warm_up_share: Annotated[float, Field(ge=0, lt=1)] = 0.05
    weight_decay: Annotated[float, Field(ge=0, le=1)] = 0.0
    max_grad_norm: Annotated[float, Field(gt=0)] = 1.0

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if (self.epochs is None) == (self.max_steps is None):
            raise ValueError("give either epochs or max_steps, not both")
        return self


class LoraPart(_Part):
    """Low-rank adapters (Hu et al. 2021, arXiv:2106.09685)."""

    rank: Annotated[int, Field(ge=1, le=1024)]
    alpha: Annotated[int, Field(ge=1, le=4096)]
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    target_modules: Annotated[tuple[str, ...], Field(min_length=1)]


class Recipe(_Part):
    """One training run."""

    method: Literal["lora", "full"]
    base_model: Annotated[str, Field(min_length=1)]
    base_revision: str | None = None
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)]
    threads: Annotated[int, Field(ge=1, le=1024)]
    precision: Literal["auto", "fp32", "bf16"]
    data: DataPart
    optimizer: OptimizerPart
    lora: LoraPart | None = None

    @model_validator(mode="after")
    def _lora_with_its_settings(self) -> Self:
        if (self.method == "lora") != (self.lora is not None):
            raise ValueError("a lora section belongs to method: lora, and to no other")
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
        return Recipe.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise SettingsError(f"recipe {name} is no YAML; expected 'key: value' lines") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'recipe'}: {fault['msg']}"
            for fault in error.errors()
        )
        raise SettingsError(
            f"recipe {name} is refused: {faults}. hint: compare with recipes/lora.yaml"
        ) from error


def _floats_as_text(value: object) -> object:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {key: _floats_as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_floats_as_text(item) for item in value]
    return value
