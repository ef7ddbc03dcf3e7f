"""``python -m sft_assets.cli``: the same as ``sft-assets``."""

from sft_assets.cli.app import app

app()
