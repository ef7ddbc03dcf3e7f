"""Invented personal values with right check digits, and the forms in which pages print them.

The check digits are computed here and in ``sft_assets.sample``, not by the detectors' own code.
"""

import random
import re
from collections.abc import Callable

from sft_assets.concepts.labels import has_cjk
from sft_assets.sample.personal_data import bank_card_number, id_card_number

_REGIONS = (
    "110105",
    "310104",
    "330106",
    "440305",
    "510107",
    "610113",
    "320583",
    "650104",
    "810000",
)
_AREAS = ("010", "021", "0571", "0755", "028", "0991", "0851", "0397", "0592", "0898")
_MOBILES = ("130", "133", "138", "139", "147", "150", "159", "166", "177", "186", "191", "198")
_BINS = ("622202", "621700", "622848", "621661", "625912", "603367", "436742", "955880")
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_SURNAMES = ["zhou", "wang", "li", "zhao", "chen", "liu", "lin", "guo", "he", "tang"]
_GIVEN = ["yuanfan", "wei", "jing", "ruoxi", "muzhi", "yanshu", "lan", "hao", "min", "tao"]
_DOMAINS = ("example.com", "example.com.cn", "mail.example.cn", "example.net", "example.org.hk")
_CITIES = (
    "浙江省杭州市西湖区文三路", "北京市朝阳区建国路", "上海市浦东新区世纪大道",
    "广东省深圳市南山区科苑南路", "江苏省苏州市姑苏区人民路", "四川省成都市锦江区红星路二段",
    "新疆维吾尔自治区乌鲁木齐市天山区光明路", "湖南省浏阳市淮川街道圭斋路",
)  # fmt: skip
_ENDS = (
    "{a}号{b}栋{c}单元{d}室", "{a}号", "{a}弄{b}号{d}室", "{a}号阳光小区{b}幢{d}室",
    "{a}号{b}楼{d}房",
)  # fmt: skip
_VILLAGES = ("河北省保定市清苑县北店乡大李各庄村{a}组{b}号", "福建省晋江市磁灶镇岭畔村{b}区{a}号")
_STREETS = ("Garden Road, Central, Hong Kong", "Elm Street, Springfield, IL 62704",
            "Orchard Road, Singapore 238801", "Queen's Road East, Wan Chai, Hong Kong")  # fmt: skip

_NAMES_IDENTITY = re.compile("身 ?份 ?[证證]|证件|identity|ID", re.IGNORECASE)

Maker = Callable[[random.Random, bool], str]


def digits(rng: random.Random, count: int) -> str:
    """Return ``count`` digits, the first not 0."""
    return str(rng.randrange(10 ** (count - 1), 10**count))


def _id_card(rng: random.Random, _: bool) -> str:
    year, month, day = rng.randrange(1945, 2006), rng.randrange(1, 13), rng.randrange(1, 29)
    region, serial = rng.choice(_REGIONS), rng.randrange(1, 999)
    return id_card_number(f"{region}{year}{month:02}{day:02}{serial:03}")


def _mobile(rng: random.Random, _: bool) -> str:
    return rng.choice(_MOBILES) + f"{rng.randrange(10**8):08}"


def _email(rng: random.Random, _: bool) -> str:
    first, last = rng.choice(_GIVEN), rng.choice(_SURNAMES)
    local = rng.choice((f"{first}.{last}", f"{last}{first}", f"{last}_{rng.randrange(99)}", "ir"))
    return f"{local}@{rng.choice(_DOMAINS)}"


def _bank_card(rng: random.Random, _: bool) -> str:
    start = rng.choice(_BINS)
    length = 16 if start[0] in "459" else rng.choice((16, 19))
    return bank_card_number(start + "".join(rng.choices("0123456789", k=length - 7)))


def _landline(rng: random.Random, chinese: bool) -> str:
    if not chinese:
        return f"{rng.randrange(201, 989)}-{rng.randrange(200, 999)}-{rng.randrange(10**4):04}"
    area = rng.choice(_AREAS)
    return f"{area}-{rng.randrange(2, 9)}{rng.randrange(10**7):07}"


def _passport(rng: random.Random, _: bool) -> str:
    eight = f"{rng.randrange(10**8):08}"
    return rng.choice(
        (f"E{eight}", f"G{eight}", f"E{rng.choice('ABCDEFGH')}{eight[1:]}", f"H{eight}",
         f"K{eight}", f"M{eight}", f"X{eight[1:]}", f"P{eight[1:]}")
    )  # fmt: skip


def _address(rng: random.Random, chinese: bool) -> str:
    numbers = {name: rng.randrange(1, 999) for name in "abcd"}
    if not chinese:
        flat = rng.choice(
            ("Flat {c}A, {b}/F, {a} ", "{a} ", "Apt. {c}, {a} ", "Unit {b}-{c}, {a} ")
        )
        return flat.format(**numbers) + rng.choice(_STREETS)
    if rng.random() < 0.2:
        return rng.choice(_VILLAGES).format(**numbers)
    return rng.choice(_CITIES) + rng.choice(_ENDS).format(**numbers)


