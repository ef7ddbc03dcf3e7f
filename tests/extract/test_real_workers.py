"""A real report gives the same bytes however many children read it, and no child grows large."""

import io
import os
from pathlib import Path

import polars as pl
import pytest

from sft_assets.extract.report_reading import ExtractConfig, read_report
from sft_assets.lineage.digests import sha256_of_file
from sft_assets.worker import chunks, limits
from sft_assets.worker.isolated import run_isolated

CORPUS = os.environ.get("SFT_ASSETS_TEST_CORPUS")
MAX_CHILD_BYTES = 400 * 1024 * 1024

pytestmark = [
    pytest.mark.slow,
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS, reason="SFT_ASSETS_TEST_CORPUS names no folder of reports"),
]


def _published(table: pl.DataFrame) -> bytes:
    stream = io.BytesIO()
    table.write_parquet(stream, compression="zstd", statistics=True)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "pages", "workers"),
    [
        ("zh_reports/200512_闽灿坤B_2019_年度报告_前47页.pdf", 47, ("1", "2", "3")),
        ("en_reports/PEPSICO_2022_10K.pdf", 503, ("2",)),
    ],
)
def test_workers_change_nothing_and_memory_stays_flat(
    name: str, pages: int, workers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    pdf = Path(str(CORPUS)) / name
    peaks: list[int] = []

    def watched(*arguments: object, **options: object) -> object:
        answer = run_isolated(*arguments, **options)  # type: ignore[arg-type]
        peaks.append(answer.peak_memory_bytes)
        return answer

    monkeypatch.setattr(chunks, "run_isolated", watched)
    read: list[dict[str, bytes]] = []
    for count in workers:
        monkeypatch.setenv(limits.WORKERS, count)
        found = read_report(pdf, sha256_of_file(pdf), pages, ExtractConfig())
        assert found.failed == {}
        assert found.tables["extracted_pages"].height == pages
        read.append({name: _published(table) for name, table in found.tables.items()})
    assert all(tables == read[0] for tables in read)
    assert len(peaks) >= pages // 25
    assert max(peaks) < MAX_CHILD_BYTES
