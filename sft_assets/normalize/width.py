"""Full-width digits, letters and the signs between them become the ASCII ones.

Only inside numbers and Latin words: a full-width comma between Chinese words is correct
typography, and ``2019，2020`` is a list, not the number 2019,2020.
"""

import re
import unicodedata

from sft_assets.lineage.text_edits import Edit

_DIGIT, _LETTER = "０-９", "Ａ-Ｚａ-ｚ"
_NUMBER = (
    rf"[{_DIGIT}]{{1,3}}(?:，[{_DIGIT}]{{3}})+(?:．[{_DIGIT}]+)?|[{_DIGIT}]+(?:．[{_DIGIT}]+)?"
)
_MINUS = rf"(?<![0-9A-Za-z{_DIGIT}{_LETTER}）)])－(?=[{_DIGIT}])"
_WIDE = re.compile(
    rf"(?:{_MINUS})?(?:{_NUMBER})％?|(?<=[0-9])％|[{_LETTER}]+(?:[＆．－＇][{_LETTER}]+)*"
)


def find_width_edits(text: str) -> list[Edit]:
    """Return the edits that narrow full-width numbers and Latin words, in order.

    >>> [edit.replacement for edit in find_width_edits("共１，２３４．５元，占５％（ＡＢ）")]
    ['1,234.5', '5%', 'AB']
    >>> find_width_edits("2019，2020（含）")
    []
    """
    return [
        Edit(found.start(), found.end(), unicodedata.normalize("NFKC", found.group()), "width")
        for found in _WIDE.finditer(text)
    ]
