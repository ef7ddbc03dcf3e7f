"""Derive every number of the released answers again, from the PDFs up.

For each released pair: its facts are there; each fact's box, read again from the PDF with the
recorded hash, holds the printed text; the printed text is the fact's value; the program yields
the recorded result; the answer holds that result and no number that nothing supports.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sft_assets.audit.catalog import Catalog
from sft_assets.errors import RejectedDocumentError
from sft_assets.extract.boxes import read_boxes
from sft_assets.extract.report_reading import ExtractConfig
from sft_assets.numbers import AmountError, find_amounts, parse_amount
from sft_assets.pairs.source import pack
from sft_assets.pairs.support import unsupported_numbers
from sft_assets.programs import (
    ProgramRefusedError,
    ProgramSyntaxError,
    derived_numbers,
    operand_from_row,
    rederive,
)
from sft_assets.stages import STEPS
from sft_assets.walk.inputs import fetch_blob
from sft_assets.walk.settings import Settings

QUOTE = re.compile("“([^”]+)”")
MAX_LISTED = 50  # failing rows that the report lists; the counts are exact
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold."""

    pair_id: str | None  # None: of a file of the release
    rule: str
    place: str  # fact_id, page, file ...: where to look


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What was checked and what does not hold."""

    pairs: int
    general_pairs: int  # not about a report; nothing to derive
    facts: int
    boxes: int
    documents: int
    numbers: int  # numbers in answers that were derived again
    findings: tuple[Finding, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """True when something was checked and all of it holds."""
        return self.pairs > 0 and not self.findings

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON types."""
        bad = {finding.pair_id for finding in self.findings if finding.pair_id}
        return {
            "passed": self.passed,
            "pairs": self.pairs,
            "pairs_confirmed": self.pairs - len(bad),
            "general_pairs": self.general_pairs,
            "facts": self.facts,
            "boxes_read_again": self.boxes,
            "documents_opened": self.documents,
            "numbers_derived_again": self.numbers,
            "findings": len(self.findings),
            "failing_rows": [
                {"pair_id": f.pair_id, "rule": f.rule, "place": f.place}
                for f in self.findings[:MAX_LISTED]
            ],
        }


def verify_release(
    data_root: str,
    *,
    workers: int = 1,
    progress: Callable[[int, int, str], None] | None = None,
) -> VerifyReport:
    """Return what holds of the released data set below ``data_root``.

    Raises:
        NotPublishedError: If there is no released data set, or a cited PDF is not in the store.
        StoreError: If a file does not have its recorded hash.
    """
    catalog = Catalog(data_root)
    catalog.check_released_files()
    released = catalog.released_pairs()
    facts = catalog.facts_by_id({f for row in released for f in row["fact_ids"]})
    unread = _find_unread_boxes(catalog, facts, workers, progress or (lambda *_: None))
    years = catalog.report_years()
    pages = catalog.packed_pages({row["report_key"] for row in released if _quotes(row)})
    extra = catalog.extra_released_files()
    findings = [Finding(None, "file_was_published", name) for name in extra]
    numbers = 0
    for row in released:
        faults, counted = _check_pair(row, facts, unread, years)
        faults += [("quote_stands_on_the_page", q) for q in _quotes_not_on_page(row, pages)]
        findings += [Finding(row["pair_id"], rule, place) for rule, place in faults]
        numbers += counted
    return VerifyReport(
        pairs=len(released),
        general_pairs=catalog.general_pairs_released(),
        facts=len(facts),
        boxes=len({fact["evidence_id"] for fact in facts.values()}),
        documents=len({fact["doc_id"] for fact in facts.values()}),
        numbers=numbers,
        findings=tuple(findings),
    )


