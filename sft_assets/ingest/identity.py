"""Who a report is from and what year it is for, by its own words.

The file name decides only what the text leaves open: reports are renamed at every step of their
way, and a name that contradicts the cover is a mislaid file, not a fact.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sft_assets.errors import RejectedDocumentError
from sft_assets.ingest import report_en, report_hk, report_sec, report_zh
from sft_assets.ingest.findings import Findings
from sft_assets.ingest.page_texts import find_language, tidy_page

EXCHANGES = Literal["SSE", "SZSE", "BSE", "HKEX", "NASDAQ", "NYSE"]
RULES = {
    "zh": (report_zh.find_report, report_hk.find_report),
    "zh-Hant": (report_hk.find_report, report_zh.find_report),
    "zh-Hant+en": (report_hk.find_report, report_en.find_report),
    "en": (report_sec.find_report, report_en.find_report),
}
LEGAL_FORMS = frozenset(
    [
        "inc",
        "incorporated",
        "corp",
        "corporation",
        "co",
        "company",
        "ltd",
        "limited",
        "plc",
        "llc",
        "lp",
        "nv",
        "sa",
        "ag",
        "se",
    ]
)


class Identity(BaseModel):
    """What a report says about itself; see ``schemas.reports.RAW_REPORTS`` for the columns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    company: str = Field(min_length=2, max_length=120)
    company_id: str = Field(pattern=r"^[a-z0-9._-]{1,80}$")
    code: str | None = Field(pattern=r"^([0-9]{5,6}|[A-Z.]{1,6})$")
    exchange: EXCHANGES | None
    fiscal_year: int = Field(ge=1980, le=2100)
    period_end: date
    language: Literal["zh", "zh-Hant", "en", "zh-Hant+en"]
    is_revision: bool
    title: str = Field(min_length=2, max_length=200)

    @property
    def report_key(self) -> str:
        """Partition key of the report: the same for every version of it."""
        return f"{self.company_id}_{self.fiscal_year}_annual"


def find_identity(
    pages: Sequence[str], *, year_hint: int | None = None, code_hint: str | None = None
) -> tuple[Identity, bool]:
    """Return the identity of the report whose first page texts are ``pages``.

    Args:
        pages: Texts of pages from the first one on, as a parser gives them.
        year_hint: Fiscal year to believe when the text tells none.
        code_hint: Stock code to believe when a Chinese text tells none.

    Returns:
        The identity, and whether a hint decided something of it.

    Raises:
        RejectedDocumentError: ``not_an_annual_report``, or ``unidentified`` when it is one but
            the company or the fiscal year cannot be read.
    """
    tidy = [tidy_page(page) for page in pages]
    language = find_language(tidy)
    found = next((f for f in (rule(tidy) for rule in RULES[language]) if f is not None), None)
    if found is None:
        detail = f"no title or statement of an annual report in {len(pages)} pages ({language})"
        raise RejectedDocumentError("not_an_annual_report", detail)
    hinted = replace(found)
    if language == "zh" and code_hint and not found.code:
        exchange = report_zh.exchange_of(code_hint)
        hinted = replace(hinted, code=code_hint, exchange=exchange)
    if year_hint and not found.fiscal_year:
        hinted = replace(hinted, fiscal_year=year_hint, period_end=date(year_hint, 12, 31))
    return _identify(hinted, language), hinted != found


def _identify(found: Findings, language: str) -> Identity:
    open_fields = ("company", "fiscal_year", "period_end")
    missing = [name for name in open_fields if getattr(found, name) is None]
    if missing or found.company is None:
        raise RejectedDocumentError("unidentified", f"{', '.join(missing)} not found")
    company = _printed_name(found.company)
    try:
        return Identity.model_validate(
            {
                "company": company,
                "company_id": company_id(company, found.code),
                "code": found.code,
                "exchange": found.exchange,
                "fiscal_year": found.fiscal_year,
                "period_end": found.period_end,
                "language": language,
                "is_revision": found.is_revision,
                "title": found.title[:200],
            }
        )
    except ValidationError as error:  # its message would quote the text
        fields = sorted({str(e["loc"][0]) for e in error.errors()})
        raise RejectedDocumentError("unidentified", f"{', '.join(fields)} not plausible") from None


def _printed_name(name: str) -> str:
    """Return ``name`` with the brackets that Chinese print uses."""
    if re.search(r"[\u4e00-\u9fff]", name):
        return name.replace("(", "（").replace(")", "）")
    return " ".join(name.split())


def company_id(company: str, code: str | None) -> str:
    """Return the stable id of an issuer: its numeric stock code, else a slug of its name.

    A ticker symbol is no id: it stands on some years' covers only.

    >>> company_id("Example Widgets, Inc.", "WDGT"), company_id("示例股份有限公司", "600000")
    ('example-widgets', '600000')
    """
    if code and code.isdecimal():
        return code
    plain = unicodedata.normalize("NFKD", company).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’.](?=[a-z]\b)|['’]", "", plain.lower()))
    if words and words[0] == "the":
        words = words[1:]
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    if words and not re.search(r"[\u4e00-\u9fff]", company):
        return "-".join(words)[:60].rstrip("-")
    return "cn-" + hashlib.sha256(company.encode()).hexdigest()[:8]
