"""The data card: what the data set holds, how it was made, what it must not be used for."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

SPLITS = ("train", "validation", "test")
BY_MODEL = ".endpoint:"  # in the template of a question that a language model reworded

CARD = """# Data card

Questions about annual reports with answers whose every number is a printed number of a report, the
result of a stated calculation, a year, or a page. Made by `sft_assets`: templates word the rows,
facts fill them. {reworded}

## Size

{sizes}

Of the training split, {general_share} % is general instruction data, so that a model does not
forget the rest. {repeated}

## Kinds

{kinds}

Languages: {languages}. Companies: {companies}. Reports: {reports}. Cited facts: {facts}.
Wrong answers shown to be judged: {critiques} rows ({critique_share} % of the rows about reports);
they stand in the question and are corrected in the answer, never the target.

## Industries

{industries}

Without a name from the settings, an industry is told by the form of a company's statements.

## Length in tokens

{lengths}

By the base model's tokenizer, system message and turn marks included.

## How rows are kept apart

A company is in one split only, decided by a hash of its name. A comparison of companies of
different splits is in none. Training rows that resemble a held-out row are dropped.

## Provenance

`lineage.parquet` has one row for each line of the JSONL files (`split`, `row_no`), with facts,
evidence, pages, program, template and parent. `facts.parquet` holds the cited facts with document
hash, page and box. Nothing of it is in the training rows. Reports are the issuers' own disclosures;
their rights stay with them. General data: {licences}.

## Limits

Answers speak of the passage given. A refusal says that the passage does not state a figure, not
that the report does not. Figures are of fiscal years. No investment advice is given or meant.
"""


def data_card(
    lineage: pl.DataFrame,
    quality: Mapping[str, object],
    facts: pl.DataFrame,
    licences: Sequence[str],
    repeated: int,
) -> str:
    """Return the card in Markdown; ``quality`` is what ``quality_report`` makes."""
    report_rows = lineage.filter(pl.col("origin") == "report")
    train = lineage.filter(pl.col("split") == "train")
    general = train.filter(pl.col("origin") == "general").height
    critiques = report_rows.filter(~pl.col("is_target")).height
    by_split = lineage.group_by("split", "origin").len().sort("split", "origin").iter_rows()
    by_model = report_rows.filter(pl.col("template_id").str.contains(BY_MODEL, literal=True)).height
    return CARD.format(
        reworded=f"The questions of {by_model} rows were reworded by a language model; their "
        "numbers and names were compared."
        if by_model
        else "No language model invents or rewords a row.",
        sizes=_table(("split", "origin", "rows"), by_split),
        general_share=_percent(general, train.height),
        repeated=f"General rows are repeated up to {repeated} times." if repeated > 1 else "",
        kinds=_table(("kind", *SPLITS, "all"), _kinds(report_rows)),
        languages=", ".join(sorted(set(lineage["language"].drop_nulls()))),
        companies=report_rows["company_ids"].explode().n_unique(),
        reports=report_rows["report_keys"].explode().drop_nulls().n_unique(),
        facts=facts.height,
        critiques=critiques,
        critique_share=_percent(critiques, report_rows.height),
        industries=_table(("industry", "companies", "rows"), _industries(quality)),
        lengths=_table(("split", "median", "95 %", "99 %", "longest"), _lengths(quality)),
        licences=", ".join(licences) or "none",
    )


def _kinds(report_rows: pl.DataFrame) -> list[tuple[object, ...]]:
    """Return each kind with its rows by split, most first."""
    counted = Counter(report_rows.select("kind", "split").iter_rows())
    totals = Counter(report_rows["kind"].to_list())
    ordered = sorted(totals, key=lambda kind: (-totals[kind], kind))
    return [(k, *(counted[k, split] for split in SPLITS), totals[k]) for k in ordered]


def _industries(quality: Mapping[str, object]) -> list[tuple[object, ...]]:
    found = _mapping(quality["by_industry"])
    return [
        (name, *(_mapping(own)[k] for k in ("companies", "rows"))) for name, own in found.items()
    ]


def _lengths(quality: Mapping[str, object]) -> list[tuple[object, ...]]:
    by_split = _mapping(_mapping(quality["length_tokens"])["by_split"])
    keys = ("p50", "p95", "p99", "longest")
    return [
        (split, *(_mapping(by_split[split]).get(k, 0) for k in keys))
        for split in SPLITS
        if split in by_split
    ]


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise TypeError("quality report is not of the form that quality_report makes")
    return value


def quality_section(quality: Mapping[str, object]) -> str:
    """Return the section of the card about quality; all figures are in quality_report.json."""
    shares, beyond = _mapping(quality["shares_pct"]), _mapping(quality["beyond_cut_off"])
    diversity = _mapping(quality["question_trigram_diversity"])
    rows = [(name.removesuffix("_pct"), f"{share:.1f} %") for name, share in shares.items()]
    spread = ", ".join(f"{language} {value:.2f}" for language, value in diversity.items())
    told = [f"- {warning}" for warning in _listed(quality["warnings"])]
    return (
        f"\n## Quality\n\n{_table(('share', 'of the rows'), rows)}\n\n"
        "Negative, cot and refusal are shares of the rows about reports, general of training.\n\n"
        f"- Different runs of three tokens among those of all questions: {spread}.\n"
        f"- Rows longer than {beyond['cut_off_tokens']} tokens: {beyond['share_pct']:.1f} % "
        "(listed in `quality_report.json`, none cut).\n"
        f"- Questions with two answers: {len(_listed(quality['inconsistent_pairs']))}.\n"
        f"- Reviewed by people: {quality['reviewed_pct']:.2f} % of the rows about reports.\n"
        + ("\nTo be mended:\n\n" + "\n".join(told) + "\n" if told else "")
    )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "0.0"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join(str(cell) for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)
