"""Five years of one invented company: group and parent books, quarters, per-share figures."""

from dataclasses import dataclass, field
from decimal import Decimal
from random import Random

from sft_assets.sample.amounts import half_up
from sft_assets.sample.books import FIRST_YEAR, Economics, Plan, next_book, opening_book
from sft_assets.sample.lines import Book, fill_totals

QUARTERLY = ("revenue", "net_profit_parent", "deducted_net_profit", "operating_cash_flow")


@dataclass(frozen=True, slots=True)
class Year:
    """One fiscal year as a report prints it; amounts in the smallest printed unit."""

    year: int
    group: Book
    parent: Book
    exceptional: Book = field(default_factory=dict)  # non-recurring gains and losses
    quarters: dict[str, tuple[int, ...]] = field(default_factory=dict)
    basic_eps: Decimal = Decimal(0)
    deducted_eps: Decimal = Decimal(0)
    roe: Decimal = Decimal(0)  # weighted average, percent
    deducted_roe: Decimal = Decimal(0)
    dividend_per_ten: Decimal = Decimal(0)  # yuan for ten shares, tax included


@dataclass(frozen=True, slots=True)
class History:
    """All years; ``as_first_reported`` has the years that a later report restates."""

    years: dict[int, Year]
    as_first_reported: dict[int, Year]


@dataclass(frozen=True, slots=True)
class Setup:
    """What the books of one company start from."""

    seed: str
    economics: Economics
    units_per_yuan: Decimal  # smallest printed units in one yuan, e.g. 100 for fen
    dividends_per_ten: tuple[str, str, str, str, str]  # for 2020 to 2024, paid a year later
    parent_share: float = 0.62  # of group revenue
    absorbed_revenue: int = 0  # 2021 revenue of a sister company taken over in 2024; 0: none


def _per_share(profit: int, setup: Setup) -> Decimal:
    return half_up(Decimal(profit) / setup.units_per_yuan / setup.economics.shares, 2)


def _return_on_equity(profit: int, own: int, equity_before: int, dividends: int) -> Decimal:
    """Weighted average return; dividends leave in June, so they weigh half a year."""
    base = Decimal(equity_before) + Decimal(own) / 2 - Decimal(dividends) / 2
    return half_up(Decimal(profit) * 100 / base, 2)


def _exceptional(rng: Random, group: Book) -> Book:
    items = {
        "disposal": group["disposal_gains"],
        "subsidies": round(group["other_income"] * (0.6 + 0.2 * rng.random())),
        "fair_value": group["fair_value_gains"] + round(group["investment_income"] * 0.2),
        "other": group["non_operating_income"] - group["non_operating_expenses"],
    }
    gross = sum(items.values())
    items["tax"] = round(gross * 0.15)
    items["minority"] = round(gross * 0.02)
    items["total"] = gross - items["tax"] - items["minority"]
    return items


def _quarters(rng: Random, amount: int, *, uneven: bool) -> tuple[int, ...]:
    """Four parts that sum to the amount; cash may run out in the first quarter."""
    shares = [0.21 + 0.06 * rng.random() for _ in range(3)]
    if uneven:
        shares[0] = -0.15 - 0.1 * rng.random()
    parts = [round(amount * share) for share in shares]
    return (*parts, amount - sum(parts))


def _finish(rng: Random, setup: Setup, group: Book, parent: Book, prev: Book, year: int) -> Year:
    exceptional = _exceptional(rng, group)
    own = group["net_profit_parent"]
    deducted = own - exceptional["total"]
    group = group | {"deducted_net_profit": deducted}
    dividends = _dividends(setup, year)
    before = prev["equity_parent"]
    return Year(
        year,
        group,
        parent,
        exceptional,
        {key: _quarters(rng, group[key], uneven=key == "operating_cash_flow") for key in QUARTERLY},
        _per_share(own, setup),
        _per_share(deducted, setup),
        _return_on_equity(own, own, before, dividends),
        _return_on_equity(deducted, own, before, dividends),
        Decimal(setup.dividends_per_ten[year - FIRST_YEAR]),
    )


def _dividends(setup: Setup, year: int) -> int:
    """Paid in the year, for the year before, in the smallest printed unit."""
    if year == FIRST_YEAR:
        return 0
    per_ten = Decimal(setup.dividends_per_ten[year - FIRST_YEAR - 1])
    return int(per_ten * setup.economics.shares / 10 * setup.units_per_yuan)


def _sum_of_books(one: Book, other: Book) -> Book:
    """Group with the sister company; its own capital is capital reserve of the group."""
    both = {key: one.get(key, 0) + other.get(key, 0) for key in sorted({*one, *other})}
    both["share_capital"] = one["share_capital"]
    both["capital_reserve"] += other["share_capital"]
    both["surplus_reserve"] = one["surplus_reserve"]
    both["retained_earnings"] += other["surplus_reserve"]
    return fill_totals(both)


def build_history(setup: Setup) -> History:
    """Books of 2020 (opening) to 2024; with an absorbed sister, 2021 to 2023 twice."""
    rng = Random(setup.seed)  # noqa: S311 - invented figures, no secret
    eco = setup.economics
    capital = int(eco.shares * setup.units_per_yuan)
    revenue = round(eco.revenue / 1.08)
    group = opening_book(rng, eco, Plan(revenue, eco.gross_margin[0], 0, 0), capital)
    share = setup.parent_share
    parent = opening_book(
        rng, eco, Plan(round(revenue * share), eco.gross_margin[0], 0, 0, True), capital
    )
    parent["surplus_reserve"] = group["surplus_reserve"]
    sister = _sister_opening(setup)
    years: dict[int, Year] = {}
    restated = {FIRST_YEAR: Year(FIRST_YEAR, _sum_of_books(group, sister), parent)}
    years[FIRST_YEAR] = Year(FIRST_YEAR, group, parent)
    revenue = eco.revenue
    for year in range(FIRST_YEAR + 1, FIRST_YEAR + 5):
        at = year - FIRST_YEAR - 1
        if at:
            revenue = round(revenue * (1 + eco.growth[at - 1]))
        margin, paid = eco.gross_margin[at], _dividends(setup, year)
        own_revenue = round(revenue * (share + 0.02 * rng.random()))
        parent = next_book(rng, eco, Plan(own_revenue, margin, paid, None, True), parent)
        surplus = parent["surplus_addition"]
        merged = bool(setup.absorbed_revenue) and year == FIRST_YEAR + 4
        prev = restated[year - 1].group if merged else years[year - 1].group
        group = next_book(rng, eco, Plan(revenue, margin, paid, surplus), prev)
        years[year] = _finish(rng, setup, group, parent, prev, year)
        if setup.absorbed_revenue and not merged:
            grown = Plan(round(setup.absorbed_revenue * 1.09**at), 0.24, 0, 0)
            sister = next_book(Random(f"{setup.seed}/sister/{year}"), eco, grown, sister)  # noqa: S311
            both = _sum_of_books(group, sister)
            before = restated[year - 1].group
            restated[year] = _finish(rng, setup, both, parent, before, year)
    if not setup.absorbed_revenue:
        return History(years, {})
    first = {year: years[year] for year in restated}
    return History(years | restated, first)


def _sister_opening(setup: Setup) -> Book:
    eco = setup.economics
    plan = Plan(max(1, round(setup.absorbed_revenue * 0.93)), 0.24, 0, 0)
    rng = Random(f"{setup.seed}/sister")  # noqa: S311
    return opening_book(rng, eco, plan, round(setup.absorbed_revenue * 0.3))
