"""What the name of a file may hint at; used only where the text leaves something open."""

import re
import unicodedata
from collections.abc import Sequence

REVISION = re.compile(
    r"更正|更新后|更新版|修订|修訂|10-?K[/_ -]?A(?![a-z])|amended|restated", re.IGNORECASE
)
YEAR = re.compile(
    r"(?<!\d)(20\d\d)\s*年?(?=年?度?年报|年?度?报告|[_ ]*(?:年度|年报|年報|annual|10-?K))", re.I
)
CODE = re.compile(r"(?<![0-9A-Za-z])((?:60|68|00|30)\d{4})(?![0-9A-Za-z])")


def printable_name(name: str) -> str:
    r"""Return ``name`` as it is kept in records: composed, and without what UTF-8 cannot hold.

    >>> printable_name("report\udcff.pdf")
    'report?.pdf'
    """
    return unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))


def marks_revision(name: str) -> bool:
    """Tell whether a file name says that the report was corrected.

    >>> marks_revision("600000_2020年年度报告（更正后）.pdf"), marks_revision("X_10-K_2020.pdf")
    (True, False)
    """
    return REVISION.search(name) is not None


def hinted_year(names: Sequence[str]) -> int | None:
    """Return the one year that the names agree on.

    >>> hinted_year(["示例_2020_年度报告.pdf"]), hinted_year(["a 2019年报.pdf", "a 2020年报.pdf"])
    (2020, None)
    """
    years = {int(year) for name in names for year in YEAR.findall(name)}
    return years.pop() if len(years) == 1 else None


def hinted_code(names: Sequence[str]) -> str | None:
    """Return the one stock code that the names agree on.

    >>> hinted_code(["600000_示例_2020.pdf"]), hinted_code(["20200122.pdf"])
    ('600000', None)
    """
    codes = {code for name in names for code in CODE.findall(name)}
    return codes.pop() if len(codes) == 1 else None
