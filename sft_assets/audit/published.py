"""The published bytes of a data folder as digests: two folders are equal when these are."""

from sft_assets.lineage.digests import sha256_of_bytes
from sft_assets.store.store import Store


def published_digests(data_root: str) -> dict[str, str]:
    """Return ``step/partition/file`` -> SHA-256 of every file that readers can reach.

    Each file is read and compared with its manifest on the way. Measurements (seconds and their
    plots) differ from run to run and are left out, as they are from the manifest.

    Raises:
        StoreError: If a file is missing, damaged or half-written.
    """
    store = Store(data_root)
    digests: dict[str, str] = {}
    for step in store.steps():
        for key in store.partitions(step):
            version = store.require(step, key)
            digests[f"{step}/{key}/version"] = version.version_id
            for name in sorted(version.manifest["files"]):
                digests[f"{step}/{key}/{name}"] = sha256_of_bytes(version.read_file(name))
    return digests
