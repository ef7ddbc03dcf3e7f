"""Names of metrics from the shared term dictionary."""

from functools import cache

from sft_assets.concepts import load_concepts


def metric_name(metric: str, language: str) -> str | None:
    """Return the canonical name of ``metric``; None for one that the dictionary lacks.

    >>> metric_name("revenue", "zh"), metric_name("no_such_metric", "zh")
    ('营业收入', None)
    """
    concept = load_concepts().by_id.get(metric)
    return None if concept is None else concept.label(language)


@cache
def metric_names() -> dict[str, tuple[str, ...]]:
    """Return every name of every metric, canonical ones first, in order of the dictionary."""
    return {name: concept.all_labels() for name, concept in load_concepts().by_id.items()}


def period_type_of(metric: str) -> str:
    """Return ``instant`` or ``duration``."""
    return load_concepts()[metric].period_type


@cache
def balance_names() -> frozenset[str]:
    """Return the names, in small letters, of what is measured on a day: assets, debts, capital."""
    names = metric_names().items()
    return frozenset(n.lower() for m, all_ in names if period_type_of(m) == "instant" for n in all_)


def is_amount(metric: str) -> bool:
    """Return whether ``metric`` is a sum of money."""
    return load_concepts()[metric].unit == "currency"
