"""Settings of all steps: ``settings.yaml`` under the data root, defaults where it is silent."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from pydantic import ValidationError

from sft_assets.errors import SettingsError
from sft_assets.store.folders import Folder
from sft_assets.walk.setting_faults import describe_faults
from sft_assets.walk.step import Step, StepConfig

FILE_NAME = "settings.yaml"


class Settings:
    """What the operator wants otherwise than the defaults, by step name."""

    def __init__(self, by_step: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self._by_step = dict(by_step or {})

    @classmethod
    def load(cls, root: str, known: Sequence[Step] = ()) -> "Settings":
        """Return the settings of the data folder ``root``.

        Raises:
            SettingsError: If the file is no mapping of step to settings, or names a step that is
                not in ``known`` (when given).
        """
        folder = Folder(root)
        if not folder.exists(FILE_NAME):
            return cls()
        try:
            content = yaml.safe_load(folder.read_bytes(FILE_NAME)) or {}
        except yaml.YAMLError as error:
            raise SettingsError(f"{FILE_NAME} is not YAML: {error}") from error
        if not isinstance(content, dict) or not all(isinstance(v, dict) for v in content.values()):
            raise SettingsError(f"{FILE_NAME} is no mapping; expected '<step>: {{setting: value}}'")
        names = {step.name for step in known}
        unknown = sorted(set(content) - names) if known else []
        if unknown:
            raise SettingsError(
                f"{FILE_NAME} names {', '.join(unknown)}; expected steps. "
                f"hint: the steps are {', '.join(sorted(names))}"
            )
        settings = cls(content)
        for step in known:
            settings.of(step)
        return settings

    def of(self, step: Step) -> StepConfig:
        """Return the settings of ``step``.

        Raises:
            SettingsError: If a setting is unknown or has a wrong value.
        """
        try:
            return step.config.model_validate(self._by_step.get(step.name, {}))
        except ValidationError as error:
            faults = describe_faults(error, step.config)
            raise SettingsError(f"{step.name} in {FILE_NAME} is refused: {faults}") from error


def settings_as_plain(config: StepConfig) -> Any:
    """Return ``config`` in JSON types, floats as their shortest text, for a digest."""
    return _without_floats(config.model_dump(mode="json"))


def _without_floats(value: Any) -> Any:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {key: _without_floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_floats(item) for item in value]
    return value
