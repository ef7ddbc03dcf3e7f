"""Read facts out of a folder of extracted tables, without a store: a look at what this stage finds.

``python -m sft_assets.facts.dump EXTRACT_DIR OUT.jsonl FISCAL_YEAR PERIOD_END LANGUAGE [EXCHANGE]``
"""

import json
import sys
from pathlib import Path

import polars as pl

from sft_assets.errors import SettingsError
from sft_assets.facts.build import FactsResult, build_facts
from sft_assets.facts.export import facts_as_records


def dump(extract_dir: Path, out: Path, report: dict[str, object]) -> FactsResult:
    """Write the facts, quarantined ones included, of extracted tables to ``out`` as JSON lines."""
    pages, lines, cells = (
        pl.read_parquet(extract_dir / f"extracted_{name}.parquet")
        for name in ("pages", "lines", "cells")
    )
    result = build_facts(report, pages, lines, cells)
    records = facts_as_records(pl.concat([result.facts, result.quarantine]))
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    out.write_text(text, encoding="utf-8")
    return result


def report_row(
    extract_dir: Path, fiscal_year: int, period_end: str, language: str, exchange: str | None
) -> dict[str, object]:
    """Return what ``build_facts`` reads of a row of ``raw_reports``."""
    pages = pl.read_parquet(extract_dir / "extracted_pages.parquet")
    return {
        "report_key": extract_dir.name,
        "doc_id": pages["doc_id"][0],
        "company": extract_dir.name,
        "company_id": extract_dir.name,
        "fiscal_year": fiscal_year,
        "period_end": period_end,
        "language": language,
        "exchange": exchange,
    }


def main(arguments: list[str]) -> None:
    """Run the command of the module's docstring."""
    if len(arguments) not in {5, 6}:
        raise SettingsError(
            "arguments are wrong; "
            "expected EXTRACT_DIR OUT.jsonl FISCAL_YEAR PERIOD_END LANGUAGE [EXCHANGE]"
        )
    folder, out = Path(arguments[0]), Path(arguments[1])
    exchange = arguments[5] if len(arguments) == 6 else None
    row = report_row(folder, int(arguments[2]), arguments[3], arguments[4], exchange)
    result = dump(folder, out, row)
    sys.stdout.write(
        json.dumps(
            {
                "facts": result.facts.height,
                "quarantined": result.quarantine.height,
                "cells": result.cells_in,
                "kept": result.cells_kept,
                "dropped": dict(result.cells_dropped),
                "set_aside": dict(result.cells_quarantined),
            }
        )
        + "\n"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
