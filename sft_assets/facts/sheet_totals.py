"""Totals that a balance sheet prints without a label: the sums of its groups.

Hong Kong, British and Australian sheets print the sum of the current assets on a row of its own,
under a line, without a word. Such a number is read as that total only where it is the sum of the
rows of its group, to the last digit, in every column.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sft_assets.facts.surroundings import (
    CURRENT_ASSETS,
    CURRENT_LIABILITIES,
    NON_CURRENT_ASSETS,
    NON_CURRENT_LIABILITIES,
)

TOTALS = {
    CURRENT_ASSETS: "total_current_assets",
    NON_CURRENT_ASSETS: "total_non_current_assets",
    CURRENT_LIABILITIES: "total_current_liabilities",
    NON_CURRENT_LIABILITIES: "total_non_current_liabilities",
}
Row = tuple[int, int, int]  # page, table, row
Column = tuple[str, str, str]


def rows_that_add_up(
    candidates: Iterable[Row],
    groups: Mapping[Row, int],
    values: Sequence[tuple[Row, Column, Decimal]],
) -> set[Row]:
    """Return the ``candidates`` that are the sum of the rows above them in their group.

    Args:
        candidates: Rows of numbers without a label.
        groups: The number of the group that each row of the sheet stands in.
        values: Every number of a column with a period, from top to bottom.
    """
    asked = set(candidates)
    printed: dict[Row, dict[Column, Decimal]] = defaultdict(dict)
    for row, column, value in values:
        printed[row][column] = value
    sums: dict[int, dict[Column, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    found: set[Row] = set()
    for row, numbers in printed.items():
        group = groups.get(row)
        if group is None:
            continue
        if row not in asked:
            for column, value in numbers.items():
                sums[group][column] += value
        elif any(numbers.values()) and all(
            sums[group][column] == value for column, value in numbers.items()
        ):
            found.add(row)
    return found


def equity_with_minority(
    rows: Sequence[Row],
    minority: Mapping[Column, Decimal],
    values: Mapping[Row, Mapping[Column, Decimal]],
) -> tuple[Row, Row] | None:
    """Return the equity of the owners and that of all, where both are "stockholders' equity".

    ``rows`` are the two rows so called, from top to bottom; the minority stands between them. None
    unless the upper one and the minority are the lower one in every column.
    """
    if len(rows) != 2 or not minority:
        return None
    owners, everyone = (values.get(row, {}) for row in rows)
    is_sum = bool(everyone) and all(
        owners.get(column) is not None and owners[column] + minority.get(column, 0) == value
        for column, value in everyone.items()
    )
    return (rows[0], rows[1]) if is_sum else None
