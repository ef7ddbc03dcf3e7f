"""Assets of the release stage, made from its steps."""

from sft_assets.orchestration.step_assets import assets_for
from sft_assets.release.steps import STEPS

assets = [assets_for(step) for step in STEPS]
