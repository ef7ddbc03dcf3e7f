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
ERRORS = ("digit", "unit", "year", "sign", "page", "decimal")


def plant_error(answer: str, result: str, language: str, seed: str) -> tuple[str, str] | None:
    """Return ``answer`` with one error and the kind of it; None where none can be planted.

    The kinds are tried in an order that ``seed`` decides. ``result`` is the pair's result, the
    number that digit, sign and decimal errors change.

    >>> plant_error("2020年收入为15.00元（第5页）。", "15.00", "zh", "b")[1] in ERRORS
    True
    """
    first = stable_number("error", seed) % len(ERRORS)
    for step in range(len(ERRORS)):
        error = ERRORS[(first + step) % len(ERRORS)]
        wrong = _plant(error, answer, result.rsplit("; ", maxsplit=1)[-1], language, seed)
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
