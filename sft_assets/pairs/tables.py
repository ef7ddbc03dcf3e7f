"""Tables as an answer prints them."""

from collections.abc import Iterable, Sequence


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table.

    >>> print(markdown_table(("year", "YoY"), [("2020", "5.00%")]))
    | year | YoY |
    | --- | --- |
    | 2020 | 5.00% |
    """
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
