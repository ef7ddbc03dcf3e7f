"""Find identifiers in a page view: by form, then by checksum, then by the words before them.

A regular expression's word boundary is never used: between a Chinese character and a digit
there is none.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sft_assets.redact.checksums import (
    is_credit_code,
    is_hong_kong_id,
    is_resident_id,
    is_resident_id_of_15,
    passes_luhn,
)
from sft_assets.redact.page_view import MASK, PageCells, PageView, fold_page


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One identifier. ``value`` is for making the surrogate and is never shown."""

    start: int  # code points of the page's text
    end: int
    kind: str
    value: str = field(repr=False)  # canonical: no separators, upper case


# Not inside a longer number: after a decimal point, before one, or before a group of thousands.
# Another comma is a list's: "13800138000，13800138001".
_BEFORE = r"(?<![0-9A-Za-z])(?<![0-9]\.)"
_AFTER = r"(?![0-9])(?!\.[0-9])(?!,[0-9]{3}(?![0-9]))"
_GAP = r"[ \-\n]{0,2}"

_EMAIL = re.compile(
    r"[A-Za-z0-9._%+\-]+ ?@[ \n]?"
    r"(?:[A-Za-z0-9\-]+\n(?=[A-Za-z0-9\-]+\.(?:com|cn|net|org|hk)(?![A-Za-z])))?"
    r"(?:[A-Za-z0-9\-]+\.)+(?:[A-Za-z]{2,}|\n(?:com|cn|net|org|hk)(?![A-Za-z]))"
)
_ID_18 = re.compile(rf"{_BEFORE}(?=([0-9](?:{_GAP}[0-9]){{16}}{_GAP}[0-9Xx]){_AFTER})")
_ID_15 = re.compile(rf"{_BEFORE}(?=([0-9](?:{_GAP}[0-9]){{14}}){_AFTER})")
_ID_HONG_KONG = re.compile(
    r"(?<![0-9A-Za-z])[A-Z]{1,2}[0-9]{6} ?(\()?[0-9A](?(1)\))(?![0-9A-Za-z])"
)
_ID_UNITED_STATES = re.compile(rf"{_BEFORE}[0-8][0-9]{{2}}[ \-][0-9]{{2}}[ \-][0-9]{{4}}{_AFTER}")
_CODE = "[0-9A-HJ-NPQRTUWXY]"
_CREDIT = re.compile(
    rf"(?<![0-9A-Za-z])(?=({_CODE}[ \-]?{_CODE}(?:[ \-\n]?[0-9]){{6}}(?:[ \-\n]?{_CODE}){{10}})"
    r"(?![0-9A-Za-z]))"
)
_CARD = re.compile(
    rf"{_BEFORE}(?:[0-9]{{12,19}}|[0-9]{{4}}(?:[ \-\n][0-9]{{4}}){{2,3}}(?:[ \-\n]?[0-9]{{1,4}})?"
    rf"|[0-9]{{4,15}}\n[0-9]{{2,15}}){_AFTER}"
)
_ACCOUNT = re.compile(
    rf"{_BEFORE}(?:[0-9]{{9,25}}|[0-9]{{3,8}}(?:[ \-][0-9]{{3,8}}){{1,5}}){_AFTER}"
)
_PASSPORT = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{1,2}[0-9]{7,9}(?![0-9A-Za-z])")

