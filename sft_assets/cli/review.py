"""``review`` and ``doubts``: what people and models say, taken into the data folder."""

import json
from pathlib import Path
from typing import Any

from sft_assets.errors import SettingsError
from sft_assets.review.doubts import DOUBTS_PATH, doubted_pairs, doubts_text
from sft_assets.review.label_studio import verdicts_from_label_studio
from sft_assets.review.verdicts import VERDICTS_PATH, parse_verdicts
from sft_assets.store.folders import Folder
from sft_assets.store.locks import hold_lock
from sft_assets.store.store import Store

LOCK_WAIT_SECONDS = 60.0


def import_verdicts(export: Path, data_root: str) -> dict[str, Any]:
    """Add the verdicts of a Label Studio export to those below ``data_root``.

    The same export taken in twice adds nothing the second time. The file is replaced in one step,
    and two imports at a time wait for each other.

    Raises:
        SettingsError: If the export, or the file that is there, holds what is no verdict.
    """
    folder = Folder(data_root)
    rows = verdicts_from_label_studio(export.read_text(encoding="utf-8"))
    new = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows]
    lock = Store(data_root).lock_path("review", "verdicts")
    with hold_lock(lock, wait_seconds=LOCK_WAIT_SECONDS):
        known = folder.read_bytes(VERDICTS_PATH).decode() if folder.exists(VERDICTS_PATH) else ""
        lines = [line for line in known.split("\n") if line.strip()]
        added = [line for line in dict.fromkeys(new) if line not in lines]
        text = "".join(f"{line}\n" for line in [*lines, *added])
        verdicts = parse_verdicts(text)
        folder.replace(VERDICTS_PATH, text.encode())
    return {"verdicts": len(verdicts), "added": len(added), "file": VERDICTS_PATH}


def import_doubts(recipe: str, data_root: str) -> dict[str, Any]:
    """Write which pairs the tuned model of ``recipe`` was not sure of, in place of those before.

    Raises:
        SettingsError: If the recipe has no published evaluation.
    """
    version = Store(data_root).current("eval_report", recipe)
    if version is None:
        raise SettingsError(
            f"evaluation of {recipe} is not published; expected one\n"
            f"hint: sft-assets evaluate --recipe {recipe} --data-root {data_root}"
        )
    text = version.read_file("files/predictions.jsonl").decode("utf-8")
    predictions = [json.loads(line) for line in text.split("\n") if line]
    doubted = doubted_pairs(predictions)
    Folder(data_root).replace(DOUBTS_PATH, doubts_text(doubted).encode())
    return {"answers": len(predictions), "doubted": len(doubted), "file": DOUBTS_PATH}
