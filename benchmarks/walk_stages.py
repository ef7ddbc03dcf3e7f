"""How fast the walk's own parts are beside a peer or the limit, in one run each.

    make bench

Absolute seconds depend on the machine; the ratios hold. Each measurement is repeated and the
pairs of runs alternate, so that a machine that slows down slows both sides.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pdfplumber
import polars as pl
import pypdfium2
from rich.console import Console
from rich.table import Table

from sft_assets.extract.child import extract_chunk
from sft_assets.sample import sample_inbox
from sft_assets.schemas import TABLES
from sft_assets.store.gate import audit_table
from sft_assets.store.store import Store
from sft_assets.store.suites import load_suite
from sft_assets.walk.materialize import materialize
from sft_assets.walk.settings import Settings
from sft_assets.walk.step import Grain, Inputs, Ledger, Step, StepResult

REPEATS = 5


def alternate(ours: Callable[[], object], peer: Callable[[], object]) -> tuple[float, float, float]:
    """Return the median seconds of both sides and the median ratio peer / ours."""
    ours(), peer()  # warm caches and lazy imports on both sides
    pairs = [(_seconds(ours), _seconds(peer)) for _ in range(REPEATS)]
    mine, theirs = zip(*pairs, strict=True)
    ratios = [their / our for our, their in pairs]
    return statistics.median(mine), statistics.median(theirs), statistics.median(ratios)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _text_report() -> Path:
    """Return the largest sample report that has a text layer."""
    return max(
        (p for p in sample_inbox().glob("*.pdf") if len(_pdfium_text(p)) > 10_000),
        key=lambda p: (p.stat().st_size, p.name),
    )


def _pdfium_text(path: Path) -> str:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return ""
    texts = []
    for page in document:
        texts.append(page.get_textpage().get_text_range())
        page.close()
    document.close()
    return "".join(texts)


def _plumber(path: Path) -> int:
    with pdfplumber.open(path) as pdf:
        return sum(len(page.extract_words()) + len(page.extract_tables()) for page in pdf.pages)


def _extract(path: Path, pages: int) -> object:
    payload = {"pdf": str(path), "first_page": 1, "last_page": pages, "doc_id": "0" * 64}
    return extract_chunk(payload | {"characters": "pdfium", "min_readability": 0.5})


def _pages_table(rows: int) -> pl.DataFrame:
    text = "报告期内，公司实现营业收入。" * 60
    return pl.DataFrame(
        [("0" * 64, n + 1, text, []) for n in range(rows)],
        schema=TABLES["clean_pages"].schema,
        orient="row",
    )


def _publish(frame: pl.DataFrame) -> None:
    def compute(_inputs: Inputs) -> StepResult:
        return StepResult({"clean_pages": frame}, Ledger("page", frame.height, frame.height))

    step = Step("clean_pages", "clean", Grain.REPORT, ("clean_pages",), (), "1", "", compute)
    with tempfile.TemporaryDirectory() as root:
        materialize(step, "600000_2024_annual", Store(root), Settings())


def main() -> None:
    """Measure and print one line a comparison."""
    path = _text_report()
    pages = len(pypdfium2.PdfDocument(path))
    frame = _pages_table(2000)
    suite = load_suite("clean_pages")
    plain = lambda: frame.write_parquet(BytesIO(), compression="zstd")  # noqa: E731
    rows = [
        (
            f"extract: words and tables of {pages} pages",
            "pdfplumber words + tables",
            *alternate(lambda: _extract(path, pages), lambda: _plumber(path)),
        ),
        (
            "extract: the same",
            "pdfium raw text (the limit)",
            *alternate(lambda: _extract(path, pages), lambda: _pdfium_text(path)),
        ),
        (
            f"audit and publish {frame.height} pages",
            "plain Parquet in memory",
            *alternate(lambda: _publish(frame), plain),
        ),
        (
            f"audit alone, {frame.height} pages",
            "plain Parquet in memory",
            *alternate(lambda: audit_table(TABLES["clean_pages"], frame, suite), plain),
        ),
    ]
    table = Table(title="ours beside a peer, median of alternating runs")
    for column in ("ours", "peer", "ours s", "peer s", "peer / ours"):
        table.add_column(column)
    for ours, peer, our_seconds, peer_seconds, ratio in rows:
        table.add_row(ours, peer, f"{our_seconds:.3f}", f"{peer_seconds:.3f}", f"{ratio:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
