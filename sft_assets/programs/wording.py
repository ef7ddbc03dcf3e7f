"""A program in the notation of an answer and in that of a calculator."""

import re
from collections.abc import Sequence
from decimal import Decimal, localcontext

from sft_assets.numbers.units import to_ascii_width
from sft_assets.programs.evaluate import DAYS_A_YEAR, evaluate_expression, without_currency_mark
from sft_assets.programs.operands import Operand
from sft_assets.programs.syntax import Expression, Ref, parse_program, references

HUNDRED = Decimal(100)


def operand_text(fact: Operand, scale: int | None = None) -> str:
    """Return the number as a formula shows it: as printed, a negative one as ``(-n)``.

    With a ``scale`` other than its own, it is written in that scale.

    >>> fact = Operand(Decimal("-12.5"), "(12.50)", "currency", 1000, "CNY", "m", "c", 2020,
    ...                "duration", "consolidated", "reported")
    >>> operand_text(fact), operand_text(fact, 1)
    ('(-12.50)', '(-12,500)')
    """
    if scale not in (None, fact.scale):
        text = f"{_in_scale(fact, scale):,f}"
    else:
        text = without_currency_mark(fact.value_printed).strip("()（）-－−—– %％")
    return f"(-{text})" if fact.value < 0 else text


def formula_text(program: str, facts: Sequence[Operand]) -> str:
    """Return each expression with its numbers and result, joined by ``"; "``.

    Operands of one scale stand as printed; where scales differ, all stand in the finest.

    >>> a = Operand(Decimal(1647), "1 647", "currency", 1, "CNY", "a", "c", 2023, "duration",
    ...             "consolidated", "reported")
    >>> b = Operand(Decimal(6423), "6 423", "currency", 1, "CNY", "b", "c", 2023, "duration",
    ...             "consolidated", "reported")
    >>> formula_text("ratio(f1, f2)", [a, b])
    '(1 647 ÷ 6 423) × 100% = 25.64%'
    """
    parts = []
    for expression in parse_program(program):
        result = evaluate_expression(expression, facts).text
        if isinstance(expression, Ref) or expression.function == "descending":
            parts.append(result)
        else:
            scale = _finest(expression, facts)
            operands = [operand_text(fact, scale) for fact in facts]
            parts.append(f"{_formula(expression, operands)} = {result}")
    return "; ".join(parts)


def symbolic_text(program: str, names: Sequence[str]) -> str:
    """Return the formula with names in place of numbers.

    >>> symbolic_text("ratio(f1, f2)", ["R&D expenses", "revenue"])
    '(R&D expenses ÷ revenue) × 100%'
    """
    return "; ".join(_formula(expression, names) for expression in parse_program(program))


def calculation_text(program: str, facts: Sequence[Operand]) -> str:
    """Return the same for a calculator, ``<<1647/6423*100=25.64>>`` an expression.

    Lookups and orders need no calculator and yield nothing.
    """
    parts = []
    for expression in parse_program(program):
        if isinstance(expression, Ref) or expression.function == "descending":
            continue
        value = evaluate_expression(expression, facts).value
        scale = _finest(expression, facts)
        body = _calculation(expression, [_digits(fact, scale) for fact in facts])
        parts.append(f"<<{body}={value:,f}>>")
    return "; ".join(parts)


def derived_numbers(program: str, facts: Sequence[Operand]) -> frozenset[Decimal]:
    """Return every number that an answer may state because ``program`` makes it.

    That is: the facts' values, as printed and in the base unit, the result of each expression
    and inner expression, and the constant 100 of percentages.
    """
    numbers = {HUNDRED}
    for fact in facts:
        numbers |= {fact.value, fact.base_value}
    pending: list[Expression] = list(parse_program(program))
    for expression in pending:
        scale = _finest(expression, facts)
        numbers |= {facts[p - 1].base_value / scale for p in references(expression)}
    while pending:
        expression = pending.pop()
        numbers.add(evaluate_expression(expression, facts).value)
        if not isinstance(expression, Ref):
            numbers.add(Decimal(len(expression.arguments)))  # the divisor of an average
            if expression.function == "days":
                numbers.add(DAYS_A_YEAR)
            pending.extend(expression.arguments)
    return frozenset(numbers | {-number for number in numbers})


def _finest(expression: Expression, facts: Sequence[Operand]) -> int:
    return min(facts[position - 1].scale for position in references(expression))


def _in_scale(fact: Operand, scale: int | None) -> Decimal:
    return _plain(abs(fact.base_value) / (scale or 1))


def _digits(fact: Operand, scale: int) -> str:
    """Return the number for a calculator: the printed digits without separators."""
    text = to_ascii_width(operand_text(fact, scale)).replace(",", "").replace(" ", "")
    bare = text.strip("()-")
    if not re.fullmatch(r"\d+(?:\.\d+)?", bare):
        bare = f"{_in_scale(fact, scale):f}"
    return f"(-{bare})" if fact.value < 0 else bare


def _formula(expression: Expression, operands: Sequence[str]) -> str:
    """Return ``expression`` in the notation of an answer; ``operands`` stand for f1, f2 ..."""
    if isinstance(expression, Ref):
        return operands[expression.position - 1]
    texts = [
        _formula(a, operands) if isinstance(a, Ref) else f"({_formula(a, operands)})"
        for a in expression.arguments
    ]
    match expression.function:
        case "growth":
            return f"({texts[0]} - {texts[1]}) ÷ {texts[1]} × 100%"
        case "ratio":
            return f"({texts[0]} ÷ {texts[1]}) × 100%"
        case "multiple" | "per":
            return f"{texts[0]} ÷ {texts[1]}"
        case "days":
            return f"{texts[0]} ÷ {texts[1]} × 365"
        case "difference":
            return f"{texts[0]} - {texts[1]}"
        case "average":
            return f"({' + '.join(texts)}) ÷ {len(texts)}"
        case _:
            return " + ".join(texts)


def _calculation(expression: Expression, operands: Sequence[str]) -> str:
    """Return ``expression`` in the notation of a calculator; ``operands`` stand for f1, f2 ..."""
    if isinstance(expression, Ref):
        return operands[expression.position - 1]
    texts = [
        _calculation(a, operands) if isinstance(a, Ref) else f"({_calculation(a, operands)})"
        for a in expression.arguments
    ]
    match expression.function:
        case "growth":
            return f"({texts[0]}-{texts[1]})/{texts[1]}*100"
        case "ratio":
            return f"{texts[0]}/{texts[1]}*100"
        case "multiple" | "per":
            return "/".join(texts)
        case "days":
            return f"{texts[0]}/{texts[1]}*365"
        case "difference":
            return "-".join(texts)
        case "average":
            return f"({'+'.join(texts)})/{len(texts)}"
        case _:
            return "+".join(texts)


def _plain(value: Decimal) -> Decimal:
    """Return ``value`` without trailing zeros and without an exponent."""
    with localcontext() as context:
        context.prec = 60
        short = value.normalize()
        return short.quantize(Decimal(1)) if short == short.to_integral_value() else short
