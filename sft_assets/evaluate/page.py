"""The evaluation as one page that opens anywhere: no script, no file beside it."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, Final

from sft_assets.language_models.loss_steps import GENERAL_STEP, running_mean, split_steps

EXAMPLES: Final = 6  # of each kind of outcome
CURVE_WIDTH, CURVE_HEIGHT = 390, 112  # of the plot area, in units of its viewBox

Row = Mapping[str, Any]


def render_page(
    figures: Mapping[str, Any],
    baseline: Sequence[Row],
    tuned: Sequence[Row],
    latency: Mapping[str, Mapping[str, Any]],
    steps: Sequence[Mapping[str, float]] = (),
) -> str:
    """Return the page; ``baseline`` and ``tuned`` are the rows of the predictions files.

    ``steps`` are the rows of the training log.

    Everything that came from a document or a model is escaped: it may hold markup.
    """
    from jinja2 import Environment, StrictUndefined

    text = (files("sft_assets.evaluate") / "page.html.jinja").read_text(encoding="utf-8")
    template = Environment(autoescape=True, undefined=StrictUndefined).from_string(text)
    both = figures["models"]
    told = figures["number_exact_match"]
    return template.render(
        recipe=figures["recipe"],
        rows=figures["rows"],
        promoted=figures["promoted"],
        reason=figures["reason"],
        delta=told["delta"],
        delta_interval=told["delta_interval"],
        rise=figures["rise"],
        rows_with_numbers=figures["rows_with_numbers"],
        tiles=_tiles(both),
        bars=_bars(both),
        intervals=_intervals(both),
        table=_table(both),
        latency=latency,
        curve=_curve(steps),
        groups=_examples(baseline, tuned),
        percent=percent,
    )


def percent(share: float) -> str:
    """Return a share as a percentage with one decimal.

    >>> percent(0.3333), percent(-0.05)
    ('33.3', '-5.0')
    """
    return f"{share * 100:.1f}"


def _tiles(both: Mapping[str, Any]) -> list[dict[str, str]]:
    base, tuned = both["baseline"], both["tuned"]
    shares = (("Number-exact", "number_exact_match"), ("Exact text", "exact_match"))
    tiles = [
        {"name": name, "value": f"{percent(tuned[key])} %", "base": f"{percent(base[key])} %"}
        for name, key in shares
    ]
    perplexity = {
        "name": "Perplexity of the references",
        "value": f"{tuned['perplexity']:,.2f}",
        "base": f"{base['perplexity']:,.2f}",
    }
    rows = {
        "name": "Questions with numbers",
        "value": str(tuned["rows_with_numbers"]),
        "base": str(base["rows_with_numbers"]),
    }
    return [*tiles, perplexity, rows]


def _bars(both: Mapping[str, Any]) -> list[dict[str, Any]]:
    kinds = both["tuned"]["by_kind"]
    return [
        {
            "name": kind,
            "rows": figures["rows"],
            "tuned": figures["number_exact_match"],
            "base": both["baseline"]["by_kind"][kind]["number_exact_match"],
        }
        for kind, figures in sorted(kinds.items(), key=lambda item: (-item[1]["rows"], item[0]))
    ]


def _intervals(both: Mapping[str, Any]) -> list[dict[str, Any]]:
    lines = []
    for name, model, colour in (("base", "baseline", "base"), ("tuned", "tuned", "tuned")):
        low, high = both[model]["number_exact_match_interval"]
        value = both[model]["number_exact_match"]
        lines.append({"name": name, "value": value, "low": low, "high": high, "colour": colour})
    return lines


def _table(both: Mapping[str, Any]) -> list[dict[str, Any]]:
    base, tuned = both["baseline"], both["tuned"]
    lines = [{"name": "all", "rows": tuned["rows"], "base": base, "tuned": tuned}]
    for group in ("by_language", "by_kind"):
        lines += [
            {"name": name, "rows": part["rows"], "base": base[group][name], "tuned": part}
            for name, part in tuned[group].items()
        ]
    return lines


def _curve(steps: Sequence[Mapping[str, float]]) -> dict[str, Any] | None:
    """Return the loss as the points of two lines and of single dots, or None without steps."""
    if not steps:
        return None
    others, general = split_steps(steps)
    top = max(row["loss"] for row in steps) or 1.0
    places = {id(row): at * CURVE_WIDTH / max(1, len(steps) - 1) for at, row in enumerate(steps)}

    def points(rows: Sequence[Mapping[str, float]], values: Sequence[float]) -> list[str]:
        return [
            f"{40 + places[id(row)]:.1f},{120 - value / top * CURVE_HEIGHT:.1f}"
            for row, value in zip(rows, values, strict=True)
        ]

    losses = [row["loss"] for row in others]
    dots = points(general, [row["loss"] for row in general])
    return {
        "each": " ".join(points(others, losses)),
        "mean": " ".join(points(others, running_mean(losses))),
        "general": [dot.split(",") for dot in dots],
        "general_step": f"{GENERAL_STEP:.0%}",
        "top": f"{top:.1f}",
        "steps": len(steps),
    }


def _examples(baseline: Sequence[Row], tuned: Sequence[Row]) -> list[dict[str, Any]]:
    base_answers = {row["pair_id"]: row for row in baseline}
    rows = [
        {
            **row,
            "ok": bool(row["numbers_exact"]),
            "base_answer": base_answers[row["pair_id"]]["answer"],
            "gained": bool(row["numbers_exact"])
            and not base_answers[row["pair_id"]]["numbers_exact"],
        }
        for row in tuned
        if row["numbers_exact"] is not None
    ]
    gained = [row for row in rows if row["gained"]]
    wrong = [row for row in rows if not row["ok"]]
    return [
        {"title": "Right now, wrong before", "examples": spread(gained, EXAMPLES)},
        {"title": "Still wrong", "examples": spread(wrong, EXAMPLES)},
    ]


def spread(rows: Sequence[Row], most: int) -> list[Row]:
    """Return up to ``most`` rows, taking the kinds in turn so that each is seen.

    >>> rows = [{"kind": "a", "n": 1}, {"kind": "a", "n": 2}, {"kind": "b", "n": 3}]
    >>> [row["n"] for row in spread(rows, 2)]
    [1, 3]
    """
    by_kind: dict[str, list[Row]] = {}
    for row in rows:
        by_kind.setdefault(str(row["kind"]), []).append(row)
    turns = [(place, kind, row) for kind, part in by_kind.items() for place, row in enumerate(part)]
    return [row for _, _, row in sorted(turns, key=lambda turn: turn[:2])][:most]
