"""Plant one known error into a right answer, for pairs that teach to judge answers."""

import re

from sft_assets.pairs.templates import stable_number

_UNITS = {
    "zh": ("亿元", "百万元", "万元", "千元", "元", "万股", "股", "人"),
    "en": (" hundred million", " million", " thousand", " billion"),
}
_OTHER_UNIT = {
    "亿元": "万元", "百万元": "万元", "万元": "亿元", "千元": "万元", "元": "万元",
    "万股": "亿股", "股": "万股", "人": "万人",
    " hundred million": " million", " million": " billion", " thousand": " million",
    " billion": " million",
}  # fmt: skip
_OTHER_METRICS = {
    "zh": ("净利润", "营业收入", "资产总计", "负债合计", "经营活动产生的现金流量净额"),
    "en": ("net profit", "revenue", "total assets", "total liabilities", "operating cash flow"),
}
_SCOPE_MARK = {
    "zh": ("（财年基准），", "母公司"),
    "en": ("(fiscal-year basis), ", "the parent company's "),
}
_RATIO = re.compile(r"\(([^()÷]+) ÷ ([^()÷]+)\) × 100%")
_GROWTH = re.compile(r"\((\S+) - (\S+)\) ÷ \2 × 100%")
_DIFFERENCE = re.compile(r"(?<= = )(\S+) - (\S+)(?= = )")
ERRORS = (
    "digit", "unit", "year", "scope", "metric", "sign", "rounding", "formula", "page", "decimal",
)  # fmt: skip


def plant_error(
    answer: str, result: str, language: str, seed: str, name: str = ""
) -> tuple[str, str] | None:
    """Return ``answer`` with one error and the kind of it; None where none can be planted.

    The kinds are tried in an order that ``seed`` decides. ``result`` is the pair's result, the
    number that digit, sign, rounding and decimal errors change; ``name`` the metric's.

    >>> plant_error("2020年收入为15.00元（第5页）。", "15.00", "zh", "b")[1] in ERRORS
    True
    """
    first = stable_number("error", seed) % len(ERRORS)
    for step in range(len(ERRORS)):
        error = ERRORS[(first + step) % len(ERRORS)]
        last = result.rsplit("; ", maxsplit=1)[-1]
        if error == "metric":
            wrong = _other_metric(answer, name, language, seed)
        else:
            wrong = _plant(error, answer, last, language, seed)
        if wrong is not None and wrong != answer:
            return wrong, error
    return None


def _plant(error: str, answer: str, result: str, language: str, seed: str) -> str | None:
    match error:
        case "digit":
            return _replace_last(answer, result, _other_digit(result, seed))
        case "decimal":
            return _replace_last(answer, result, _moved_point(result))
        case "sign":
            if not result.endswith("%"):
                return None
            other = result[1:] if result.startswith("-") else f"-{result}"
            return _replace_last(answer, result, other)
        case "unit":
            return _other_unit(answer, result, language)
        case "year":
            return _other_year(answer)
        case "scope":
            return _other_scope(answer, language)
        case "rounding":
            return _replace_last(answer, result, _badly_rounded(result))
        case "formula":
            return _other_formula(answer)
        case _:
            return _other_page(answer, seed)


def _replace_last(text: str, old: str, new: str | None) -> str | None:
    at = text.rfind(old)
    if new is None or at < 0:
        return None
    return text[:at] + new + text[at + len(old) :]


def _other_digit(result: str, seed: str) -> str | None:
    places = [i for i, sign in enumerate(result) if sign.isdigit()]
    if not places:
        return None
    at = places[stable_number("place", seed) % len(places)]
    step = 1 + stable_number("step", seed) % 9
    digit = (int(result[at]) + step) % 10
    if at == places[0] and digit == 0:  # no leading zero
        digit = 1 if result[at] != "1" else 2
    return f"{result[:at]}{digit}{result[at + 1 :]}"


def _moved_point(result: str) -> str | None:
    match = re.fullmatch(r"(-?)(\d+)\.(\d)(\d+)(%?)", result)
    if match is None:
        return None
    sign, whole, first, rest, percent = match.groups()
    return f"{sign}{whole if whole != '0' else ''}{first}.{rest}{percent}"


def _badly_rounded(result: str) -> str | None:
    """Return a quotient with its last digit one off, as careless rounding leaves it."""
    match = re.fullmatch(r"(-?\d+\.\d)(\d)(%?)", result)
    if match is None:
        return None
    last = int(match[2])
    return f"{match[1]}{last + 1 if last < 9 else last - 1}{match[3]}"


def _other_scope(answer: str, language: str) -> str | None:
    """Return the answer as if it spoke of the parent company, or no longer of it."""
    mark, parent = _SCOPE_MARK[language]
    if mark not in answer:
        return None
    if f"{mark}{parent}" in answer:
        return answer.replace(f"{mark}{parent}", mark, 1)
    return answer.replace(mark, f"{mark}{parent}", 1)


def _other_metric(answer: str, name: str, language: str, seed: str) -> str | None:
    if len(name) < 2 or name not in answer:
        return None
    others = [o for o in _OTHER_METRICS[language] if o not in name and name not in o]
    return answer.replace(name, others[stable_number("metric", seed) % len(others)])


def _other_formula(answer: str) -> str | None:
    """Return the answer with the operands of its formula in wrong places."""
    for pattern, wrong in (
        (_GROWTH, r"(\1 - \2) ÷ \1 × 100%"),
        (_RATIO, r"(\2 ÷ \1) × 100%"),
        (_DIFFERENCE, r"\2 - \1"),
    ):
        if pattern.search(answer):
            return pattern.sub(wrong, answer, count=1)
    return None


def _other_unit(answer: str, result: str, language: str) -> str | None:
    at = answer.rfind(result)
    if at < 0:
        return None
    after = answer[at + len(result) :]
    unit = next((u for u in _UNITS[language] if after.startswith(u)), None)
    if unit is None:
        return None
    return answer[: at + len(result)] + _OTHER_UNIT[unit] + after[len(unit) :]


def _other_year(answer: str) -> str | None:
    match = re.search(r"(?<=FY)(?:19|20)\d\d|(?:19|20)\d\d(?=年末?[^度年])", answer)
    if match is None:
        return None
    return f"{answer[: match.start()]}{int(match[0]) - 1}{answer[match.end() :]}"


def _other_page(answer: str, seed: str) -> str | None:
    match = re.search(r"(?<=第)\d+(?=页)|(?<=page )\d+", answer)
    if match is None:
        return None
    page = int(match[0]) + 1 + stable_number("page", seed) % 7
    return f"{answer[: match.start()]}{page}{answer[match.end() :]}"
