"""Mobile numbers and fixed lines of the mainland, Hong Kong, North America and elsewhere."""

import re
from collections.abc import Iterator
from importlib.resources import files

from sft_assets.redact.finding import AFTER, GAP, Finding, bare
from sft_assets.redact.page_view import PageView

AREA_CODES = frozenset(
    code
    for line in (files("sft_assets.redact") / "area_codes.txt").read_text("utf-8").split("\n")
    if not line.startswith("#")
    for code in line.split()
)

_LEADS = r"(?:(?<![0-9A-Za-z])|(?<=tel)|(?<=phone)|(?<=mobile)|(?<=fax))(?<![0-9]\.)"
_CHINA = r"(?:\(?(?:\+|00)?86\)?[ \-]?)"
_MOBILE = re.compile(
    rf"{_LEADS}(?P<china>{_CHINA})?"
    rf"(?P<number>1(?:\n| (?=[0-9]{{10}}(?![0-9])))?[3-9](?:{GAP}[0-9]){{9}}){AFTER}",
    re.IGNORECASE,
)
_SURELY_MOBILE = re.compile(r"[0-9]{11}|[0-9]{3}-[0-9]{4}-[0-9]{4}")

_EXTENSION = r"(?: ?(?:转|轉|ext\.?|x|-) ?[0-9]{1,6}(?![0-9]))?(?:[/、] ?[0-9]{7,8}(?![0-9]))*"
_LOCAL = r"[1-9][0-9]{2,3}[ \-]?[0-9]{4}"
# Broken over a line: whatever the break leaves before it is too short to be a number of its own.
_BROKEN_LOCAL = (
    r"(?:[2-9][0-9]{6}[ \n][0-9](?=[\u4e00-\u9fff,;)。\n]|\Z)|[2-9][0-9]{0,5}[ \n][0-9]{1,7}"
    r"|[2-9][0-9]{2,3}-[ \n]?[0-9]{1,4}[ \n]?[0-9]{0,3})"
)
_WITH_AREA = re.compile(
    rf"{_LEADS}(?:{_CHINA}?(?:\([ \n]?0[ \n]?(?P<bracketed>[0-9](?:[ \n]?[0-9]){{1,2}})[ \n]?\)"
    r"[ \-\n]?|0[ \n]?(?P<marked>[0-9](?:[ \n]?[0-9]){1,2})(?P<mark>[ \n]?-[ \n]?| ))"
    r"|(?P<country>\(?(?:\+|00)?86\)?[ \-\n]?)\(?0?(?P<abroad>[1-9][0-9]{1,2})\)?[ \-\n])"
    rf"(?P<local>{_BROKEN_LOCAL}|{_LOCAL}){_EXTENSION}{AFTER}",
    re.IGNORECASE,
)
_ABROAD = re.compile(
    rf"{_LEADS}(?:"
    rf"\(?(?:\+|00)86\)?[ \-]?[0-9]{{2,3}}[ \-]?{_LOCAL}"
    r"|(?:\((?:\+|00)?|\+|00)?(?:852|853|886)(?:\)[ \-\n]?|[ \-\n])[2-9][0-9]{3}[ \-\n]?[0-9]{4}"
    rf"|(?:\((?:\+|00)?|\+|00)(?:852|853|886)\)?[ \-]?{_LOCAL}"
    r"|(?:\+?1[ \-])?\([2-9][0-9]{2}\)[ \n]?[2-9][0-9]{2}[\-.]\n?[0-9]{4}"
    r"|(?:\+?1[ \-])?[2-9][0-9]{2}-[ \n]?[2-9][0-9]{2}-[ \n]?[0-9]{4}"
    r"|\+[1-9][0-9]{0,2}[ \-.]?\(?[0-9]{1,4}\)?(?:[ \-.\n][0-9]{2,4}){2,3}"
    r"|[48]00-(?:[0-9]{3}-[0-9]{4}|[0-9]{4}-[0-9]{3})"
    rf"){_EXTENSION}{AFTER}",
    re.IGNORECASE,
)
_NORTH_AMERICA = re.compile(
    rf"{_LEADS}[2-9](?:[ \n]?[0-9]){{2}}[.\- ][ \n]?[2-9](?:[ \n]?[0-9]){{2}}"
    rf"[.\- ][ \n]?[0-9](?:[ \n]?[0-9]){{3}}{AFTER}"
)
_ANY_PHONE = re.compile(
    rf"{_LEADS}(?:\+[0-9]{{1,3}}[ \-]?)?(?:\([0-9]{{1,6}}\)|[0-9]{{2,12}})"
    rf"(?:[ \-.]?[0-9]{{2,8}}){{0,4}}{_EXTENSION}{AFTER}",
    re.IGNORECASE,
)
_ANY_PHONE_BROKEN = re.compile(
    rf"{_LEADS}(?=[0-9+() \-.]{{1,16}}[ \n](?:[ \-.()]*[0-9]){{1,11}}(?![年月日元%\-0-9]))"
    rf"(?:\+[0-9]{{1,3}}[ \-]?)?\(?[0-9](?:[ \-.()\n]{{0,2}}[0-9]){{6,14}}{AFTER}"
)


