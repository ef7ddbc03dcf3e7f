"""Questions whose answer is computed: growth, difference, ratios and a summary of the year."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from sft_assets.pairs.choose import CORE_METRICS
from sft_assets.pairs.contexts import build_context
from sft_assets.pairs.drafts import Draft
from sft_assets.pairs.printed_signs import fitted, is_deducted
from sft_assets.pairs.settings import ContextSettings
from sft_assets.pairs.source import Fact, ReportSource
from sft_assets.pairs.templates import Formula, formulas, stable_number, wording
from sft_assets.pairs.wording import amount_text, formula_with_unit, pages_text, subject_of
from sft_assets.programs import (
    ProgramRefusedError,
    calculation_text,
    evaluate,
    formula_text,
    symbolic_text,
)

PRIOR = "@prior"  # marks an operand of the year before
_TWO_DECIMALS = re.compile(r"\.\d\d%?$")
COUNTED = {"currency", "per_share", "persons", "shares"}  # units of which a growth rate makes sense
SUMMARY_METRICS = (
    ("revenue", "net_sales", "total_revenue", "turnover"),
    ("net_profit_attributable_to_parent", "net_profit"),
    ("net_cash_from_operating",),
    ("total_assets",),
    ("net_assets_attributable", "net_assets"),
)


def changes(
    source: ReportSource, language: str, settings: ContextSettings
) -> Iterator[Draft | str]:
    """Yield growth and difference of each figure against the year before."""
    for fact, before in with_year_before(source, source.chosen.values()):
        if is_deducted(fact):  # (187) after (230) is 43 more, and 43 less was spent
            yield "cost_printed_below_zero"
            continue
        if fact.operand.unit in COUNTED:
            yield _change(source, "growth", fact, before, language, settings)
        yield _change(source, "difference", fact, before, language, settings)


def ratios(source: ReportSource, language: str, settings: ContextSettings) -> Iterator[Draft | str]:
    """Yield every formula whose operands the report states for one year, scope and basis."""
    for formula in formulas():
        for scope, year, basis in places_of(source):
            facts = operands_of(source, formula, scope, year, basis)
            if facts is None:
                continue
            own = fitted(source, formula, facts)
            if own is None:
                yield "cost_printed_below_zero"
            else:
                yield _ratio(source, own, facts, language, settings)


def summaries(
    source: ReportSource, language: str, settings: ContextSettings
) -> Iterator[Draft | str]:
    """Yield summaries of the year over two or three key figures."""
    figures = key_figures(source)
    for size in (3, 2):
        for facts in combinations(figures, size):
            yield _summary(source, facts, language, settings)


def key_figures(source: ReportSource) -> list[Fact]:
    """Return the figures of the report's year that a summary starts with."""
    year = source.report.fiscal_year
    found = (
        first_of(source, choices, "consolidated", year, "reported") for choices in SUMMARY_METRICS
    )
    return [fact for fact in found if fact is not None]


def core_figures(source: ReportSource) -> list[Fact]:
    """Return the consolidated figures of the report's year that most readers ask for."""
    return [
        fact
        for fact in source.chosen.values()
        if fact.operand.metric in CORE_METRICS
        and fact.operand.scope == "consolidated"
        and fact.operand.basis == "reported"
        and fact.operand.fiscal_year == source.report.fiscal_year
    ]


def places_of(source: ReportSource) -> list[tuple[str, int, str]]:
    """Return the scopes, years and bases of which the report states figures, in order."""
    return sorted({(scope, year, basis) for _, scope, year, basis, _ in source.chosen})


def with_year_before(source: ReportSource, facts: Iterable[Fact]) -> list[tuple[Fact, Fact]]:
    """Return each of ``facts`` that the report states for the year before too, with that figure."""
    return [(fact, before) for fact in facts if (before := year_before(source, fact)) is not None]


