"""Sentences with numbers that are nobody's personal data."""

import random
import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import yaml

from benchmarks.redaction.values import digits
from sft_assets.sample.personal_data import bank_card_number, id_card_number

_PLACEHOLDER = re.compile(r"\{([a-z_]+)(\d*)([a-z,]?)\}")
_MONTHS = ("January", "March", "June", "September", "December")
_ADDRESSES = ("浙江省杭州市西湖区文三路{}号", "北京市朝阳区建国路{}号院2号楼",
              "贵州省仁怀市茅台镇{}号")  # fmt: skip
_ADDRESSES_EN = ("{} Garden Road, Central, Hong Kong", "{} Way, Redmond, Washington 98052")
_NAMES = ("周远帆", "沈知行", "郭若溪", "何牧之")


def read_look_alikes() -> dict[str, list[str]]:
    """Return context -> sentences with placeholders."""
    path = Path(__file__).with_name("look_alikes.yaml")
    contexts: dict[str, list[str]] = yaml.safe_load(path.read_text("utf-8"))
    return contexts


def make_look_alikes(contexts: Mapping[str, list[str]], each: int) -> Iterator[tuple[str, str]]:
    """Yield ``each`` sentences of every context, as (context, text), the same on every run."""
    for context, sentences in contexts.items():
        rng = random.Random(f"look-alike {context}")
        for at in range(each):
            sentence = sentences[at % len(sentences)]
            yield context, _PLACEHOLDER.sub(partial(_fill, rng), sentence)


def _fill(rng: random.Random, found: re.Match[str]) -> str:
    """Return the text of one placeholder.

    ``{n8}`` eight digits, ``{n18x}`` eighteen that fail the check digits of cards and ids,
    ``{amount}`` 11 to 19 digits, ``{amount,}`` the same with separators and cents.
    """
    name, count, mark = found[1], found[2], found[3]
    if name == "n":
        value = digits(rng, int(count))
        return _without_check_digit(value) if mark == "x" else value
    if name == "amount":
        value = digits(rng, rng.randrange(11, 20))
        return f"{int(value):,}.{rng.randrange(100):02}" if mark == "," else value
    return str(_words(name, rng))


def _without_check_digit(value: str) -> str:
    """Return ``value`` with its last digit moved on until it is neither a card nor an id."""
    while bank_card_number(value[:-1]) == value or id_card_number(value[:17]) == value:
        value = value[:-1] + str((int(value[-1]) + 1) % 10)
    return value


def _words(name: str, rng: random.Random) -> str | int:
    year, month, day = rng.randrange(1999, 2026), rng.randrange(1, 13), rng.randrange(1, 29)
    made: dict[str, str | int] = {
        "code": rng.choice(("600", "000", "300", "002", "688", "830")) + digits(rng, 3),
        "hk_code": f"{rng.randrange(1, 9999):05}",
        "date": f"{year}年{month}月{day}日",
        "date_iso": f"{year}-{month:02}-{day:02}",
        "date_compact": f"{year}{month:02}{day:02}",
        "date_en": f"{rng.choice(_MONTHS)} {day}, {year}",
        "year": year,
        "d": rng.randrange(10),
        "p": rng.randrange(1, 300),
        "pct": f"{rng.randrange(100)}.{rng.randrange(100):02}",
        "company_address": rng.choice(_ADDRESSES).format(rng.randrange(1, 999)),
        "company_address_en": rng.choice(_ADDRESSES_EN).format(rng.randrange(1, 9999)),
        "name": rng.choice(_NAMES),
    }
    return made[name]
