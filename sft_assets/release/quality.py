"""Figures of a release: what it covers, how varied it is, how long, and what contradicts itself."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

import polars as pl

from sft_assets.errors import GateError
from sft_assets.near_duplicates import tokens

FEWEST_ROWS = 200  # about reports: below, shares are chance and are only told
REFUSALS = ("unanswerable", "wrong_year", "wrong_unit", "forward_looking", "advice")
NGRAM = 3  # tokens


@dataclass(frozen=True, slots=True)
class Text:
    """One released row as far as quality looks at it."""

    pair_id: str
    split: str
    question: str
    context: str
    answer: str
    length: int  # characters of the whole conversation


def shares_of(lineage: pl.DataFrame) -> dict[str, float]:
    """Return the share in percent of each kind of row that a setting limits."""
    reports = lineage.filter(pl.col("origin") == "report")
    train = lineage.filter(pl.col("split") == "train")
    wrong = reports.filter(~pl.col("is_target").fill_null(value=True)).height
    return {
        "negative_pct": _percent(wrong, reports.height),
        "cot_pct": _percent(reports.filter(pl.col("augmentation") == "cot").height, reports.height),
        "refusal_pct": _percent(
            reports.filter(pl.col("kind").is_in(REFUSALS)).height, reports.height
        ),
        "general_pct": _percent(train.filter(pl.col("origin") == "general").height, train.height),
    }


def refuse_shares(
    shares: Mapping[str, float], limits: Mapping[str, tuple[int, int]], rows: int
) -> None:
    """Refuse shares outside their limits, where there are rows enough to speak of shares.

    Raises:
        GateError: Naming each share, what it is and its limits.
    """
    if rows < FEWEST_ROWS:
        return
    wrong = [
        f"{name} is {shares[name]:.1f}, expected {low} to {high}"
        for name, (low, high) in sorted(limits.items())
        if not low <= shares.get(name, 0.0) <= high
    ]
    if wrong:
        raise GateError(
            f"shares of the release are out of their limits: {'; '.join(wrong)}\n"
            "hint: change the shares of instruction_pairs, augmented_pairs or dataset_splits, or "
            "the limits of sft_dataset"
        )


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
) -> dict[str, object]:
    """Return all figures as JSON types; ``cut_off`` in characters."""
    reports = lineage.filter(pl.col("origin") == "report")
    metrics = dict(facts.select("fact_id", "metric").iter_rows())
    by_metric = Counter(
        metrics[fact_ids[0]] for fact_ids in reports["fact_ids"].to_list() if fact_ids
    )
    lengths = sorted(text.length for text in texts)
    too_long = sorted(text.pair_id for text in texts if text.length > cut_off)
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
        "by_metric": dict(sorted(by_metric.items(), key=lambda kv: (-kv[1], kv[0]))),
        "shares_pct": shares_of(lineage),
        "question_trigram_diversity": {
            language: ngram_diversity(found) for language, found in sorted(by_language.items())
        },
        "length_characters": {
            f"p{p}": lengths[min(len(lengths) - 1, len(lengths) * p // 100)]
            for p in (5, 50, 95, 99)
        }
        | {"longest": lengths[-1]}
        if lengths
        else {},
        "beyond_cut_off": {
            "cut_off_characters": cut_off,
            "share_pct": _percent(len(too_long), len(texts)),
            "pair_ids": too_long,
        },
        "inconsistent_pairs": [list(pair) for pair in inconsistent_pairs(texts)],
        "reviewed_pct": _percent(reviewed, reports.height),
    }


def draw_quality(report: Mapping[str, object]) -> bytes:
    """Return a PNG with the rows of each kind and the rows of each language and split."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8.4, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    for axes, names, title in (
        (left, ("by_kind",), "Rows of each kind"),
        (right, ("by_split", "by_language"), "Rows of splits, languages"),
    ):
        bars = [
            (key, count)
            for name in names
            if isinstance(found := report[name], dict)
            for key, count in found.items()
        ]
        axes.barh([str(key) for key, _ in bars][::-1], [c for _, c in bars][::-1], color="#1f4e9c")
        axes.set_title(title, loc="left")
        axes.spines[["top", "right"]].set_visible(False)
    stream = BytesIO()
    figure.savefig(stream, format="png", dpi=110, metadata={"Software": None})
    return stream.getvalue()


def _counts(values: pl.Series) -> dict[str, int]:
    counted = Counter(str(value) for value in values.to_list())
    return dict(sorted(counted.items(), key=lambda kv: (-kv[1], kv[0])))


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0
