"""The same pairs for any hash seed, time zone and folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import hashlib, importlib.util, sys
spec = importlib.util.spec_from_file_location("invented", sys.argv[1])
invented = importlib.util.module_from_spec(spec)
sys.modules["invented"] = invented
spec.loader.exec_module(invented)
from sft_assets.pairs.settings import AugmentationSettings, ComparisonSettings, PairSettings
from sft_assets.pairs.source import current_reports, read_source
from sft_assets.pairs.steps import augment_pairs, compare_reports, make_pairs
digest, sources = hashlib.sha256(), []
for number, language in enumerate(("zh", "en")):
    report = invented.invent(company_id=f"c{number}", language=language, factor=number + 1)
    source = read_source(current_reports(report.raw_reports)[0], report.facts, report.pages)
    sources.append(source)
    pairs = make_pairs(source, PairSettings(max_pairs_per_report=40)).tables["instruction_pairs"]
    more = augment_pairs(source, pairs, AugmentationSettings()).tables["augmented_pairs"]
    digest.update(pairs.write_json().encode() + more.write_json().encode())
table = compare_reports(sources, ComparisonSettings()).tables["comparison_pairs"]
digest.update(table.write_json().encode())
print(digest.hexdigest(), table.height)
"""


def digest_with(seed: str, zone: str, folder: Path) -> str:
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": root}
    fixture = str(Path(__file__).parent / "conftest.py")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, fixture],
        env=environment, cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.mark.timeout(120)
def test_same_pairs_everywhere(tmp_path: Path) -> None:
    first = digest_with("1", "UTC", tmp_path)
    assert len(first.split()[0]) == 64
    assert digest_with("77", "Asia/Shanghai", Path(__file__).parent) == first
