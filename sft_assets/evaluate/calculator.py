"""The calculator that finishes a model's ``<<`` expression ``=``: copying is its job, not sums.

A language model copies operands well and multiplies badly. Training text therefore carries the
expression, and when the model has written one, the result is computed and put in.
"""

import re
from decimal import ROUND_HALF_UP, Decimal, DecimalException, localcontext
from typing import Final

OPENED: Final = re.compile(r"<<([0-9.+\-*/()]{3,200})=$")  # at the end of what is written so far
_TOKEN: Final = re.compile(r"\d+(?:\.\d+)?|[-+*/()]")
CENT: Final = Decimal("0.01")
MOST_NESTED: Final = 20


def result_to_fill_in(written: str) -> str | None:
    """Return the result if ``written`` ends in an open expression; None if there is nothing to do.

    It has the separators that the answer prints, so that the answer only copies it.

    >>> result_to_fill_in("计算：<<(120-100)/100*100="), result_to_fill_in("1+1=")
    ('20.00', None)
    >>> result_to_fill_in("<<5000-7000.5="), result_to_fill_in("<<1/0=")
    ('-2,000.5', None)
    """
    match = OPENED.search(written)
    if match is None:
        return None
    expression = match[1]
    try:
        with localcontext() as context:
            context.prec = 60
            value = calculate(expression)
            if "/" in expression:  # a quotient has no last digit: two decimals, half up
                rounded = value.quantize(CENT, rounding=ROUND_HALF_UP)
                return f"{abs(rounded) if rounded == 0 else rounded:,f}"
            return f"{value:,f}"
    except (ValueError, DecimalException):
        return None


def calculate(expression: str) -> Decimal:
    """Return the value of sums, differences, products and quotients of plain numbers.

    Raises:
        ValueError: If it is no such expression.
        DecimalException: If it divides by zero.

    >>> calculate("2*(3-5)"), calculate("-1+3")
    (Decimal('-4'), Decimal('2'))
    """
    tokens = _TOKEN.findall(expression)
    if "".join(tokens) != expression:
        raise ValueError("expression holds an odd sign; expected numbers and + - * / ( )")
    value, rest = _sum(tokens, MOST_NESTED)
    if rest:
        raise ValueError("expression goes on after its end; expected one expression")
    return value


def _sum(tokens: list[str], depth: int) -> tuple[Decimal, list[str]]:
    value, tokens = _product(tokens, depth)
    while tokens and tokens[0] in "+-":
        right, rest = _product(tokens[1:], depth)
        value, tokens = (value + right if tokens[0] == "+" else value - right), rest
    return value, tokens


def _product(tokens: list[str], depth: int) -> tuple[Decimal, list[str]]:
    value, tokens = _factor(tokens, depth)
    while tokens and tokens[0] in "*/":
        right, rest = _factor(tokens[1:], depth)
        value, tokens = (value * right if tokens[0] == "*" else value / right), rest
    return value, tokens


def _factor(tokens: list[str], depth: int) -> tuple[Decimal, list[str]]:
    if not tokens or depth == 0:
        raise ValueError("expression ends early or nests too deep; expected a number")
    head, rest = tokens[0], tokens[1:]
    if head == "-":
        value, rest = _factor(rest, depth - 1)
        return -value, rest
    if head == "(":
        value, rest = _sum(rest, depth - 1)
        if not rest or rest[0] != ")":
            raise ValueError("bracket is open; expected its end")
        return value, rest[1:]
    if head in "+*/)":
        raise ValueError(f"token is {head}; expected a number")
    return Decimal(head), rest
