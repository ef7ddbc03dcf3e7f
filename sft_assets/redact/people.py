"""Names of directors, officers and signatories, where a report is to be released without them.

They are statutory disclosure and stay by default. A name is taken from a table of people, from
the words before it, or from a signature; then every place where it stands is masked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sft_assets.redact.finding import Finding
from sft_assets.redact.page_view import MASK, fold_page

Grid = Mapping[tuple[int, int], str]

_NAME_HEAD = re.compile(
    r"(?:董事|监事|監事|高管|人员|人員)?姓 ?名|name(?: of (?:director|officer)s?)?", re.I
)
_OFFICE_HEAD = re.compile(
    r"职 ?务|職 ?務|职 ?位|職 ?位|任职|任職|任期|性 ?别|年 ?龄|position|title|office|\bage\b",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"[\u4e00-\u9fff](?: ?[\u4e00-\u9fff·]){1,5}")
_NO_NAME = re.compile(
    "合计|合計|小计|姓名|职务|董事|监事|经理|公司|无|不适用|是|否|在任|离任|其他|签名|盖章|签字"
)
_ENGLISH = re.compile(r"(?:[A-Z][A-Za-z'\-]*\.?)(?: (?:[A-Z][A-Za-z'\-]*\.?|de|van|von)){1,4}")
_TITLE = re.compile(r"^(?:Mr|Ms|Mrs|Dr|Prof)\.? ")
_OFFICES = (
    "公司负责人|主管会计工作负责人|会计机构负责人(?:\\(会计主管人员\\))?|法定代表人|董事会秘书|证券事务代表"
    "|董事长|副董事长|总经理|董事|监事|签字注册会计师"
)
_AFTER_OFFICE = re.compile(
    rf"(?:{_OFFICES}) ?: ?([\u4e00-\u9fff](?: {{0,2}}[\u4e00-\u9fff]){{1,3}})(?![\u4e00-\u9fff])"
)
_ADDRESSED = re.compile(
    "(?:董事长|总经理|副总经理|董事|监事|财务总监|董事会秘书)"
    "([\u4e00-\u9fff]{2,3})(?:先生|女士|小姐)"
)
_SIGNED = re.compile(
    r"/s/[ \n]{0,3}([A-Z][A-Za-z.'\-]*(?: [A-Z][A-Za-z.'\-]*){1,4})", re.IGNORECASE
)


def find_people(texts: Iterable[str], grids: Iterable[Grid]) -> frozenset[str]:
    r"""Return the names that pages and tables of a report give to its people, as printed once.

    >>> sorted(find_people(["法定代表人：张 三\n/s/ Jane Q. Doe"], []))
    ['Jane Q. Doe', '张三']
    """
    names = {name for grid in grids for name in _of_table(grid)}
    for text in map(fold_page, texts):
        for rule in (_AFTER_OFFICE, _ADDRESSED, _SIGNED):
            names |= {name for found in rule.finditer(text) for name in _names_in(found[1])}
    return frozenset(names)


def find_names(text: str, names: Sequence[str]) -> Iterator[Finding]:
    """Yield where ``names`` stand in a folded page, letter-spaced or not, the longest first."""
    if not names:
        return
    spelled = "|".join(_spelling(name) for name in sorted(names, key=lambda n: (-len(n), n)))
    for found in re.finditer(spelled, text):
        value = _TITLE.sub("", " ".join(found.group().split()))
        value = value if value.isascii() else value.replace(" ", "")
        yield Finding(*found.span(), "name", value.upper())


def _spelling(name: str) -> str:
    if name.isascii():
        return rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])".replace(r"\ ", r"[ \n]")
    return "[ \\n]{0,2}".join(map(re.escape, name))


def _of_table(grid: Grid) -> Iterator[str]:
    heads = [(place, text) for place, text in grid.items() if place[0] <= 2]
    if not any(_OFFICE_HEAD.search(text) for _, text in heads):
        return
    columns = {place[1]: place[0] for place, text in heads if _NAME_HEAD.fullmatch(_flat(text))}
    for (row, col), text in grid.items():
        if col in columns and row > columns[col]:
            yield from _names_in(_flat(text))


def _flat(text: str) -> str:
    return " ".join(text.replace(MASK, " ").split())


def _names_in(text: str) -> Iterator[str]:
    plain = _TITLE.sub("", text.strip())
    chinese = plain.replace(" ", "")
    if _CHINESE.fullmatch(plain) and not _NO_NAME.search(chinese):
        yield chinese
    elif _ENGLISH.fullmatch(plain):
        yield plain
