"""Where people live. A company's registered address is statutory disclosure and stays."""

import re
from collections.abc import Iterator

from sft_assets.redact.finding import Finding
from sft_assets.redact.page_view import PageView

_IS = r"[ \n]{0,4}(?:为|為|是|系|在|:|\(|\n| )*"
_HOME = re.compile(
    r"(?:(?:现|現|原|家庭|常|经常|经)?(?:居[ \n]*)?住[ \n]*(?:址|地址|地)(?!所)|家庭地址|住宅地址"
    r"|户籍(?:所在地|地址|地)|戶籍(?:所在地|地址)|户口(?:所在地|地址))" + _IS
)
_RESIDENCE = re.compile(
    rf"(?:住所|通[讯信訊]地址){_IS}|[,，;]\s?(?:现|現)?住(?![所址宅房院建户地]){_IS}"
)
_HOME_EN = re.compile(
    r"(?<![a-z])(?:(?:residential|home|residence) address(?:es)?|resid(?:ing|es|ed) at)"
    r"(?: (?:is|of))?[ :\n]*",
    re.IGNORECASE,
)
_PERSON = re.compile(
    "身份证|身份證|证件号|国籍|國籍|先生|女士|自然人|[汉漢回满壮苗藏]族|出生|姓名"
    "|[,;] ?[男女](?![\u4e00-\u9fff])"
)
_COMPANY = re.compile(
    "公司|企业|企業|注册|註冊|法定代表人|机构|機構|合伙|办公|辦公|董事会秘书|证券事务代表"
)

_ENDS = (
    "号|號|室|栋|棟|幢|楼|樓|座|层|層|房|组|組|户|戶|单元|單元|院|村|弄|巷|队|隊|区|區|园|苑|里|庄"
)
_CHINESE = re.compile(r"(?:[\u4e00-\u9fff0-9A-Za-z\-#]|\([\u4e00-\u9fff0-9]{1,8}\))+")
_UNTIL = re.compile("的|系|并|與|自然人")
_LAST = re.compile(rf".*(?:{_ENDS})(?:[0-9A-Za-z\-]+)?|.*[0-9]\Z", re.DOTALL)
_WHOLE = re.compile(r".*(?:号|號|室|房|户|戶|组|組)\Z", re.DOTALL)
_GOES_ON = re.compile(
    r"[0-9A-Za-z\-]{0,5}(?:号|號|栋|棟|幢|楼|樓|座|层|層|单元|單元|室|房|组|弄|区|區)|[\u4e00-\u9fff]{0,8}(?:省|市|县|镇|街|路)"
    r"|[\u4e00-\u9fff]{1,10}[0-9]{1,4}(?:号|栋|幢|单元|楼|座|室|房|组)"
)
_PLACE = re.compile("[省市区區县縣州镇鎮乡鄉村路街道巷弄号號室栋幢楼座]")
_MAX_CHARS = 80

_ENGLISH = re.compile(
    r"(?:[A-Z0-9#][^,;:()\n]{0,38})(?:,?[ \n]{1,2}(?=[A-Z0-9#])[^,;:()\n]{1,38})*"
)
_SHORT = "".join(rf"(?<!{word})" for word in ("Apt", "St", "Rd", "Ave", "No", "Blk", "Dr", "Ln"))
_STOP = re.compile(rf"{_SHORT}\.(?=\s|\Z)| (?:and|who|is|was|has|of the|since|with|until)(?= )")


def find_addresses(view: PageView) -> Iterator[Finding]:
    """Yield addresses of persons.

    住址, 户籍 and "residential address" are a person's; 住所 and 通讯地址 are when the words before
    speak of a person more recently than of a company.
    """
    for found in _HOME.finditer(view.text):
        yield from _chinese(view, found.end())
    for found in _RESIDENCE.finditer(view.text):
        for home in _chinese(view, found.end()):
            whose = view.text[home.end : home.end + 4]
            if _speaks_of_a_person(view.text, found.start()) or "自然人" in whose:
                yield home
    for found in _HOME_EN.finditer(view.text):
        yield from _english(view, found.end())


def _speaks_of_a_person(text: str, at: int) -> bool:
    before = text[max(0, at - 80) : at + 1].rpartition("。")[2]
    last = {
        rule: max((found.start() for found in rule.finditer(before)), default=-1)
        for rule in (_PERSON, _COMPANY)
    }
    return last[_PERSON] > last[_COMPANY]


def _chinese(view: PageView, start: int) -> Iterator[Finding]:
    """Yield the address that starts at ``start``: up to the last word that can end one."""
    end = start
    while found := _CHINESE.match(view.text, end, start + _MAX_CHARS):
        stop = _UNTIL.search(view.text, end, found.end())
        end = stop.start() if stop else found.end()
        rest = view.text[end : end + 14]
        if stop or rest[:1] not in ("\n", " "):
            break
        if _WHOLE.match(view.text[start:end]) and not _GOES_ON.match(rest, 1):
            break
        if rest[0] == " " and not _GOES_ON.match(rest, 1):
            break
        end += 1
    kept = _LAST.match(view.text[start:end].rstrip("\n "))
    if kept and len(kept.group()) >= 5 and _PLACE.search(kept.group()):
        value = re.sub(r"\s", "", kept.group())
        yield Finding(start, start + kept.end(), "address", value)


def _english(view: PageView, start: int) -> Iterator[Finding]:
    found = _ENGLISH.match(view.text, start)
    if found is None:
        return
    stop = _STOP.search(found.group())
    kept = (found.group()[: stop.start()] if stop else found.group()).rstrip(" .\n")
    if re.search("[0-9]", kept) and len(kept) >= 10:
        value = " ".join(kept.split()).upper()
        yield Finding(start, start + len(kept), "address", value)
