"""What is masked beyond the identifiers of persons, and what is left."""

import re
from typing import Literal

from sft_assets.redact.page_view import fold_page
from sft_assets.walk.step import StepConfig

COMPANY_KINDS = frozenset({"landline", "credit_code"})
_COMPANY_PAGE = re.compile(
    "联系人和联系方式|公司信息|公司基本情况|公司简介|公司資料|公司资料|注册变更情况|统一社会信用代码"
    "|corporate information|registrant.{0,3}s telephone|commission file n",
    re.IGNORECASE,
)


class RedactSettings(StepConfig):
    """Settings of ``redact``."""

    names: Literal["keep", "mask"] = "keep"
    """Names of directors, officers and signatories: statutory disclosure, kept by default."""
    company_contacts: Literal["mask", "keep"] = "mask"
    """Telephone and credit code of the company, on the pages where the law has it print them. Mail
    is masked in any case: the gate of ``redacted_pages`` refuses every address."""


def kinds_kept(settings: RedactSettings, text: str) -> frozenset[str]:
    """Return the kinds that stay as printed on a page with this text.

    >>> sorted(kinds_kept(RedactSettings(company_contacts="keep"), "二、联系人和联系方式"))
    ['credit_code', 'landline']
    """
    keep = settings.company_contacts == "keep" and _COMPANY_PAGE.search(fold_page(text))
    return COMPANY_KINDS if keep else frozenset()
