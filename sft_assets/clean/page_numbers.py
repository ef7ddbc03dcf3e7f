"""Tell a printed page number from a number of the text: it counts with the pages."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from sft_assets.clean.page_lines import PageLine, PageText

MIN_PAGES = 3  # that have to count alike
ORNAMENT = r"[-–—−~·•|.\s]*"
PAGE_NUMBER = re.compile(
    rf"{ORNAMENT}(?:page|pg\.?|p\.|第)?[:：\s]*"
    r"(?:(?P<prefix>[A-Z]{1,2})\s?[-–—−]?\s?(?=\d))?(?P<number>\d{1,4}|[ivxlc]{1,7})"
    rf"\s*(?:页|頁)?(?:{ORNAMENT}page)?"
    rf"(?:\s*[,，]?\s*(?:/|／|of|共|\|)\s*\d{{1,4}}\s*(?:页|頁)?)?{ORNAMENT}",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

Count = tuple[str, int]  # kind of number (its prefix, or roman) and how far it is from page_no


@dataclass(frozen=True, slots=True)
class PageNumbers:
    """How the pages of a report are counted."""

    counts: frozenset[Count]  # that the outermost lines of at least three pages agree on
    offset: int | None  # of the labels of most pages

    def holds(self, line: PageLine, page: PageText, *, at_edge: bool) -> bool:
        """Return whether ``line``, the first or last of its page, is nothing but its number.

        A number that no count knows has to be the page's label; on a short page, where it stands
        in the middle, the labels of the other pages have to agree.
        """
        found = PAGE_NUMBER.fullmatch(line.text)
        if found is None:
            return False
        if _count_of(found, page) in self.counts:
            return True
        if line.in_table or page.label is None:
            return False
        if not at_edge and (self.offset is None or page.label != str(page.page_no + self.offset)):
            return False
        numbers = re.findall(r"\d+|[ivxlcIVXLC]+", line.text)
        return page.label.rsplit("-", 1)[-1] in numbers

    def with_lines(self, outermost: Iterable[tuple[PageText, PageLine]]) -> Self:
        """Return these counts and those that the numbers among ``outermost`` lines agree on."""
        found = Counter(
            _count_of(match, page)
            for page, line in outermost
            for match in [PAGE_NUMBER.fullmatch(line.text)]
            if match is not None
        )
        agreed = {count for count, n in found.items() if n >= MIN_PAGES}
        return replace(self, counts=self.counts | agreed)


def count_labels(pages: Sequence[PageText]) -> PageNumbers:
    """Return how the labels of ``pages`` count them."""
    return PageNumbers(frozenset(), _label_offset(pages))


def _count_of(found: re.Match[str], page: PageText) -> Count:
    number = found["number"]
    if number.isdecimal():
        return (found["prefix"] or "").upper(), int(number) - page.page_no
    return "roman", _roman(number.lower()) - page.page_no


def _roman(text: str) -> int:
    """Return the value of a Roman number; an ill-formed one has some value too.

    >>> _roman("xiv"), _roman("iii")
    (14, 3)
    """
    values = [_ROMAN[char] for char in text]
    signs = [-1 if i + 1 < len(values) and v < values[i + 1] else 1 for i, v in enumerate(values)]
    return sum(sign * value for sign, value in zip(signs, values, strict=True))


def _label_offset(pages: Sequence[PageText]) -> int | None:
    """Return printed number minus position, as on most pages; None when no three agree."""
    offsets = Counter(
        int(page.label) - page.page_no for page in pages if page.label and page.label.isdecimal()
    )
    if not offsets:
        return None
    offset, count = min(offsets.items(), key=lambda item: (-item[1], item[0]))
    return offset if count >= MIN_PAGES else None
