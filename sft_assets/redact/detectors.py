"""Find identifiers in a page view: by form, then by checksum, then by the words before them.

A regular expression's word boundary is never used: between a Chinese character and a digit
there is none.
"""

from collections.abc import Callable, Iterator, Sequence

from sft_assets.redact.addresses import find_addresses
from sft_assets.redact.bank_numbers import find_bank_numbers
from sft_assets.redact.emails import find_emails
from sft_assets.redact.finding import Finding
from sft_assets.redact.identity_numbers import find_credit_codes, find_id_cards, find_passports
from sft_assets.redact.page_view import MASK, PageCells, PageView, fold_page
from sft_assets.redact.people import find_names
from sft_assets.redact.phones import find_landlines, find_mobiles, find_named_phones

DETECTORS: tuple[Callable[[PageView], Iterator[Finding]], ...] = (
    find_emails,
    find_id_cards,
    find_credit_codes,
    find_passports,
    find_bank_numbers,
    find_mobiles,
    find_landlines,
    find_named_phones,
    find_addresses,
)
NO_CELLS = PageCells()


def find_identifiers(
    text: str,
    cells: PageCells = NO_CELLS,
    *,
    names: Sequence[str] = (),
    kept: frozenset[str] = frozenset(),
) -> list[Finding]:
    """Return the identifiers of a page in order, none overlapping.

    ``names`` are masked too; kinds in ``kept`` are left as printed, and nothing else is found in
    their place.
    The detectors run again over what is left until they find nothing: a number in a list is
    named by the heading before the list, past the numbers found before it.

    >>> [(f.start, f.end, f.kind) for f in find_identifiers("联系电话：13800138000。")]
    [(5, 16, 'mobile')]
    >>> find_identifiers("营业收入13800138000元，利润1,380,013,800.00")
    []
    """
    view = PageView(fold_page(text), cells)
    every: list[Finding] = []
    while True:
        new = 0
        for detector in DETECTORS:
            for found in _first_of_overlapping(detector(view)):
                every.append(found)
                new += 1
                masked = MASK * (found.end - found.start)
                view = PageView(view.text[: found.start] + masked + view.text[found.end :], cells)
        if not new:
            break
    every += _first_of_overlapping(find_names(view.text, names))
    return sorted(found for found in every if found.kind not in kept)


def _first_of_overlapping(findings: Iterator[Finding]) -> list[Finding]:
    """Return ``findings`` without those that overlap one that starts before them."""
    kept: list[Finding] = []
    for found in sorted(findings, key=lambda found: (found.start, -found.end)):
        if not kept or found.start >= kept[-1].end:
            kept.append(found)
    return kept
