"""What stands above a row and decides what its label means: an activity, a group, a head of costs.

"Other, net" is another number under investing activities than under financing ones, "Borrowings"
among current liabilities is no long-term debt, "Subscription" is revenue or what it costs, and
利息收入 is revenue right below 营业总收入 and a part of the costs right below 财务费用.
"""

import re
from dataclasses import dataclass

from sft_assets.concepts.labels import fold_label, has_cjk, latin_half

_ACTIVITY = re.compile(
    r"\b(operating|investing|financing) activities|^(operations|investing|financing)$"
)
_ACTIVITIES = {"operations": "operating"}
_SHORT = re.compile(r"other(?:, net| - net)?|other(?:, primarily .*)?")
_HEADS = ("营业总收入", "营业总成本", "财务费用", "利息净收入", "营业收入")
_INTEREST = ("利息收入", "利息支出")
CURRENT_ASSETS, NON_CURRENT_ASSETS = "Current assets", "Non-current assets"
CURRENT_LIABILITIES, NON_CURRENT_LIABILITIES = "Current liabilities", "Non-current liabilities"
_GROUPS = {
    "balance_sheet": (
        (CURRENT_ASSETS, re.compile(r"current assets|流动资产")),
        (NON_CURRENT_ASSETS, re.compile(r"(?:noncurrent|long term|fixed) assets|非流动资产")),
        (
            CURRENT_LIABILITIES,
            re.compile(r"current liabilities|creditors:? amounts falling due within .*|流动负债"),
        ),
        (
            NON_CURRENT_LIABILITIES,
            re.compile(
                r"(?:noncurrent|long term) liabilities|creditors:? amounts falling due after .*|"
                r"非流动负债"
            ),
        ),
        ("", re.compile(r".*\b(?:equity|deficit|capital and reserves)\b.*|.*(?:权益|储备|股本).*")),
    ),
    "cash_flow": (
        ("Cash paid", re.compile(r".*\bcash (?:paid|payments?)\b.*|.*已付现金.*")),
        (
            "Working capital",
            re.compile(r"(?:net )?(?:changes?|movements?|increase|decrease)\b.* in .*"),
        ),
        (
            "Adjustments",
            re.compile(r"adjust(?:ments?|ed)\b.*|.*\breconcile\b.*|.*调整.*|.*就.*作出.*"),
        ),
        ("", re.compile(r".*\bactivities\b.*|.*supplement.*|.*non ?cash.*|.*(?:业务|活动).*")),
    ),
    "income_statement": (
        (
            "Comprehensive income attributable",
            re.compile(
                r"(?!.*\bprofit.* and ).*comprehensive.* attributable to|"
                r".*应占.*全面.*|.*全面.*应占"
            ),
        ),
        (
            "Profit attributable",
            re.compile(
                r"(?!.*(?:comprehensive|\bper\b)).*\b(?:profit|income|loss|earnings)\b.* "
                r"attributable to|"
                r"(?!.*(?:全面|每股)).*应占.*(?:溢利|亏损|利润)|(?!.*(?:全面|每股)).*(?:溢利|亏损|利润).*应占"
            ),
        ),
        (
            "Discontinued earnings per share",
            re.compile(r"(?!.*\bcontinuing).*per .*share.*discontinued.*|每股.*[已终]止经营.*"),
        ),
        (
            "Continuing earnings per share",
            re.compile(
                r"(?!.*discontinued).*per .*share.*continuing.*|每股(?!.*止经营).*持续经营.*"
            ),
        ),
        (
            "Weighted average shares outstanding",
            re.compile(
                r".*weighted average.*|.*\bshares (?:used|outstanding).*|average shares\b.*"
            ),
        ),
        ("Earnings per share", re.compile(r".*\bper .*\b(?:share|unit)s?\b.*|.*每股.*")),
        (
            "Cost of revenue",
            re.compile(r"(?:total )?costs? of (?:net )?(?:revenues?|sales|goods)\b.*"),
        ),
        ("Revenue", re.compile(r"(?:net |operating |total )?(?:revenues?|sales)(?:, net)?")),
        ("", re.compile(r"(?:operating |costs and |other )?expenses.*|other .*")),
    ),
}
_AFTER_TOTAL = {
    "total_current_assets": NON_CURRENT_ASSETS,
    "total_current_liabilities": NON_CURRENT_LIABILITIES,
    "total_non_current_assets": "",
    "total_non_current_liabilities": "",
    "total_assets": "",
    "total_liabilities": "",
    "net_current_assets": "",
    "total_assets_less_current_liabilities": "",
    "net_assets": "",
    "total_equity": "",
}
_EARNED = {"interest income": "Adjustments", "利息收入": "调整"}
_OF_EPS = (
    ("Earnings per share", re.compile(r".*持续及(?:已)?终止.*|.*continuing and discontinued.*")),
    ("Continuing earnings per share", re.compile(r"(?:来自)?持续经营.*|(?:from )?continuing.*")),
    (
        "Discontinued earnings per share",
        re.compile(r"(?:来自)?已?终止经营.*|(?:from )?discontinued.*"),
    ),
)
"""Heads below that of the earnings per share."""
_CHINESE_GROUPS = {
    "Profit attributable": "应占溢利",
    "Comprehensive income attributable": "应占全面收益",
    "Earnings per share": "每股收益",
    "Continuing earnings per share": "持续经营每股收益",
    "Discontinued earnings per share": "终止经营每股收益",
}


