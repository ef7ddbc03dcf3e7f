"""Splits by fiscal year, with years between them that belong to none."""

from sft_assets.splits.assignment import Split


def split_of_year(year: int, *, test_from_year: int, embargo_years: int) -> Split | None:
    """Return the split of a report of ``year``; None within the embargo before the test years.

    A report prints the year before beside its own, so that without an embargo the figures of the
    last training year stand in the first test report.

    >>> [split_of_year(y, test_from_year=2023, embargo_years=1) for y in (2020, 2021, 2022, 2023)]
    ['train', 'validation', None, 'test']
    """
    if year >= test_from_year:
        return "test"
    last = test_from_year - embargo_years - 1
    if year > last:
        return None
    return "validation" if year == last else "train"
