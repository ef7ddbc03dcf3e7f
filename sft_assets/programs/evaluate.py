"""Run a program over facts: Decimal throughout, rounded half up to two decimals at the end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise

from sft_assets.programs.operands import Operand
from sft_assets.programs.refusals import ProgramRefusedError
from sft_assets.programs.syntax import Call, Expression, Ref, parse_program, references

DECIMALS = Decimal("0.01")
_CURRENCY_MARK = re.compile(
    r"(?:US|HK|NT|RMB|人民币|人民幣)?[$¥￥€£]\s*|^\s*(?:RMB|人民币|人民幣)\s*"
)
DAYS_A_YEAR = Decimal(365)
AMOUNTS = {"currency", "per_share", "persons", "shares", "number"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an expression yields. ``base_value`` is exact; ``value`` is what is printed."""

    base_value: Decimal  # in the base unit, unrounded
    value: Decimal  # divided by scale; rounded where a quotient made it
    unit: str  # a unit of the facts, or "times"
    scale: int
    currency: str | None
    places: int  # decimals that are printed
    text: str  # as it stands in an answer: "25.64%", "1,234.50", "2.35"


def rederive(program: str, facts: Sequence[Operand]) -> str:
    """Return the result of ``program`` as an answer writes it; several results joined by ``"; "``.

    Raises:
        ProgramSyntaxError: If it is no program.
        ProgramRefusedError: If its result would be wrong or misleading.

    >>> spent = Operand(Decimal(1647), "1 647", "currency", 10**8, "CNY", "rnd_spending",
    ...                 "x", 2023, "duration", "consolidated", "reported")
    >>> revenue = Operand(Decimal(6423), "6 423", "currency", 10**8, "CNY", "revenue",
    ...                   "x", 2023, "duration", "consolidated", "reported")
    >>> rederive("ratio(f1, f2)", [spent, revenue])
    '25.64%'
    """
    return "; ".join(outcome.text for outcome in evaluate(program, facts))


def evaluate(program: str, facts: Sequence[Operand]) -> tuple[Outcome, ...]:
    """Return the outcome of each expression of ``program``; raises as ``rederive`` does."""
    return tuple(evaluate_expression(e, facts) for e in parse_program(program))


def evaluate_expression(expression: Expression, facts: Sequence[Operand]) -> Outcome:
    """Return the outcome of one parsed expression; raises as ``rederive`` does."""
    with localcontext() as context:
        context.prec = 60
        if isinstance(expression, Ref):
            return _of_fact(_fact(expression, facts))
        if expression.function == "descending":
            return _descending(expression, facts)
        arguments = [evaluate_expression(argument, facts) for argument in expression.arguments]
        _check_meaning(expression, facts)
        return _FUNCTIONS[expression.function](arguments)


def _fact(ref: Ref, facts: Sequence[Operand]) -> Operand:
    if ref.position > len(facts):
        raise ProgramRefusedError("unknown_fact")
    return facts[ref.position - 1]


def _of_fact(fact: Operand) -> Outcome:
    text = without_currency_mark(fact.value_printed)
    if fact.unit == "percent" and not text.endswith(("%", "％")):
        text += "%"
    places = _printed_places(text)
    return Outcome(fact.base_value, fact.value, fact.unit, fact.scale, fact.currency, places, text)


def without_currency_mark(printed: str) -> str:
    """Return a printed number without its currency mark; an answer names the currency in words.

    >>> without_currency_mark("$ (1,234)"), without_currency_mark("人民币5.00")
    ('(1,234)', '5.00')
    """
    return _CURRENCY_MARK.sub("", printed).strip()


def _check_meaning(call: Call, facts: Sequence[Operand]) -> None:
    """Refuse operands whose combination says nothing, whatever their numbers are."""
    used = [_fact(Ref(position), facts) for position in references(call)]
    if call.function == "growth":
        _same(used, "metric", "company_id", "scope")
        if [fact.basis for fact in used] != ["reported", "after_restatement"]:
            _same(used, "basis")  # else: the comparison that a report with restated figures makes
        if all(isinstance(a, Ref) for a in call.arguments):
            now, before = used
            if now.fiscal_year != before.fiscal_year + 1:
                raise ProgramRefusedError("not_consecutive")
    elif call.function in {"ratio", "per", "days"}:
        _same(used, "company_id", "scope", "basis")
        if all(isinstance(a, Ref) for a in call.arguments):
            _same(used, "fiscal_year")


_REASON_OF_FIELD = {
    "metric": "mixed_metric",
    "company_id": "mixed_company",
    "scope": "mixed_scope",
    "basis": "mixed_basis",
    "fiscal_year": "mixed_period",
}


def _same(facts: Sequence[Operand], *fields: str) -> None:
    for field in fields:
        if len({getattr(fact, field) for fact in facts}) > 1:
            raise ProgramRefusedError(_REASON_OF_FIELD[field])


def _check_units(arguments: Sequence[Outcome]) -> None:
    if len({a.unit for a in arguments}) > 1:
        raise ProgramRefusedError("mixed_unit")
    if len({a.currency for a in arguments}) > 1:
        raise ProgramRefusedError("mixed_currency")


