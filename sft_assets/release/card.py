"""The data card: what the data set holds, how it was made, what it must not be used for."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

CARD = """# Data card

Questions about annual reports with answers whose every number is a printed number of a report, the
result of a stated calculation, a year, or a page. Made by `sft_assets`; rows are invented by no
language model: templates word them, facts fill them.

## Size

{sizes}

Of the training split, {general_share} % is general instruction data, so that a model does not
forget the rest. {repeated}

## Kinds

{kinds}

Languages: {languages}. Companies: {companies}. Reports: {reports}. Cited facts: {facts}.
Wrong answers shown to be judged: {critiques} rows ({critique_share} % of the rows about reports);
they stand in the question and are corrected in the answer, never the target.

## Length in characters

{lengths}

## How rows are kept apart

A company is in one split only, decided by a hash of its id. A comparison of companies of different
splits is in none. Training rows that resemble a held-out row are dropped.

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
    lengths: Mapping[str, Sequence[int]],
    facts: pl.DataFrame,
    licences: Sequence[str],
    repeated: int,
) -> str:
    """Return the card in Markdown. ``lengths`` are characters of each row, by split."""
    report_rows = lineage.filter(pl.col("origin") == "report")
    train = lineage.filter(pl.col("split") == "train")
    general = train.filter(pl.col("origin") == "general").height
    critiques = report_rows.filter(~pl.col("is_target")).height
    by_split = lineage.group_by("split", "origin").len().sort("split", "origin").iter_rows()
    by_kind = report_rows.group_by("kind", "split").len().sort("kind", "split").iter_rows()
    quantiles = [
        (split, len(found), _at(found, 50), _at(found, 95), max(found, default=0))
        for split, found in sorted(lengths.items())
    ]
    return CARD.format(
        sizes=_table(("split", "origin", "rows"), by_split),
        general_share=_percent(general, train.height),
        repeated=f"General rows are repeated up to {repeated} times." if repeated > 1 else "",
        kinds=_table(("kind", "split", "rows"), by_kind),
        languages=", ".join(sorted(set(lineage["language"].drop_nulls()))),
        companies=report_rows["company_ids"].explode().n_unique(),
        reports=report_rows["report_keys"].explode().drop_nulls().n_unique(),
        facts=facts.height,
        critiques=critiques,
        critique_share=_percent(critiques, report_rows.height),
        lengths=_table(("split", "rows", "median", "95 %", "longest"), quantiles),
        licences=", ".join(licences) or "none",
    )


def quality_section(quality: Mapping[str, object]) -> str:
    """Return the section of the card about quality; all figures are in quality_report.json."""
    shares, beyond = quality["shares_pct"], quality["beyond_cut_off"]
    diversity = quality["question_trigram_diversity"]
    if not (isinstance(shares, dict) and isinstance(beyond, dict) and isinstance(diversity, dict)):
        raise TypeError("quality report is not of the form that quality_report makes")
    rows = [(name.removesuffix("_pct"), f"{share:.1f} %") for name, share in shares.items()]
    spread = ", ".join(f"{language} {value:.2f}" for language, value in diversity.items())
    inconsistent = quality["inconsistent_pairs"]
    count = len(inconsistent) if isinstance(inconsistent, list) else 0
    return (
        f"\n## Quality\n\n{_table(('share', 'of the rows'), rows)}\n\n"
        f"Different runs of three tokens among those of all questions: {spread}. Rows longer than "
        f"{beyond['cut_off_characters']} characters: {beyond['share_pct']:.1f} % (listed in "
        f"`quality_report.json`, none cut). Questions with two answers: {count}. Reviewed: "
        f"{quality['reviewed_pct']:.1f} % of the rows about reports.\n"
    )


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}" if whole else "0.0"


def _at(values: Sequence[int], percent: int) -> int:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] if ordered else 0


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    lines += [" | ".join(str(cell) for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)
