"""Rules for English annual reports that are no SEC form: London, Hong Kong, Sydney and others."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from sft_assets.ingest.findings import Findings
from sft_assets.ingest.printed_dates import find_en_dates, find_en_dates_after

FRONT_PAGES = 4
HEAD_PAGES = 15
LAST_PAGES = 5  # corporate information may stand at the end
MAX_TITLE_WORDS = 12
TITLE = re.compile(
    r"annual\s*(?:financial\s*|integrated\s*)?reports?\b|integrated\s+report\b|annual\s+results\b"
    r"|reports?\s+(?:and|&)\s+(?:accounts|financial\s+statements)|final\s+results\b"
    r"|universal\s+registration\s+document",
    re.IGNORECASE,
)
OTHER_KIND = re.compile(
    r"interim|half[\s-]year|six\s+months|quarter|prospectus|circular|form\s+10-Q|form\s+8-K"
    r"|sustainability\s+report|notice\s+of",
    re.IGNORECASE,
)
STATEMENTS = re.compile(
    r"financial\s+statements|balance\s+sheet|statements?\s+of\s+financial\s+position", re.IGNORECASE
)
YEAR_ENDED = re.compile(r"(?:years?|periods?|weeks|months)\s+(?:ended|ending|to)\b", re.IGNORECASE)
PRINTED_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:\s*[/–-]\s*(?:20)?(\d\d))?(?!\d)")
HK_CODE = re.compile(r"stock\s*code\s*:?\s*(\d{1,5})(?!\d)", re.IGNORECASE)
REVISION = re.compile(r"\b(?:amended|revised|corrected|restated)\b", re.IGNORECASE)
SUFFIX = (
    r"(?:PLC|Plc|plc|LIMITED|Limited|LTD\b\.?|Ltd\b\.?|INC\b\.?|Inc\b\.?|INCORPORATED|Incorporated"
    r"|CORPORATION|Corporation|CORP\b\.?|Corp\b\.?|N\.?V\.?|S\.?A\.?|S\.?p\.?A\.?|SE|AG|KGaA|A/S|ASA"
    r"|AB|Oyj|BERHAD|Berhad|Tbk|LLC|L\.P\.|BANCORP|Bancorp|TRUST|Trust)(?![A-Za-z])"
)
WORD = r"(?:[A-Z0-9][\w&.'’-]*,?|&|of|and|\([A-Z][\w ]+\))"
LEGAL_NAME = re.compile(rf"(?<![\w&]){WORD}(?:[ ]{WORD}){{0,7}}?[ ]{SUFFIX}")
PLAIN_WORD = re.compile(r"^(?:of|and|the|for|to|in|on|&|[–-]|[^a-z].*)$")
DEFINED = re.compile(
    rf"({LEGAL_NAME.pattern})\s*\([^()]{{0,40}}?[\"“'‘]\s*(?:the\s+)?(?:Company|Group|Bank|Trust)\b"
)
ADDRESSED = re.compile(
    rf"to\s+the\s+(?:[\w ]+\s+)?(?:members|share\s?holders|stock\s?holders|directors)\s+of\s+"
    rf"(?-i:({LEGAL_NAME.pattern}))",
    re.IGNORECASE,
)
NO_COMPANY = re.compile(r"LLP|Pty|Registrars?|Auditors?|Bank(?:ers)?\b.*Branch|Trustee|Nominees")


def find_report(pages: Sequence[str]) -> Findings | None:
    """Return what tidy ``pages`` say, or None when they are no such annual report."""
    front = [page for page in pages if page][:FRONT_PAGES]
    title, title_year = _find_title(front, pages)
    first = front[0].split("\n")[:15] if front else []
    if title is None or not any(STATEMENTS.search(page) for page in pages):
        return None
    if any(OTHER_KIND.search(line) and _looks_like_title(line) for line in first):
        return None
    period = _find_period(pages, title_year)
    code = _find_hk_code(pages)
    return Findings(
        title=title,
        company=_find_company(front, pages, title),
        code=code,
        exchange="HKEX" if code else None,
        fiscal_year=title_year or (period.year if period else None),
        period_end=period,
        is_revision=bool(REVISION.search(title)),
    )


def _looks_like_title(line: str) -> bool:
    """Tell whether ``line`` is set as a title and not as a line of running text.

    >>> _looks_like_title("Annual Report 2022"), _looks_like_title("as the annual report says")
    (True, False)
    """
    words = line.split()
    capital = all(PLAIN_WORD.match(word) for word in words)
    return len(words) <= MAX_TITLE_WORDS and (capital or len(words) <= 4)


def _find_title(front: Sequence[str], pages: Sequence[str]) -> tuple[str | None, int | None]:
    """Return the title line and the year beside it.

    A title on the front counts at once; a running head counts when it comes twice.
    """
    for page in front:
        lines = page.split("\n")[:60]
        for count in (1, 2):  # a title on one line, before one that is broken
            for i in range(len(lines)):
                text = " ".join(lines[i : i + count])
                if TITLE.search(text) and _looks_like_title(text):
                    return text, _year_beside(lines, i)
    heads: Counter[str] = Counter()
    for page in pages[:HEAD_PAGES]:
        lines = page.split("\n")
        heads.update({x for x in (*lines[:3], *lines[-3:]) if TITLE.search(x)})
    title, count = max(heads.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return (
        (title, _year_beside([title], 0))
        if count > 1 and _looks_like_title(title)
        else (None, None)
    )


def _year_beside(lines: Sequence[str], at: int) -> int | None:
    """Return the year on the title's line, or else the nearest one within two lines."""
    for distance in range(3):
        for i in (at + distance, at - distance):
            match = PRINTED_YEAR.search(lines[i]) if 0 <= i < len(lines) else None
            if match:
                first = int(match[1])
                return first - first % 100 + int(match[2]) if match[2] else first
    return None


