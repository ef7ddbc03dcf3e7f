"""Practice conversations for the base model: short invented reports and questions about them.

The base is to learn one thing from them: find the right row and column of a context and copy its
number digit by digit. Names and a third of the row labels are random characters, so that the model
looks the answer up instead of remembering it. One context serves several turns, because a context
costs far more tokens than an answer and only answers carry loss.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from random import Random
from typing import Final

import yaml

from sft_assets.train import base_terms as terms

Message = dict[str, str]

SYSTEM_PROMPTS: Final = (
    "",
    "",
    "你是财务分析助手，只根据给定材料回答。",
    "You answer questions about annual reports from the given text only.",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an invented report: a label and a printed value for each year."""

    label: str
    values: tuple[str, ...]  # as printed, one a year, newest first
    change: str  # printed change against the year before, or ""
    unit: str  # what stands after the number in an answer
    page: int


@dataclass(frozen=True, slots=True)
class Difficulty:
    """How hard the practice is; the curriculum raises it."""

    rows: int  # most rows of a context
    long_numbers: float  # share of contexts with full amounts such as 1,234,567,890.12
    copies: float  # share of conversations that only repeat a string
    drills: float = 0.0  # share of conversations of many terse questions about one table
    pools: tuple[Sequence[str], ...] = (terms.COMMON_CHARACTERS,)  # characters of invented names


EASY: Final = Difficulty(rows=2, long_numbers=0.1, copies=0.5)
MIDDLE: Final = Difficulty(rows=3, long_numbers=0.6, copies=0.15)
HARD: Final = Difficulty(rows=6, long_numbers=0.85, copies=0.03)
DRILL: Final = Difficulty(
    rows=4,
    long_numbers=0.9,
    copies=0.1,
    drills=0.35,
    pools=(terms.COMPANY_CHARACTERS, terms.COMMON_CHARACTERS, terms.RARE_CHARACTERS),
)


def make_conversation(random: Random, level: Difficulty) -> list[Message]:
    """Return one conversation: a system prompt at times, then questions with their answers."""
    if random.random() < level.copies:
        turns = _copy_turns(random, level)
    else:
        turns = _report_turns(random, level)
    system = random.choice(SYSTEM_PROMPTS)
    messages = [{"role": "system", "content": system}] if system else []
    for question, answer in turns:
        messages.append({"role": "user", "content": question})
        messages.append({"role": "assistant", "content": answer})
    return messages


def _copy_turns(random: Random, level: Difficulty) -> list[tuple[str, str]]:
    """Repeat what was said: the first thing that makes a small model look back at all."""
    turns = []
    for _ in range(random.randint(1, 4)):
        text = random.choice((_amount, _han, _english_name))(random, level)
        ask = random.choice(("重复：{}", "{}", "抄写“{}”", "Repeat: {}"))
        turns.append((ask.format(text), text))
    return turns


def _report_turns(random: Random, level: Difficulty) -> list[tuple[str, str]]:
    chinese = random.random() < 0.75
    company = _company(random, level, chinese=chinese)
    newest = random.randint(2001, 2030)
    years = [newest - back for back in range(random.choice((1, 2, 2, 2, 3)))]
    rows = _rows(random, level, len(years), chinese=chinese)
    context = _print_context(random, company, years, rows, chinese=chinese)
    if level.drills and random.random() < level.drills:
        voice = _voices("zh_drill" if chinese else "en_drill")[0]
        turns = 2 * len(rows) * len(years) + 2
    else:
        voice = random.choice(_voices("zh" if chinese else "en"))
        turns = random.randint(2, 6)
    drawn = [_ask(random, level, voice, company, years, rows) for _ in range(turns)]
    asked = list(dict(drawn).items())  # a question asked twice would be answered from its answer
    parts = [context, asked[0][0]]
    if random.random() < 0.35:  # question first, as instruction plus input often comes
        parts.reverse()
    return [("\n".join(parts), asked[0][1]), *asked[1:]]


