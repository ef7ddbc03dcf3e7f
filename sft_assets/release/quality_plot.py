"""The quality report as a picture: kinds, variants, lengths and coverage."""

from collections.abc import Iterable, Mapping
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BLUE, GREY, RED = "#1f4e9c", "#9aa5b1", "#b3261e"
LABEL_LETTERS = 24  # a line
MOST_BARS = 17  # of one panel; the rest is one bar


def draw_quality(report: Mapping[str, object]) -> bytes:
    """Return a PNG of four panels; the order of the report's keys does not matter."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10.5, 8.4), layout="constrained")
    (kinds, variants), (lengths, coverage) = figure.subplots(2, 2)
    _bars(kinds, _counts(report["by_kind"]), "Rows of each kind")
    _bars(variants, _variants(report), "Originals and variants")
    _lengths(lengths, report)
    _bars(coverage, _coverage(report), "Splits, languages, industries")
    stream = BytesIO()
    figure.savefig(stream, format="png", dpi=110, metadata={"Software": None})
    return stream.getvalue()


def _bars(axes: "Axes", bars: Iterable[tuple[str, int]], title: str) -> None:
    found = list(bars)
    shown = found[:MOST_BARS]
    if rest := sum(count for _, count in found[MOST_BARS:]):
        shown.append((f"{len(found) - MOST_BARS} others", rest))
    drawn = axes.barh(range(len(shown)), [count for _, count in shown], color=BLUE, height=0.7)
    axes.bar_label(drawn, labels=[f"{count:,}" for _, count in shown], padding=3, fontsize=8)
    names = ["\n".join(wrap(name, LABEL_LETTERS)) for name, _ in shown]
    axes.set_yticks(range(len(shown)), names, fontsize=8)
    axes.invert_yaxis()
    axes.margins(x=0.14)
    _plain(axes, title)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)


def _lengths(axes: "Axes", report: Mapping[str, object]) -> None:
    tokens, beyond = report["length_tokens"], report["beyond_cut_off"]
    if not (isinstance(tokens, dict) and isinstance(beyond, dict)):
        raise TypeError("quality report is not of the form that quality_report makes")
    bins = dict(sorted((int(start), count) for start, count in tokens["histogram"].items()))
    width = min((b - a for a, b in zip(bins, list(bins)[1:], strict=False)), default=1)
    cut_off = beyond["cut_off_tokens"]
    colours = [BLUE if start < cut_off else RED for start in bins]
    axes.bar(list(bins), list(bins.values()), width=0.9 * width, align="edge", color=colours)
    axes.axvline(cut_off, color=GREY, linewidth=1)
    axes.annotate(
        f"cut-off {cut_off:,}:\n{beyond['share_pct']:.1f} % beyond",
        (cut_off, 0.97),
        xycoords=("data", "axes fraction"),
        xytext=(4, 0),
        textcoords="offset points",
        va="top",
        fontsize=8,
    )
    axes.set_xlim(right=max(1.3 * cut_off, *bins, 0) + width)
    axes.tick_params(labelsize=8)
    axes.set_xlabel("tokens of a row", fontsize=8)
    _plain(axes, "Lengths")


def _plain(axes: "Axes", title: str) -> None:
    axes.set_title(title, loc="left", fontsize=11)
    axes.spines[["top", "right"]].set_visible(False)


def _variants(report: Mapping[str, object]) -> list[tuple[str, int]]:
    return [(name.replace("_", " "), count) for name, count in _counts(report["by_augmentation"])]


def _coverage(report: Mapping[str, object]) -> list[tuple[str, int]]:
    found = report["by_industry"]
    industries = [
        (f"{name} ({own['companies']} companies)", own["rows"])
        for name, own in (found.items() if isinstance(found, dict) else ())
    ]
    return [*_counts(report["by_split"]), *_counts(report["by_language"]), *industries]


def _counts(found: object) -> list[tuple[str, int]]:
    """Return names and counts, most first."""
    counts = [(str(k), int(v)) for k, v in found.items()] if isinstance(found, dict) else []
    return sorted(counts, key=lambda bar: (-bar[1], bar[0]))
