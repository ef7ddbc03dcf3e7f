"""Identity cards, social security numbers, passports and credit codes."""

import re
from collections.abc import Iterator

from sft_assets.redact.checksums import (
    is_credit_code,
    is_hong_kong_id,
    is_resident_id,
    is_resident_id_of_15,
    resident_id_of_18,
)
from sft_assets.redact.finding import AFTER, BEFORE, GAP, Finding, bare
from sft_assets.redact.page_view import PageView

_ID_18 = re.compile(rf"{BEFORE}(?=([0-9](?:{GAP}[0-9]){{16}}{GAP}[0-9Xx]){AFTER})")
_ID_15 = re.compile(rf"{BEFORE}(?=([0-9](?:{GAP}[0-9]){{14}}){AFTER})")
_ID_HONG_KONG = re.compile(
    r"(?<![0-9A-Za-z])[A-Z][ \n]?[A-Z]?[ \n]?[0-9](?:[ \n]?[0-9]){5}[ \-\n]?"
    r"(\()?[ \n]?[0-9A][ \n]?(?(1)\))"
    r"(?![0-9A-Za-z])"
)
_SOCIAL_SECURITY = re.compile(rf"{BEFORE}[0-8](?:{GAP}[0-9]){{8}}{AFTER}")
_CODE = "[0-9A-HJ-NPQRTUWXY]"
_CREDIT = re.compile(
    rf"(?<![0-9A-Za-z])(?=({_CODE}[ \-\n]?{_CODE}(?:[ \-\n]?[0-9]){{6}}(?:[ \-\n]?{_CODE}){{10}})"
    r"(?![0-9A-Za-z]))"
)
_LETTERS = r"[A-Za-z](?:[ \n]?[A-Za-z])?[ \-\n]?"
_ENDS = r"(?=[\u4e00-\u9fff,.;:)。\n]|\Z)"
_PASSPORT = re.compile(
    rf"(?<![0-9A-Za-z])(?:{_LETTERS}(?:(?=[0-9]{{1,6}}[ \n])[0-9](?:[ \n]?[0-9]){{6,7}}"
    rf"|[0-9]{{7}}[ \n][0-9]{_ENDS}|[0-9]{{7,10}})|[0-9](?:\n?[0-9]){{7,9}})(?![0-9A-Za-z])"
)


def find_id_cards(view: PageView) -> Iterator[Finding]:
    """Yield resident ids of 18 and 15 characters, and Hong Kong and United States ones.

    Eighteen characters stand by region, date and check character, or by the words before them
    (a misprinted one is still somebody's); what has no check digit needs the words.
    """
    for found in _ID_18.finditer(view.text):
        value, span = bare(found.group(1)), found.span(1)
        named = view.has_context("id", span[0], value)
        if (is_resident_id(value) or named) and not view.is_protected(*span):
            yield Finding(*span, "id_card", value)
    for found in _ID_15.finditer(view.text):
        value, span = bare(found.group(1)), found.span(1)
        if not is_resident_id_of_15(value) or view.is_protected(*span):
            continue
        named = view.has_context("id", span[0], value)
        if named or (view.sentence_names("id", span[0]) and not _is_of_another_kind(view, *span)):
            yield Finding(*span, "id_card", resident_id_of_18(value))
    yield from _find_hong_kong_ids(view)
    yield from _find_social_security(view)


def _is_of_another_kind(view: PageView, start: int, end: int) -> bool:
    """Return whether the words before name another kind, or digits go on in the next line."""
    groups = ("card", "account", "phone", "credit", "passport")
    named = any(view.has_context(group, start, "") for group in groups)
    return named or re.match(r"\n[0-9]", view.text[end : end + 2]) is not None


def _find_hong_kong_ids(view: PageView) -> Iterator[Finding]:
    for found in _ID_HONG_KONG.finditer(view.text):
        value = bare(found.group())
        named = view.has_context("id", found.start(), value)
        named = named and not view.sentence_names("passport", found.start())
        if (found[1] is not None or named) and is_hong_kong_id(value):
            yield Finding(*found.span(), "id_card", value)


def _find_social_security(view: PageView) -> Iterator[Finding]:
    for found in _SOCIAL_SECURITY.finditer(view.text):
        value = bare(found.group())
        named = view.has_context("ssn", found.start(), value)
        if named and not view.is_protected(*found.span()):
            yield Finding(*found.span(), "id_card", value)


def find_credit_codes(view: PageView) -> Iterator[Finding]:
    """Yield unified social credit codes; one of digits only needs the words before it."""
    for found in _CREDIT.finditer(view.text):
        value, span = bare(found.group(1)), found.span(1)
        named = view.has_context("credit", span[0], value)
        sure = is_credit_code(value) and not value.isdigit()
        if (sure or named) and not (value.isdigit() and view.is_protected(*span)):
            yield Finding(*span, "credit_code", value)


def find_passports(view: PageView) -> Iterator[Finding]:
    """Yield passport and travel permit numbers, which only words give away.

    With a letter the word may stand anywhere before it in the sentence; digits alone need it
    right before them.
    """
    for found in _PASSPORT.finditer(view.text):
        value, start = bare(found.group()), found.start()
        named = view.has_context("passport", start, value)
        lettered = value[0].isalpha() and view.sentence_names("passport", start)
        if (named or lettered) and not view.is_protected(*found.span()):
            yield Finding(*found.span(), "passport", value)