@dataclass(frozen=True, slots=True)
class Voice:
    """One way of asking and answering, kept for a whole conversation."""

    turns: Mapping[str, Mapping[str, str]]  # value, change, page, growth ... -> ask, answer
    unknown: str  # what is said when the context does not hold the answer
    chinese: bool


@cache
def _voices(name: str) -> tuple[Voice, ...]:
    """Return the voices listed under ``zh``, ``en``, ``zh_drill`` or ``en_drill``."""
    text = (files("sft_assets.train") / "practice_voices.yaml").read_text(encoding="utf-8")
    return tuple(
        Voice(voice["turns"], voice["unknown"], chinese=name.startswith("zh"))
        for voice in yaml.safe_load(text)[name]
    )


def _ask(
    random: Random,
    level: Difficulty,
    voice: Voice,
    company: str,
    years: Sequence[int],
    rows: Sequence[Row],
) -> tuple[str, str]:
    row = random.choice(rows)
    at = random.randrange(len(years))
    fields: dict[str, object] = {
        "company": company,
        "year": years[at],
        "prior": years[at] - 1,
        "label": row.label,
        "value": row.values[at],
        "unit": row.unit,
        "page": row.page,
        "change": row.change,
    }
    dice = random.random()
    if dice < 0.13:
        return _ask_missing(random, level, voice, years, rows, fields)
    if dice < 0.20 and row.change:
        return _filled(voice.turns["change"], fields | {"year": years[0]})
    if dice < 0.27:
        return _filled(voice.turns["page"], fields)
    if dice < 0.42 and len(years) > 1:
        operation = random.choice(("growth", "growth", "difference"))
        fields |= {"year": years[0], "prior": years[1]}
        computed = _computed(operation, row.values[0], row.values[1])
        if computed:
            return _filled(voice.turns[operation], fields | computed)
    if dice < 0.50 and len(rows) > 1:
        other = random.choice([candidate for candidate in rows if candidate is not row])
        computed = _computed("ratio", row.values[at], other.values[at])
        if computed:
            return _filled(voice.turns["ratio"], fields | computed | {"other": other.label})
    return _filled(voice.turns["value"], fields)


def _ask_missing(
    random: Random,
    level: Difficulty,
    voice: Voice,
    years: Sequence[int],
    rows: Sequence[Row],
    fields: dict[str, object],
) -> tuple[str, str]:
    """Ask for what the context does not hold: another row, or another year."""
    missing = _label(random, level, chinese=voice.chinese)[0]
    if random.random() < 0.5 and all(missing != row.label for row in rows):
        asked = fields | {"label": missing}
    else:
        asked = fields | {"year": random.choice((years[-1] - random.randint(1, 3), years[0] + 1))}
    return voice.turns["value"]["ask"].format(**asked), voice.unknown.format(**asked)


def _computed(operation: str, new: str, old: str) -> dict[str, object] | None:
    """Return the operands, the calculator's line and its result; None where it says nothing."""
    first, second = _plain_number(new), _plain_number(old)
    if first is None or second is None or second <= 0 or first < 0:
        return None
    if operation == "difference":
        calculation, result = f"{first:f}-{second:f}", first - second
        return {"new": new, "old": old, "calculation": f"{calculation}={result:,f}",
                "result": f"{result:,f}"}  # fmt: skip
    if operation == "growth":
        calculation, result = f"({first:f}-{second:f})/{second:f}*100", (first / second - 1) * 100
    else:
        calculation, result = f"{first:f}/{second:f}*100", first / second * 100
    if abs(result) > 10**6:
        return None
    rounded = f"{result:,.2f}"
    return {"new": new, "old": old, "calculation": f"{calculation}={rounded}", "result": rounded}


def _plain_number(printed: str) -> Decimal | None:
    """Return a printed amount as a Decimal; None for a percentage.

    >>> _plain_number("1,200.50"), _plain_number("3.1%")
    (Decimal('1200.50'), None)
    """
    if printed.endswith("%"):
        return None
    negative = printed.startswith(("(", "-"))
    value = Decimal(printed.strip("()-").replace(",", ""))
    return -value if negative else value


