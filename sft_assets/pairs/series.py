"""Questions over several figures of one report: a trend, an order, a table side by side."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations, pairwise

from sft_assets.pairs.contexts import build_context
from sft_assets.pairs.derived import (
    COUNTED,
    first_of,
    key_figures,
    places_of,
    short_steps,
    with_year_before,
    year_before,
)
from sft_assets.pairs.drafts import Draft
from sft_assets.pairs.printed_signs import are_all_below_zero, is_deducted
from sft_assets.pairs.settings import ContextSettings
from sft_assets.pairs.source import Fact, ReportSource
from sft_assets.pairs.tables import markdown_table
from sft_assets.pairs.templates import wording
from sft_assets.pairs.wording import amount_text, pages_text, subject_of
from sft_assets.programs import ProgramRefusedError, rederive

FEWEST_YEARS = 3  # of a trend or an order of years
MOST_TABLES = 12  # of one report and language
ORDERED_TOGETHER = (  # items of one statement that readers rank
    ("selling_expenses", "administrative_expenses", "rd_expenses", "finance_expenses"),
    ("net_cash_from_operating", "net_cash_from_investing", "net_cash_from_financing"),
    ("cash_and_bank", "accounts_receivable", "inventories", "fixed_assets", "goodwill"),
    ("cash_and_cash_equivalents", "accounts_receivable", "inventories", "goodwill"),
    ("short_term_borrowings", "accounts_payable", "contract_liabilities", "taxes_payable"),
    ("total_current_assets", "total_non_current_assets"),
    ("total_current_liabilities", "total_non_current_liabilities"),
)


def trends(source: ReportSource, language: str, settings: ContextSettings) -> Iterator[Draft | str]:
    """Yield a table over the years for each figure that the report states for three or more."""
    for facts in _years_of_figures(source):
        if facts[0].operand.unit in COUNTED:
            yield _trend(source, facts, language, settings)


def rankings(
    source: ReportSource, language: str, settings: ContextSettings
) -> Iterator[Draft | str]:
    """Yield orders: one figure over its years, and items of one statement in one year."""
    for facts in _years_of_figures(source):
        yield _ranking(source, facts, "years", language, settings)
    for metrics in ORDERED_TOGETHER:
        for scope, year, basis in places_of(source):
            found = [first_of(source, [metric], scope, year, basis) for metric in metrics]
            facts = [fact for fact in found if fact is not None]
            if len(facts) >= 2:
                yield _ranking(source, facts, "items", language, settings)


def side_by_side(
    source: ReportSource, language: str, settings: ContextSettings
) -> Iterator[Draft | str]:
    """Yield tables of two to four key figures, this year beside the year before."""
    with_before = with_year_before(source, key_figures(source))
    groups = [g for size in (4, 3, 2) for g in combinations(with_before, size)]
    for group in groups[:MOST_TABLES]:
        yield _table(source, group, language, settings)


def _years_of_figures(source: ReportSource) -> Iterator[list[Fact]]:
    """Yield the figures of three or more years in a row, newest first, of one row's meaning."""
    newest = source.report.fiscal_year
    for fact in source.chosen.values():
        if fact.operand.fiscal_year != newest:
            continue
        facts = [fact]
        while (before := year_before(source, facts[-1])) is not None:
            facts.append(before)
        if len(facts) >= FEWEST_YEARS:
            yield facts


def course_of(values: Sequence[Decimal]) -> str:
    """Return how ``values``, newest first, went over time: up, down, flat or mixed.

    >>> course_of([Decimal(3), Decimal(2), Decimal(1)]), course_of([Decimal(2), Decimal(3)])
    ('up', 'down')
    """
    steps = {(later > earlier) - (later < earlier) for later, earlier in pairwise(values)}
    if len(steps) > 1:
        return "mixed"
    return {1: "up", -1: "down"}.get(steps.pop(), "flat")


