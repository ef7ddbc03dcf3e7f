"""Printed numbers, read exactly: one amount of a cell, or every number of a sentence.

Decimal from end to end; what is not certainly one number is refused, never repaired.
"""

from sft_assets.numbers.amounts import Amount, AmountError, parse_amount
from sft_assets.numbers.spans import NumberSpan, find_amounts, find_numbers

__all__ = ["Amount", "AmountError", "NumberSpan", "find_amounts", "find_numbers", "parse_amount"]
