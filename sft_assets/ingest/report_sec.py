"""Rules for annual reports on SEC forms 10-K, 20-F and 40-F, also inside a glossy report.

Source: SEC, Form 10-K cover page: "(Exact name of registrant as specified in its charter)",
"For the fiscal year ended".
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from sft_assets.ingest.findings import Findings
from sft_assets.ingest.printed_dates import EN_DATE, find_en_dates, find_en_dates_after

COVER = re.compile(
    r"(?:annual|transition)\s+report\s+(?:pursuant\s+to|under)\s+section\s+13"
    r"|exact\s+name\s+of\s+(?:the\s+)?registrant|form\s+(?:20-f|40-f)\b",
    re.IGNORECASE,
)
FORM = re.compile(r"form\s+(10-?KT?(?:405)?|20-F|40-F)\s*(/\s*A)?", re.IGNORECASE)
OTHER_FORM = re.compile(r"form\s+(?:10-?Q|8-?K|6-?K|S-\d|DEF)", re.IGNORECASE)
PERIOD = re.compile(r"(?:fiscal\s+|calendar\s+)?years?\s+ended\b\s*:?", re.IGNORECASE)
EXACT_NAME = re.compile(r"\(?\s*exact\s+name\s+of\s+(?:the\s+)?registrant", re.IGNORECASE)
FILE_NUMBER = re.compile(r"commission\s+file\s+(?:number|no\.?)s?\s*:?\s*[\d-]*", re.IGNORECASE)
AMENDMENT = re.compile(r"amendment\s+no", re.IGNORECASE)
LISTING = re.compile(
    r"\s([A-Z]{1,5})\s+(?:The\s+)?(?:New\s+York\s+Stock|NYSE|Nasdaq|NASDAQ)", re.MULTILINE
)
FISCAL = re.compile(r"fiscal(?:\s+year)?\s+(20\d\d)\b", re.IGNORECASE)
LEGAL_FORM = re.compile(
    r"(?:&?\s*(?:the|co|company|corp|corporation|inc|plc|ltd|limited)[.,]?\s*)+", re.I
)


def find_report(pages: Sequence[str]) -> Findings | None:
    """Return what tidy ``pages`` say, or None when no cover of such a form is among them."""
    at = next((i for i, page in enumerate(pages) if _is_cover(page)), None)
    if at is None:
        return None
    cover = pages[at]
    form = FORM.search(cover)
    period = _find_period(cover)
    exchange = _find_exchange(cover)
    symbol = LISTING.search(cover)
    return Findings(
        title=f"FORM {form[1].upper()}{'/A' if form[2] else ''}" if form else "FORM 10-K",
        company=_find_registrant(cover),
        code=symbol[1] if symbol else None,
        exchange=exchange,
        fiscal_year=_name_year(period, pages[at : at + 25]) if period else None,
        period_end=period,
        is_revision=bool((form and form[2]) or AMENDMENT.search(cover)),
    )


def _is_cover(page: str) -> bool:
    return bool(COVER.search(page) and FORM.search(page)) and not OTHER_FORM.search(page[:400])


def _find_period(cover: str) -> date | None:
    return next(iter(find_en_dates_after(PERIOD, cover)), None)


def _find_registrant(cover: str) -> str | None:
    """Return the line above "(Exact name of registrant", or below the file number."""
    marker = EXACT_NAME.search(cover)
    if marker:
        lines = _names(cover[: marker.start()])
        if len(lines) > 1 and LEGAL_FORM.fullmatch(lines[-1]):
            return f"{lines[-2]} {lines[-1]}"
        return lines[-1] if lines else None
    number = FILE_NUMBER.search(cover)
    below = _names(cover[number.end() :]) if number else []
    return below[0] if below else None


def _names(text: str) -> list[str]:
    """Return the pieces of ``text`` between line breaks and drawn rules."""
    pieces = re.split(r"\n|[_=*-]{3,}", text)
    cleaned = (FILE_NUMBER.sub("", piece).strip(" _-–—:.\t") if piece else "" for piece in pieces)
    return [
        c if not p.strip().endswith(".") else c + "."
        for c, p in zip(cleaned, pieces, strict=False)
        if len(c) > 1
    ]


def _find_exchange(cover: str) -> str | None:
    places = {
        "NYSE": re.search(r"New\s+York\s+Stock\s+Exchange|NYSE", cover),
        "NASDAQ": re.search(r"Nasdaq", cover, re.IGNORECASE),
    }
    found = sorted((match.start(), name) for name, match in places.items() if match)
    return found[0][1] if found else None


def _name_year(period: date, pages: Sequence[str]) -> int:
    """Return what the company calls the year that ends on ``period``.

    A year that ends in January or February is "fiscal 2022" for some and "fiscal 2023" for
    others; the report's own words decide.
    """
    if period.month > 2:
        return period.year
    text = "\n".join(pages)
    defined: Counter[int] = Counter()
    for match in EN_DATE.finditer(text):
        if find_en_dates(match[0]) == [period]:
            before = FISCAL.findall(text[max(0, match.start() - 60) : match.start()])
            after = FISCAL.match(text[match.end() :].lstrip(' (,“"')[:16])
            defined.update(int(year) for year in (*before[-1:], *([after[1]] if after else [])))
    counted = defined or Counter(int(year) for year in FISCAL.findall(text))
    return max((period.year, period.year - 1), key=lambda year: (counted[year], year))
