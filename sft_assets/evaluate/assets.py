"""Assets of the evaluate stage, made from its steps."""

from sft_assets.evaluate.steps import STEPS
from sft_assets.orchestration.step_assets import assets_for

assets = [assets_for(step) for step in STEPS]
