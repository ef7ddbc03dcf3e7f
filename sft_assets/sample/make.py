"""Writes every sample report, the truth beside them and the list of planted personal data.

Same code, same fonts, same library versions: the same bytes.

Run: ``python -m sft_assets.sample.make --out DIR``
"""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from sft_assets.sample.companies import COMPANIES, JINYU, LUTING, MUYAN, Company
from sft_assets.sample.en_report import render_american
from sft_assets.sample.facts import Placed, truth_row
from sft_assets.sample.history import History, Setup, Year, build_history
from sft_assets.sample.lines import fill_totals
from sft_assets.sample.odd_files import looping_pdf, quarterly_pdf
from sft_assets.sample.personal_data import PersonalDatum
from sft_assets.sample.scan import scan_pdf
from sft_assets.sample.zh_front import Report
from sft_assets.sample.zh_report import Rendered, render_report

AMERICAN_FILES = {2023: "nlmi-20230630.pdf", 2024: "Northwick_Lumen_10-K_FY2024.pdf"}
REVISED = "609103_沐砚精密_2024年年度报告（修订版）.pdf"
SCANNED = "扫描件0417.pdf"
WITH_PERSONAL_DATA = "309452_2024_annual.pdf"
HOSTILE = "年报_最终版.pdf"
NOT_ANNUAL = "609355_2025Q1.pdf"
ALIAS, ALIAS_OF = "下载 (2).pdf", "609355_禾漪食品_2024年年度报告.pdf"
CHINESE_FILES = {
    (MUYAN.code, 2023): "沐砚精密：2023年年度报告.pdf",
    (MUYAN.code, 2024): "609103_20250418_HK7Q.pdf",
    (
        "004127",
        2023,
    ): "2024-03-28__澄岚生物医药股份有限公司__004127__澄岚生物__2023年__年度报告.pdf",
    (
        "004127",
        2024,
    ): "2025-03-27__澄岚生物医药股份有限公司__004127__澄岚生物__2024年__年度报告.pdf",
    ("609355", 2023): "AN202404111630.pdf",
    ("609355", 2024): ALIAS_OF,
    ("609571", 2023): "朔川重工2023年报.pdf",
    ("609571", 2024): "1219384756.pdf",
    ("309218", 2023): "309218_霁原新材_2023_年度报告.pdf",
    ("309218", 2024): "霁原新材料股份有限公司2024年年度报告全文.pdf",
    (LUTING.code, 2023): SCANNED,
    (LUTING.code, 2024): "鹭汀物流_2024_年度报告.pdf",
    (JINYU.code, 2023): "document (3).pdf",
    (JINYU.code, 2024): WITH_PERSONAL_DATA,
}


@dataclass(slots=True)
class Sample:
    """All files of the sample, before they are written."""

    files: dict[str, bytes] = field(default_factory=dict)
    truth: list[dict[str, str | int | None]] = field(default_factory=list)
    personal: dict[str, list[PersonalDatum]] = field(default_factory=dict)

    def add(
        self, name: str, pdf: bytes, placed: tuple[Placed, ...], personal: tuple[PersonalDatum, ...]
    ) -> None:
        """Adds one report with what it says."""
        self.files[name] = pdf
        self.truth += [truth_row(name, one) for one in placed]
        self.personal[name] = list(personal)


def history_of(company: Company) -> History:
    """The company's accounts; its code is the seed."""
    return build_history(
        Setup(
            company.code,
            company.economics,
            company.units_per_yuan,
            company.dividends_per_ten,
            absorbed_revenue=company.absorbed_revenue,
        )
    )


def corrected(history: History, year: int) -> History:
    """The history with some research spending of that year moved out of administration."""
    old = history.years[year]
    moved = old.group["rd_expenses"] // 40
    books = []
    for book in (old.group, old.parent):
        part = moved if book is old.group else moved // 2
        changed = {
            "rd_expenses": book["rd_expenses"] + part,
            "administrative_expenses": book["administrative_expenses"] - part,
        }
        books.append(fill_totals(book | changed))
    new: Year = replace(old, group=books[0], parent=books[1])
    return replace(history, years=history.years | {year: new})


def render_chinese(company: Company, year: int) -> Rendered:
    """One ordinary report of one company (the scanned one before it is scanned)."""
    scanned = CHINESE_FILES[company.code, year] == SCANNED
    planted = CHINESE_FILES[company.code, year] == WITH_PERSONAL_DATA
    return render_report(
        Report(company, history_of(company), year, brief=scanned), with_personal_data=planted
    )


def build_sample() -> Sample:
    """Every file of the sample."""
    sample = Sample()
    for company in COMPANIES:
        for year in (2023, 2024):
            name, report = CHINESE_FILES[company.code, year], render_chinese(company, year)
            pdf = scan_pdf(report.pdf, name) if name == SCANNED else report.pdf
            sample.add(name, pdf, report.placed, report.personal)
    history = corrected(history_of(MUYAN), 2024)
    revised = render_report(Report(MUYAN, history, 2024, revised=True))
    sample.add(REVISED, revised.pdf, revised.placed, revised.personal)
    for year, name in AMERICAN_FILES.items():
        pdf, placed, _ = render_american(year)
        sample.add(name, pdf, placed, ())
    heyi = next(company for company in COMPANIES if company.code == "609355")
    first = history_of(heyi).years[2024].quarters
    sample.files[NOT_ANNUAL] = quarterly_pdf(
        heyi, 2025, first["revenue"][0], first["net_profit_parent"][0]
    )
    sample.files[HOSTILE] = looping_pdf()
    sample.files[ALIAS] = sample.files[ALIAS_OF]
    return sample


def _personal_json(sample: Sample) -> str:
    """Kinds, counts and values a file."""
    files = {}
    for name, data in sorted(sample.personal.items()):
        counts: dict[str, int] = {}
        for one in data:
            counts[one.kind] = counts.get(one.kind, 0) + 1
        values = [
            {"kind": one.kind, "value": one.value, "page_no": one.page_no, "where": one.where}
            for one in data
        ]
        files[name] = {"counts": dict(sorted(counts.items())), "values": values}
    return json.dumps(files, ensure_ascii=False, indent=1) + "\n"


def _truth_lines(sample: Sample) -> Iterator[str]:
    for row in sample.truth:
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def write_sample(sample: Sample, out: Path) -> None:
    """``reports/*.pdf``, ``truth.jsonl`` and ``planted_personal_data.json`` below the folder."""
    reports = out / "reports"
    reports.mkdir(parents=True, exist_ok=True)
    for name, data in sorted(sample.files.items()):
        (reports / name).write_bytes(data)
    (out / "truth.jsonl").write_text("".join(_truth_lines(sample)), encoding="utf-8")
    (out / "planted_personal_data.json").write_text(_personal_json(sample), encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="Write the sample reports.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write into")
    args = parser.parse_args(argv)
    sample = build_sample()
    write_sample(sample, args.out)
    sizes = sum(len(data) for data in sample.files.values())
    sys.stderr.write(f"{len(sample.files)} files, {sizes:,} bytes, {len(sample.truth):,} numbers\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