def year_before(source: ReportSource, fact: Fact) -> Fact | None:
    """Return the same figure of the year before, of the same printed row where it has one.

    This year's figure compares with the restated one where the report restates the year before.
    """
    metric, scope, year, basis, period_type = fact.meaning
    bases = ["after_restatement", "reported"] if basis == "reported" else [basis]
    meanings = [(metric, scope, year - 1, before, period_type) for before in bases]
    meaning = next((m for m in meanings if m in source.chosen), None)
    if meaning is None:
        return None
    same_row = [f for f in source.facts if f.meaning == meaning and f.row == fact.row]
    return same_row[0] if same_row else source.chosen[meaning]


def short_steps(program: str, facts: Sequence[Fact], language: str) -> str:
    """Return the calculation line that a calculator can run."""
    calculation = calculation_text(program, [fact.operand for fact in facts])
    return wording("steps", language).parts["calculation"].format(calculation=calculation)


def full_steps(program: str, facts: Sequence[Fact], language: str, formula_line: str) -> str:
    """Return the chain of thought: formula, operands with their pages, calculation, result."""
    parts = wording("steps", language).parts
    operands = [fact.operand for fact in facts]
    cited = parts["joint"].join(
        parts["operand"].format(
            subject=subject_of(fact, language).text,
            value=amount_text(fact.operand, language),
            pages=pages_text([fact.page_no], language),
        )
        for fact in facts
    )
    result = "; ".join(amount_text(outcome, language) for outcome in evaluate(program, operands))
    return "\n".join(
        (
            formula_line,
            parts["operands"] + cited,
            parts["calculation"].format(calculation=calculation_text(program, operands)),
            parts["result"].format(result=result),
        )
    )


def formula_line(template_id: str, program: str, facts: Sequence[Fact], language: str) -> str:
    """Return the first step of a chain of thought: the formula in words."""
    kind, _, _, *formula_id = template_id.split(".")
    form = wording(kind, language)
    if kind != "ratio":
        return form.parts["cot"]
    formula = next(f for f in formulas() if [f.formula_id] == formula_id)
    one_year = len({fact.operand.fiscal_year for fact in facts}) == 1
    subjects = [subject_of(fact, language) for fact in facts]
    names = [subject.name if one_year else subject.text for subject in subjects]
    return form.parts["cot"].format(
        formula_name=formula.names[language], symbols=symbolic_text(program, names)
    )


def _change(
    source: ReportSource,
    kind: str,
    fact: Fact,
    before: Fact,
    language: str,
    settings: ContextSettings,
) -> Draft | str:
    report, form = source.report, wording(kind, language)
    facts, program = (fact, before), f"{kind}(f1, f2)"
    operands = [f.operand for f in facts]
    try:
        outcome = evaluate(program, operands)[0]
    except ProgramRefusedError as refusal:
        return f"refused_{refusal.reason}"
    subject = subject_of(fact, language)
    fields = {
        "company": report.company,
        "report_year": report.fiscal_year,
        "subject": subject.text,
        "value": amount_text(fact.operand, language),
        "before": subject_of(before, language).text,
        "before_value": amount_text(before.operand, language),
        "formula": formula_with_unit(formula_text(program, operands), outcome, language),
        "pages": pages_text(sorted({f.page_no for f in facts}), language),
    }
    register, question = form.pick(fact.fact_id)
    return Draft(
        kind=kind,
        language=language,
        question=question.format(**fields),
        context=build_context(
            source,
            facts,
            language,
            distractors=stable_number(kind, fact.fact_id) % (settings.distractors + 1),
            max_chars=settings.context_max_chars,
        ),
        answer=form.parts["answer"].format(**fields),
        template_id=form.template_id(register),
        facts=facts,
        program=program,
        reasoning=short_steps(program, facts, language),
    )


def first_of(
    source: ReportSource, metrics: Sequence[str], scope: str, year: int, basis: str
) -> Fact | None:
    """Return the first of ``metrics`` that the report states for scope, year and basis."""
    for metric in metrics:
        for period_type in ("duration", "instant"):
            fact = source.chosen.get((metric, scope, year, basis, period_type))
            if fact is not None:
                return fact
    return None


