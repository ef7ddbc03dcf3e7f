"""Assets of the dedup stage, made from its steps."""

from sft_assets.dedup.steps import STEPS
from sft_assets.orchestration.step_assets import assets_for

assets = [assets_for(step) for step in STEPS]
