"""Reports of companies that do not exist, as the pair makers read them.

Names, page numbers and amounts are drawn by lot; row labels are accounting vocabulary in its many
prints, and a quarter of them are random characters, so that a model looks the answer up instead of
remembering it. A report holds what makes real ones hard: one figure in several tables, group and
parent figures under one label, restated years, empty cells, brackets for losses, note columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from random import Random
from typing import Final

from sft_assets.concepts import Concept, load_concepts
from sft_assets.pairs.source import Fact, Report, ReportSource
from sft_assets.pairs.templates import formulas
from sft_assets.pretraining.invented_companies import Company
from sft_assets.pretraining.invented_labels import invented_label, print_label, prints_of
from sft_assets.programs import Operand
from sft_assets.train import base_terms as terms

ZH_HEADINGS: Final = (
    "流动资产：", "非流动资产：", "流动负债：", "所有者权益：", "项目 附注 期末余额 期初余额",
    "项目 本期发生额 上期发生额", "经营活动产生的现金流量：", "合并资产负债表", "母公司利润表",
    "五、主要客户情况", "六、研发投入", "七、合并财务报表项目注释", "单位：元 币种：人民币",
)  # fmt: skip
EN_HEADINGS: Final = (
    "Current assets:", "Current liabilities:", "Operating activities:", "Shareholders' equity:",
    "Consolidated Balance Sheets", "(in millions)", "Year ended December 31,", "Notes",
)  # fmt: skip
ZH_CLAUSES: Final = (
    "公司实现{name}{value}{unit}", "{name}为{value}{unit}", "本年{name}达到{value}{unit}",
    "报告期内{name}{value}{unit}", "{name}合计 {value} {unit}", "全年{name}共计{value}{unit}",
)  # fmt: skip
ZH_TAILS: Final = (
    "，保持稳定", "，经营情况良好", "，占年度总额 {rate}%", "，同比变动{rate}%", "", "",
    "，主要系市场需求变化所致", "，较上年有所变化",
)  # fmt: skip
EN_CLAUSES: Final = (
    "{name} was {value} {unit}", "{name} amounted to {value} {unit}",
    "The company recorded {name} of {value} {unit}", "{name} reached {value} {unit}",
)  # fmt: skip
EN_TAILS: Final = (
    " for the year", ", a change of {rate}%", " as at the end of the year", "",
    " compared with the prior year",
)  # fmt: skip
SECTIONS: Final = (  # statement, period type, scope, chance in per cent, most rows
    ("key_data", "duration", "consolidated", 55, 6),
    ("key_data", "instant", "consolidated", 35, 3),
    ("balance_sheet", "instant", "consolidated", 80, 9),
    ("balance_sheet", "instant", "parent", 45, 7),
    ("income_statement", "duration", "consolidated", 80, 9),
    ("income_statement", "duration", "parent", 35, 7),
    ("cash_flow", "duration", "consolidated", 55, 7),
    ("cash_flow", "duration", "parent", 20, 5),
    ("research", "duration", "consolidated", 25, 4),
    ("employees", "instant", "consolidated", 15, 4),
)


@dataclass(slots=True)
class _Book:
    """A report that is being written."""

    random: Random
    company: Company
    year: int
    facts: list[Fact] = field(default_factory=list)
    chosen: dict[tuple[str, str, int, str, str], Fact] = field(default_factory=dict)
    lines: dict[int, list[str]] = field(default_factory=dict)  # page_no -> its text
    page_no: int = 1
    table_no: int = 0


def invent_report(
    random: Random, company: Company, year: int, asked: Sequence[str] = ()
) -> ReportSource:
    """Return one report of ``company``; the metrics ``asked`` stand in it."""
    book = _Book(random, company, year)
    book.page_no = random.choice((random.randint(1, 14), random.randint(1, 240)))
    wanted = _operands(random, len(asked)) + list(asked)
    for statement, period_type, scope, chance, most in SECTIONS:
        known = _concepts(statement, period_type)
        must = [c for c in known if c.id in wanted]
        if random.randrange(100) < chance or any(c.id in asked for c in must):
            _write_table(book, statement, period_type, scope, must, random.randint(1, most))
            book.page_no += random.choice((0, 0, 1, 1, 2, random.randint(0, 20)))
    for _ in range(random.choice((0, 0, 1, 1, 2, 3))):
        _write_sentence(book)
    pages = {page_no: "\n".join(lines) for page_no, lines in book.lines.items()}
    month = 12 if random.random() < 0.9 else random.choice((3, 6, 9))
    report = Report(
        report_key=f"{company.company_id}_{year}",
        doc_id=f"{random.getrandbits(60):015x}",
        company=company.name,
        company_id=company.company_id,
        fiscal_year=year,
        period_end=date(year, month, 28),
        language=company.language,
    )
    return ReportSource(report, tuple(book.facts), book.chosen, pages, {})


@cache
def _concepts(statement: str, period_type: str) -> tuple[Concept, ...]:
    return tuple(
        concept
        for concept in load_concepts().by_id.values()
        if statement in concept.statements
        and concept.period_type == period_type
        and concept.unit != "ratio"
    )


def _operands(random: Random, fewer: int) -> list[str]:
    """Return the metrics of a few formulas, so that their ratios can be asked for."""
    drawn = random.sample(formulas(), max(3, random.randint(3, 7) - fewer))
    return [
        choices[0] if random.random() < 0.6 else random.choice(choices)
        for formula in drawn
        for choices in formula.operands
    ]


def _write_table(
    book: _Book, statement: str, period_type: str, scope: str, must: Sequence[Concept], most: int
) -> None:
    """Write one table of ``must`` and other rows to the book's page."""
    random, zh = book.random, book.company.language == "zh"
    known = _concepts(statement, period_type)
    others = random.sample(known, min(len(known), most))
    rows = list({c.id: c for c in (*must[:6], *others)}.values())
    random.shuffle(rows)
    columns = _columns(random, book.year, statement, zh=zh)
    book.table_no += 1
    text = book.lines.setdefault(book.page_no, [])
    text.append(random.choice(ZH_HEADINGS if zh else EN_HEADINGS))
    for row_no, concept in enumerate(rows):
        if random.random() < 0.06:
            text.append(random.choice(ZH_HEADINGS if zh else EN_HEADINGS))
        if random.random() < 0.04 and row_no:  # the table goes on over the page
            book.page_no += 1
            text = book.lines.setdefault(book.page_no, [])
        metric, label = concept.id, print_label(random, concept, zh=zh)
        if random.random() < 0.25:
            metric, label = f"invented_{random.getrandbits(40):x}", invented_label(random, zh=zh)
        cells = []
        for col_no, (year, basis) in enumerate(columns):
            if random.random() < 0.05:
                continue  # an empty cell
            meaning = (metric, scope, year, basis, period_type)
            told = book.chosen.get(meaning)
            operand = told.operand if told else _operand(book, concept, meaning)
            place = (book.page_no, book.table_no, row_no, col_no)
            fact = _fact(random, operand, label, place, statement)
            book.facts.append(fact)
            if told is None or (told.statement == "key_data" and statement != "key_data"):
                book.chosen[meaning] = fact
            cells.append(operand.value_printed)
        note = [f"七、{random.randint(1, 80)}"] if book.company.notes and zh else []
        text.append(" ".join([label, *note, *cells]))


