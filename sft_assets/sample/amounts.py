"""How a company prints its numbers: decimals, signs, empty cells, growth."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Negative = Literal["minus", "brackets", "wide brackets"]


def half_up(value: Decimal, places: int) -> Decimal:
    """Rounded the way accountants do.

    >>> half_up(Decimal("0.125"), 2)
    Decimal('0.13')
    """
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """Unit of the statements and the look of their cells."""

    scale: int = 1  # yuan in one printed unit
    decimals: int = 2
    negative: Negative = "minus"
    empty: str = ""  # what a cell without an amount shows
    unit_line: str = "单位：元 币种：人民币"
    unit_word: str = "元"

    @property
    def units_per_yuan(self) -> Decimal:
        """Smallest printed units in one yuan."""
        return Decimal(10**self.decimals) / self.scale

    def value(self, amount: int) -> Decimal:
        """The number that is printed for an amount in smallest printed units."""
        return Decimal(amount).scaleb(-self.decimals)

    def cell(self, amount: int) -> str:
        """Text of a cell; an amount of zero is an empty cell."""
        return self.empty if amount == 0 else self.signed(self.value(amount))

    def signed(self, value: Decimal) -> str:
        """Text of a number with thousands separators in this company's way.

        >>> NumberStyle(negative="brackets").signed(Decimal("-1234.50"))
        '(1,234.50)'
        """
        plain = f"{abs(value):,}"
        if value >= 0:
            return plain
        if self.negative == "minus":
            return f"-{plain}"
        return f"({plain})" if self.negative == "brackets" else f"（{plain}）"

    def in_yuan(self, amount: int) -> Decimal:
        """Exact yuan of an amount."""
        return self.value(amount) * self.scale


def growth_pct(now: Decimal | int, before: Decimal | int) -> Decimal | None:
    """Percent with two decimals; None where the base is not positive and growth means nothing.

    >>> growth_pct(112, 100)
    Decimal('12.00')
    """
    if Decimal(before) <= 0:
        return None
    return half_up((Decimal(now) - Decimal(before)) * 100 / Decimal(before), 2)


def points_text(change: Decimal) -> str:
    """Change of a percentage in words, as Shanghai reports print it."""
    verb = "增加" if change >= 0 else "减少"
    return f"{verb}{abs(change)}个百分点"


def in_hundred_millions(yuan: Decimal) -> Decimal:
    """The amount in 亿元 with two decimals."""
    return half_up(yuan / 10**8, 2)


def in_ten_thousands(yuan: Decimal) -> Decimal:
    """The amount in 万元 with two decimals."""
    return half_up(yuan / 10**4, 2)
