"""Extract one PDF into three Parquet files, without a store: a look at what this stage finds."""

import sys
from pathlib import Path

from sft_assets.errors import SettingsError
from sft_assets.extract.report_reading import ExtractConfig, read_report
from sft_assets.lineage.digests import sha256_of_file


def dump(pdf: Path, out_dir: Path, config: ExtractConfig | None = None) -> dict[str, int]:
    """Write the three tables of ``pdf`` to ``out_dir`` and return the rows of each."""
    found = read_report(pdf, sha256_of_file(pdf), None, config or ExtractConfig())
    out_dir.mkdir(parents=True, exist_ok=True)
    for name, table in found.tables.items():
        table.write_parquet(out_dir / f"{name}.parquet")
    return {name: table.height for name, table in found.tables.items()}


def main(arguments: list[str]) -> None:
    """Run ``python -m sft_assets.extract.dump PDF OUT_DIR``."""
    if len(arguments) != 2:
        raise SettingsError("arguments are wrong; expected PDF OUT_DIR")
    for name, rows in dump(Path(arguments[0]), Path(arguments[1])).items():
        sys.stdout.write(f"{name}: {rows} rows\n")


if __name__ == "__main__":
    main(sys.argv[1:])
