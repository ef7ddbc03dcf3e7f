"""The shipped reports say what the truth file says, look as they should, and can be made again."""

import json
import re
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sft_assets.concepts.dictionary import load_concepts
from sft_assets.sample import sample_inbox, sample_truth
from sft_assets.sample.companies import LUTING, MUYAN
from sft_assets.sample.fonts import missing_fonts
from sft_assets.sample.make import (
    ALIAS,
    ALIAS_OF,
    AMERICAN_FILES,
    CHINESE_FILES,
    HOSTILE,
    NOT_ANNUAL,
    REVISED,
    SCANNED,
    render_chinese,
)
from sft_assets.sample.odd_files import looping_pdf
from sft_assets.sample.scan import scan_pdf

Row = dict[str, Any]
STATEMENTS = ("balance_sheet", "income_statement", "cash_flow")

needs_fonts = pytest.mark.skipif(
    bool(missing_fonts()), reason=f"fonts are not installed: {missing_fonts()}"
)


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def page_texts(pdf: Path | bytes) -> list[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    texts = []
    for page in document:
        text_page = page.get_textpage()
        texts.append(text_page.get_text_range())
        text_page.close()
        page.close()
    document.close()
    return texts


@pytest.fixture(scope="module")
def truth() -> dict[str, list[Row]]:
    """Rows of the truth file, by file name."""
    rows: dict[str, list[Row]] = defaultdict(list)
    for line in sample_truth().read_text(encoding="utf-8").split("\n"):
        if line:
            row = json.loads(line)
            rows[row["file"]].append(row)
    return rows


@pytest.fixture(scope="module")
def texts(truth: dict[str, list[Row]]) -> dict[str, list[str]]:
    """Text of every page of every report that has text."""
    return {name: page_texts(sample_inbox() / name) for name in truth if name != SCANNED}


def test_inbox_has_every_file_and_little_else() -> None:
    names = {*CHINESE_FILES.values(), *AMERICAN_FILES.values()}
    names |= {REVISED, HOSTILE, NOT_ANNUAL, ALIAS}
    assert {path.name for path in sample_inbox().iterdir()} == names
    assert len(names) == 20
    assert sum(path.stat().st_size for path in sample_inbox().iterdir()) < 6_000_000
    assert (sample_inbox() / SCANNED).stat().st_size < 2_000_000


def test_inbox_needs_neither_reportlab_nor_fonts() -> None:
    code = (
        "import sys; sys.modules['reportlab'] = None\n"
        "from sft_assets.sample import sample_inbox\n"
        "assert any(sample_inbox().glob('*.pdf'))\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_number_stands_on_its_page_with_its_label(
    truth: dict[str, list[Row]], texts: dict[str, list[str]]
) -> None:
    seen, missing = 0, []
    for name, pages in texts.items():
        squeezed = [squeeze(text) for text in pages]
        for row in truth[name]:
            page = squeezed[row["page_no"] - 1]
            seen += 1
            # a sentence may begin on the page before its number
            before = squeezed[row["page_no"] - 2] if row["statement"] == "text" else ""
            if squeeze(row["printed"]) not in page or squeeze(row["label"]) not in before + page:
                missing.append((name, row["page_no"], row["label"]))
    assert missing == []
    assert seen > 8_000


def test_two_readers_see_the_same_characters_and_the_ruled_tables() -> None:
    import pdfplumber

    path, tables = sample_inbox() / CHINESE_FILES["609571", 2024], 0
    pages = page_texts(path)
    with pdfplumber.open(path) as document:
        assert len(document.pages) == len(pages) > 8
        for page, other in zip(document.pages, pages, strict=True):
            assert sorted(squeeze(page.extract_text())) == sorted(squeeze(other))
            tables += sum(len(table.rows) > 3 for table in page.find_tables())
    assert tables > 12


def test_scanned_report_has_no_text() -> None:
    pages = page_texts(sample_inbox() / SCANNED)
    assert [squeeze(text) for text in pages] == [""] * len(pages)
    assert 6 <= len(pages) <= 8


def test_alias_is_the_same_file_and_hostile_is_the_loop() -> None:
    assert (sample_inbox() / ALIAS).read_bytes() == (sample_inbox() / ALIAS_OF).read_bytes()
    assert (sample_inbox() / HOSTILE).read_bytes() == looping_pdf()


def test_quarterly_report_says_so() -> None:
    text = squeeze("".join(page_texts(sample_inbox() / NOT_ANNUAL)))
    assert "2025年第一季度报告" in text
    assert "年年度报告" not in text


def test_printed_page_numbers_differ_from_pdf_pages_in_one_company(
    texts: dict[str, list[str]],
) -> None:
    pages = [squeeze(text) for text in texts[CHINESE_FILES["609355", 2024]]]
    assert pages[4].endswith("第3页")
    assert not re.search(r"第\d+页$", pages[0] + pages[1])


def by_key(rows: list[Row]) -> dict[tuple[Any, ...], Decimal]:
    """Statement figures by what they are."""
    return {
        (row["statement"], row["metric"], row["scope"], row["period"], row["basis"]): Decimal(
            row["value"]
        )
        for row in rows
        if row["statement"] in STATEMENTS
    }


@pytest.mark.parametrize("code", sorted({code for code, _ in CHINESE_FILES}))
def test_comparative_column_is_last_years_report(code: str, truth: dict[str, list[Row]]) -> None:
    old, new = (by_key(truth[CHINESE_FILES[code, year]]) for year in (2023, 2024))
    shared = sorted(set(old) & set(new))
    assert len(shared) > 60
    assert [key for key in shared if old[key] != new[key]] == []
    restated = [key for key in new if key[-1] == "after_restatement"]
    assert bool(restated) == (code == "309218")


@pytest.mark.parametrize("name", sorted({*CHINESE_FILES.values(), REVISED}))
def test_balance_and_growth_recompute_from_the_truth(
    name: str, truth: dict[str, list[Row]]
) -> None:
    rows = truth[name]
    figures = by_key(rows)
    sheets = [key for key in figures if key[1] == "total_assets"]
    assert len(sheets) in {2, 4}
    for statement, _, *rest in sheets:
        parts = [
            figures[(statement, word, *rest)] for word in ("total_liabilities", "total_equity")
        ]
        assert sum(parts) == figures[(statement, "total_assets", *rest)]
    key_data = {
        (r["metric"], r["fiscal_year"], r["basis"]): r for r in rows if r["statement"] == "key_data"
    }
    checked = 0
    for (metric, year, _), row in key_data.items():
        if not metric.endswith("_growth"):
            continue
        base = metric.removesuffix("_growth")
        now = Decimal(key_data[base, year, "reported"]["value"])
        before = (
            key_data.get((base, year - 1, "after_restatement"))
            or key_data[base, year - 1, "reported"]
        )
        old = Decimal(before["value"])
        assert abs((now - old) * 100 / old - Decimal(row["value"])) <= Decimal("0.005"), metric
        checked += 1
    assert checked >= 3


def test_revised_report_corrects_research_in_every_place(
    truth: dict[str, list[Row]], texts: dict[str, list[str]]
) -> None:
    first = truth[CHINESE_FILES[MUYAN.code, 2024]]
    revised = truth[REVISED]
    changed = {
        after["metric"].removesuffix("_growth")
        for before, after in zip(first, revised, strict=True)
        if before["value"] != after["value"]
    }
    assert {"rd_expenses", "administrative_expenses", "rd_investment"} <= changed
    assert all(word.startswith(("rd_", "administrative")) for word in changed)
    assert "（修订版）" in squeeze(texts[REVISED][0])


def test_statement_labels_are_in_the_term_dictionary(truth: dict[str, list[Row]]) -> None:
    concepts, seen, wrong = load_concepts(), 0, set()
    for name, rows in truth.items():
        language = "en" if name in AMERICAN_FILES.values() else "zh"
        for row in rows:
            if row["statement"] not in STATEMENTS or row["label"] in {"Basic", "Diluted"}:
                continue
            found = concepts.match_label(
                row["label"], statement=row["statement"], language=language
            )
            if found is None:
                continue
            seen += 1
            concept = found.concept  # the group of its row may name the half that it is
            if row["metric"] not in {concept.id, concept.current, concept.non_current}:
                wrong.add((row["label"], row["metric"], found.concept.id))
    assert wrong == set()
    assert seen > 4_000


@needs_fonts
def test_a_report_made_again_is_the_shipped_one() -> None:
    """Text always; bytes too, unless another reportlab or font version drew them."""
    name = CHINESE_FILES[MUYAN.code, 2023]
    once, twice = render_chinese(MUYAN, 2023), render_chinese(MUYAN, 2023)
    assert once.pdf == twice.pdf
    assert page_texts(once.pdf) == page_texts(sample_inbox() / name)
    assert once.page_count == len(page_texts(once.pdf))


@needs_fonts
def test_a_scan_made_twice_has_the_same_bytes() -> None:
    report = render_chinese(LUTING, 2023)
    assert scan_pdf(report.pdf, "seed", 40) == scan_pdf(report.pdf, "seed", 40)
    assert scan_pdf(report.pdf, "seed", 40) != scan_pdf(report.pdf, "other", 40)


@needs_fonts
def test_other_hash_seed_and_time_zone_change_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, hashlib\n"
        "from sft_assets.sample.companies import JINYU\n"
        "from sft_assets.sample.make import render_chinese\n"
        "print(hashlib.sha256(render_chinese(JINYU, 2024).pdf).hexdigest())\n"
    )
    digests = set()
    for seed, zone in (("1", "Asia/Shanghai"), ("77", "America/Lima")):
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env={
                "PYTHONHASHSEED": seed,
                "TZ": zone,
                "PATH": "/usr/bin:/bin",
                "PYTHONPATH": str(Path(__file__).parents[2]),
            },
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(done.stdout)
    assert len(digests) == 1


