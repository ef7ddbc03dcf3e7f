"""``dg dev`` for real: reports arrive, break, are refused; what a person sees of it.

Set SFT_ASSETS_PICTURES to a folder to keep the pictures of the pages.
"""

import json
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from dg_dev import DgDev
from ui_pages import browser, read_page

from sft_assets.lineage.digests import sha256_of_file
from sft_assets.orchestration.told_to_dagster import CHECK_NAME
from sft_assets.sample import sample_inbox
from sft_assets.schemas import TABLES
from sft_assets.store.store import Store

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800), pytest.mark.xdist_group("dg_dev")]

SLICES = 12
SECONDS_BETWEEN_SLICES = 1.5  # all of them take longer than two looks of the sensor


@pytest.fixture(scope="module")
def dev(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[DgDev]:
    folder = tmp_path_factory.mktemp("dg_dev")
    suites = folder / "expectations"
    shutil.copytree(repository / "expectations", suites)
    dev = DgDev(repository, folder, suites)
    dev.start()
    try:
        yield dev
    finally:
        dev.stop()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(os.environ.get("SFT_ASSETS_PICTURES") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def smallest_reports(count: int) -> list[Path]:
    """Return small text reports of the sample, Chinese ones first for a like-for-like pace."""
    found = sorted(sample_inbox().glob("*.pdf"), key=lambda path: (path.stat().st_size, path.name))
    return [path for path in found if 100_000 < path.stat().st_size < 200_000][:count]


def copy_in_slices(source: Path, target: Path) -> None:
    content = source.read_bytes()
    size = len(content) // SLICES + 1
    with target.open("wb") as stream:
        for start in range(0, len(content), size):
            stream.write(content[start : start + size])
            stream.flush()
            time.sleep(SECONDS_BETWEEN_SLICES)


def wait_until_quiet(dev: DgDev, seconds: float) -> None:
    """Wait until nothing has run or been asked for during three ticks of the automation."""
    quiet_since = time.monotonic()
    deadline = quiet_since + seconds
    seen = -1
    while time.monotonic() - quiet_since < 45:
        count = len(dev.runs())
        if dev.busy() or count != seen:
            seen, quiet_since = count, time.monotonic()
        assert time.monotonic() < deadline, dev.tail()
        time.sleep(3)


@pytest.fixture(scope="module")
def walked(dev: DgDev) -> tuple[DgDev, str]:
    """A report that came in slices and a broken PDF beside it; return the report's key."""
    report = smallest_reports(1)[0]
    (dev.inbox / "broken.pdf").write_bytes(report.read_bytes()[:5000])
    copy_in_slices(report, dev.inbox / "arriving.pdf")
    (key,) = dev.wait_for("the partition", lambda: dev.partitions("raw_reports"), seconds=120)
    dev.wait_for("the pairs", lambda: dev.materializations("augmented_pairs", key), seconds=600)
    dev.wait_for("the corpus", lambda: dev.materializations("comparison_pairs"), seconds=300)
    wait_until_quiet(dev, 600)
    return dev, key


def test_a_report_copied_in_slices_is_taken_in_once(walked: tuple[DgDev, str]) -> None:
    dev, key = walked
    doc_id = sha256_of_file(dev.inbox / "arriving.pdf")
    records = [json.loads(path.read_bytes()) for path in (dev.data_root / "intake").glob("*.json")]
    assert [r["doc_id"] for r in records if "arriving.pdf" in r["file_names"]] == [doc_id]
    assert dev.partitions("raw_reports") == [key]
    for table in TABLES.values():
        if not table.corpus:
            assert len(dev.materializations(table.name, key)) == 1, table.name


def test_a_broken_file_is_refused_and_stops_nothing(walked: tuple[DgDev, str]) -> None:
    dev, _key = walked
    version = Store(str(dev.data_root)).require("rejected_files", "corpus")
    refused = {
        row["file_name"]: row["reason"] for row in version.read_table("rejected_files").to_dicts()
    }
    assert set(refused) == {"broken.pdf"}
    assert dev.materializations("rejected_files")


def test_a_second_report_walks_and_the_corpus_follows(walked: tuple[DgDev, str]) -> None:
    dev, first = walked
    before = len(dev.materializations("comparison_pairs"))
    for report in smallest_reports(3)[1:]:
        shutil.copy(report, dev.inbox)
    dev.wait_for("partitions", lambda: len(dev.partitions("raw_reports")) == 3, seconds=180)
    dev.wait_for(
        "the corpus", lambda: len(dev.materializations("comparison_pairs")) > before, seconds=900
    )
    wait_until_quiet(dev, 900)
    assert len(dev.materializations("raw_reports", first)) == 1  # a new report costs only itself
    store = Store(str(dev.data_root))
    assert store.partitions("instruction_pairs") == sorted(dev.partitions("raw_reports"))
    assert dev.materializations("deduplicated_pairs")


def test_the_graph_shows_the_walk(walked: tuple[DgDev, str], pictures: Path) -> None:
    dev, _key = walked
    with browser() as opened:
        words = ["ingest", "extract", "facts", "pairs", "dedup", "release", "train", "evaluate"]
        read_page(opened, f"{dev.url}/asset-groups", words, pictures / "graph.png")
        facts = f"{dev.url}/assets/financial_facts?view=events"
        read_page(opened, facts, ["rows_in", "rows_kept"], pictures / "facts.png")


def test_a_suite_made_to_fail_publishes_nothing_and_shows(
    walked: tuple[DgDev, str], pictures: Path
) -> None:
    dev, key = walked
    store = Store(str(dev.data_root))
    good = store.require("facts", key).version_id
    served = len(dev.materializations("financial_facts", key))
    suite = Path(dev.environment["SFT_ASSETS_EXPECTATIONS"]) / "financial_facts.json"
    rules = json.loads(suite.read_text())
    rules["expectations"].append(
        {
            "type": "expect_column_values_to_match_regex",
            "kwargs": {"column": "company_id", "regex": "^nobody$"},
            "severity": "critical",
            "meta": {"rule": "company_is_nobody"},
        }
    )
    suite.write_text(json.dumps(rules))

    refused = dev.materialize("financial_facts", key)
    assert refused["status"] == "FAILURE"
    assert "company_is_nobody" in "".join(dev.failures(refused["runId"]))
    newest = dev.checks("financial_facts", CHECK_NAME)[0]
    assert newest["runId"] == refused["runId"]
    assert newest["evaluation"]["partition"] == key
    assert newest["evaluation"]["success"] is False
    assert newest["evaluation"]["severity"] == "ERROR"
    assert len(dev.materializations("financial_facts", key)) == served
    assert store.require("facts", key).version_id == good

    child = dev.materialize("instruction_pairs", key)
    assert child["status"] == "FAILURE"
    said = "".join(dev.failures(child["runId"]))
    assert f"financial_facts[{key}] was refused" in said
    assert "company_is_nobody" in said

    with browser() as opened:
        url = f"{dev.url}/assets/financial_facts?view=checks&checkDetail={CHECK_NAME}"
        read_page(
            opened, url, [CHECK_NAME, key, "company_is_nobody"], pictures / "failed_check.png"
        )
        url = f"{dev.url}/assets/financial_facts?view=partitions&partition={key}"
        read_page(opened, url, [key], pictures / "failed_partition.png")
        url = f"{dev.url}/runs/{child['runId']}"
        read_page(opened, url, ["instruction_pairs"], pictures / "child_refuses.png")
