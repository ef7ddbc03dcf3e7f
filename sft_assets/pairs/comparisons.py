"""Tables and rankings over several reports: one company over years, or companies side by side."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from sft_assets.pairs.contexts import print_rows, rows_with
from sft_assets.pairs.derived import short_steps, year_before
from sft_assets.pairs.drafts import Draft
from sft_assets.pairs.metric_names import metric_name
from sft_assets.pairs.printed_signs import are_all_below_zero
from sft_assets.pairs.settings import ComparisonSettings
from sft_assets.pairs.source import Fact, ReportSource
from sft_assets.pairs.tables import markdown_table
from sft_assets.pairs.templates import stable_number, wording
from sft_assets.pairs.wording import amount_text, pages_text, templates_language
from sft_assets.programs import ProgramRefusedError, rederive

MANY_COMPANIES = 24
KINDS = {"growth": "comparison", "trend": "trend", "ranking": "ranking"}  # question -> kind of pair
Change = tuple[Fact, Fact]  # a figure and the one of the year before, both of one report


def comparisons(
    sources: Sequence[ReportSource], settings: ComparisonSettings
) -> Iterator[Draft | str]:
    """Yield trends of one company first, then comparisons and rankings of several."""
    by_fact = {fact.fact_id: source for source in sources for fact in source.facts}
    for metric in settings.metrics:
        table = _changes_of(sources, metric)
        companies = sorted(table)
        for company in companies:
            years = sorted(table[company])[-settings.max_years :]
            if len(years) >= 2:
                yield from _trend([table[company][y] for y in years], metric, by_fact)
        for group in groups_of(companies, settings.max_companies, settings.max_groups, metric):
            yield from _side_by_side([table[c] for c in group], metric, by_fact, settings)


def groups_of(
    companies: Sequence[str], most: int, max_groups: int, seed: str
) -> list[tuple[str, ...]]:
    """Return groups of 2 to ``most`` companies: all of them, or ``max_groups`` that chance picks.

    Thirty companies have 4,495 groups of up to three, so of many companies some are drawn first.
    """
    if len(companies) > MANY_COMPANIES:
        companies = sorted(companies, key=lambda c: stable_number(seed, c))[:MANY_COMPANIES]
    groups = [g for size in range(2, most + 1) for g in combinations(sorted(companies), size)]
    if len(groups) <= max_groups:
        return groups
    return sorted(sorted(groups, key=lambda g: stable_number(seed, *g))[:max_groups])


def _changes_of(sources: Sequence[ReportSource], metric: str) -> dict[str, dict[int, Change]]:
    """Return company_id -> fiscal year -> figure and year before, from the year's own report."""
    table: dict[str, dict[int, Change]] = defaultdict(dict)
    for source in sources:
        report = source.report
        for period_type in ("duration", "instant"):
            meaning = (metric, "consolidated", report.fiscal_year, "reported", period_type)
            fact = source.chosen.get(meaning)
            before = None if fact is None else year_before(source, fact)
            if fact is not None and before is not None:
                table[report.company_id][report.fiscal_year] = (fact, before)
    return table


def _trend(
    changes: Sequence[Change], metric: str, by_fact: Mapping[str, ReportSource]
) -> Iterator[Draft | str]:
    for language in _languages(changes, by_fact):
        facts, programs, rows = [], [], []
        for fact, before in reversed(changes):
            facts += [fact, before]
            programs += [f"f{len(facts) - 1}", f"growth(f{len(facts) - 1}, f{len(facts)})"]
        try:
            results = rederive("; ".join(programs), [f.operand for f in facts]).split("; ")
        except ProgramRefusedError as refusal:
            yield f"refused_{refusal.reason}"
            continue
        name = metric_name(metric, language) or metric
        for at, (fact, _) in enumerate(reversed(changes)):
            value = amount_text(fact.operand, language)
            rows.append((str(fact.operand.fiscal_year), value, results[2 * at + 1]))
        form = wording("comparison", language)
        table = markdown_table((form.parts["year"], name, "YoY"), rows)
        yield _draft("trend", facts, programs, table, name, language, by_fact)


def _side_by_side(
    companies: Sequence[Mapping[int, Change]],
    metric: str,
    by_fact: Mapping[str, ReportSource],
    settings: ComparisonSettings,
) -> Iterator[Draft | str]:
    shared = sorted(set.intersection(*(set(changes) for changes in companies)))
    years = shared[-settings.max_years :]
    if not years:
        return
    all_changes = [changes[year] for changes in companies for year in years]
    for language in _languages(all_changes, by_fact):
        yield _growth_table(companies, years, metric, language, by_fact)
        yield _ranking([changes[years[-1]][0] for changes in companies], metric, language, by_fact)


