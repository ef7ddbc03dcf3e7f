"""Wiring of ``redact``: pages without personal identifiers, and the log of what was masked."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import polars as pl

from sft_assets.concepts.labels import has_cjk
from sft_assets.errors import RedactionError
from sft_assets.lineage.text_edits import Edit, apply_edits, edits_as_rows
from sft_assets.redact.cells import read_grids, read_page_cells
from sft_assets.redact.detectors import find_identifiers
from sft_assets.redact.page_view import PageCells
from sft_assets.redact.people import Grid, find_people
from sft_assets.redact.settings import RedactSettings, kinds_kept
from sft_assets.redact.surrogates import Surrogates, key_digest, read_key
from sft_assets.schemas.pages import PAGES, REDACTIONS
from sft_assets.walk.step import ExternalView, Grain, Inputs, Ledger, Step, StepResult


def redact(inputs: Inputs) -> StepResult:
    """Return every page of ``normalized_pages``, identifiers masked, and where they stood.

    Raises:
        RedactionError: If a page cannot be redacted; it names the place and never the text.
    """
    settings = inputs.config(RedactSettings)
    pages = inputs.table("normalized_pages")
    rows = _cell_rows_by_page(inputs.table("extracted_cells"))
    surrogates = _surrogates_by_document(pages)
    names = _names_by_document(pages, rows) if settings.names == "mask" else {}
    redacted: list[dict[str, object]] = []
    log: list[dict[str, object]] = []
    by_kind: Counter[str] = Counter()
    for page in pages.sort("doc_id", "page_no").iter_rows(named=True):
        place = {"doc_id": page["doc_id"], "page_no": page["page_no"]}
        cells = rows.get((page["doc_id"], page["page_no"]), [])
        with _without_text(page["doc_id"], page["page_no"]):
            edits = redact_text(
                page["text"],
                read_page_cells(cells),
                surrogates[page["doc_id"]],
                names=names.get(page["doc_id"], ()),
                kept=kinds_kept(settings, page["text"]),
            )
            text = apply_edits(page["text"], edits)
        by_kind.update(edit.rule for edit in edits)
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


@contextmanager
def _without_text(doc_id: str, page_no: int) -> Iterator[None]:
    """Replace any error by one that names the place only: messages may quote what was parsed."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - whatever it is, its text must not leave
        kind = type(error).__name__
        raise RedactionError(
            f"page {page_no} of document {doc_id} cannot be redacted ({kind})\n"
            "hint: the message is withheld, since it may quote the page; run the page by itself"
        ) from None


def redact_text(
    text: str,
    cells: PageCells,
    surrogates: Surrogates,
    *,
    names: Sequence[str] = (),
    kept: frozenset[str] = frozenset(),
) -> list[Edit]:
    """Return the edits that mask the identifiers of one page, in order; the rule is the kind."""
    return [
        Edit(found.start, found.end, surrogates.of(found.kind, found.value), found.kind)
        for found in find_identifiers(text, cells, names=names, kept=kept)
    ]


CellRows = dict[tuple[str, int], list[Mapping[str, object]]]


def _cell_rows_by_page(cells: pl.DataFrame) -> CellRows:
    rows: CellRows = defaultdict(list)
    columns = ("doc_id", "page_no", "table_no", "row_no", "col_no", "text")
    for cell in cells.select(columns).iter_rows(named=True):
        rows[cell["doc_id"], cell["page_no"]].append(cell)
    return rows


def _names_by_document(pages: pl.DataFrame, rows: CellRows) -> dict[str, list[str]]:
    """Return the names of the people of each document, sorted."""
    grids: dict[str, list[Grid]] = defaultdict(list)
    for (doc_id, _), cells in rows.items():
        grids[doc_id] += read_grids(cells)
    return {
        doc_id: sorted(find_people(of_document["text"], grids[doc_id]))
        for (doc_id,), of_document in pages.partition_by("doc_id", as_dict=True).items()
    }


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
        code_version="2",
        description="Personal identifiers masked with surrogates, logged by place and kind only.",
        compute=redact,
        config=RedactSettings,
        ledger_input="normalized_pages",
        external=read_external,
    ),
)