_LEADS = r"(?:(?<![0-9A-Za-z])|(?<=tel)|(?<=phone)|(?<=mobile)|(?<=fax))(?<![0-9]\.)"
_CHINA = r"(?:\(?(?:\+|00)?86\)?[ \-]?)"
_MOBILE = re.compile(
    rf"{_LEADS}(?P<china>{_CHINA})?(?P<number>1[3-9](?:{_GAP}[0-9]){{9}}){_AFTER}", re.IGNORECASE
)
_EXTENSION = r"(?: ?(?:转|轉|ext\.?|x|-) ?[0-9]{1,6}(?![0-9]))?(?:[/、] ?[0-9]{7,8}(?![0-9]))*"
_AREA = "(?:10|2[0-9]|[3-9][0-9]{2})"
_LOCAL = r"[0-9]{3,4}[ \-]?[0-9]{4}"
_LANDLINE = re.compile(
    rf"{_LEADS}(?:"
    rf"{_CHINA}?(?:\(0{_AREA}\)[ \-]?|0{_AREA}-){_LOCAL}"
    rf"|\(?(?:\+|00)86\)?[ \-]?\(?0?{_AREA}\)?[ \-]?{_LOCAL}"
    rf"|(?:\((?:\+|00)?|\+|00)(?:852|853|886)\)?[ \-]?{_LOCAL}"
    rf"|(?:\+?1[ \-])?\([2-9][0-9]{{2}}\) ?[2-9][0-9]{{2}}-[0-9]{{4}}"
    r"|\+[1-9][0-9]{0,2}[ \-.]?\(?[0-9]{1,4}\)?(?:[ \-.][0-9]{2,4}){2,3}"
    rf"|[48]00-(?:[0-9]{{3}}-[0-9]{{4}}|[0-9]{{4}}-[0-9]{{3}})"
    rf"){_EXTENSION}{_AFTER}",
    re.IGNORECASE,
)
_ANY_PHONE = re.compile(
    rf"{_LEADS}(?:\+[0-9]{{1,3}}[ \-]?)?(?:\([0-9]{{1,6}}\)|[0-9]{{2,12}})"
    rf"(?:[ \-.]?[0-9]{{2,8}}){{0,4}}{_EXTENSION}{_AFTER}",
    re.IGNORECASE,
)


def _bare(text: str) -> str:
    """Return the letters and digits of ``text``, upper case."""
    return "".join(char for char in text if char.isalnum()).upper()


def find_emails(view: PageView) -> Iterator[Finding]:
    """Yield e-mail addresses."""
    for found in _EMAIL.finditer(view.text):
        value = re.sub(r"\s", "", found.group()).lower()
        yield Finding(*found.span(), "email", value)


def find_id_cards(view: PageView) -> Iterator[Finding]:
    """Yield resident ids of 18 and 15 characters, and Hong Kong and United States ones.

    Eighteen characters stand by region, date and check character, or by the words before them
    (a misprinted one is still somebody's); what has no check digit needs the words.
    """
    for found in _ID_18.finditer(view.text):
        value, span = _bare(found.group(1)), found.span(1)
        named = view.has_context("id", span[0], value)
        if (is_resident_id(value) or named) and not view.is_protected(*span):
            yield Finding(*span, "id_card", value)
    for found in _ID_15.finditer(view.text):
        value, span = _bare(found.group(1)), found.span(1)
        named = is_resident_id_of_15(value) and view.has_context("id", span[0], value)
        if named and not view.is_protected(*span):
            yield Finding(*span, "id_card", value)
    for found in _ID_HONG_KONG.finditer(view.text):
        value = _bare(found.group())
        sure = found[1] is not None or view.has_context("id", found.start(), value)
        if sure and is_hong_kong_id(value):
            yield Finding(*found.span(), "id_card", value)
    for found in _ID_UNITED_STATES.finditer(view.text):
        value = _bare(found.group())
        if view.has_context("id", found.start(), value) and not view.is_protected(*found.span()):
            yield Finding(*found.span(), "id_card", value)


def find_credit_codes(view: PageView) -> Iterator[Finding]:
    """Yield unified social credit codes; one of digits only needs the words before it."""
    for found in _CREDIT.finditer(view.text):
        value, span = _bare(found.group(1)), found.span(1)
        named = view.has_context("credit", span[0], value)
        sure = is_credit_code(value) and not value.isdigit()
        if (sure or named) and not (value.isdigit() and view.is_protected(*span)):
            yield Finding(*span, "credit_code", value)


