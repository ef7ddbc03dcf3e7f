"""Identities: sums that hold between the numbers of a statement, whatever the company."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sft_assets.facts.readings import Reading


@dataclass(frozen=True, slots=True)
class Identity:
    """``total`` equals the sum of ``plus`` less ``minus``, in one column of one statement."""

    name: str
    total: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()  # added where it is printed
    is_strict: bool = False  # a failure means a misreading: the numbers are set aside


IDENTITIES = (
    Identity("assets_equal_liabilities_and_equity", "total_assets",
             ("total_liabilities", "total_equity"), is_strict=True),
    Identity("assets_equal_liabilities_and_shareholders_equity", "total_assets",
             ("total_liabilities", "shareholders_equity")),
    Identity("equity_of_shareholders_and_minority", "total_equity",
             ("shareholders_equity", "minority_interests")),
    Identity("assets_equal_net_assets_and_liabilities", "total_assets",
             ("total_liabilities", "net_assets")),
    Identity("assets_equal_financing_side", "total_assets", ("total_liabilities_and_equity",),
             is_strict=True),
    Identity("current_and_non_current_assets", "total_assets",
             ("total_current_assets", "total_non_current_assets"), is_strict=True),
    Identity("current_and_non_current_liabilities", "total_liabilities",
             ("total_current_liabilities", "total_non_current_liabilities"), is_strict=True),
    Identity("equity_of_parent_and_minority", "total_equity",
             ("net_assets_attributable", "minority_interests")),
    Identity("net_current_assets", "net_current_assets",
             ("total_current_assets",), ("total_current_liabilities",)),
    Identity("total_assets_less_current_liabilities", "total_assets_less_current_liabilities",
             ("total_non_current_assets", "net_current_assets")),
    Identity("net_current_assets_after_negative_liabilities", "net_current_assets",
             ("total_current_assets", "total_current_liabilities")),
    Identity("net_assets_after_non_current_liabilities", "total_assets_less_current_liabilities",
             ("net_assets", "total_non_current_liabilities")),
    Identity("net_assets_of_all_groups", "net_assets",
             ("total_non_current_assets", "total_current_assets"),
             ("total_current_liabilities", "total_non_current_liabilities")),
    Identity("net_assets_of_negative_liabilities", "net_assets",
             ("total_non_current_assets", "total_current_assets", "total_current_liabilities"),
             optional=("total_non_current_liabilities",)),
    Identity("net_assets_equal_equity", "net_assets", ("total_equity",), is_strict=True),
    Identity("net_assets_equal_equity_of_owners", "net_assets", ("net_assets_attributable",),
             optional=("minority_interests",)),
    Identity("assets_less_current_liabilities_equal_capital",
             "total_assets_less_current_liabilities",
             ("total_equity_and_non_current_liabilities",), is_strict=True),
    Identity("equity_and_non_current_liabilities", "total_assets_less_current_liabilities",
             ("total_equity", "total_non_current_liabilities")),
    Identity("profit_after_tax", "net_profit", ("profit_before_tax",), ("income_tax_expense",)),
    Identity("profit_after_negative_tax", "net_profit",
             ("profit_before_tax", "income_tax_expense")),
    Identity("profit_of_parent_and_minority", "net_profit",
             ("net_profit_attributable_to_parent", "net_profit_attributable_to_nci")),
    Identity("profit_of_parent_less_minority", "net_profit_attributable_to_parent",
             ("net_profit",), ("net_profit_attributable_to_nci",)),
    Identity("profit_continuing_and_discontinued", "net_profit",
             ("net_profit_continuing",), optional=("net_profit_discontinued",)),
    Identity("profit_before_tax", "profit_before_tax",
             ("operating_profit", "non_operating_income"), ("non_operating_expenses",)),
    Identity("profit_before_tax_with_other_net", "profit_before_tax",
             ("operating_profit", "other_income_expense_net")),
    Identity("profit_before_tax_with_total_other", "profit_before_tax",
             ("operating_profit", "total_other_income_expense")),
    Identity("profit_before_tax_less_total_other", "profit_before_tax",
             ("operating_profit",), ("total_other_expense",)),
    Identity("profit_before_tax_less_other_net", "profit_before_tax",
             ("operating_profit",), ("other_expense_net",)),
    Identity("profit_after_tax_benefit", "net_profit",
             ("profit_before_tax", "income_tax_benefit")),
    Identity("gross_margin", "gross_margin", ("total_revenue",), ("total_cost_of_revenue",)),
    Identity("gross_margin_of_revenue", "gross_margin", ("revenue",), ("cost_of_revenue",)),
    Identity("gross_margin_of_total_revenue", "gross_margin",
             ("total_revenue",), ("cost_of_revenue",)),
    Identity("gross_profit", "gross_profit", ("revenue",), ("cost_of_sales",)),
    Identity("gross_profit_of_net_sales", "gross_profit", ("net_sales",), ("cost_of_sales",)),
    Identity("gross_profit_after_negative_cost", "gross_profit", ("revenue", "cost_of_sales")),
    Identity("gross_profit_of_turnover", "gross_profit", ("turnover", "cost_of_sales")),
    Identity("gross_profit_of_revenue", "gross_profit", ("revenue",), ("cost_of_revenue",)),
    Identity("comprehensive_income", "total_comprehensive_income",
             ("net_profit",), optional=("other_comprehensive_income",)),
    Identity("cash_reconciliation", "net_increase_in_cash",
             ("net_cash_from_operating", "net_cash_from_investing", "net_cash_from_financing"),
             optional=("exchange_effect_on_cash",)),
    Identity("cash_roll_forward", "cash_and_equivalents_ending",
             ("cash_and_equivalents_beginning", "net_increase_in_cash")),
    Identity("operating_cash_flow", "net_cash_from_operating",
             ("total_operating_cash_inflow",), ("total_operating_cash_outflow",)),
    Identity("investing_cash_flow", "net_cash_from_investing",
             ("total_investing_cash_inflow",), ("total_investing_cash_outflow",)),
    Identity("financing_cash_flow", "net_cash_from_financing",
             ("total_financing_cash_inflow",), ("total_financing_cash_outflow",)),
    Identity("employees_of_parent_and_subsidiaries", "employees_total",
             ("employees_parent", "employees_subsidiaries")),
)  # fmt: skip

BALANCED = frozenset({"total_assets", "net_assets", "total_assets_less_current_liabilities"})
"""Printed on both sides of a sheet: there no rounding comes between."""


def unit_in_last_place(reading: Reading) -> Decimal:
    """Return what one step of the last printed digit is worth in the base unit."""
    exponent = reading.value.as_tuple().exponent
    return Decimal(1).scaleb(int(exponent)) * reading.scale


def check_identities(
    readings: Sequence[Reading], *, has_mezzanine: bool
) -> tuple[Mapping[int, set[str]], Mapping[int, str]]:
    """Return, by index of ``readings``, the identities that hold and the strict one that fails.

    ``has_mezzanine`` allows capital that is neither a liability nor equity, as US rules do: then
    assets may exceed both, if they equal the printed total of the financing side.
    """
    proofs: dict[int, set[str]] = defaultdict(set)
    failures: dict[int, str] = {}
    for checks in evaluate_identities(readings):
        failed = {}
        for check in checks:
            if check.holds:
                for i in check.members:
                    proofs[i].add(check.identity.name)
            elif check.identity.is_strict:
                failed[check.identity.name] = check.members
        if has_mezzanine and "assets_equal_financing_side" not in failed:
            failed.pop("assets_equal_liabilities_and_equity", None)
        for name, indices in failed.items():
            failures |= dict.fromkeys(indices, f"fails_{name}")
    return proofs, failures


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """An identity in one column of one section."""

    identity: Identity
    members: tuple[int, ...]  # indices of readings, the total first
    amounts: tuple[Decimal, ...]  # of the members with the sign of their side: the total's turned
    difference: Decimal  # total less the sum of its parts, in the base unit
    holds: bool  # within the rounding of its members


def evaluate_identities(readings: Sequence[Reading]) -> list[list[IdentityCheck]]:
    """Return, for each column, the identities whose numbers are all there."""
    checks = []
    for column in _columns(readings).values():
        found = []
        for identity in IDENTITIES:
            members = _members(identity, column)
            if members is not None:
                rest, holds = _difference(identity, members, readings)
                indices = tuple(i for i, _ in members)
                amounts = tuple(
                    readings[i].amount * (sign if n else -1) for n, (i, sign) in enumerate(members)
                )
                found.append(IdentityCheck(identity, indices, amounts, rest, holds))
        checks.append(found)
    return checks


def _columns(readings: Sequence[Reading]) -> dict[tuple[object, ...], dict[str, int]]:
    """Return metric -> index for each column; a metric read twice in a column is left out."""
    found: dict[tuple[object, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for i, r in enumerate(readings):
        if r.doubt is None and r.place is not None:
            year = r.period.fiscal_year + (r.concept.id == "cash_and_equivalents_beginning")
            quarter = r.period.period if "Q" in r.period.period else ""
            opening = r.period.period if r.period.period.endswith("-01-01") else ""
            key = (r.section, r.scope, year, quarter, opening)
            found[key][r.concept.id].append(i)
    return {
        key: {metric: at[0] for metric, at in metrics.items() if len(at) == 1}
        for key, metrics in found.items()
    }


def _members(identity: Identity, column: Mapping[str, int]) -> list[tuple[int, int]] | None:
    """Return indices with their signs, the total first; None when a number is missing."""
    if not all(m in column for m in (identity.total, *identity.plus, *identity.minus)):
        return None
    signed = [(column[m], 1) for m in identity.plus]
    signed += [(column[m], -1) for m in identity.minus]
    signed += [(column[m], 1) for m in identity.optional if m in column]
    return [(column[identity.total], 1), *signed]


def _difference(
    identity: Identity, members: Sequence[tuple[int, int]], readings: Sequence[Reading]
) -> tuple[Decimal, bool]:
    """Return the total less its parts, and whether rounding explains that."""
    total = readings[members[0][0]].amount
    parts = sum((readings[i].amount * sign for i, sign in members[1:]), Decimal(0))
    slack = sum((unit_in_last_place(readings[i]) for i, _ in members), Decimal(0)) / 2
    is_exact = identity.total in BALANCED and len(members) == 2
    return total - parts, abs(total - parts) <= (Decimal(0) if is_exact else slack)


def find_odd_decimals(readings: Sequence[Reading]) -> Mapping[int, str]:
    """Return the doubt about amounts with cents among amounts in thousands or millions.

    In a statement in millions "$ 5.06" is an amount per share, whatever its label says.
    """
    sections: dict[int, list[int]] = defaultdict(list)
    for i, r in enumerate(readings):
        if r.unit == "currency" and r.scale >= 1000 and r.place is not None and r.doubt is None:
            sections[r.section].append(i)
    doubts: dict[int, str] = {}
    for members in sections.values():
        fractions = [i for i in members if readings[i].value.as_tuple().exponent != 0]
        if len(fractions) * 4 < len(members):
            doubts |= dict.fromkeys(fractions, "odd_decimals")
    return doubts