@dataclass(slots=True)
class Surroundings:
    """Walks down the labels of one statement."""

    statement: str
    has_total_assets: bool  # the sheet prints assets, their total, then liabilities
    activity: str | None = None
    is_lender: bool = False  # the statement prints a net interest income
    side: str = "Assets"
    head: str = ""
    group: str = ""  # one of _GROUPS; "" outside of them
    group_label: str = ""  # as printed
    group_no: int = 0  # counts the groups, so that two of one name are told apart

    def pass_label(self, label: str, *, is_alone: bool) -> None:
        """Take note of the label of a row, which stands without numbers if ``is_alone``."""
        folded = fold_label(label)
        if folded in _HEADS:
            self.head = folded
        if folded == "total assets":
            self.side = "Liabilities"
        if not is_alone:
            return
        found = _ACTIVITY.search(folded)
        if found is not None:
            word = found[1] or found[2]
            self.activity = f"{_ACTIVITIES.get(word, word).capitalize()} activities"
            self._begin("", label)
        group = group_of(self.statement, label)
        if group is None and self.group.lower().endswith("earnings per share"):
            group = next((name for name, of in _OF_EPS if of.fullmatch(folded)), None)
        if group is not None:
            self._begin(group, label)

    def pass_concept(self, concept_id: str) -> None:
        """Take note of what a row was read as: a total ends its group."""
        if self.statement == "balance_sheet" and concept_id in _AFTER_TOTAL:
            self._begin(_AFTER_TOTAL[concept_id], "")

    def _begin(self, group: str, label: str) -> None:
        self.group, self.group_label = group, label
        self.group_no += 1

    def headings_of(self, label: str) -> tuple[str, ...]:
        """Return the headings that complete ``label``, the nearest first; none where it stands."""
        folded = fold_label(latin_half(label))
        found: list[str | None] = []
        if self.statement == "cash_flow":
            is_named = self.group == "Cash paid" or self.activity == "Operating activities"
            found.append(self.group if is_named and self.group != "Adjustments" else None)
            found.append(self.activity if _SHORT.fullmatch(folded) else None)
            if folded in _EARNED:
                found.append(_EARNED[folded])
        elif folded in _INTEREST:
            return (self.head,) if self.head else ()
        if self.statement == "balance_sheet" and self.has_total_assets and "deferred" in folded:
            found.append(self.side)
        if self.statement == "income_statement":
            found.append(_CHINESE_GROUPS.get(self.group) if has_cjk(folded) else self.group)
            if folded == "interest income" and not self.is_lender:
                found.append("Other income")
        return tuple(heading for heading in found if heading)


def group_of(statement: str, label: str) -> str | None:
    """Return the group of rows that ``label`` heads in a statement; None when it heads none.

    >>> group_of("balance_sheet", "Non-current assets 非流動資產")
    'Non-current assets'
    >>> group_of("balance_sheet", "Other current assets") is None
    True
    """
    folded = fold_label(latin_half(label))
    for name, pattern in _GROUPS.get(statement, ()):
        if pattern.fullmatch(folded):
            return name
    return None
