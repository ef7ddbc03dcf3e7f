"""Assets of the ingest stage, made from its steps, and the sensor that feeds them."""

from sft_assets.ingest.inbox_entries import find_entries
from sft_assets.ingest.intake import take_in
from sft_assets.ingest.steps import STEPS
from sft_assets.orchestration.inbox_sensor import build_inbox_sensor
from sft_assets.orchestration.step_assets import assets_for

assets = [assets_for(step) for step in STEPS]

inbox = build_inbox_sensor(
    take_in, find_entries, report_asset="raw_reports", refusals_asset="rejected_files"
)
