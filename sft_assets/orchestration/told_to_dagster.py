"""What Dagster is told about a version: figures, a look at a few rows, and how the gate went.

All of it is read back from the store, so a run in the UI, a run in a child process and a run of
the command line look alike. Rows are shown only of tables after redaction; ids, never values, of
rows that failed.
"""

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg
import polars as pl

from sft_assets.store.store import Version
from sft_assets.walk.step import Step

CHECK_NAME = "passes_its_gate"
VERSION_ID = "sft_assets/version_id"

SHOWN = frozenset(
    {
        "redacted_pages",
        "redactions",
        "financial_facts",
        "fact_quarantine",
        "prior_year_figures",
        "instruction_pairs",
        "augmented_pairs",
        "comparison_pairs",
        "review_queue",
        "reviewed_pairs",
        "deduplicated_pairs",
        "dropped_duplicates",
        "general_pairs",
        "dataset_splits",
        "sft_dataset",
    }
)  # tables whose rows may stand in the event log: nothing personal is left in them
PREVIEW_ROWS = 5
PREVIEW_CHARS = 80
PLOT_MAX_BYTES = 200_000  # an event is kept for ever; a bigger plot is named by its path
IDS_SHOWN = 10
IDS_IN_SHORT = 3

Metadata = dict[str, dg.MetadataValue[Any] | str | int]


@dataclass(frozen=True, slots=True)
class CheckTold:
    """The verdicts on one table, as one asset check."""

    passed: bool
    description: str
    metadata: Mapping[str, Any]


def names_of(step: Step) -> tuple[str, ...]:
    """Return the asset names of ``step``: its tables, or its own name when it writes only files."""
    return step.tables or (step.name,)


def metadata_of(step: Step, version: Version, name: str) -> Metadata:
    """Return what the UI shows of asset ``name`` as published in ``version``."""
    told: Metadata = {VERSION_ID: version.version_id}
    if name in step.tables:
        told["dagster/row_count"] = version.rows(name)
    if name == names_of(step)[0]:  # the ledger speaks of the step's first table
        told |= _ledger(version.counts)
        told |= _from_the_step(version)
    if name in SHOWN:
        told["rows"] = dg.MetadataValue.md(preview(version.read_table(name)))
    if version.folder.is_local:
        told["folder"] = dg.MetadataValue.path(version.folder.local_path(version.path))
    return told


def _ledger(counts: Mapping[str, Any]) -> Metadata:
    told: Metadata = {
        "counted": str(counts["unit"]),
        "rows_in": int(counts["rows_in"]),
        "rows_kept": int(counts["kept"]),
    }
    for fate in ("dropped", "quarantined"):
        told[f"rows_{fate}"] = sum(counts[fate].values())
        told |= {f"{fate}/{reason}": int(rows) for reason, rows in sorted(counts[fate].items())}
    return told


def _from_the_step(version: Version) -> Metadata:
    told: Metadata = {
        key: value if isinstance(value, int) else str(value)
        for key, value in sorted(version.metadata().items())
    }
    for name, plot in _read_plots(version):
        encoded = base64.b64encode(plot).decode("ascii")
        told[name] = dg.MetadataValue.md(f"![{name}](data:image/png;base64,{encoded})")
    return told


def _read_plots(version: Version) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the version's plots that are small enough for the event log."""
    for place in ("files", "measured"):
        for name in version.folder.names(f"{version.path}/{place}"):
            if name.endswith(".png"):
                content = version.folder.read_bytes(f"{version.path}/{place}/{name}")
                if len(content) <= PLOT_MAX_BYTES:
                    yield name, content


def preview(frame: pl.DataFrame) -> str:
    r"""Return the first rows as a Markdown table: lists and structs left out, long text cut.

    >>> print(preview(pl.DataFrame({"a": ["x|y"], "b": [[1]]})))
    | a |
    | --- |
    | x\|y |
    """
    flat = frame.select([name for name, kind in frame.schema.items() if not kind.is_nested()])
    return _markdown(flat.columns, flat.head(PREVIEW_ROWS).iter_rows())


def _markdown(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    header = list(columns)
    lines = [_line(header), _line(["---"] * len(header)), *map(_line, rows)]
    return "\n".join(lines)


def _line(cells: Iterable[object]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(value: object) -> str:
    text = " ".join(str("" if value is None else value).split())
    cut = text if len(text) <= PREVIEW_CHARS else text[: PREVIEW_CHARS - 1] + "…"
    return cut.replace("|", "\\|")


def check_of(name: str, verdicts: Iterable[Mapping[str, Any]]) -> CheckTold:
    """Return the verdicts on ``name`` as one check; it fails when any of them blocks."""
    own = [verdict for verdict in verdicts if verdict["table"] == name]
    blocking = [verdict for verdict in own if verdict["blocks"]]
    failed = [verdict for verdict in own if not verdict["passed"]]
    metadata: dict[str, Any] = {
        "rules": len(own),
        "rules_failed": len(failed),
        "rows_failed": sum(int(verdict["failing_rows"]) for verdict in failed),
    }
    if failed:
        metadata["failed_rules"] = "; ".join(_in_short(verdict) for verdict in failed)
        metadata["failed"] = dg.MetadataValue.md(_verdict_table(failed))
    named = ", ".join(str(verdict["rule"]) for verdict in blocking)
    description = (
        f"Not published; the last good version is still served. Failed: {named}"
        if blocking
        else f"{len(own)} rules, {len(failed)} with rows set aside or noted"
    )
    return CheckTold(not blocking, description, metadata)


def _in_short(verdict: Mapping[str, Any]) -> str:
    ids = ", ".join(verdict["failing_ids"][:IDS_IN_SHORT])
    return f"{verdict['rule']}: {verdict['failing_rows']} rows" + (f" ({ids})" if ids else "")


def _verdict_table(verdicts: Iterable[Mapping[str, Any]]) -> str:
    rows = (
        (
            verdict["rule"],
            verdict["severity"],
            "yes" if verdict["blocks"] else "no",
            verdict["failing_rows"],
            ", ".join(verdict["failing_ids"][:IDS_SHOWN]),
            verdict["detail"],
        )
        for verdict in verdicts
    )
    return _markdown(("rule", "severity", "blocks", "rows", "first ids", "detail"), rows)
