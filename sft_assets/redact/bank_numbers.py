"""Bank cards and bank accounts."""

import re
from collections.abc import Iterator

from sft_assets.redact.checksums import passes_luhn
from sft_assets.redact.finding import AFTER, BEFORE, Finding, bare
from sft_assets.redact.page_view import PageView

_CARD_FORMS = (
    re.compile(
        rf"{BEFORE}(?:[0-9]{{12,19}}"
        rf"|[0-9]{{4}}(?:[ \-\n][0-9]{{4}}){{2,3}}(?:[ \-\n]?[0-9]{{1,4}})?){AFTER}"
    ),
    re.compile(rf"{BEFORE}[0-9]{{1,18}}[ \n][0-9]{{1,18}}{AFTER}"),
)
_ACCOUNT = re.compile(
    rf"{BEFORE}(?:[0-9]{{1,22}}[ \n][0-9]{{1,22}}(?=[\u4e00-\u9fff,.;)。])(?![年月日元万])"
    rf"|[0-9]{{9,25}}|[0-9]{{3,8}}(?:[ \-][0-9]{{3,8}}){{1,5}}|[0-9]{{1,8}}\n[0-9]{{8,22}}){AFTER}"
)
_ISSUER = re.compile("62|60|9558|4|5|35|37|34")  # the ISO/IEC 7812 ranges of cards met in China
_IN_FOURS = re.compile(r"(?:[0-9]{4} ){3}[0-9]{4}(?: [0-9]{1,3})?")
_OF_ACCOUNTS = ("card", "account")


def find_bank_numbers(view: PageView) -> Iterator[Finding]:
    """Yield bank cards and named bank accounts.

    A card passes Luhn and is named right before it, or has an issuer's number and a bank in its
    sentence, or is a UnionPay card printed in fours.
    """
    for found in (found for form in _CARD_FORMS for found in form.finditer(view.text)):
        value, span = bare(found.group()), found.span()
        if 12 <= len(value) <= 19 and passes_luhn(value) and _is_card(view, *span, value):
            yield Finding(*span, "bank_card", value)
    for found in _ACCOUNT.finditer(view.text):
        value, span = bare(found.group()), found.span()
        named = 9 <= len(value) <= 25 and _is_named(view, span[0], value)
        if named and not view.is_protected(*span):
            yield Finding(*span, "bank_account", value)


def _is_card(view: PageView, start: int, end: int, value: str) -> bool:
    if view.is_protected(start, end):
        return False
    in_fours = value[:2] == "62" and _IN_FOURS.fullmatch(view.text, start, end) is not None
    issued = len(value) >= 15 and _ISSUER.match(value) is not None
    told = issued and not view.is_beside_number(start, end) and view.sentence_names("card", start)
    told = told and (" " not in view.text[start:end] or view.is_attached(start, end))
    return in_fours or told or _is_named(view, start, value)


def _is_named(view: PageView, start: int, value: str) -> bool:
    return any(view.has_context(group, start, value) for group in _OF_ACCOUNTS)
