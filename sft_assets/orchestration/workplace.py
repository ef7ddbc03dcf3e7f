"""The two folders that Dagster works in: where data is published, and where reports arrive."""

import os
from collections.abc import Mapping
from pathlib import Path

import dagster as dg

from sft_assets.store.store import Store

REPO_ROOT = Path(__file__).resolve().parents[2]


class Workplace(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Data root (a folder or an fsspec URL) and inbox folder."""

    data_root: str
    inbox: str

    def store(self) -> Store:
        """Return the store of published versions."""
        return Store(self.data_root)


def workplace_of(environment: Mapping[str, str] = os.environ) -> Workplace:
    """Return the folders named by ``SFT_ASSETS_DATA_ROOT`` and ``SFT_ASSETS_INBOX``.

    Without them: ``data`` and ``inbox`` beside DAGSTER_HOME, or in the checkout when there is none.
    Never relative to the working directory, which differs between the daemon and a shell.
    """
    home = environment.get("DAGSTER_HOME")
    base = Path(home).resolve().parent if home else REPO_ROOT
    return Workplace(
        data_root=environment.get("SFT_ASSETS_DATA_ROOT") or str(base / "data"),
        inbox=environment.get("SFT_ASSETS_INBOX") or str(base / "inbox"),
    )