def _columns(random: Random, year: int, statement: str, *, zh: bool) -> list[tuple[int, str]]:
    """Return year and basis of each column, newest first."""
    if statement == "key_data" and random.random() < 0.12:
        restated = [(year - 1, "after_restatement"), (year - 1, "before_restatement")]
        return [(year, "reported"), *restated, (year - 2, "reported")][: random.randint(3, 4)]
    shares = (5, 25, 60, 10) if statement == "key_data" or not zh else (6, 86, 6, 2)
    if statement in {"research", "employees"}:
        shares = (70, 25, 5, 0)
    count = random.choices((1, 2, 3, 4), shares)[0]
    return [(year - back, "reported") for back in range(count)]


def _operand(book: _Book, concept: Concept, meaning: tuple[str, str, int, str, str]) -> Operand:
    random, company = book.random, book.company
    metric, scope, year, basis, period_type = meaning
    unit, scale, currency = concept.unit, company.scale, company.currency
    if unit == "currency":
        value, places = _amount_like(book, meaning) or _amount(random, company)
    elif unit == "percent":
        scale, places = 1, 2
        value = Decimal(random.randint(1, random.choice((999, 9999, 9999)))).scaleb(-2)
    elif unit == "per_share":
        scale, places = 1, random.choice((2, 2, 2, 4, 3))
        value = Decimal(random.randint(1, 9 * 10 ** random.randint(places, places + 1)))
        value = value.scaleb(-places)
    else:
        scale, places, value = 1, 0, Decimal(random.randint(1, 10 ** random.randint(2, 6)))
    if unit != "persons" and value > 0 and random.random() < 0.06:
        value = -value
    return Operand(
        value=value,
        value_printed=_printed(random, company, value, places, unit),
        unit=unit,
        scale=scale,
        currency=currency if unit in {"currency", "per_share"} else None,
        metric=metric,
        company_id=company.company_id,
        fiscal_year=year,
        period_type=period_type,
        scope=scope,
        basis=basis,
    )