def _hong_kong_id(rng: random.Random, _: bool) -> str:
    letters, six = rng.choice(("A", "K", "R", "Z", "WX")), f"{rng.randrange(10**6):06}"
    values = ([36] if len(letters) == 1 else []) + [ord(c) - 55 for c in letters]
    values += [int(c) for c in six]
    check = -sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True)) % 11
    return f"{letters}{six}({'0123456789A'[check]})"


def _social_security(rng: random.Random, _: bool) -> str:
    return f"{rng.randrange(1, 665):03}-{rng.randrange(1, 99):02}-{rng.randrange(1, 9999):04}"


def _credit_code(rng: random.Random, _: bool) -> str:
    body = f"91{rng.choice(_REGIONS)}MA" + "".join(rng.choices(_CODE_ALPHABET, k=7))
    total = sum(_CODE_ALPHABET.index(c) * pow(3, at, 31) for at, c in enumerate(body))
    return body + _CODE_ALPHABET[-total % 31]


MAKERS: dict[str, Maker] = {
    "id_card": _id_card,
    "mobile": _mobile,
    "email": _email,
    "bank_card": _bank_card,
    "landline": _landline,
    "passport": _passport,
    "address": _address,
    "hong_kong_id": _hong_kong_id,
    "social_security": _social_security,
    "credit_code": _credit_code,
}

_GROUPS = {
    "id_card": (6, 8, 4),
    "mobile": (3, 4, 4),
    "bank_card": (4, 4, 4, 4, 3),
    "credit_code": (2, 6, 9, 1),
}
FORMS = ("plain", "full_width", "spaced", "hyphenated", "line_broken", "joined", "special")


def in_form(kind: str, value: str, form: str, rng: random.Random, template: str) -> str:
    """Return ``value`` as a page may print it; ``plain`` where the form does not exist for it."""
    chinese = has_cjk(template)
    if form == "special" and kind == "id_card":
        old = value[6:8] == "19" and _NAMES_IDENTITY.search(template)  # it has no check digit
        return value[:6] + value[8:17] if old else value.lower()
    if form == "full_width":
        return "".join(chr(ord(c) + 0xFEE0) if (c.isascii() and c.isalnum()) or c == "@" else c
                       for c in value)  # fmt: skip
    if form == "line_broken":
        return _broken(kind, value, rng, chinese)
    if form == "joined":  # as a page reads once its lines are joined: no space beside Chinese
        upper, lower = _broken(kind, value, rng, chinese).split("\n")
        return upper + ("" if has_cjk(upper[-1] + lower[0]) else " ") + lower
    if form in {"spaced", "hyphenated"}:
        return _separated(kind, value, " " if form == "spaced" else "-")
    return _special(kind, value, rng, chinese) if form == "special" else value


def _broken(kind: str, value: str, rng: random.Random, chinese: bool) -> str:
    """Return ``value`` over two lines: English breaks at its joints, Chinese setting anywhere."""
    places = range(1, len(value))
    if not chinese and kind in {"email", "address"}:
        places = [at for at in places if value[at - 1] in " .-@_"] or list(places)
    at = rng.choice(list(places))
    return value[:at].rstrip(" ") + "\n" + value[at:].lstrip(" ")


def _separated(kind: str, value: str, mark: str) -> str:
    if kind in _GROUPS:
        parts, at = [], 0
        for size in _GROUPS[kind]:
            parts.append(value[at : at + size])
            at += size
        return mark.join(part for part in parts if part)
    if kind == "landline":
        head, tail = value.split("-", 1)
        if "-" in tail:  # North America
            return value.replace("-", "." if mark == "-" else " ")
        return f"{head}{mark}{tail[:4]}{mark}{tail[4:]}" if mark == "-" else f"{head} {tail}"
    if kind == "passport":
        at = 2 if value[1].isalpha() else 1
        return f"{value[:at]}{mark}{value[at:]}"
    if kind == "hong_kong_id":
        return value.replace("(", " (") if mark == " " else value.replace("(", "-").rstrip(")")
    if kind == "social_security":
        return value.replace("-", mark)
    if kind == "email":
        return value.replace("@", " @ " if mark == " " else "(at)")
    return value


def _special(kind: str, value: str, rng: random.Random, chinese: bool) -> str:
    """Return a form of the kind's own: country codes, extensions, written-out signs."""
    if kind == "mobile":
        return rng.choice(("+86 ", "+86-", "(+86)", "0086-", "86-")) + value
    if kind == "email":
        return value.replace("@", rng.choice(("#", "[at]", " at ", "＃", "（at）")))
    if kind == "landline" and chinese:
        area, local = value.split("-")
        return rng.choice(
            (f"({area}){local}", f"（{area}）{local}", f"+86 {area[1:]} {local}", f"{value}转801",
             f"{value}-8012", f"86-{area[1:]}-{local}", f"+852 2{local[1:4]} {local[4:]}",
             f"{value}、{local[:7]}3")
        )  # fmt: skip
    if kind == "landline":
        area, rest = value.split("-", 1)
        return rng.choice((f"({area}) {rest}", f"+1 {value}", f"+852 2{rest[:3]} {rest[4:]}",
                           f"{value} ext. 12", f"+44 20 7{rest[:3]} {rest[4:]}"))  # fmt: skip
    if kind == "passport":
        return value.lower()
    return value