def _filled(turn: Mapping[str, str], fields: dict[str, object]) -> tuple[str, str]:
    return turn["ask"].format(**fields), turn["answer"].format(**fields)


# --- the invented report -------------------------------------------------------------------------


def _rows(random: Random, level: Difficulty, years: int, *, chinese: bool) -> list[Row]:
    style = _number_style(random, level)
    sheet_unit = random.choice(terms.UNITS_ZH if chinese else terms.UNITS_EN)
    page = random.randint(1, 9) if level is EASY else random.randint(1, 250)
    rows: list[Row] = []
    labels: set[str] = set()
    for _ in range(random.randint(1, level.rows)):
        label, kind = _label(random, level, chinese=chinese)
        if label in labels:
            continue
        labels.add(label)
        printed = {"amount": style, "rate": _rate, "per_share": _per_share, "count": _count}[kind]
        unit = {"amount": sheet_unit, "rate": "", "count": "", "per_share": "元/股"}[kind]
        if kind == "per_share" and not chinese:
            unit = "RMB per share"
        change = _rate(random, level) if random.random() < 0.6 else ""
        values = tuple(printed(random, level) for _ in range(years))
        rows.append(Row(label, values, change, unit, page))
        if random.random() < 0.1:
            page += random.randint(1, 5)
    return rows


def _print_context(
    random: Random, company: str, years: Sequence[int], rows: Sequence[Row], *, chinese: bool
) -> str:
    """Return the report's text: a table in one of its usual prints, or sentences."""
    amount_unit = next((row.unit for row in rows if row.unit and "股" not in row.unit), "")
    mark = random.choice(
        ("[第{}页]", "【第{}页】", "第{}页", "（第 {} 页）", "[{}]")
        if chinese
        else ("[page {}]", "Page {}", "(p. {})", "[{}]")
    )
    fillers = terms.FILLERS_ZH if chinese else terms.FILLERS_EN
    in_sentences = random.random() < 0.15
    gap = random.choice((" ", " ", " ", " ", "  ", " | ", "\t", "："))
    with_change = random.random() < 0.7
    change_head = random.choice(("增减", "变动比例", "") if chinese else ("Change", ""))
    lines: list[str] = []
    if random.random() < 0.97:  # an answer may name the company
        lines.append(
            f"{company}{years[0]}年年度报告" if chinese else f"{company} {years[0]} report"
        )
    page = 0
    for row in rows:
        if row.page != page:
            page = row.page
            lines.append(mark.format(page))
            if random.random() < 0.3:
                lines.append(random.choice(fillers))
            if not in_sentences:
                lines += _table_head(random, amount_unit, years, gap, chinese=chinese)
                if with_change and change_head:
                    lines[-1] += gap + change_head
        if in_sentences:
            lines.append(_sentence(row, years, chinese=chinese))
        else:
            label = f"{row.label}（{row.unit}）" if row.unit == "元/股" else row.label
            cells = [label, *row.values, *([row.change] if with_change and row.change else [])]
            lines.append(gap.join(cells) if gap != " | " else f"| {gap.join(cells)} |")
        if random.random() < 0.06:
            lines.append(random.choice(fillers))
    if not with_change and not in_sentences:
        lines += [_change_line(row, chinese=chinese) for row in rows if row.change]
    return "\n".join(lines)


def _table_head(
    random: Random, unit: str, years: Sequence[int], gap: str, *, chinese: bool
) -> list[str]:
    lines = []
    if unit:
        lines.append(f"单位：{unit}" if chinese else f"({unit})")
    year_form = random.choice(
        ("{}年", "{}年", "{}", "{}年度", "{}年末") if chinese else ("{}", "FY{}", "FY{}")
    )
    head = random.choice(("项目", "科目", "主要会计数据", "") if chinese else ("Item", ""))
    lines.append(gap.join([head, *(year_form.format(year) for year in years)]).strip())
    return lines


