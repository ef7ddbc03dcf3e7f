"""Derive an answer from printed figures, and say why a claimed answer is refused."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sft_assets.errors import SettingsError
from sft_assets.numbers import AmountError, parse_amount
from sft_assets.pairs.support import unsupported_numbers
from sft_assets.programs import Operand, derived_numbers, formula_text, rederive

_THOUSANDS_SPACE = re.compile(r"(?<=\d)[\u0020\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=\s?年)")


@dataclass(frozen=True, slots=True)
class Derivation:
    """What a program yields of given figures, and what is wrong with a claim about them."""

    result: str
    formula: str
    refused: tuple[str, ...]  # reasons; empty where the claim holds or none was made


def derive(program: str, figures: Sequence[str], claim: str | None = None) -> Derivation:
    """Return the result of ``program`` over printed ``figures``, and the faults of ``claim``.

    A space between groups of three digits is a thousands separator here, since a figure is given
    alone; in a table it would divide two cells.

    Raises:
        SettingsError: If a figure is no amount.
        ProgramSyntaxError: If ``program`` is none.
        ProgramRefusedError: If its result would mislead.

    >>> derive("ratio(f1, f2)", ["1 647 亿元", "6 423 亿元"]).formula
    '(1647 ÷ 6423) × 100% = 25.64%'
    >>> derive("ratio(f1, f2)", ["1 647 亿元", "6 423 亿元"], "研发投入占比约25.65%").refused[0]
    'result_not_in_answer: the program yields 25.64%'
    """
    operands = [_operand(figure) for figure in figures]
    result = rederive(program, operands)
    refused: list[str] = []
    if claim is not None:
        text = _THOUSANDS_SPACE.sub("", claim)
        refused = [
            f"result_not_in_answer: the program yields {part}"
            for part in result.split("; ")
            if part not in text
        ]
        wrong = unsupported_numbers(
            text,
            numbers=derived_numbers(program, operands),
            years={int(year) for year in _YEAR.findall(text)},
            pages=(),
        )
        refused += [
            f"unsupported_number: {number} is no figure given or derived" for number in wrong
        ]
    return Derivation(result, formula_text(program, operands), tuple(refused))


def _operand(figure: str) -> Operand:
    text = _THOUSANDS_SPACE.sub("", figure)
    try:
        amount = parse_amount(text)
    except AmountError as error:
        raise SettingsError(
            f"figure is {figure!r}; expected one printed amount ({error})"
        ) from error
    if amount is None:
        raise SettingsError(f"figure is {figure!r}; expected one printed amount")
    digits = re.search(r"[-(（]?\d[\d,.]*[)）]?", text)
    return Operand(
        value=Decimal(amount.value),
        value_printed=digits[0] if digits else text,
        unit=amount.unit or "currency",
        scale=amount.scale,
        currency=amount.currency,
        metric="given",
        company_id="given",
        fiscal_year=0,
        period_type="duration",
        scope="consolidated",
        basis="reported",
    )