def operands_of(
    source: ReportSource, formula: Formula, scope: str, year: int, basis: str
) -> tuple[Fact, ...] | None:
    """Return the facts that ``formula`` computes with; None where the report lacks one."""
    facts = []
    for choices in formula.operands:
        names = [choice.removesuffix(PRIOR) for choice in choices]
        at = year - 1 if choices[0].endswith(PRIOR) else year
        facts.append(first_of(source, names, scope, at, basis))
    found = tuple(fact for fact in facts if fact is not None)
    return found if len(found) == len(facts) else None


def _ratio(
    source: ReportSource,
    formula: Formula,
    facts: tuple[Fact, ...],
    language: str,
    settings: ContextSettings,
) -> Draft | str:
    report, form = source.report, wording("ratio", language)
    operands = [f.operand for f in facts]
    try:
        outcome = evaluate(formula.program, operands)[0]
    except ProgramRefusedError as refusal:
        return f"refused_{refusal.reason}"
    subjects = [subject_of(fact, language) for fact in facts]
    terms = form.parts["joint"].join(
        form.parts["term"].format(subject=s.text, value=amount_text(f.operand, language))
        for s, f in zip(subjects, facts, strict=True)
    )
    name = formula.names[language]
    fields = {
        "company": report.company,
        "report_year": report.fiscal_year,
        "period": subjects[0].frame,
        "formula_name": name,
        "terms": terms,
        "formula": formula_with_unit(formula_text(formula.program, operands), outcome, language),
        "pages": pages_text(sorted({f.page_no for f in facts}), language),
    }
    unfit = () if _TWO_DECIMALS.search(outcome.text) else ("two_decimals",)
    register, question = form.pick(facts[0].fact_id + formula.formula_id, unfit)
    return Draft(
        kind="ratio",
        language=language,
        question=question.format(**fields),
        context=build_context(
            source, facts, language, distractors=1, max_chars=settings.context_max_chars
        ),
        answer=form.parts["answer"].format(**fields),
        template_id=f"{form.template_id(register)}.{formula.formula_id}",
        facts=facts,
        program=formula.program,
        reasoning=short_steps(formula.program, facts, language),
    )


def _summary(
    source: ReportSource, key_figures: Sequence[Fact], language: str, settings: ContextSettings
) -> Draft | str:
    report, form = source.report, wording("summary", language)
    facts: list[Fact] = []
    programs: list[str] = []
    terms: list[str] = []
    for fact in key_figures:
        subject = subject_of(fact, language)
        facts.append(fact)
        programs.append(f"f{len(facts)}")
        term = form.parts["term"].format(
            subject=subject.text, value=amount_text(fact.operand, language)
        )
        before = year_before(source, fact)
        growth = None if before is None else _growth_of(fact, before)
        if before is not None and growth is not None:
            facts.append(before)
            programs.append(f"growth(f{len(facts) - 1}, f{len(facts)})")
            term += form.parts["growth"].format(result=growth)
        terms.append(term)
    fields = {
        "company": report.company,
        "report_year": report.fiscal_year,
        "terms": form.parts["joint"].join(terms),
        "pages": pages_text(sorted({f.page_no for f in facts}), language),
    }
    program = "; ".join(programs)
    register, question = form.pick("".join(f.fact_id for f in key_figures))
    has_growth = "growth" in program
    return Draft(
        kind="summary",
        language=language,
        question=question.format(**fields),
        context=build_context(
            source, facts, language, distractors=0, max_chars=settings.context_max_chars
        ),
        answer=form.parts["answer"].format(**fields),
        template_id=form.template_id(register),
        facts=tuple(facts),
        program=program,
        reasoning=short_steps(program, facts, language) if has_growth else None,
    )


def _growth_of(fact: Fact, before: Fact) -> str | None:
    try:
        return evaluate("growth(f1, f2)", [fact.operand, before.operand])[0].text
    except ProgramRefusedError:
        return None