def _sentence(row: Row, years: Sequence[int], *, chinese: bool) -> str:
    pairs = list(zip(years, row.values, strict=True))
    if chinese:
        said = "，".join(f"{year}年{row.label}为{value}{row.unit}" for year, value in pairs)
        return f"{said}，变动{row.change}。" if row.change else f"{said}。"
    said = ", ".join(f"{row.label} for {year} was {value} {row.unit}" for year, value in pairs)
    return f"{said}, a change of {row.change}." if row.change else f"{said}."


def _change_line(row: Row, *, chinese: bool) -> str:
    return f"{row.label}变动{row.change}" if chinese else f"{row.label} changed by {row.change}"


def _label(random: Random, level: Difficulty, *, chinese: bool) -> tuple[str, str]:
    """Return a row label and what it counts; a third of the labels are random characters."""
    kind = random.choices(("amount", "rate", "per_share", "count"), (80, 8, 7, 5))[0]
    if random.random() < 0.33:
        if chinese:
            return _invented(random, level, random.randint(2, 8)), kind
        return _english_name(random, EASY), kind
    lists = {
        "amount": (terms.AMOUNT_LABELS_ZH, terms.AMOUNT_LABELS_EN),
        "rate": (terms.RATE_LABELS_ZH, terms.RATE_LABELS_EN),
        "per_share": (terms.PER_SHARE_LABELS_ZH, terms.PER_SHARE_LABELS_EN),
        "count": (terms.COUNT_LABELS_ZH, terms.COUNT_LABELS_EN),
    }
    return random.choice(lists[kind][0 if chinese else 1]), kind


def _company(random: Random, level: Difficulty, *, chinese: bool) -> str:
    if chinese:
        name = _invented(random, level, random.randint(2, 4))
        return name + random.choice(terms.COMPANY_TAILS_ZH)
    return f"{_english_name(random, level)} {random.choice(terms.COMPANY_TAILS_EN)}"


def _invented(random: Random, level: Difficulty, length: int) -> str:
    if len(level.pools) == 1:
        return "".join(random.choices(level.pools[0], k=length))
    return "".join(random.choice(random.choice(level.pools)) for _ in range(length))


def _han(random: Random, level: Difficulty) -> str:
    most = 4 if level is EASY else 12
    return _invented(random, level, random.randint(1, most))


def _english_name(random: Random, _level: Difficulty) -> str:
    return "".join(random.choices(terms.SYLLABLES_EN, k=random.randint(2, 3))).capitalize()


# --- printed numbers -----------------------------------------------------------------------------


def _number_style(random: Random, level: Difficulty) -> Callable[[Random, Difficulty], str]:
    """Return how the amounts of one table are printed: short, or full with separators."""
    if random.random() >= level.long_numbers:
        most = random.choice((2, 3, 4, 5))
        return lambda rng, _level: str(rng.randint(0, 10**most))
    decimals = random.choice((0, 2, 2, 2, 1))
    grouped = random.random() < 0.9
    low, high = random.choice(((4, 6), (7, 9), (8, 11), (9, 12)))
    brackets = random.random() < 0.3

    def print_amount(rng: Random, _level: Difficulty) -> str:
        whole = rng.randint(10 ** (low - 1), 10 ** rng.randint(low, high))
        text = f"{whole:,}" if grouped else str(whole)
        if decimals:
            text += f".{rng.randrange(10**decimals):0{decimals}d}"
        if rng.random() < 0.08:
            return f"({text})" if brackets else f"-{text}"
        return text

    return print_amount


def _amount(random: Random, level: Difficulty) -> str:
    return _number_style(random, level)(random, level)


def _rate(random: Random, _level: Difficulty) -> str:
    sign = "-" if random.random() < 0.3 else ""
    whole = random.randint(0, random.choice((9, 99, 99, 300)))
    return f"{sign}{whole}.{random.randrange(100):02d}%"


def _per_share(random: Random, _level: Difficulty) -> str:
    sign = "-" if random.random() < 0.1 else ""
    return f"{sign}{random.randint(0, 9)}.{random.randrange(10**4):04d}"[: random.choice((4, 6, 7))]


def _count(random: Random, _level: Difficulty) -> str:
    number = random.randint(20, 90_000)
    return f"{number:,}" if random.random() < 0.6 else str(number)
