"""Where does this answer come from? The chain from a pair to boxes on pages."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from sft_assets.audit.catalog import Catalog
from sft_assets.errors import NotPublishedError
from sft_assets.lineage.text_edits import OffsetMap, edits_from_rows
from sft_assets.pairs.source import pack

TEXT_STAGES = ("clean_pages", "normalized_pages", "redacted_pages")  # in the walk's order
Row = Mapping[str, Any]


def trace_answers(what: str, data_root: str, *, limit: int = 5) -> list[dict[str, Any]]:
    """Return the chains of the pairs that ``what`` names, best match first, at most ``limit``.

    ``what`` is a pair_id, a fact_id, a number as printed, or words of an answer. A number that is
    in no pair is looked for among the facts, the quarantined ones too.

    Raises:
        NotPublishedError: If the data root holds no facts at all.
    """
    catalog = Catalog(data_root)
    if not catalog.store.partitions("facts"):
        raise NotPublishedError(
            f"{data_root} has no published facts; expected some to trace. "
            "hint: name the folder of a walk with --data-root, or start one with sft-assets run"
        )
    pairs = _matching_pairs(catalog, what).head(limit)
    if pairs.height:
        return [_chain(catalog, row) for row in pairs.to_dicts()]
    facts = pl.concat([catalog.table("financial_facts"), catalog.table("fact_quarantine")])
    wanted = pack(what)
    found = facts.filter(
        (pl.col("fact_id") == what)
        | pl.col("value_printed").map_elements(lambda v: pack(v) == wanted, return_dtype=pl.Boolean)
    ).sort("fact_id")
    return [{"fact": _evidence(catalog, row)} for row in found.head(limit).to_dicts()]


def _matching_pairs(catalog: Catalog, what: str) -> pl.DataFrame:
    pairs = catalog.table("deduplicated_pairs").sort("pair_id")
    exact = pairs.filter(
        (pl.col("pair_id") == what)
        | pl.col("fact_ids").list.contains(what)
        | (pl.col("answer") == what)
    )
    if exact.height:
        return exact
    held = [_holds(answer, what) for answer in pairs["answer"].to_list()]
    return pairs.filter(pl.Series(held, dtype=pl.Boolean))


def _holds(answer: str, what: str) -> bool:
    """Tell whether ``answer`` holds ``what``; a number only as a whole number."""
    if not re.fullmatch(r"[\d,.]*\d", what):
        return what in answer
    return re.search(rf"(?<![\d.,]){re.escape(what)}(?![\d]|[,.]\d)", answer) is not None


def _chain(catalog: Catalog, pair: Row) -> dict[str, Any]:
    facts = catalog.facts_by_id(pair["fact_ids"])
    split = catalog.table("sft_dataset").filter(pl.col("pair_id") == pair["pair_id"])["split"]
    return {
        "pair_id": pair["pair_id"],
        "kind": pair["kind"],
        "report_key": pair["report_key"],
        "pages": pair["pages"],
        "question": pair["question"],
        "answer": pair["answer"],
        "program": pair["program"],
        "result": pair["result"],
        "parent_id": pair["parent_id"],
        "augmentation": pair["augmentation"],
        "worded_by": pair["template_id"],
        "released_in": split.to_list(),
        "facts": [
            {"operand": f"f{position}", **_evidence(catalog, facts[fact_id])}
            for position, fact_id in enumerate(pair["fact_ids"], start=1)
            if fact_id in facts
        ],
    }


def _evidence(catalog: Catalog, fact: Row) -> dict[str, Any]:
    """Return what a fact says and every place that it leads back to."""
    return {
        "fact_id": fact["fact_id"],
        "metric": fact["metric"],
        "label": fact["label"],
        "printed": fact["value_printed"],
        "value": format(fact["value"].normalize(), "f"),
        "unit": fact["unit"],
        "scale": fact["scale"],
        "currency": fact["currency"],
        "period": fact["period"],
        "basis": fact["basis"],
        "scope": fact["scope"],
        "statement": fact["statement"],
        "status": fact["status"],
        "reason": fact["reason"],
        "proofs": fact["proofs"],
        "document": {
            "doc_id": fact["doc_id"],
            "report_key": fact["report_key"],
            "file_names": catalog.file_names(fact["doc_id"]),
            "blob": catalog.store.blob_path(fact["doc_id"]),
        },
        "page_no": fact["page_no"],
        "page_label": fact["page_label"],
        "box": [fact["x0"], fact["top"], fact["x1"], fact["bottom"]],
        "cell": [fact["table_no"], fact["row_no"], fact["col_no"]],
        "text_spans": _text_spans(catalog, fact),
    }


def _text_spans(catalog: Catalog, fact: Row) -> list[dict[str, Any]]:
    """Return the spans of the lines that overlap the box, carried through every text stage."""
    key, doc_id, page_no = fact["report_key"], fact["doc_id"], fact["page_no"]
    on_page = (pl.col("doc_id") == doc_id) & (pl.col("page_no") == page_no)
    pages = {
        name: catalog.report_table(name, key).filter(on_page).to_dicts()
        for name in ("extracted_pages", *TEXT_STAGES)
    }
    if not all(pages.values()):
        return []  # a superseded version: its text is no longer the current one
    lines = catalog.report_table("extracted_lines", key).filter(
        on_page & (pl.col("top") < fact["bottom"]) & (pl.col("bottom") > fact["top"])
    )
    spans = []
    for line in lines.sort("line_no").to_dicts():
        inside = _chars_inside(line, fact)
        if inside:
            start, end = line["start"] + inside[0], line["start"] + inside[-1] + 1
            span = {"line_no": line["line_no"], "extracted_pages": [start, end]}
            spans.append(span | _carry(pages, start, end))
    return spans


def _chars_inside(line: Row, fact: Row) -> list[int]:
    boxes = zip(line["char_x0"], line["char_x1"], strict=True)
    return [n for n, (x0, x1) in enumerate(boxes) if x0 < fact["x1"] and x1 > fact["x0"]]


def _carry(pages: Mapping[str, Sequence[Row]], start: int, end: int) -> dict[str, Any]:
    """Return stage -> span for a span of the extracted text, and the text as it is used."""
    carried: dict[str, Any] = {}
    source = pages["extracted_pages"][0]["text"]
    for stage in TEXT_STAGES:
        page = pages[stage][0]
        offsets = OffsetMap.from_edits(len(source), edits_from_rows(page["edits"]))
        start, end = offsets.to_result(start, end)
        carried[stage] = [start, end]
        source = page["text"]
    return {**carried, "text": source[start:end]}
