"""The steps of the stage."""

from collections import Counter

import polars as pl

from sft_assets.errors import StoreError
from sft_assets.pairs.augment import augmented, drafts_of
from sft_assets.pairs.choose import audit, cap_by_kind, ledger
from sft_assets.pairs.comparisons import comparisons
from sft_assets.pairs.compound import multi_part
from sft_assets.pairs.conduct import advice_questions, forward_looking_questions
from sft_assets.pairs.derived import changes, ratios, summaries
from sft_assets.pairs.discussion import discussions
from sft_assets.pairs.drafts import Draft, pair_row, pairs_table
from sft_assets.pairs.premises import wrong_units
from sft_assets.pairs.quotes import quotes
from sft_assets.pairs.refusals import unanswerables
from sft_assets.pairs.series import rankings, side_by_side, trends
from sft_assets.pairs.settings import AugmentationSettings, ComparisonSettings, PairSettings
from sft_assets.pairs.singles import lookups, page_questions
from sft_assets.pairs.source import ReportSource, current_reports, read_source
from sft_assets.pairs.token_budget import count_tokens
from sft_assets.pairs.wording import templates_language
from sft_assets.schemas.facts import changed_facts
from sft_assets.walk.step import Grain, Inputs, Step, StepResult

MAKERS = (
    lookups,
    page_questions,
    changes,
    ratios,
    summaries,
    quotes,
    unanswerables,
    trends,
    rankings,
    side_by_side,
    multi_part,
    wrong_units,
    advice_questions,
    forward_looking_questions,
    discussions,
)


def make_pairs(source: ReportSource, settings: PairSettings) -> StepResult:
    """Return the pairs of one report and what became of every candidate."""
    candidates: list[Draft | str] = []
    for language in templates_language(source.report):
        for make in MAKERS:
            candidates += make(source, language, settings)
    sound, dropped, quarantined = audit(candidates, [source.report])
    fitting = [d for d in sound if count_tokens(d.context) <= settings.context_max_tokens]
    dropped["context_over_budget"] += len(sound) - len(fitting)
    chosen = cap_by_kind(fitting, settings.shares, settings.max_pairs_per_report)
    dropped["over_the_cap"] += len(fitting) - len(chosen)
    kinds = Counter(draft.kind for draft in chosen)
    return StepResult(
        tables={"instruction_pairs": _table(chosen, source)},
        ledger=ledger(len(chosen), dropped, quarantined),
        metadata={
            **{f"pairs_{kind}": kinds[kind] for kind in sorted(kinds)},
            "facts_used": len(source.chosen),
            **{f"facts_{why}": count for why, count in source.set_aside.items() if count},
        },
    )


def augment_pairs(
    source: ReportSource, pairs: pl.DataFrame, settings: AugmentationSettings
) -> StepResult:
    """Return the variants of a report's pairs."""
    originals, lost = drafts_of(pairs.to_dicts(), source)
    sound, dropped, quarantined = audit(augmented(originals, source, settings), [source.report])
    quarantined["fact_not_usable"] += lost
    kinds = Counter(draft.augmentation for draft in sound)
    return StepResult(
        tables={"augmented_pairs": _table(sound, source)},
        ledger=ledger(len(sound), dropped, quarantined, unit="candidate variant"),
        metadata={f"pairs_{kind}": kinds[kind] for kind in sorted(str(k) for k in kinds)},
    )


def compare_reports(sources: list[ReportSource], settings: ComparisonSettings) -> StepResult:
    """Return comparisons over all reports."""
    reports = [source.report for source in sources]
    sound, dropped, quarantined = audit(comparisons(sources, settings), reports)
    trends_first = sorted(sound, key=lambda d: (len(d.company_ids) > 1, d.pair_id))
    chosen = sorted(trends_first[: settings.max_pairs], key=lambda d: d.pair_id)
    dropped["over_the_cap"] += len(sound) - len(chosen)
    table = pairs_table([pair_row(draft, draft.company_ids) for draft in chosen])
    return StepResult(
        tables={"comparison_pairs": table},
        ledger=ledger(len(chosen), dropped, quarantined),
        metadata={"reports": len(reports)},
    )


def _table(drafts: list[Draft], source: ReportSource) -> pl.DataFrame:
    from dataclasses import replace

    key, company_id = source.report.report_key, source.report.company_id
    return pairs_table([pair_row(replace(d, report_key=key), [company_id]) for d in drafts])


def _report_source(inputs: Inputs) -> ReportSource:
    reports = current_reports(inputs.table("raw_reports"))
    if len(reports) != 1:
        raise StoreError(
            f"current versions of {inputs.partition} are {len(reports)}; expected 1\n"
            "hint: materialise raw_reports of this report again"
        )
    return read_source(reports[0], inputs.table("financial_facts"), inputs.table("redacted_pages"))


def _instruction_pairs(inputs: Inputs) -> StepResult:
    return make_pairs(_report_source(inputs), inputs.config(PairSettings))


def _augmented_pairs(inputs: Inputs) -> StepResult:
    pairs = inputs.table("instruction_pairs")
    return augment_pairs(_report_source(inputs), pairs, inputs.config(AugmentationSettings))


def _comparison_pairs(inputs: Inputs) -> StepResult:
    facts, pages = inputs.table("financial_facts"), inputs.table("redacted_pages")
    changed = changed_facts(inputs.table("prior_year_figures"))
    facts = facts.filter(~pl.col("fact_id").is_in(changed))
    sources = []
    reports = current_reports(inputs.table("raw_reports"))
    for done, report in enumerate(reports):
        own = facts.filter(pl.col("report_key") == report.report_key)
        sources.append(read_source(report, own, pages))
        inputs.report_progress(done + 1, len(reports), "reports read")
    return compare_reports(sources, inputs.config(ComparisonSettings))


_REPORT_INPUTS = ("raw_reports", "financial_facts", "redacted_pages")

STEPS: tuple[Step, ...] = (
    Step(
        name="instruction_pairs",
        stage="pairs",
        grain=Grain.REPORT,
        tables=("instruction_pairs",),
        inputs=_REPORT_INPUTS,
        code_version="9",
        description="Questions and answers of one report, each number re-derived from its facts.",
        compute=_instruction_pairs,
        config=PairSettings,
    ),
    Step(
        name="augmented_pairs",
        stage="pairs",
        grain=Grain.REPORT,
        tables=("augmented_pairs",),
        inputs=(*_REPORT_INPUTS, "instruction_pairs"),
        code_version="9",
        description="Variants: other words, typos, wider passages, steps, judged wrong answers.",
        compute=_augmented_pairs,
        config=AugmentationSettings,
    ),
    Step(
        name="comparison_pairs",
        stage="pairs",
        grain=Grain.CORPUS,
        tables=("comparison_pairs",),
        inputs=(*_REPORT_INPUTS, "prior_year_figures"),
        code_version="7",
        description="Tables of growth and rankings over several reports and companies.",
        compute=_comparison_pairs,
        config=ComparisonSettings,
    ),
)
