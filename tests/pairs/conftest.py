"""Invented reports: their facts as the facts stage writes them, and their redacted pages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from sft_assets.lineage.digests import digest_of
from sft_assets.schemas.facts import FACTS
from sft_assets.schemas.pages import PAGES
from sft_assets.schemas.reports import RAW_REPORTS

ZH_ROWS = [  # label, metric, period type, this year, year before, page, statement, unit
    ("一、营业收入", "revenue", "duration", "6,423,105.20", "5,910,400.00", 5, "income_statement", "currency"),
    ("减：营业成本", "cost_of_revenue", "duration", "4,011,300.75", "3,800,250.10", 5, "income_statement", "currency"),
    ("研发费用", "rd_expenses", "duration", "1,647,020.00", "1,402,333.30", 5, "income_statement", "currency"),
    ("销售费用", "selling_expenses", "duration", "322,020.00", "302,333.30", 5, "income_statement", "currency"),
    ("五、净利润（净亏损以“-”号填列）", "net_profit", "duration", "512,345.60", "-20,100.00", 5, "income_statement", "currency"),
    ("基本每股收益（元/股）", "basic_eps", "duration", "0.52", "0.48", 5, "income_statement", "per_share"),
    ("资产总计", "total_assets", "instant", "9,900,000.00", "9,100,000.00", 7, "balance_sheet", "currency"),
    ("负债合计", "total_liabilities", "instant", "4,455,000.00", "4,000,000.00", 7, "balance_sheet", "currency"),
    ("流动资产合计", "total_current_assets", "instant", "3,100,000.00", "2,900,000.00", 7, "balance_sheet", "currency"),
    ("流动负债合计", "total_current_liabilities", "instant", "2,000,000.00", "1,900,000.00", 7, "balance_sheet", "currency"),
    ("加权平均净资产收益率（%）", "roe_weighted", "duration", "12.35", "11.20", 3, "key_data", "percent"),
    ("员工人数", "employees_total", "instant", "1,204", "1,180", 3, "employees", "persons"),
]  # fmt: skip
EN_ROWS = [
    ("Revenue", "revenue", "duration", "12,410", "11,080", 4, "income_statement", "currency"),
    ("Cost of revenue", "cost_of_revenue", "duration", "7,020", "6,900", 4, "income_statement", "currency"),
    ("Net income", "net_profit", "duration", "1,940", "(310)", 4, "income_statement", "currency"),
    ("Total assets", "total_assets", "instant", "30,220", "28,400", 6, "balance_sheet", "currency"),
    ("Total liabilities", "total_liabilities", "instant", "12,000", "12,900", 6, "balance_sheet", "currency"),
    ("Total current assets", "total_current_assets", "instant", "9,900", "9,150", 6, "balance_sheet", "currency"),
    ("Total current liabilities", "total_current_liabilities", "instant", "6,050", "5,870", 6, "balance_sheet", "currency"),
]  # fmt: skip


@dataclass(frozen=True)
class Invented:
    raw_reports: pl.DataFrame
    facts: pl.DataFrame
    pages: pl.DataFrame


def invent(
    company: str = "青禾精密制造股份有限公司",
    company_id: str = "900001",
    fiscal_year: int = 2023,
    language: str = "zh",
    factor: int = 1,
) -> Invented:
    """Return one invented report; ``factor`` scales its amounts, so that companies differ."""
    key = f"{company_id}_{fiscal_year}_annual"
    doc_id = (digest_of("doc", key) + digest_of("doc2", key))[:64]
    zh = language == "zh"
    facts, lines = [], {}
    for row_no, (label, metric, period_type, now, before, page, statement, unit) in enumerate(
        ZH_ROWS if zh else EN_ROWS
    ):
        printed_values = []
        for col_no, (cell, year) in enumerate(((now, fiscal_year), (before, fiscal_year - 1)), 1):
            printed = cell
            value = Decimal(cell.replace(",", "").replace("(", "-").replace(")", ""))
            if factor != 1 and unit == "currency":
                value *= factor
                printed = f"{value:,}"
            printed_values.append(printed)
            evidence_id = digest_of("evidence", doc_id, page, row_no, col_no, printed)
            facts.append(
                {
                    "fact_id": digest_of("fact", evidence_id, metric),
                    "evidence_id": evidence_id,
                    "report_key": key,
                    "doc_id": doc_id,
                    "company": company,
                    "company_id": company_id,
                    "metric": metric,
                    "label": label,
                    "value_printed": printed,
                    "value": value,
                    "unit": unit,
                    "scale": 1 if zh or unit != "currency" else 1_000_000,
                    "currency": ("CNY" if zh else "USD") if unit in {"currency", "per_share"} else None,
                    "fiscal_year": year,
                    "period": str(year) if period_type == "duration" else f"{year}-12-31",
                    "period_type": period_type,
                    "basis": "reported",
                    "scope": "consolidated",
                    "statement": statement,
                    "page_no": page,
                    "page_label": None,
                    "table_no": 0,
                    "row_no": row_no,
                    "col_no": col_no,
                    "x0": 1.0, "top": 1.0, "x1": 2.0, "bottom": 2.0,
                    "text_source": "text_layer",
                    "status": "proved",
                    "proofs": ["printed_twice"],
                    "reason": None,
                }
            )  # fmt: skip
        lines.setdefault(page, []).append(" ".join([label, *printed_values]))
    quoted = "报告期内公司共有专利321件，新增专利45件。" if zh else "The group held 321 patents."
    lines.setdefault(9, []).append(quoted)
    told = (
        "公司所处行业竞争日趋激烈，可能面临市场份额下降的风险。\n公司坚持以客户为中心的发展战略，持续推进产品创新。"
        if zh
        else "The group operates in an industry with strong competition and faces the risk of losing orders."
    )
    lines.setdefault(11, []).append(told)
    pages = [
        {"doc_id": doc_id, "page_no": page, "text": "\n".join(texts), "edits": []}
        for page, texts in sorted(lines.items())
    ]
    raw = {
        "report_key": key, "version_no": 1, "is_current": True, "doc_id": doc_id, "supersedes": None,
        "company": company, "company_id": company_id, "code": company_id, "exchange": "SSE",
        "fiscal_year": fiscal_year, "period_end": date(fiscal_year, 12, 31), "kind": "annual",
        "language": language, "is_revision": False, "title": "年度报告", "page_count": 9,
        "size_bytes": 1, "aliases": [],
    }  # fmt: skip
    return Invented(
        pl.DataFrame([raw], schema=RAW_REPORTS),
        pl.DataFrame(facts, schema=FACTS),
        pl.DataFrame(pages, schema=PAGES),
    )


@pytest.fixture(scope="session")
def invent_report() -> Callable[..., Invented]:
    """Make an invented report."""
    return invent
