"""The command line ``sft-assets``: JSON to stdout, words and progress to stderr."""

from sft_assets.cli.app import app

__all__ = ["app"]
