"""A whole Chinese annual report, drawn twice: the first pass only counts the pages."""

from collections.abc import Callable
from dataclasses import dataclass

from sft_assets.sample import zh_discussion, zh_front, zh_key_data, zh_notes
from sft_assets.sample.facts import Placed
from sft_assets.sample.page_layout import Sheet
from sft_assets.sample.personal_data import PersonalDatum, draw_personal_data
from sft_assets.sample.zh_front import Report
from sft_assets.sample.zh_statements import draw_statements


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished report."""

    pdf: bytes
    placed: tuple[Placed, ...]
    personal: tuple[PersonalDatum, ...]
    page_count: int


def running_head(report: Report) -> str:
    """Line on top of every page but the first."""
    if report.company.pages.form == "SZSE":
        return f"{report.company.name} {report.title}全文"
    return report.title


def render_report(report: Report, *, with_personal_data: bool = False) -> Rendered:
    """The PDF with what it says; ``with_personal_data`` adds a paragraph of invented people."""
    total, sections = 0, _no_sections(report)
    while True:
        sheet = Sheet(
            report.company.pages,
            running_head(report),
            total,
            f"{report.company.name}{report.title}",
        )
        personal = _draw(sheet, report, sections, with_personal_data=with_personal_data)
        pdf = sheet.close()
        if (total, sections) == (sheet.page_no, sheet.sections):
            return Rendered(pdf, tuple(sheet.placed), tuple(personal), total)
        total, sections = sheet.page_no, sheet.sections


def _no_sections(report: Report) -> list[tuple[str, int]]:
    return [(f"第{zh_front.NUMERALS[no]}节", 0) for no in range(5 if report.brief else 7)]


def _draw(
    sheet: Sheet, report: Report, sections: list[tuple[str, int]], *, with_personal_data: bool
) -> list[PersonalDatum]:
    short = report.brief
    zh_front.draw_cover(sheet, report)
    if short:
        sheet.heading("重要提示", 14, "center")
        sheet.paragraph(*zh_front.dividend_sentence(report))
    else:
        zh_front.draw_important_notes(sheet, report)
        zh_front.draw_contents(sheet, sections)
    number = iter(zh_front.NUMERALS)

    def section(title: str) -> None:
        sheet.section(f"第{next(number)}节", title)

    personal: list[PersonalDatum] = []
    if not short:
        section("释义")
        zh_front.draw_terms(sheet, report)
    section("公司简介和主要财务指标")
    contacts = zh_front.draw_profile(sheet, report)
    personal += [
        PersonalDatum(kind, value, sheet.page_no, "company contact") for kind, value in contacts
    ]
    zh_key_data.draw_key_data(sheet, report)
    steps: list[Callable[[Sheet, Report], None]] = [zh_key_data.draw_quarters]
    if not short:
        steps.append(zh_key_data.draw_exceptional)
    for step in steps:
        step(sheet, report)
    section("管理层讨论与分析")
    zh_discussion.draw_business(sheet, report)
    if not short:
        zh_discussion.draw_analysis(sheet, report)
    zh_discussion.draw_segments(sheet, report)
    zh_discussion.draw_customers(sheet, report)
    zh_discussion.draw_research(sheet, report)
    section("公司治理")
    zh_discussion.draw_staff(sheet, report)
    if with_personal_data:
        personal += draw_personal_data(sheet)
    if not short:
        section("重要事项")
        zh_notes.draw_matters(sheet, report)
        section("股份变动及股东情况")
        zh_notes.draw_shareholders(sheet, report)
    section("财务报告")
    zh_notes.draw_audit_opinion(sheet, report)
    draw_statements(sheet, report)
    if not short:
        zh_notes.draw_notes(sheet, report)
    return personal
