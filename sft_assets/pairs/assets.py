"""Assets of the pairs stage, made from its steps."""

from sft_assets.orchestration.step_assets import assets_for
from sft_assets.pairs.steps import STEPS

assets = [assets_for(step) for step in STEPS]
