"""``extract`` and ``facts``: single PDFs through the same steps and gates, without a data root."""

import json
import multiprocessing
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from sft_assets.cli.earlier_report import changed_since, set_aside
from sft_assets.cli.facts_page import write_page
from sft_assets.cli.output import progress_bar, say, walk_progress
from sft_assets.errors import GateError, RejectedDocumentError, SettingsError
from sft_assets.facts.export import facts_as_records
from sft_assets.ingest.intake import list_report_keys, take_in
from sft_assets.stages import STEPS
from sft_assets.store.store import Store
from sft_assets.walk.run import Listener, ProgressEvent, StepLine, run_chain
from sft_assets.walk.settings import Settings
from sft_assets.walk.step import Grain, Step, order_steps

EXTRACTED = ("extracted_pages", "extracted_lines", "extracted_cells")


def extract_one(pdf: Path, out: Path) -> dict[str, Any]:
    """Write pages, lines and cells of ``pdf`` as Parquet below ``out`` and return their counts.

    Raises:
        RejectedDocumentError: If the document is refused.
        GateError: If the audit refuses what was read.
    """
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as root, walk_progress(1) as tell:
        key = _walk_one(pdf, root, "extract", tell)
        version = Store(root).require("extract", key)
        for name in EXTRACTED:
            (out / f"{name}.parquet").write_bytes(version.read_file(f"{name}.parquet"))
        return {"report": key, "out": str(out), "rows": {n: version.rows(n) for n in EXTRACTED}}


def facts_of(
    pdfs: Sequence[Path],
    out: Path | None,
    workers: int,
    page: Path | None = None,
    against: Path | None = None,
) -> dict[str, Any]:
    """Write the facts of all ``pdfs`` to the JSONL file ``out`` and return the counts.

    ``page`` is an HTML file that shows what was read of the only PDF; ``against`` is an earlier
    report of its company, and figures that changed since without a word are set aside.

    Raises:
        SettingsError: If there is nothing to write, a page for several PDFs, or ``against`` is no
            earlier report of the company.
    """
    if out is None and page is None:
        raise SettingsError("no output is named; expected --out or --html")
    for option, given in (("--html", page), ("--against", against)):
        if given is not None and len(pdfs) != 1:
            raise SettingsError(f"{option} is given for {len(pdfs)} PDFs; expected one")
    counts: Counter[str] = Counter()
    rejected: list[dict[str, str]] = []
    context = multiprocessing.get_context("spawn")
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
    with (
        ProcessPoolExecutor(workers, mp_context=context) as pool,
        (out or Path(os.devnull)).open("w", encoding="utf-8") as stream,
        progress_bar() as listen,
    ):
        read = pool.map(_facts_or_reason, pdfs, [page] * len(pdfs), [against] * len(pdfs))
        for position, (pdf, found) in enumerate(zip(pdfs, read, strict=True), start=1):
            listen(position, len(pdfs), pdf.name)
            if isinstance(found, str):
                rejected.append({"file": pdf.name, "error": found})
                say(f"{pdf.name}: {found}")
                continue
            counts.update(record["status"] for record in found)
            stream.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in found)
    places = {"out": str(out)} if out else {}
    places |= {"html": str(page)} if page and not rejected else {}
    return {**places, "facts": dict(sorted(counts.items())), "rejected": rejected}


def _facts_or_reason(
    pdf: Path, page: Path | None, against: Path | None
) -> list[dict[str, Any]] | str:
    try:
        with TemporaryDirectory() as root, TemporaryDirectory() as earlier:
            key = _walk_one(pdf, root, "facts")
            changed: frozenset[str] = frozenset()
            if against is not None:
                changed = changed_since(root, key, earlier, _walk_one(against, earlier, "facts"))
            if page is not None:
                write_page(pdf, root, key, page, changed)
            version = Store(root).require("facts", key)
            tables = [version.read_table(n) for n in ("financial_facts", "fact_quarantine")]
            return facts_as_records(set_aside(pl.concat(tables), changed))
    except (RejectedDocumentError, GateError) as error:
        return str(error)


def _tell_nobody(event: ProgressEvent | StepLine) -> None:
    del event


def _walk_one(pdf: Path, root: str, last: str, tell: Listener = _tell_nobody) -> str:
    """Take ``pdf`` in, run the report steps up to ``last`` and return the report key."""
    record = take_in(pdf, root)
    if record.status != "accepted":
        raise RejectedDocumentError(record.reason or "unreadable", record.detail or "")
    (key,) = list_report_keys(root)
    lines = run_chain(_steps_before(last), key, root=root, settings=Settings(), tell=tell)
    for line in lines:
        if line.error is not None:
            raise GateError(f"{line.step}: {line.error}")
    return key


def _steps_before(last: str) -> list[Step]:
    """Return ``last`` and the report steps that it needs, in order."""
    makers = {name: step for step in STEPS for name in step.tables or (step.name,)}
    wanted: set[str] = set()
    waiting = [next(step for step in STEPS if step.name == last)]
    while waiting:
        step = waiting.pop()
        if step.name not in wanted:
            wanted.add(step.name)
            waiting += [makers[name] for name in step.inputs]
    return [s for s in order_steps(STEPS) if s.name in wanted and s.grain is Grain.REPORT]