def find_mobiles(view: PageView) -> Iterator[Finding]:
    """Yield mobile numbers of the mainland, with or without +86.

    Digits in one piece or hyphenated stand by themselves. Spaced or broken over a line they
    could be columns of a table: then +86, the words before, or no other number beside them.
    """
    for found in _MOBILE.finditer(view.text):
        number, span = found["number"], found.span()
        value = bare(number)
        if view.is_protected(*found.span("number")):
            continue
        sure = _SURELY_MOBILE.fullmatch(number) or found["china"] or _is_lone(view, number, *span)
        if sure or view.has_context("phone", span[0], value):
            yield Finding(*span, "mobile", value)


def _is_lone(view: PageView, number: str, start: int, end: int) -> bool:
    """Return whether a number in pieces stands in a sentence and not among columns."""
    if view.is_beside_number(start, end) or not _is_in_running_text(view, start, end):
        return False
    if re.fullmatch(r"[0-9]{3} [0-9]{4} [0-9]{4}|[0-9]+\n[0-9]+", number):
        return True
    told = view.is_attached(start, end) or view.sentence_names("phone", start)
    return told and re.fullmatch(r"[0-9]+ [0-9]+", number) is not None


def _is_in_running_text(view: PageView, start: int, end: int) -> bool:
    """Return whether words stand before ``start`` on its line and no part is a figure."""
    line = view.text[max(0, start - 200) : start].rpartition("\n")[2]
    parts = [bare(part) for part in view.text[start:end].split("\n")]
    return bool(line.strip()) and view.cells.numeric.isdisjoint(parts)


def find_landlines(view: PageView) -> Iterator[Finding]:
    """Yield fixed lines with an area or country code."""
    for found in _WITH_AREA.finditer(view.text):
        if _is_area_and_local(view, found) and not view.is_amount(*found.span()):
            yield Finding(*found.span(), "landline", _national(bare(found.group())))
    for found in _ABROAD.finditer(view.text):
        if not view.is_amount(*found.span()):
            yield Finding(*found.span(), "landline", _national(bare(found.group())))
    for found in _NORTH_AMERICA.finditer(view.text):
        lone = not view.is_beside_number(*found.span()) and not view.is_protected(*found.span())
        if lone and view.sentence_names("phone", found.start()):
            yield Finding(*found.span(), "landline", bare(found.group()))


def _is_area_and_local(view: PageView, found: re.Match[str]) -> bool:
    """Return whether a match of ``_WITH_AREA`` is a number that can be dialled.

    With only a space between its parts it could be two columns; then it must stand alone.
    """
    area = bare(found["bracketed"] or found["marked"] or found["abroad"])
    if area not in AREA_CODES or len(bare(found["local"])) not in {7, 8}:
        return False
    if found.group().count("\n") > 1:
        return False
    spaced = found["mark"] == " " or (found["country"] and not re.search(r"[+\-(]", found.group()))
    return not spaced or not (
        view.is_beside_number(*found.span()) or view.is_numeric_cell(*found.span())
    )


def find_named_phones(view: PageView) -> Iterator[Finding]:
    """Yield any other number of a phone's length that the words before it call a phone."""
    for form in (_ANY_PHONE, _ANY_PHONE_BROKEN):
        for found in form.finditer(view.text):
            value = bare(found.group())
            if form is _ANY_PHONE_BROKEN and _is_whole(_first_piece(found.group())):
                continue
            named = 7 <= len(value) <= 26 and view.has_context("phone", found.start(), value)
            if named and not view.is_protected(*found.span()):
                yield Finding(*found.span(), "landline", _national(value))


def _first_piece(text: str) -> str:
    """Return the digits before the first space or line feed."""
    return bare(re.split(r"[ \n]", text, maxsplit=1)[0])


def _is_whole(digits: str) -> bool:
    """Return whether ``digits`` are a number already, with or without area code.

    >>> _is_whole("88880000"), _is_whole("057188880000"), _is_whole("057188880")
    (True, True, False)
    """
    area = next((n for n in (3, 2) if digits[:1] == "0" and digits[1 : n + 1] in AREA_CODES), None)
    return (len(digits) if area is None else len(digits) - area - 1) >= 7


def _national(digits: str) -> str:
    """Return a number of the mainland without country code and leading 0.

    >>> _national("8657188880000"), _national("057188880000"), _national("85221234567")
    ('57188880000', '57188880000', '85221234567')
    """
    found = re.fullmatch(r"(?:(?:00)?86)?0?([1-9][0-9]{8,10})", digits)
    if found and (found[1][:3] in AREA_CODES or found[1][:2] in AREA_CODES):
        return found[1]
    return digits
