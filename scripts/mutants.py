"""Damage small PDFs in thousands of ways and see that none gets past the isolated worker.

    python -m scripts.mutants [--count 2000] [--seed 1] [--jobs 1] [--out FILE.jsonl]

Each mutant is taken in like a file of the inbox and then extracted, whatever the intake said of
it. It must end in a typed reason, or in rows that hold; nothing may stay behind, grow beyond the
limit or take too long. With ``--out`` a run that was stopped goes on where it was. Ends with 1
and the numbers of the mutants that escaped.
"""

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from scripts.child_watch import (
    ChildWatch,
    adopt_orphans,
    children_cpu,
    die_with_parent,
    left_behind,
    own_peak_bytes,
)
from sft_assets.errors import RejectedDocumentError
from sft_assets.extract.report_reading import ExtractConfig, ReportReading, read_report
from sft_assets.extract.row_checks import refuse_contradictions
from sft_assets.ingest.intake import take_in
from sft_assets.lineage.digests import sha256_of_file
from sft_assets.schemas.reports import REASONS

MIB = 1024 * 1024
MAX_SECONDS = 60.0  # of processor time, intake and extraction together
MAX_BYTES = 2048 * MIB
SMALL = (420.0, 300.0)  # points
COVER = (
    "UNITED STATES SECURITIES AND EXCHANGE COMMISSION",
    "FORM 10-K",
    "ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(d)",
    "For the fiscal year ended December 31, 2023",
    "Commission file number 001-12345",
    "Mutant Holdings Corporation",
    "(Exact name of registrant as specified in its charter)",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one mutant."""

    number: int
    sample: str
    damage: str
    intake: str  # accepted, or a reason
    extraction: str  # pages read of pages, or a reason
    cpu_seconds: float
    peak_bytes: int
    escaped: str  # how it got past the worker; "" when it did not


@dataclass(frozen=True, slots=True)
class Walked:
    """What intake and extraction said of a file."""

    intake: str
    reading: ReportReading | str  # a reason when there is none
    doc_id: str


def make_samples() -> dict[str, bytes]:
    """Return small annual reports that are taken in and read without fault."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return {
        "english": _make(_english, _table),
        "chinese": _make(_chinese, _table),
        "plain_streams": _make(_english, _table, compressed=False),
        "picture": _make(_english, _picture),
        "turned": _make(_english, _turned),
        "locked": _make(_english, encrypt=StandardEncryption("", ownerPassword="owner")),
    }


def _make(*drawers: Callable[[Canvas], None], compressed: bool = True, **options: object) -> bytes:
    canvas = Canvas("", pagesize=SMALL, invariant=True, pageCompression=int(compressed), **options)
    for draw in drawers:
        draw(canvas)
        canvas.showPage()
    return bytes(canvas.getpdfdata())


def _english(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 12)
    for i, line in enumerate(COVER):
        canvas.drawString(30, 250 - 24 * i, line)


def _chinese(canvas: Canvas) -> None:
    canvas.setFont("STSong-Light", 12)
    for i, line in enumerate(("突变体股份有限公司", "2023年年度报告", "股票代码：600999")):
        canvas.drawString(30, 250 - 24 * i, line)


def _table(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 10)
    for i, row in enumerate((("Item", "2023", "2022"), ("Revenue", "12,345", "11,234"),
                             ("Cost of sales", "(7,891)", "(6,543)"))):  # fmt: skip
        for j, text in enumerate(row):
            canvas.rect(30 + 100 * j, 230 - 20 * i, 100, 20)
            canvas.drawString(34 + 100 * j, 236 - 20 * i, text)


def _picture(canvas: Canvas) -> None:
    grey = Image.new("L", (40, 30))
    grey.putdata([(x * 7) % 256 for x in range(1200)])
    canvas.drawInlineImage(grey, 30, 40, 120, 90)
    _table(canvas)


def _turned(canvas: Canvas) -> None:
    canvas.setPageRotation(90)
    _table(canvas)


