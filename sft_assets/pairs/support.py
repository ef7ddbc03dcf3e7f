"""The promise in one function: which numbers of a text does nothing support?"""

from collections.abc import Collection, Iterable
from decimal import Decimal

from sft_assets.numbers import find_numbers


def unsupported_numbers(
    text: str,
    *,
    numbers: Collection[Decimal],
    years: Collection[int],
    pages: Collection[int],
    names: Iterable[str] = (),
) -> list[str]:
    """Return the printed numbers of ``text`` that are none of the given ones, in order.

    ``names`` (of a company, a metric) may hold digits that state nothing and are not looked at.
    A year must be one of ``years`` and a page one of ``pages``: neither can excuse an amount.

    >>> unsupported_numbers("2020年收入5元，增长7%（第3页）", numbers=[Decimal(5)], years=[2020],
    ...                     pages=[3])
    ['7%']
    """
    for name in sorted({n for n in names if n}, key=len, reverse=True):
        text = text.replace(name, "\N{IDEOGRAPHIC SPACE}")
    magnitudes = {abs(number) for number in numbers}
    wrong = []
    for span in find_numbers(text):
        value = None if span.value is None else abs(span.value)
        if span.kind == "year":
            supported = value in years or value in magnitudes
        elif span.kind == "page":
            supported = value in pages
        elif span.kind == "base":
            supported = True  # "per 10 shares" is part of a name, no quantity
        elif span.kind == "identifier" and span.printed.strip().isdigit():
            supported = value in years  # FY2020
        else:
            supported = value in magnitudes
        if not supported:
            wrong.append(span.printed)
    return wrong