def _trend(
    source: ReportSource, facts: Sequence[Fact], language: str, settings: ContextSettings
) -> Draft | str:
    report, form = source.report, wording("trend", language)
    programs = ["f1"]
    for at in range(2, len(facts) + 1):
        programs += [f"f{at}", f"growth(f{at - 1}, f{at})"]
    program = "; ".join(programs)
    try:
        results = rederive(program, [fact.operand for fact in facts]).split("; ")
    except ProgramRefusedError as refusal:
        return f"refused_{refusal.reason}"
    subject = subject_of(facts[0], language)
    rows = []
    for at, fact in enumerate(facts):
        rate = results[2 * at + 2] if at + 1 < len(facts) else "-"
        period = subject_of(fact, language).frame
        rows.append((period, amount_text(fact.operand, language), rate))
    head = (form.parts["period"], subject.name, "YoY")
    fields = {
        "company": report.company,
        "report_year": report.fiscal_year,
        "name": subject.name,
        "table": markdown_table(head, rows),
        "course": form.parts[course_of([fact.operand.base_value for fact in facts])],
        "pages": pages_text(sorted({f.page_no for f in facts}), language),
    }
    register, question = form.pick(facts[0].fact_id)
    return Draft(
        kind="trend",
        language=language,
        question=question.format(**fields),
        context=build_context(
            source, facts, language, distractors=1, max_chars=settings.context_max_chars
        ),
        answer=form.parts["answer"].format(**fields),
        template_id=form.template_id(register),
        facts=tuple(facts),
        program=program,
        reasoning=short_steps(program, facts, language),
    )


def _ranking(
    source: ReportSource,
    facts: Sequence[Fact],
    over: str,
    language: str,
    settings: ContextSettings,
) -> Draft | str:
    report, form = source.report, wording("ranking", language)
    if are_all_below_zero(facts) or any(is_deducted(fact) for fact in facts):
        return "order_of_deductions"
    ordered = sorted(facts, key=lambda f: (-f.operand.base_value, f.fact_id))
    program = f"descending({', '.join(f'f{i}' for i in range(1, len(ordered) + 1))})"
    try:
        rederive(program, [fact.operand for fact in ordered])
    except ProgramRefusedError as refusal:
        return f"refused_{refusal.reason}"
    subject = subject_of(facts[0], language)
    names = [subject_of(fact, language) for fact in ordered]
    asked = sorted((subject_of(fact, language).name for fact in facts), key=str)
    terms = " > ".join(
        form.parts["term"].format(
            subject=name.frame if over == "years" else name.name,
            value=amount_text(fact.operand, language),
        )
        for name, fact in zip(names, ordered, strict=True)
    )
    fields = {
        "company": report.company,
        "report_year": report.fiscal_year,
        "name": subject.name if over == "years" else form.parts["joint"].join(asked),
        "period": subject.frame,
        "first": names[0].frame if over == "years" else names[0].name,
        "terms": terms,
        "pages": pages_text(sorted({f.page_no for f in facts}), language),
    }
    registers = [register for register in sorted(form.questions) if register.startswith(over)]
    register = registers[int(facts[0].fact_id[:8], 16) % len(registers)]
    return Draft(
        kind="ranking",
        language=language,
        question=form.questions[register].format(**fields),
        context=build_context(
            source, facts, language, distractors=1, max_chars=settings.context_max_chars
        ),
        answer=form.parts[over].format(**fields),
        template_id=form.template_id(register),
        facts=tuple(ordered),
        program=program,
    )


def _table(
    source: ReportSource,
    group: Sequence[tuple[Fact, Fact]],
    language: str,
    settings: ContextSettings,
) -> Draft | str:
    report, form = source.report, wording("figures_table", language)
    facts: list[Fact] = []
    programs: list[str] = []
    for fact, before in group:
        facts += [fact, before]
        now, then = len(facts) - 1, len(facts)
        programs += [f"f{now}", f"f{then}", f"growth(f{now}, f{then})"]
    program = "; ".join(programs)
    try:
        results = rederive(program, [fact.operand for fact in facts]).split("; ")
    except ProgramRefusedError as refusal:
        return f"refused_{refusal.reason}"
    rows = [
        (
            subject_of(fact, language).name,
            amount_text(fact.operand, language),
            amount_text(before.operand, language),
            results[3 * at + 2],
        )
        for at, (fact, before) in enumerate(group)
    ]
    years = [pair.operand.fiscal_year for pair in group[0]]
    head = (form.parts["item"], *(form.parts["year"].format(year=year) for year in years), "YoY")
    fields = {
        "company": report.company,
        "report_year": report.fiscal_year,
        "names": form.parts["joint"].join(subject_of(f, language).name for f, _ in group),
        "year": years[0],
        "before": years[1],
        "table": markdown_table(head, rows),
        "pages": pages_text(sorted({f.page_no for f in facts}), language),
    }
    register, question = form.pick("".join(f.fact_id for f, _ in group))
    return Draft(
        kind="comparison",
        language=language,
        question=question.format(**fields),
        context=build_context(
            source, facts, language, distractors=0, max_chars=settings.context_max_chars
        ),
        answer=form.parts["answer"].format(**fields),
        template_id=form.template_id(register),
        facts=tuple(facts),
        program=program,
        reasoning=short_steps(program, facts, language),
    )