def damage(content: bytes, rng: random.Random) -> tuple[str, bytes]:
    """Return the name of a kind of damage and ``content`` with it."""
    kind = rng.choice(("bits", "bits", "truncated", "swapped", "digits"))
    broken = bytearray(content)
    if kind == "bits":
        for _ in range(rng.choice((1, 3, 10, 40))):
            broken[rng.randrange(len(broken))] ^= 1 << rng.randrange(8)
    elif kind == "truncated":
        del broken[rng.randrange(8, len(broken)) :]
    elif kind == "digits":  # lengths, offsets and counts are digits
        places = [i for i, byte in enumerate(broken) if 48 <= byte <= 57]
        for place in rng.sample(places, min(len(places), rng.choice((1, 4, 12)))):
            broken[place] = rng.randrange(48, 58)
    else:
        size = rng.randrange(4, max(5, len(broken) // 6))
        a, b = sorted(rng.sample(range(len(broken) - size), 2))
        if b - a >= size:
            broken[a : a + size], broken[b : b + size] = broken[b : b + size], broken[a : a + size]
        else:
            broken[b : b + size] = broken[a : a + size]
    return kind, bytes(broken)


def make_mutant(number: int, seed: int) -> tuple[str, str, bytes]:
    """Return sample, damage and bytes of mutant ``number``; the same at every call."""
    rng = random.Random(f"{seed}:{number}")
    samples = make_samples()
    name = sorted(samples)[number % len(samples)]
    return name, *damage(samples[name], rng)


def walk(path: Path, root: str) -> Walked:
    """Take ``path`` in and extract it, each in its own isolated children."""
    doc_id = sha256_of_file(path)
    record = take_in(path, root)
    try:
        pages = record.page_count  # None when the intake did not get that far: counted again
        reading: ReportReading | str = read_report(path, doc_id, pages, ExtractConfig())
    except RejectedDocumentError as error:
        reading = error.reason
    return Walked(record.reason or "accepted", reading, doc_id)


def judge(
    number: int,
    seed: int,
    walk: Callable[[Path, str], Walked] = walk,
    max_bytes: int = MAX_BYTES,
) -> Verdict:
    """Return what became of mutant ``number``."""
    sample, kind, content = make_mutant(number, seed)
    watch = ChildWatch()
    watch.start()
    before = set(left_behind())  # of whoever judges: no mutant left it
    cpu = children_cpu()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"mutant_{number}.pdf"
        path.write_bytes(content)
        walked = walk(path, f"{folder}/data")
        unchanged = path.read_bytes() == content
    left = set(left_behind()) - before
    watch.stopped.set()
    watch.join()
    cpu = children_cpu() - cpu
    found = {
        "a process stays behind": bool(left),
        "the file was changed": not unchanged,
        f"a child grew beyond {max_bytes // MIB} MiB": watch.peak_bytes > max_bytes,
        f"it took more than {MAX_SECONDS:.0f} s": cpu > MAX_SECONDS,
        "intake without a typed reason": walked.intake not in {"accepted", *REASONS},
        "extraction without a typed reason or with rows that do not hold": not _holds(walked),
    }
    escaped = "; ".join(words for words, is_so in found.items() if is_so)
    told = walked.reading if isinstance(walked.reading, str) else _told(walked.reading)
    return Verdict(
        number, sample, kind, walked.intake, told, round(cpu, 2), watch.peak_bytes, escaped
    )


def _holds(walked: Walked) -> bool:
    if isinstance(walked.reading, str):
        return walked.reading in REASONS
    pages = walked.reading.tables["extracted_pages"]["page_no"].to_list()
    try:
        refuse_contradictions(walked.reading.tables, walked.doc_id, range(1, len(pages) + 1))
    except RejectedDocumentError:
        return False
    return bool(pages) and set(walked.reading.failed) <= set(REASONS)


def _told(reading: ReportReading) -> str:
    failed = ", ".join(sorted(reading.failed))
    return f"read, some pages failed: {failed}" if failed else "read"


def _start() -> None:
    die_with_parent()
    adopt_orphans()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="processes that judge side by side")
    parser.add_argument("--out", type=Path, help="JSONL of verdicts; what is in it is not redone")
    options = parser.parse_args()
    verdicts = _known(options.out)
    todo = [n for n in range(options.count) if n not in verdicts]
    started = time.monotonic()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, context, initializer=_start) as pool:
        for verdict in pool.map(partial(judge, seed=options.seed), todo):
            verdicts[verdict.number] = verdict
            if options.out:
                with options.out.open("a") as stream:
                    stream.write(json.dumps(asdict(verdict)) + "\n")
            if verdict.number % 100 == 99:
                print(f"{len(verdicts)} of {options.count}", file=sys.stderr, flush=True)
    judged = [verdicts[n] for n in sorted(verdicts) if n < options.count]
    _print_figures(judged, time.monotonic() - started)
    return 1 if len(judged) != options.count or any(v.escaped for v in judged) else 0


def _known(out: Path | None) -> dict[int, Verdict]:
    if out is None or not out.exists():
        return {}
    found = (Verdict(**json.loads(line)) for line in out.read_text().split("\n") if line)
    return {verdict.number: verdict for verdict in found}


def _print_figures(judged: list[Verdict], seconds: float) -> None:
    print(f"{len(judged)} mutants, the last of them judged in {seconds:.0f} s")
    for title, of in (
        ("sample", lambda v: v.sample),
        ("damage", lambda v: v.damage),
        ("intake", lambda v: v.intake),
        ("extraction", lambda v: v.extraction),
    ):
        print(f"\n{title}")
        for name, count in sorted(Counter(map(of, judged)).items(), key=lambda i: (-i[1], i[0])):
            print(f"{count:6d}  {name}")
    longest = max(judged, key=lambda v: v.cpu_seconds)
    largest = max(judged, key=lambda v: v.peak_bytes)
    print(f"\nmost processor time  {longest.cpu_seconds} s (mutant {longest.number})")
    print(f"largest child  {largest.peak_bytes // MIB} MiB (mutant {largest.number})")
    print(f"parent  {own_peak_bytes() // MIB} MiB at most, alive")
    for verdict in judged:
        if verdict.escaped:
            print(f"ESCAPED  mutant {verdict.number} ({verdict.sample}): {verdict.escaped}")
    print(f"escaped  {sum(bool(v.escaped) for v in judged)}")


if __name__ == "__main__":
    sys.exit(main())
