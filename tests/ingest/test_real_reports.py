"""Real reports are accepted with the identity that their file names happen to carry."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sft_assets.ingest.intake import IntakeRecord, take_in

pytestmark = pytest.mark.corpus


def taken(folder: Path, root: Path) -> list[tuple[str, IntakeRecord]]:
    files = sorted(folder.glob("*.pdf"))
    with ThreadPoolExecutor(2) as pool:
        return [
            (p.name, r)
            for p, r in zip(files, pool.map(lambda f: take_in(f, str(root)), files), strict=True)
        ]


def test_chinese_reports(corpus: Path, tmp_path: Path) -> None:
    found = taken(corpus / "zh_reports", tmp_path)
    assert len(found) >= 10
    for name, record in found:
        assert record.identity is not None, (name, record.reason, record.detail)
        code, year = re.search(r"\d{5,6}", name), re.search(r"(?:_|FY)(20\d\d)_", name)
        assert code
        assert year
        assert record.identity.fiscal_year == int(year[0].strip("_FY"))
        # a company with A and B shares has two codes, alike but for the first digits
        assert (record.identity.code or "")[-4:] == code[0][-4:]
        assert record.identity.language.startswith("zh")


@pytest.mark.slow
def test_english_reports(corpus: Path, tmp_path: Path) -> None:
    found = taken(corpus / "en_reports", tmp_path)
    assert len(found) >= 20
    alike = 0
    for name, record in found:
        assert record.identity is not None, (name, record.reason, record.detail)
        assert record.identity.language == "en"
        year = re.search(r"(20\d\d)(?:_10K)?\.pdf", name)
        assert year
        assert record.identity.fiscal_year == int(year[1])
        words = "".join(re.findall(r"[a-z0-9]", record.identity.company.lower()))
        short = re.sub(
            r"^(?:ERC2|HKEX_\d+)_|_.*", "", re.sub(r"^(ERC2|HKEX_\d+)_", "", name)
        ).lower()
        alike += words.startswith(short[:4])
    assert alike >= 0.9 * len(found)  # one company has changed its name since


def test_a_quarterly_report_is_refused(corpus: Path, tmp_path: Path) -> None:
    (quarterly,) = (corpus / "ocr").glob("real_*Q1_report*.pdf")
    assert take_in(quarterly, str(tmp_path)).reason == "not_an_annual_report"


@pytest.mark.slow
def test_a_scan_has_the_key_of_its_text_version(corpus: Path, tmp_path: Path) -> None:
    (scan,) = (corpus / "ocr").glob("scan_*_full_47p.pdf")
    (text,) = (corpus / "zh_reports").glob("*前47页.pdf")
    keys = {take_in(path, str(tmp_path)).report_key for path in (scan, text)}
    assert len(keys) == 1
    assert None not in keys