def _check_pair(
    row: Row, facts: Mapping[str, Row], unread: Mapping[str, str], years: Mapping[str, set[int]]
) -> tuple[list[tuple[str, str]], int]:
    """Return the rules that a released pair breaks, with the place, and its count of numbers."""
    missing = [fact_id for fact_id in row["fact_ids"] if fact_id not in facts]
    if missing:
        return [("fact_is_published", fact_id) for fact_id in missing], 0
    cited = [facts[fact_id] for fact_id in row["fact_ids"]]
    faults = [
        ("box_holds_the_number", unread[f["fact_id"]]) for f in cited if f["fact_id"] in unread
    ]
    faults += [("print_is_the_value", f["fact_id"]) for f in cited if not _print_is_value(f)]
    if row["program"] is None:  # a refusal or a quotation in words: it states no amount at all
        stated = [n.printed for n in find_amounts(row["answer"])]
        return faults + [("refusal_states_no_number", number) for number in stated], 0
    operands = [operand_from_row(fact) for fact in cited]
    try:
        result = rederive(row["program"], operands)
        numbers = derived_numbers(row["program"], operands)
    except (ProgramRefusedError, ProgramSyntaxError) as error:
        return [*faults, ("program_runs", str(error))], 0
    if result != row["result"]:
        faults.append(("program_yields_the_result", row["program"]))
    if any(part not in row["answer"] for part in result.split("; ")):
        faults.append(("answer_holds_the_result", row["program"]))
    allowed_years = {f["fiscal_year"] for f in cited}
    for company_id in row["company_ids"]:
        allowed_years |= years.get(company_id, set())
    wrong = unsupported_numbers(
        row["answer"],
        numbers=numbers,
        years=allowed_years,
        pages=row["pages"],
        names=[name for f in cited for name in (f["company"], f["label"])],
    )
    faults += [("answer_holds_no_other_number", number) for number in wrong]
    return faults, len(numbers)


def _quotes(row: Row) -> list[str]:
    """Return the spans that a discussion quotes."""
    return QUOTE.findall(row["answer"]) if row["kind"] == "discussion" else []


def _quotes_not_on_page(row: Row, pages: Mapping[tuple[str, int], str]) -> list[str]:
    """Return the place of each quoted span that no cited page holds."""
    cited = [(row["report_key"], page_no) for page_no in row["pages"]]
    return [
        f"{row['report_key']} page {row['pages']}"
        for quote in _quotes(row)
        if not any(pack(quote) in pages.get(place, "") for place in cited)
    ]


def _print_is_value(fact: Row) -> bool:
    try:
        amount = parse_amount(fact["value_printed"])
    except AmountError:
        return False
    return amount is not None and amount.value == fact["value"]


def _find_unread_boxes(
    catalog: Catalog,
    facts: Mapping[str, Row],
    workers: int,
    progress: Callable[[int, int, str], None],
) -> dict[str, str]:
    """Return fact_id -> place for facts whose box does not hold their number."""
    by_document: dict[str, list[Row]] = defaultdict(list)
    for fact in sorted(facts.values(), key=lambda f: (f["doc_id"], f["page_no"], f["fact_id"])):
        by_document[fact["doc_id"]].append(fact)
    config = _extract_config(catalog.store.root)
    unread: dict[str, str] = {}
    with TemporaryDirectory() as scratch, ThreadPoolExecutor(workers) as pool:
        done = pool.map(
            lambda item: _unread_in_document(catalog, item[0], item[1], config, Path(scratch)),
            by_document.items(),
        )
        for position, found in enumerate(done, start=1):
            unread |= found
            progress(position, len(by_document), "reading boxes again")
    return unread


def _extract_config(data_root: str) -> ExtractConfig:
    """Return the settings with which the boxes were read first."""
    step = next(step for step in STEPS if step.name == "extract")
    config = Settings.load(data_root, STEPS).of(step)
    if not isinstance(config, ExtractConfig):
        raise TypeError(f"settings of extract are {type(config).__name__}; expected ExtractConfig")
    return config


def _unread_in_document(
    catalog: Catalog, doc_id: str, facts: Sequence[Row], config: ExtractConfig, scratch: Path
) -> dict[str, str]:
    pdf = fetch_blob(catalog.store, doc_id, scratch)
    asked = [
        (f["page_no"], (f["x0"], f["top"], f["x1"], f["bottom"]), f["text_source"]) for f in facts
    ]
    try:
        texts = read_boxes(pdf, asked, config)
    except RejectedDocumentError as error:
        return {f["fact_id"]: f"{doc_id} cannot be read again: {error.reason}" for f in facts}
    return {
        f["fact_id"]: f"{doc_id} page {f['page_no']}"
        for f, text in zip(facts, texts, strict=True)
        if not _holds(text, f)
    }


def _holds(text: str, fact: Row) -> bool:
    """Tell whether what a box holds is the printed number (in a sentence: holds it)."""
    found, printed = pack(text), pack(fact["value_printed"])
    return found == printed if fact["table_no"] is not None else printed in found