def _find_period(pages: Sequence[str], title_year: int | None) -> date | None:
    """Return the last day of the year; what stands after "year ended" counts first."""
    ended: Counter[date] = Counter()
    named: Counter[date] = Counter()
    for page in pages:
        ended.update(find_en_dates_after(YEAR_ENDED, page))
        named.update(day for day in find_en_dates(page) if (day + timedelta(days=1)).day == 1)
    for counted in (ended, named):
        for years in ([title_year], [title_year + 1]) if title_year else ([],):
            fitting = [day for day in counted if not years or day.year in years]
            if fitting:
                return max(fitting, key=lambda day: (counted[day], day))
    return None


def _find_hk_code(pages: Sequence[str]) -> str | None:
    for page in (*pages[:HEAD_PAGES], *pages[-LAST_PAGES:]):
        if match := HK_CODE.search(page):
            in_hong_kong = any("hong kong" in text.lower() for text in pages[:HEAD_PAGES])
            return match[1].zfill(5) if in_hong_kong else None
    return None


def _find_company(front: Sequence[str], pages: Sequence[str], title: str) -> str | None:
    """Return the legal name that the report uses for itself most.

    The name is what is defined as "the Company" and what the auditor's report is addressed to;
    a line of its own on the front and mere mentions count less.
    """
    votes: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    for page in pages:
        found = [(name, 1) for name in LEGAL_NAME.findall(page)]
        found += [(line, 4) for line in page.split("\n") if page in front and _is_name(line)]
        flat = " ".join(page.split())
        found += [(name, 8) for pattern in (DEFINED, ADDRESSED) for name in pattern.findall(flat)]
        for printed, weight in found:
            for name in _name_readings(printed):
                votes[name.upper()] += weight
                forms.setdefault(name.upper(), Counter())[name] += 1
    if not votes:
        return _name_in_title(title)
    best = max(votes, key=lambda name: (votes[name], len(name), name))
    return max(forms[best], key=lambda name: (forms[best][name], name))


def _name_in_title(title: str) -> str | None:
    """Return what a title holds beside kind and year, if it is set as a name.

    >>> _name_in_title("EXAMPLE WIDGETS Annual Report 2022"), _name_in_title("Annual Report")
    ('EXAMPLE WIDGETS', None)
    """
    rest = PRINTED_YEAR.sub(" ", TITLE.sub(" ", title)).strip(" -–—|:")
    words = rest.split()
    return rest if 1 <= len(words) <= 6 and words[0][0].isupper() and len(rest) > 2 else None


def _is_name(line: str) -> bool:
    return bool(LEGAL_NAME.fullmatch(line))


def _name_readings(printed: str) -> list[str]:
    """Return ``printed`` and what follows its last "of", "and" or comma.

    >>> _name_readings("Directors of Example Limited")
    ['Directors of Example Limited', 'Example Limited']
    """
    if NO_COMPANY.search(printed):
        return []
    tails = [printed.rsplit(c, 1)[1] for c in (" of ", " OF ", " and ", ", ") if c in printed]
    readings = [printed, *tails]
    return [r for r in readings if len(r.split()) > 1 and not re.match(r"(?:of|and|&)\b", r)]
