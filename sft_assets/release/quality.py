"""Figures of a release: what it covers, how varied it is, how long, and what contradicts itself."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from sft_assets.near_duplicates import tokens
from sft_assets.release.shares import shares_of

PERCENTS = (5, 50, 95, 99)
BIN_TOKENS = 64
UNKNOWN = "unknown"  # of a company without facts


@dataclass(frozen=True, slots=True)
class Text:
    """One released row as far as quality looks at it."""

    pair_id: str
    split: str
    question: str
    context: str
    answer: str
    characters: int  # of the whole conversation
    tokens: int  # of the same, by the base model's tokenizer


def inconsistent_pairs(texts: Sequence[Text]) -> list[tuple[str, str]]:
    """Return pairs of rows that ask the same of the same passage and answer differently."""
    first: dict[tuple[str, str], Text] = {}
    found = []
    for text in sorted(texts, key=lambda t: t.pair_id):
        known = first.setdefault((text.context, text.question), text)
        if known.answer != text.answer:
            found.append((known.pair_id, text.pair_id))
    return found


def ngram_diversity(texts: Sequence[str]) -> float:
    """Return the share of different runs of three tokens among all; 1 where nothing repeats.

    >>> ngram_diversity(["a b c d", "a b c e"])
    0.75
    """
    runs: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        parts = tokens(text)
        runs.update(zip(parts, parts[1:], parts[2:], strict=False))
    return round(len(runs) / runs.total(), 4) if runs else 1.0


def quality_report(
    lineage: pl.DataFrame,
    facts: pl.DataFrame,
    texts: Sequence[Text],
    *,
    cut_off: int,
    industries: Mapping[str, str],
    warnings: Sequence[str],
) -> dict[str, object]:
    """Return all figures as JSON types.

    ``cut_off`` is in tokens, ``industries`` is by company id, ``warnings`` are told as they are.
    """
    reports = lineage.filter(pl.col("origin") == "report")
    metrics = dict(facts.select("fact_id", "metric").iter_rows())
    by_metric = Counter(
        metrics[fact_ids[0]] for fact_ids in reports["fact_ids"].to_list() if fact_ids
    )
    too_long = sorted(text.pair_id for text in texts if text.tokens > cut_off)
    by_language: dict[str, list[str]] = defaultdict(list)
    languages = dict(lineage.select("pair_id", "language").iter_rows())
    for text in texts:
        by_language[str(languages[text.pair_id])].append(text.question)
    reviewed = reports.filter(pl.col("review_status") != "unreviewed").height
    return {
        "rows": lineage.height,
        "by_kind": _counts(reports["kind"]),
        "by_language": _counts(lineage["language"]),
        "by_split": _counts(lineage["split"]),
        "by_augmentation": _counts(reports["augmentation"].fill_null("original")),
        "by_company": _counts(reports["company_ids"].list.join("+")),
        "by_industry": _by_industry(reports["company_ids"].to_list(), industries),
        "by_metric": _most_first(by_metric),
        "shares_pct": shares_of(lineage),
        "question_trigram_diversity": {
            language: ngram_diversity(found) for language, found in sorted(by_language.items())
        },
        "length_characters": quantiles([text.characters for text in texts]),
        "length_tokens": {
            **quantiles([text.tokens for text in texts]),
            "by_split": {
                split: quantiles([text.tokens for text in texts if text.split == split])
                for split in sorted({text.split for text in texts})
            },
            "histogram": _histogram([text.tokens for text in texts]),
        },
        "beyond_cut_off": {
            "cut_off_tokens": cut_off,
            "share_pct": _percent(len(too_long), len(texts)),
            "pair_ids": too_long,
        },
        "inconsistent_pairs": [list(pair) for pair in inconsistent_pairs(texts)],
        "reviewed_pct": _percent(reviewed, reports.height),
        "warnings": list(warnings),
    }


def quantiles(values: Sequence[int]) -> dict[str, int]:
    """Return what so many percent of ``values`` do not exceed, and the greatest.

    >>> quantiles([5, 1, 3])
    {'p5': 1, 'p50': 3, 'p95': 5, 'p99': 5, 'longest': 5}
    """
    ordered = sorted(values)
    if not ordered:
        return {}
    at = {f"p{p}": ordered[min(len(ordered) - 1, len(ordered) * p // 100)] for p in PERCENTS}
    return at | {"longest": ordered[-1]}


def _histogram(tokens_of_rows: Sequence[int]) -> dict[str, int]:
    """Return the lower end of each bin -> rows, without gaps."""
    counted = Counter(count // BIN_TOKENS for count in tokens_of_rows)
    return {str(at * BIN_TOKENS): counted[at] for at in range(max(counted, default=-1) + 1)}


def _by_industry(companies: Sequence[Sequence[str]], industries: Mapping[str, str]) -> object:
    """Return industry -> companies and rows; a comparison counts for each of its industries."""
    rows: Counter[str] = Counter()
    members: dict[str, set[str]] = defaultdict(set)
    for own in companies:
        named = {company: industries.get(company, UNKNOWN) for company in own}
        rows.update(set(named.values()))
        for company, industry in named.items():
            members[industry].add(company)
    return {
        industry: {"companies": len(members[industry]), "rows": count}
        for industry, count in _most_first(rows).items()
    }


def _counts(values: pl.Series) -> dict[str, int]:
    return _most_first(Counter(str(value) for value in values.to_list()))


def _most_first(counted: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counted.items(), key=lambda kv: (-kv[1], kv[0])))


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
