"""``review``: verdicts of reviewers taken into the data folder."""

import json
from pathlib import Path
from typing import Any

from sft_assets.review.label_studio import verdicts_from_label_studio
from sft_assets.review.verdicts import VERDICTS_PATH, parse_verdicts
from sft_assets.store.folders import Folder


def import_verdicts(export: Path, data_root: str) -> dict[str, Any]:
    """Add the verdicts of a Label Studio export to those below ``data_root``.

    The same export taken in twice adds nothing the second time. The file is replaced in one step.

    Raises:
        SettingsError: If the export, or the file that is there, holds what is no verdict.
    """
    folder = Folder(data_root)
    known = folder.read_bytes(VERDICTS_PATH).decode() if folder.exists(VERDICTS_PATH) else ""
    lines = [line for line in known.split("\n") if line.strip()]
    rows = verdicts_from_label_studio(export.read_text(encoding="utf-8"))
    new = [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows]
    added = [line for line in dict.fromkeys(new) if line not in lines]
    text = "".join(f"{line}\n" for line in [*lines, *added])
    verdicts = parse_verdicts(text)
    folder.replace(VERDICTS_PATH, text.encode())
    return {"verdicts": len(verdicts), "added": len(added), "file": VERDICTS_PATH}
