"""What stands above a row and decides what its label means: an activity, a side, a head of costs.

"Other, net" is another number under investing activities than under financing ones, "Deferred
income taxes" is an asset above total assets and a liability below it, and 利息收入 is revenue
right below 营业总收入 and a part of the costs right below 财务费用.
"""

import re
from dataclasses import dataclass

from sft_assets.concepts.labels import fold_label

_ACTIVITY = re.compile(
    r"\b(operating|investing|financing) activities|^(operations|investing|financing)$"
)
_ACTIVITIES = {"operations": "operating"}
_SHORT = re.compile(r"other(?:, net)?|other(?:, primarily .*)?")
_HEADS = ("营业总收入", "营业总成本", "财务费用", "利息净收入", "营业收入")
_INTEREST = ("利息收入", "利息支出")


@dataclass(slots=True)
class Surroundings:
    """Walks down the labels of one statement."""

    statement: str
    has_total_assets: bool  # the sheet prints assets, their total, then liabilities
    activity: str | None = None
    side: str = "Assets"
    head: str = ""

    def pass_label(self, label: str, *, is_alone: bool) -> None:
        """Take note of the label of a row, which stands without numbers if ``is_alone``."""
        folded = fold_label(label)
        if folded in _HEADS:
            self.head = folded
        if folded == "total assets":
            self.side = "Liabilities"
        found = _ACTIVITY.search(folded) if is_alone else None
        if found is not None:
            word = found[1] or found[2]
            self.activity = f"{_ACTIVITIES.get(word, word).capitalize()} activities"

    def heading_of(self, label: str) -> str | None:
        """Return the heading that completes ``label``; None where it can stand alone."""
        folded = fold_label(label)
        if folded in _INTEREST:
            return self.head or None
        if self.statement == "cash_flow" and _SHORT.fullmatch(folded):
            return self.activity
        if self.statement == "balance_sheet" and self.has_total_assets and "deferred" in folded:
            return self.side
        return None