def _amount_like(
    book: _Book, meaning: tuple[str, str, int, str, str]
) -> tuple[Decimal, int] | None:
    """Return an amount beside a known one, as figures of two years or of two rows often are."""
    random, places = book.random, book.company.places
    metric, scope, year, _, period_type = meaning
    known = book.chosen.get((metric, scope, year + 1, "reported", period_type))
    dice = random.random()
    if known is not None and dice < 0.8:
        if dice < 0.04:
            return known.operand.value, places
        factor = Decimal(random.randint(550, 1700)) / 1000
        value = (known.operand.value * factor).quantize(Decimal(1).scaleb(-places))
        cents = Decimal(random.randrange(10**places)).scaleb(-places)
        return (value + cents) or Decimal(1), places
    if book.facts and dice > 0.97:
        other = random.choice(book.facts).operand
        if other.unit == "currency" and other.scale == book.company.scale:
            return other.value, places
    return None


def _amount(random: Random, company: Company) -> tuple[Decimal, int]:
    digits = max(1, company.digits - random.choice((0, 0, 0, 1, 1, 2, 3, 4)))
    whole = random.randint(10 ** (digits - 1), 10**digits - 1)
    if random.random() < 0.06:
        whole = round(whole, -random.randint(1, digits))  # share capital is often a round sum
    cents = 0 if random.random() < 0.06 else random.randrange(10**company.places)
    value = Decimal(max(1, whole) * 10**company.places + cents).scaleb(-company.places)
    return value, company.places


def _printed(random: Random, company: Company, value: Decimal, places: int, unit: str) -> str:
    text = f"{abs(value):,.{places}f}" if company.grouped else f"{abs(value):.{places}f}"
    if value < 0:
        text = {"minus": f"-{text}", "brackets": f"({text})", "wide": f"（{text}）"}[
            company.negative
        ]
    if company.marks_dollars and unit in {"currency", "per_share"} and random.random() < 0.3:
        text = f"$ {text}"
    if unit == "percent" and random.random() < 0.4:
        text += "%"
    return text


def _fact(
    random: Random, operand: Operand, label: str, place: tuple[int, int, int, int], statement: str
) -> Fact:
    page_no, table_no, row_no, col_no = place
    identity = f"{random.getrandbits(62):016x}"
    return Fact(identity, identity, label, operand, page_no, table_no, row_no, col_no, statement)


def _write_sentence(book: _Book) -> None:
    """Write a sentence with a figure to a page: what management says."""
    random, zh = book.random, book.company.language == "zh"
    concept = random.choice(_text_concepts())
    scale = random.choice((1, 10_000, 100_000_000) if zh else (1_000_000, 1_000_000_000, 1000))
    if concept.unit != "currency":
        scale = 1
    value = Decimal(random.randint(1, 10 ** random.randint(3, 7))).scaleb(-2)
    if concept.unit in {"persons", "shares"}:
        value = Decimal(int(value) + 1)
    printed = f"{value:,}" if random.random() < 0.8 else f"{value}"
    meaning = (concept.id, "consolidated", book.year, "reported", concept.period_type)
    operand = Operand(
        value, printed, concept.unit, scale,
        book.company.currency if concept.unit in {"currency", "per_share"} else None,
        concept.id, book.company.company_id, book.year, concept.period_type, "consolidated",
        "reported",
    )  # fmt: skip
    words = {"persons": "persons", "shares": "shares", "percent": "%", "per_share": "per share"}
    if zh:
        words = {"persons": "人", "shares": "股", "percent": "%", "per_share": "元/股"}
    money = {1: "元", 10_000: "万元", 100_000_000: "亿元", 1000: "thousand"}
    money |= {1_000_000: "million", 1_000_000_000: "billion"}
    name = random.choice(prints_of(concept.id, zh=zh))
    fields = {
        "name": name,
        "value": printed,
        "unit": words.get(concept.unit) or money[scale],
        "rate": f"{random.randint(0, 99)}.{random.randrange(100):02d}",
    }
    clause = random.choice(ZH_CLAUSES if zh else EN_CLAUSES)
    tail = random.choice(ZH_TAILS if zh else EN_TAILS)
    sentence = (clause + tail).format(**fields) + ("。" if zh else ".")
    identity = f"{random.getrandbits(62):016x}"
    fact = Fact(identity, identity, name, operand, book.page_no, None, None, None, "text")
    fillers = terms.FILLERS_ZH if zh else terms.FILLERS_EN
    text = book.lines.setdefault(book.page_no, [])
    if random.random() < 0.5:
        text.append(random.choice(fillers))
    text.append(sentence)
    text.append(random.choice(fillers))
    book.facts.append(fact)
    book.chosen.setdefault(meaning, fact)


@cache
def _text_concepts() -> tuple[Concept, ...]:
    return tuple(
        concept
        for concept in load_concepts().by_id.values()
        if concept.unit != "ratio" and {"text", "key_data", "employees"} & set(concept.statements)
    )
