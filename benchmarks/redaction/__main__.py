"""Print the table: ``python -m benchmarks.redaction [--show dev]``."""

import argparse

from rich.console import Console
from rich.table import Table

from benchmarks.redaction.look_alikes import make_look_alikes, read_look_alikes
from benchmarks.redaction.score import (
    is_found,
    make_positives,
    read_templates,
    score_look_alikes,
    score_positives,
)
from sft_assets.redact.detectors import find_identifiers

VALUES_EACH = 6  # times 7 forms times 30 templates: 1260 a kind
LOOK_ALIKES_EACH = 60


def main() -> None:
    """Score and print; with ``--show dev`` the invented sentences that were missed or altered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", choices=["dev"], help="list what went wrong in this half")
    args = parser.parse_args()
    table = Table("kind", "values", "recall dev", "recall held out", "masked too much")
    for kind, tally in score_positives(read_templates(), VALUES_EACH).items():
        halves = (f"{tally.recall(half):.1%}" for half in ("dev", "held_out"))
        table.add_row(kind, str(tally.made.total()), *halves, str(tally.spilled))
    alikes = Table("look-alikes", "sentences", "altered")
    for context, (made, altered) in score_look_alikes(LOOK_ALIKES_EACH).items():
        alikes.add_row(context, str(made), str(altered))
    for printed in (table, alikes):
        Console().print(printed)
    if args.show:
        _show(args.show)


def _show(half: str) -> None:
    for positive in make_positives(read_templates(), VALUES_EACH):
        if positive.half == half and is_found(positive) != (True, False):
            print(positive.kind, positive.form, is_found(positive), repr(positive.text))
    for context, text in make_look_alikes(read_look_alikes(), LOOK_ALIKES_EACH):
        if find_identifiers(text):
            kinds = [found.kind for found in find_identifiers(text)]
            print("look-alike", context, kinds, repr(text))


if __name__ == "__main__":
    main()
