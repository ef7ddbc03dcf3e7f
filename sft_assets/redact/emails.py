"""E-mail addresses, also where the sign is written out or a line ends within one."""

import re
from collections.abc import Iterator

from sft_assets.redact.finding import Finding
from sft_assets.redact.page_view import PageView

_LOCAL = r"[A-Za-z0-9._%+\-]+"
_SIGN = re.compile(
    rf"(?P<local>{_LOCAL})(?P<sign> ?\n?@ ?\n?| ?[(\[{{] ?(?:at|@|#) ?[)\]}}] ?\n?|#\n?| at )",
    re.IGNORECASE,
)
_DOMAIN = re.compile(r"[A-Za-z0-9\-.]*(?:[ \n][A-Za-z0-9\-.]+)?")
_DOT = re.compile(r"([A-Za-z0-9\-]+)(?: ?[(\[]dot[)\]] ?| dot )", re.IGNORECASE)
_ENDINGS = (
    "com|cn|net|org|hk|edu|gov|info|biz|tw|mo|sg|jp|kr|uk|us|eu|de|fr|ca|au|io|cc|me|tv|vip|top|xyz"
    "|ltd|group|tech|asia|mobi|co"
)
_WHOLE = re.compile(rf"(?:[A-Za-z0-9\-]+\.)+(?:{_ENDINGS})(?![A-Za-z0-9\-])", re.IGNORECASE)
_ANY_WHOLE = re.compile(r"(?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,}")
_ROLE = re.compile(
    "ir|info|contact|investors?|secretary|service|support|admin|office", re.IGNORECASE
)
_LEADS_TO_MAIL = re.compile(r"(?<![a-z])(?:from|to|via|by|contact|reach|write|at)[ \n]\Z")
_OF_WEBSITES = re.compile(
    r"(?:web)?sites?|us|(?:web)?pages?|information|online|stores?|available|found|located|[A-Z].*"
)
_LEADS_TO_LOCAL = re.compile(r"[\u4e00-\u9fff][(,;、]?\Z|:\Z")
_TAIL = re.compile(r"[A-Za-z0-9._%+\-]+[ \n]\Z")


def find_emails(view: PageView) -> Iterator[Finding]:
    """Yield e-mail addresses.

    "#" and "at" for the sign are believed before a known ending only, a bare "at" not after an
    English word: "available at example.com" is a website.
    """
    for found in _SIGN.finditer(view.text):
        domain_end = _end_of_domain(view.text, found.end(), plain="@" in found["sign"])
        if domain_end is None or not _is_sign(view, found):
            continue
        start = _start_of_local(view, found.start())
        value = re.sub(r"\s", "", view.text[start : found.end("local")]) + "@"
        value += re.sub(r"\s", "", view.text[found.end() : domain_end])
        yield Finding(start, domain_end, "email", value.lower())


def _is_sign(view: PageView, found: re.Match[str]) -> bool:
    if found["sign"] != " at ":
        return True
    if view.text[found.end() : found.end() + 4].lower() == "www.":
        return False
    before = view.text[max(0, found.start() - 1) : found.start()]
    attached = bool(re.match(r"[\u4e00-\u9fff(:,;]", before))
    lettered = bool(re.search(r"[0-9._]", found["local"].strip(".")))
    led = _LEADS_TO_MAIL.search(view.text[max(0, found.start() - 12) : found.start()])
    if _ROLE.fullmatch(found["local"]) or (led and not _OF_WEBSITES.fullmatch(found["local"])):
        return True
    return attached or lettered or view.has_context("email", found.start(), "")


def _end_of_domain(text: str, start: int, *, plain: bool) -> int | None:
    """Return where the domain that starts at ``start`` ends, or None when there is none.

    A domain goes on in the next line when what stands before the line's end is not whole, or a
    dot stands on either side of the break.
    """
    found = _DOMAIN.match(text, start)
    if found is None:
        return None
    first, *more = re.split(r"[ \n]", found.group(), maxsplit=1)
    second = more[0] if more else ""
    whole = (_ANY_WHOLE if plain else _WHOLE).match(first)
    goes_on = second.startswith(".") or ("\n" in found.group() and first.endswith("."))
    cut = _WHOLE.fullmatch(first) is None or (first.endswith(".co") and second.startswith("m"))
    if second and (goes_on or cut):
        joined = _WHOLE.match(first + second)
        if joined and joined.end() > len(first):
            return start + joined.end() + 1
    return start + whole.end() if whole else None


def _start_of_local(view: PageView, start: int) -> int:
    """Return where the part before the sign starts, on the line before where it was broken.

    Latin letters that end a Chinese line, or that "邮箱：" leads to, cannot be another word.
    """
    tail = _TAIL.search(view.text[max(0, start - 40) : start])
    if tail is None:
        return start
    at = start - len(tail.group())
    if tail.group()[-1] == " ":  # lines joined: between Latin words any word could stand here
        led = _LEADS_TO_LOCAL.search(view.text[max(0, at - 2) : at])
        return at if led or _is_cut(view, tail.group()[:-1], at) else start
    before = view.text[max(0, at - 1) : at]
    attached = bool(re.match(r"[\u4e00-\u9fff(:,;、]", before)) or tail.group()[-2] in "._-"
    return at if attached or view.has_context("email", at, "") else start


def _is_cut(view: PageView, tail: str, at: int) -> bool:
    """Return whether ``tail`` at ``at`` is the first part of a name that goes on after a space."""
    if re.fullmatch(r"[A-Za-z0-9.]+[_\-]", tail):
        return True
    led = _LEADS_TO_MAIL.search(view.text[max(0, at - 12) : at])
    dotted = re.fullmatch(r"[a-z0-9]+\.", tail) and not _OF_WEBSITES.fullmatch(tail[:-1])
    return bool(dotted and (led or view.text[at - 1 : at] == "("))
