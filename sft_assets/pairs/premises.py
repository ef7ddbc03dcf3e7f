"""Questions with a wrong unit in them, and the answer that sets it right."""

from collections.abc import Iterator

from sft_assets.pairs.contexts import build_context
from sft_assets.pairs.drafts import Draft
from sft_assets.pairs.settings import ContextSettings
from sft_assets.pairs.source import Fact, ReportSource
from sft_assets.pairs.templates import stable_number, wording
from sft_assets.pairs.wording import CURRENCIES, amount_text, pages_text, subject_of, unit_text
from sft_assets.programs import without_currency_mark

SCALES = {"zh": ("元", "千元", "万元", "百万元", "亿元"), "en": ("thousand", "million", "billion")}
ASKED_CURRENCIES = ("USD", "EUR", "JPY", "GBP", "CNY", "HKD")


def wrong_units(
    source: ReportSource, language: str, settings: ContextSettings
) -> Iterator[Draft | str]:
    """Yield for each amount of the year a question in a wrong unit or in another currency.

    A third of them asks in the right unit, so that "wrong" is not always the reply.
    """
    for fact in source.chosen.values():
        o = fact.operand
        if o.unit != "currency" or o.fiscal_year != source.report.fiscal_year or not o.currency:
            continue
        about = ("scale", "currency", "right")[stable_number("wrong_unit", fact.fact_id) % 3]
        asked = {
            "scale": _other_scale,
            "currency": _other_currency,
            "right": _own_unit,
        }[about](fact, language)
        yield _corrected(source, fact, asked, about, language, settings)


def _own_unit(fact: Fact, language: str) -> str:
    return amount_text(fact.operand, language)


def _other_scale(fact: Fact, language: str) -> str:
    unit, number = (
        unit_text(fact.operand, language),
        without_currency_mark(fact.operand.value_printed),
    )
    own = unit.split()[-1] if language == "en" else unit
    others = [scale for scale in SCALES[language] if scale != own]
    other = others[stable_number("scale", fact.fact_id) % len(others)]
    return f"{number}{other}" if language == "zh" else f"{fact.operand.currency} {number} {other}"


def _other_currency(fact: Fact, language: str) -> str:
    others = [code for code in ASKED_CURRENCIES if code != fact.operand.currency]
    code = others[stable_number("currency", fact.fact_id) % len(others)]
    return {"CNY": "人民币"}.get(code, CURRENCIES[code]) if language == "zh" else code


def _corrected(
    source: ReportSource,
    fact: Fact,
    asked: str,
    about: str,
    language: str,
    settings: ContextSettings,
) -> Draft:
    report, form = source.report, wording("wrong_unit", language)
    fields = {
        "company": report.company,
        "report_year": report.fiscal_year,
        "subject": subject_of(fact, language).text,
        "asked": asked,
        "value": amount_text(fact.operand, language),
        "pages": pages_text([fact.page_no], language),
    }
    asks = "currency" if about == "currency" else "scale"
    registers = [register for register in sorted(form.questions) if register.startswith(asks)]
    register = registers[stable_number("register", fact.fact_id) % len(registers)]
    return Draft(
        kind="lookup" if about == "right" else "wrong_unit",
        language=language,
        question=form.questions[register].format(**fields),
        context=build_context(
            source, [fact], language, distractors=1, max_chars=settings.context_max_chars
        ),
        answer=form.parts[about].format(**fields),
        template_id=f"{form.template_id(register)}.{about}",
        facts=(fact,),
        program="f1",
    )