def test_traps_of_real_reports_are_there(texts: dict[str, list[str]]) -> None:
    squeezed = {name: [squeeze(text) for text in pages] for name, pages in texts.items()}

    def pages(code: str, year: int) -> list[str]:
        return squeezed[CHINESE_FILES[code, year]]

    # unit line at the end of the page before its table
    assert any(
        re.search(r"单位：千元币种：人民币20\d\d年年度报告", p) for p in pages("609571", 2024)
    )
    # a table that goes on without a header
    go_on = [p for p in pages("004127", 2024) if "长期借款" in p and "资产负债表" not in p]
    assert go_on
    assert not any("项目2024年12月31日" in page for page in go_on)
    # losses in brackets of two kinds, restated columns, group and parent side by side, a loss
    assert any(re.search(r"\(\d[\d,]+\.\d\d\)", page) for page in pages("609355", 2023))
    assert any(re.search(r"（\d[\d,]+\.\d\d）", page) for page in pages("309452", 2023))
    assert any("调整前调整后" in page for page in pages("309218", 2024))
    assert not any("调整前" in page for page in pages("309218", 2023))
    assert any("（合并）" in page and "（公司）" in page for page in pages("609571", 2023))
    assert any("由盈转亏" in page for page in pages("309452", 2023))
    # dashes for nothing in one company, empty cells in another
    assert any(re.search(r"衍生金融资产-", page) for page in pages("004386", 2024))
    assert any("衍生金融资产应收票据" in page for page in pages("609103", 2024))