def _growth_table(
    companies: Sequence[Mapping[int, Change]],
    years: Sequence[int],
    metric: str,
    language: str,
    by_fact: Mapping[str, ReportSource],
) -> Draft | str:
    facts: list[Fact] = []
    programs: list[str] = []
    for year in reversed(years):
        for changes in companies:
            facts += changes[year]
            programs.append(f"growth(f{len(facts) - 1}, f{len(facts)})")
    try:
        results = rederive("; ".join(programs), [f.operand for f in facts]).split("; ")
    except ProgramRefusedError as refusal:
        return f"refused_{refusal.reason}"
    form = wording("comparison", language)
    names = [by_fact[changes[years[0]][0].fact_id].report.company for changes in companies]
    width = len(companies)
    rows = [
        (str(year), *results[at * width : (at + 1) * width])
        for at, year in enumerate(reversed(years))
    ]
    table = markdown_table((form.parts["year"], *(f"{name} YoY" for name in names)), rows)
    name = metric_name(metric, language) or metric
    return _draft("growth", facts, programs, table, name, language, by_fact)


def _ranking(
    facts: Sequence[Fact], metric: str, language: str, by_fact: Mapping[str, ReportSource]
) -> Draft | str:
    if are_all_below_zero(facts):
        return "order_of_deductions"
    ordered = sorted(facts, key=lambda f: (-f.operand.base_value, f.fact_id))
    program = f"descending({', '.join(f'f{i}' for i in range(1, len(ordered) + 1))})"
    try:
        rederive(program, [f.operand for f in ordered])
    except ProgramRefusedError as refusal:
        return f"refused_{refusal.reason}"
    form = wording("comparison", language)
    terms = " > ".join(
        form.parts["term"].format(
            company=by_fact[f.fact_id].report.company, value=amount_text(f.operand, language)
        )
        for f in ordered
    )
    name = metric_name(metric, language) or metric
    return _draft("ranking", ordered, [program], terms, name, language, by_fact)


def _draft(
    question_id: str,
    facts: Sequence[Fact],
    programs: Sequence[str],
    body: str,
    name: str,
    language: str,
    by_fact: Mapping[str, ReportSource],
) -> Draft:
    form = wording("comparison", language)
    sources = _sources_of(facts, by_fact)
    companies = list(dict.fromkeys(source.report.company for source in sources))
    years = sorted({source.report.fiscal_year for source in sources})
    zh = language == "zh"
    period = "、".join(f"{year}年" for year in years) if zh else _english_years(years)
    cited = form.parts["joint"].join(
        form.parts["source"].format(
            company=source.report.company,
            report_year=source.report.fiscal_year,
            pages=pages_text(_pages_in(facts, source), language),
        )
        for source in sources
    )
    fields = {
        "companies": ("、" if zh else ", ").join(companies),
        "years": period,
        "name": name,
        "table": body,
        "terms": body,
        "sources": cited,
    }
    answer = form.parts["ranking" if question_id == "ranking" else "answer"]
    program = "; ".join(programs)
    company_ids = sorted({source.report.company_id for source in sources})
    one = sources[0].report.report_key if len(sources) == 1 else None
    return Draft(
        kind=KINDS[question_id],
        language=language,
        question=form.questions[question_id].format(**fields),
        context="\n".join(_rows_of(facts, source, language) for source in sources),
        answer=answer.format(**fields),
        template_id=form.template_id(question_id),
        facts=tuple(facts),
        program=program,
        reasoning=None if question_id == "ranking" else short_steps(program, facts, language),
        report_key=one,
        company_ids=tuple(company_ids),
    )


def _languages(changes: Iterable[Change], by_fact: Mapping[str, ReportSource]) -> list[str]:
    """Return the language to ask in: one that every report has, else one by chance."""
    sources = _sources_of([fact for change in changes for fact in change], by_fact)
    common = [
        language
        for language in ("zh", "en")
        if all(language in templates_language(source.report) for source in sources)
    ]
    if common:
        return common
    seed = "|".join(source.report.report_key for source in sources)
    return [("zh", "en")[stable_number("language", seed) % 2]]


def _sources_of(facts: Iterable[Fact], by_fact: Mapping[str, ReportSource]) -> list[ReportSource]:
    return list({by_fact[f.fact_id].report.report_key: by_fact[f.fact_id] for f in facts}.values())


def _pages_in(facts: Iterable[Fact], source: ReportSource) -> list[int]:
    own = {fact.fact_id for fact in source.facts}
    return sorted({fact.page_no for fact in facts if fact.fact_id in own})


def _rows_of(facts: Iterable[Fact], source: ReportSource, language: str) -> str:
    return print_rows(source.report, rows_with(source, facts, language).values(), language)


def _english_years(years: Sequence[int]) -> str:
    return "for " + ", ".join(f"FY{year}" for year in years)
