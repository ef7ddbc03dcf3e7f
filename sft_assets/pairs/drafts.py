"""A pair on its way: what was asked and answered, from which facts, by which program."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from sft_assets.lineage.digests import digest_of
from sft_assets.pairs.source import Fact, Report
from sft_assets.pairs.support import unsupported_numbers
from sft_assets.programs import derived_numbers, rederive
from sft_assets.schemas.pairs import PAIRS

WITHOUT_CONTEXT = "without_context"  # the augmentation that leaves the passage out
_QUOTE = re.compile("“([^”]+)”")


@dataclass(frozen=True, slots=True)
class Draft:
    """A candidate pair, not yet audited."""

    kind: str
    language: str
    question: str
    context: str
    answer: str
    template_id: str
    facts: tuple[Fact, ...] = ()  # in the order that program names them
    program: str | None = None
    reasoning: str | None = None
    cited_pages: tuple[int, ...] = ()  # pages in the answer beside those of the facts
    years: tuple[int, ...] = ()  # years in the answer beside those of the facts
    parent_id: str | None = None
    augmentation: str | None = None
    rejected: str | None = None
    is_target: bool = True
    report_key: str | None = None
    company_ids: tuple[str, ...] = ()

    @property
    def pages(self) -> list[int]:
        """PDF pages that the answer cites, each once, in order."""
        return sorted({fact.page_no for fact in self.facts} | set(self.cited_pages))

    @property
    def pair_id(self) -> str:
        """Digest of everything that a trainer sees and of the evidence."""
        evidence = [fact.evidence_id for fact in self.facts]
        return digest_of("pair", self.question, self.context, self.answer, self.reasoning, evidence)


def fault_of(draft: Draft, reports: Sequence[Report]) -> str | None:
    """Return the rule that ``draft`` breaks; None where every number of it is supported."""
    operands = [fact.operand for fact in draft.facts]
    if draft.program is not None:
        results = rederive(draft.program, operands).split("; ")
        if any(result not in draft.answer for result in results):
            return "result_not_in_answer"
    if draft.augmentation != WITHOUT_CONTEXT:
        if any(fact.operand.value_printed.strip() not in draft.context for fact in draft.facts):
            return "evidence_not_in_context"
        if any(quote not in draft.context for quote in quotes_of(draft)):
            return "quote_not_in_context"
    numbers = derived_numbers(draft.program, operands) if draft.program else frozenset()
    years = {fact.operand.fiscal_year for fact in draft.facts} | set(draft.years)
    years |= {report.fiscal_year for report in reports}
    names = [report.company for report in reports]
    for text in (draft.answer, draft.reasoning or ""):
        if unsupported_numbers(text, numbers=numbers, years=years, pages=draft.pages, names=names):
            return "unsupported_number"
    return None


def quotes_of(draft: Draft) -> list[str]:
    """Return the spans that a discussion quotes."""
    return _QUOTE.findall(draft.answer) if draft.kind == "discussion" else []


def pair_row(draft: Draft, company_ids: Sequence[str]) -> dict[str, object]:
    """Return ``draft`` as a row of ``PAIRS``."""
    operands = [fact.operand for fact in draft.facts]
    result = rederive(draft.program, operands) if draft.program else None
    return {
        "pair_id": draft.pair_id,
        "report_key": draft.report_key,
        "company_ids": sorted(set(company_ids)),
        "kind": draft.kind,
        "language": draft.language,
        "question": draft.question,
        "context": draft.context,
        "answer": draft.answer,
        "reasoning": draft.reasoning,
        "program": draft.program,
        "result": result,
        "fact_ids": [fact.fact_id for fact in draft.facts],
        "evidence_ids": [fact.evidence_id for fact in draft.facts],
        "pages": draft.pages,
        "parent_id": draft.parent_id,
        "augmentation": draft.augmentation,
        "template_id": draft.template_id,
        "rejected": draft.rejected,
        "is_target": draft.is_target,
        "review_status": "unreviewed",
    }


def pairs_table(rows: Sequence[dict[str, object]]) -> pl.DataFrame:
    """Return ``rows`` as a table in order of their ids."""
    return pl.DataFrame(list(rows), schema=PAIRS, orient="row").sort("pair_id")