def _base(arguments: Sequence[Outcome]) -> Decimal:
    """Return the divisor of a quotient, or refuse."""
    _check_units(arguments)
    if arguments[1].unit not in AMOUNTS:
        raise ProgramRefusedError("not_an_amount")
    base = arguments[1].base_value
    if base == 0:
        raise ProgramRefusedError("zero_base")
    if base < 0:
        raise ProgramRefusedError("negative_base")
    return base


def _rounded(value: Decimal) -> Decimal:
    rounded = value.quantize(DECIMALS, rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded  # no "-0.00"


def _percent(value: Decimal) -> Outcome:
    shown = _rounded(value)
    return Outcome(value, shown, "percent", 1, None, 2, f"{shown:,f}%")


def _growth(arguments: Sequence[Outcome]) -> Outcome:
    base = _base(arguments)
    if arguments[0].base_value < 0:
        raise ProgramRefusedError("sign_change")
    return _percent((arguments[0].base_value - base) / base * 100)


def _ratio(arguments: Sequence[Outcome]) -> Outcome:
    base = _base(arguments)
    return _percent(arguments[0].base_value / base * 100)


def _multiple(arguments: Sequence[Outcome]) -> Outcome:
    base = _base(arguments)
    value = arguments[0].base_value / base
    shown = _rounded(value)
    return Outcome(value, shown, "times", 1, None, 2, f"{shown:,f}")


def _per(arguments: Sequence[Outcome]) -> Outcome:
    """Return an amount of money for each share or person, in the base unit of the currency."""
    amount, count = arguments
    units = {"shares": "per_share", "persons": "per_person"}
    if amount.unit != "currency" or count.unit not in units:
        raise ProgramRefusedError("mixed_unit")
    if count.base_value <= 0:
        raise ProgramRefusedError("zero_base" if count.base_value == 0 else "negative_base")
    value = amount.base_value / count.base_value
    shown = _rounded(value)
    return Outcome(value, shown, units[count.unit], 1, amount.currency, 2, f"{shown:,f}")


def _days(arguments: Sequence[Outcome]) -> Outcome:
    base = _base(arguments)
    value = arguments[0].base_value / base * DAYS_A_YEAR
    shown = _rounded(value)
    return Outcome(value, shown, "days", 1, None, 2, f"{shown:,f}")


def _difference(arguments: Sequence[Outcome]) -> Outcome:
    return _amount(arguments, arguments[0].base_value - arguments[1].base_value)


def _sum(arguments: Sequence[Outcome]) -> Outcome:
    return _amount(arguments, sum((a.base_value for a in arguments), Decimal(0)))


def _average(arguments: Sequence[Outcome]) -> Outcome:
    total = sum((a.base_value for a in arguments), Decimal(0))
    return _amount(arguments, total / len(arguments), quotient=True)


def _amount(
    arguments: Sequence[Outcome], base_value: Decimal, *, quotient: bool = False
) -> Outcome:
    """Return an amount in the finest scale of its operands, so that a sum stays exact."""
    _check_units(arguments)
    first = arguments[0]
    scale = min(a.scale for a in arguments)
    value = base_value / scale
    if first.unit in {"percent", "percentage_points"}:
        points = _rounded(value)
        return Outcome(base_value, points, "percentage_points", 1, None, 2, f"{points:,f}")
    places = max(2 if quotient else 0, *(a.places for a in arguments))
    if any(a.scale != scale for a in arguments):
        places = max(places, _exact_places(value))
    shown = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{shown:,f}"
    return Outcome(base_value, shown, first.unit, scale, first.currency, places, text)


def _printed_places(text: str) -> int:
    """Return the decimals of a printed number.

    >>> _printed_places("1,200.50"), _printed_places("(7)"), _printed_places("3.1%")
    (2, 0, 1)
    """
    match = re.search(r"[.．]([0-9０-９]+)", text)
    return len(match[1]) if match else 0


def _exact_places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _descending(call: Call, facts: Sequence[Operand]) -> Outcome:
    used = []
    for argument in call.arguments:
        if not isinstance(argument, Ref):
            raise ProgramRefusedError("nested_list")
        used.append(_fact(argument, facts))
    outcomes = [_of_fact(fact) for fact in used]
    _check_units(outcomes)
    _check_order(used)
    if any(b.base_value >= a.base_value for a, b in pairwise(used)):
        raise ProgramRefusedError("wrong_order")
    first = outcomes[0]
    text = "; ".join(outcome.text for outcome in outcomes)
    return Outcome(first.base_value, first.value, first.unit, first.scale, first.currency, 0, text)


def _check_order(facts: Sequence[Operand]) -> None:
    """Refuse an order over figures that differ in more than one respect.

    Companies side by side share metric and year; years of one company share its metric; items of
    one statement share company and year.
    """
    companies = len({fact.company_id for fact in facts})
    years = len({fact.fiscal_year for fact in facts})
    if companies == 1 and years == 1:
        _same(facts, "scope", "basis")
    elif companies == 1:
        _same(facts, "metric", "scope")
    else:
        _same(facts, "metric", "scope", "fiscal_year")


_FUNCTIONS = {
    "growth": _growth,
    "ratio": _ratio,
    "multiple": _multiple,
    "per": _per,
    "days": _days,
    "difference": _difference,
    "sum": _sum,
    "average": _average,
}
