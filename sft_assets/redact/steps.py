"""Wiring of ``redact``: pages without personal identifiers, and the log of what was masked."""

from collections import Counter, defaultdict
from collections.abc import Mapping

import polars as pl

from sft_assets.concepts.labels import has_cjk
from sft_assets.lineage.text_edits import Edit, apply_edits, edits_as_rows
from sft_assets.redact.cells import read_page_cells
from sft_assets.redact.detectors import find_identifiers
from sft_assets.redact.page_view import PageCells
from sft_assets.redact.surrogates import Surrogates, key_digest, read_key
from sft_assets.schemas.pages import PAGES, REDACTIONS
from sft_assets.walk.step import ExternalView, Grain, Inputs, Ledger, Step, StepResult


def redact(inputs: Inputs) -> StepResult:
    """Return every page of ``normalized_pages``, identifiers masked, and where they stood."""
    pages = inputs.table("normalized_pages")
    cells = _cells_by_page(inputs.table("extracted_cells"))
    surrogates = _surrogates_by_document(pages)
    redacted: list[dict[str, object]] = []
    log: list[dict[str, object]] = []
    by_kind: Counter[str] = Counter()
    for page in pages.sort("doc_id", "page_no").iter_rows(named=True):
        place = {"doc_id": page["doc_id"], "page_no": page["page_no"]}
        edits = redact_text(
            page["text"],
            cells.get((page["doc_id"], page["page_no"]), PageCells()),
            surrogates[page["doc_id"]],
        )
        by_kind.update(edit.rule for edit in edits)
        text = apply_edits(page["text"], edits)
        redacted.append(place | {"text": text, "edits": edits_as_rows(edits)})
        log += [
            place | {"start": e.start, "end": e.end, "kind": e.rule, "surrogate": e.replacement}
            for e in edits
        ]
    return StepResult(
        tables={
            "redacted_pages": pl.DataFrame(redacted, schema=PAGES),
            "redactions": pl.DataFrame(log, schema=REDACTIONS),
        },
        ledger=Ledger(unit="page", rows_in=pages.height, kept=len(redacted)),
        metadata={"pages": len(redacted), "redactions": len(log)}
        | {f"redacted_{kind}": by_kind[kind] for kind in sorted(by_kind)},
    )


def redact_text(text: str, cells: PageCells, surrogates: Surrogates) -> list[Edit]:
    """Return the edits that mask the identifiers of one page, in order; the rule is the kind."""
    return [
        Edit(found.start, found.end, surrogates.of(found.kind, found.value), found.kind)
        for found in find_identifiers(text, cells)
    ]


def _cells_by_page(cells: pl.DataFrame) -> dict[tuple[str, int], PageCells]:
    rows: dict[tuple[str, int], list[Mapping[str, object]]] = defaultdict(list)
    columns = ("doc_id", "page_no", "table_no", "row_no", "col_no", "text")
    for cell in cells.select(columns).iter_rows(named=True):
        rows[cell["doc_id"], cell["page_no"]].append(cell)
    return {page: read_page_cells(cells_of_page) for page, cells_of_page in rows.items()}


def _surrogates_by_document(pages: pl.DataFrame) -> dict[str, Surrogates]:
    """Return the surrogates of each document, worded in its language."""
    key = read_key()
    chinese: dict[str, bool] = {}
    for doc_id, text in pages.select("doc_id", "text").iter_rows():
        chinese[doc_id] = chinese.get(doc_id, False) or has_cjk(text)
    return {doc_id: Surrogates(key, chinese=zh) for doc_id, zh in chinese.items()}


def read_external(view: ExternalView, partition: str) -> Mapping[str, str]:  # noqa: ARG001
    """Return the digest of the redaction key: another key makes another version."""
    return {"redaction_key": key_digest(read_key())}


STEPS: tuple[Step, ...] = (
    Step(
        name="redact",
        stage="redact",
        grain=Grain.REPORT,
        tables=("redacted_pages", "redactions"),
        inputs=("normalized_pages", "extracted_cells"),
        code_version="1",
        description="Personal identifiers masked with surrogates, logged by place and kind only.",
        compute=redact,
        ledger_input="normalized_pages",
        external=read_external,
    ),
)