def find_bank_numbers(view: PageView) -> Iterator[Finding]:
    """Yield bank cards (Luhn, and named or printed in fours) and named bank accounts."""
    for found in _CARD.finditer(view.text):
        value, span = _bare(found.group()), found.span()
        if not (12 <= len(value) <= 19 and passes_luhn(value)) or view.is_protected(*span):
            continue
        in_fours = len(value) >= 16 and value[:2] == "62" and " " in found.group()
        named = any(view.has_context(group, span[0], value) for group in ("card", "account"))
        if named or in_fours:
            yield Finding(*span, "bank_card", value)
    for found in _ACCOUNT.finditer(view.text):
        value, span = _bare(found.group()), found.span()
        named = any(view.has_context(group, span[0], value) for group in ("card", "account"))
        if named and 9 <= len(value) <= 25 and not view.is_protected(*span):
            yield Finding(*span, "bank_account", value)


def find_passports(view: PageView) -> Iterator[Finding]:
    """Yield passport and travel permit numbers, which only the words before them give away."""
    for found in _PASSPORT.finditer(view.text):
        value = _bare(found.group())
        if view.has_context("passport", found.start(), value):
            yield Finding(*found.span(), "passport", value)


def find_mobiles(view: PageView) -> Iterator[Finding]:
    """Yield mobile numbers of the mainland, with or without +86.

    Digits in one piece or hyphenated stand by themselves. Spaced or broken over a line they
    could be columns of a table: then +86, the words before, or no other number beside them.
    """
    for found in _MOBILE.finditer(view.text):
        number, span = found["number"], found.span()
        value = _bare(number)
        if view.is_protected(*found.span("number")):
            continue
        sure = re.fullmatch(r"[0-9]{11}|[0-9]{3}-[0-9]{4}-[0-9]{4}", number)
        alone = re.fullmatch(r"[0-9]{3} [0-9]{4} [0-9]{4}", number) and not _beside_number(
            view.text, *span
        )
        if sure or alone or found["china"] or view.has_context("phone", span[0], value):
            yield Finding(*span, "mobile", value)


def _beside_number(text: str, start: int, end: int) -> bool:
    """Return whether another number stands before or after ``[start, end)`` on its line."""
    before = text[:start].rstrip(" ")[-1:]
    after = text[end:].lstrip(" ")[:1]
    return bool(re.match(r"[0-9%)\-]", before) or re.match(r"[0-9(\-]", after))


def find_landlines(view: PageView) -> Iterator[Finding]:
    """Yield fixed lines with an area or country code."""
    for found in _LANDLINE.finditer(view.text):
        if not view.is_amount(*found.span()):
            yield Finding(*found.span(), "landline", _bare(found.group()))


def find_named_phones(view: PageView) -> Iterator[Finding]:
    """Yield any other number of a phone's length that the words before it call a phone."""
    for found in _ANY_PHONE.finditer(view.text):
        value = _bare(found.group())
        named = 7 <= len(value) <= 26 and view.has_context("phone", found.start(), value)
        if named and not view.is_protected(*found.span()):
            yield Finding(*found.span(), "landline", value)


DETECTORS: tuple[Callable[[PageView], Iterator[Finding]], ...] = (
    find_emails,
    find_id_cards,
    find_credit_codes,
    find_passports,
    find_bank_numbers,
    find_mobiles,
    find_landlines,
    find_named_phones,
)
NO_CELLS = PageCells()


def find_identifiers(text: str, cells: PageCells = NO_CELLS) -> list[Finding]:
    """Return the identifiers of a page in order, none overlapping.

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
            return sorted(every)


def _first_of_overlapping(findings: Iterator[Finding]) -> list[Finding]:
    """Return ``findings`` without those that overlap one that starts before them."""
    kept: list[Finding] = []
    for found in sorted(findings, key=lambda found: (found.start, -found.end)):
        if not kept or found.start >= kept[-1].end:
            kept.append(found)
    return kept
