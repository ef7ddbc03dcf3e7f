"""Plant 50 invented personal values in a report, run the whole walk, and look for them everywhere.

    python -m scripts.planted_values [--keep DIR] [--recipe smoke]

The walk runs over that report and reports of three other companies of the sample; then Dagster is
told of it and makes one version itself. Every file below the data root and Dagster's home is read
as what it is (Parquet, SQLite, JSON, text, bytes), and so is all that the commands printed. Before
redaction the values are there, which shows that the search sees them; behind it none may be.
Ends with 1 and names the files when one is.
"""

import argparse
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import polars as pl
import pypdfium2
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.redaction.score import read_templates
from benchmarks.redaction.values import FORMS, MAKERS, in_form
from sft_assets.concepts.labels import has_cjk
from sft_assets.redact.page_view import fold_page
from sft_assets.sample import sample_inbox
from sft_assets.sample.make import JINYU, WITH_PERSONAL_DATA

COUNTS = {
    "id_card": 6, "mobile": 6, "email": 8, "bank_card": 5, "landline": 5, "passport": 5,
    "address": 6,
}  # fmt: skip
PEOPLE = ("周远帆", "沈知行", "郭若溪")  # with three values each in a ruled table
PERSON_KINDS = ("id_card", "mobile", "bank_card")
TABLE_HEAD = ("姓名", "身份证号码", "联系电话", "银行卡号")
COMPANIONS = (
    "鹭汀物流_2024_年度报告.pdf", "1219384756.pdf", "霁原新材料股份有限公司2024年年度报告全文.pdf",
)  # fmt: skip
FONT, SIZE, LEADING = "STSong-Light", 10, 18
BEFORE_REDACTION = ("blobs", "tables/extract", "tables/clean_pages", "tables/normalized_pages")
KEY = "a key that is used for this search only"


@dataclass(frozen=True, slots=True)
class Planted:
    """One value as printed and the sentence that holds it."""

    kind: str
    value: str = field(repr=False)
    printed: str = field(repr=False)
    sentence: str = field(repr=False)


def make_values() -> list[Planted]:
    """Return 41 values in sentences and 9 for the table, the same on every run."""
    rng, planted = random.Random("planted values"), []
    for kind, count in COUNTS.items():
        halves = read_templates()[kind]
        for at, template in enumerate(rng.sample(halves["dev"] + halves["held_out"], count)):
            value = MAKERS[kind](rng, has_cjk(template))
            printed = in_form(kind, value, FORMS[at % len(FORMS)], rng, template)
            planted.append(Planted(kind, value, printed, template.replace("{}", printed)))
    for _ in PEOPLE:
        for kind in PERSON_KINDS:
            value = MAKERS[kind](rng, True)
            planted.append(Planted(kind, value, value, ""))
    return planted


def draw_pages(planted: list[Planted]) -> bytes:
    """Return a PDF with the sentences and the table of people."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=True)
    canvas.setFont(FONT, SIZE)
    y = 780
    for line in (line for one in planted if one.sentence for line in one.sentence.split("\n")):
        canvas.drawString(70, y, line)
        y -= LEADING
        if y < 80:
            canvas.showPage()
            canvas.setFont(FONT, SIZE)
            y = 780
    values = [one.printed for one in planted if not one.sentence]
    width = len(PERSON_KINDS)
    rows = [TABLE_HEAD] + [
        (name, *values[at * width : (at + 1) * width]) for at, name in enumerate(PEOPLE)
    ]
    y -= LEADING
    canvas.grid([70, 130, 270, 380, 530], [y + LEADING - 5 - LEADING * n for n in range(5)])
    for row in rows:
        for x, text in zip((75, 135, 275, 385), row, strict=True):
            canvas.drawString(x, y, text)
        y -= LEADING
    canvas.save()
    return out.getvalue()


def write_inbox(inbox: Path, planted: list[Planted]) -> None:
    """Write the sample's report with the planted pages behind its own, and its companions."""
    inbox.mkdir(parents=True)
    report = pypdfium2.PdfDocument(sample_inbox() / WITH_PERSONAL_DATA)
    report.import_pages(pypdfium2.PdfDocument(draw_pages(planted)))
    report.save(str(inbox / "planted.pdf"))
    for name in COMPANIONS:
        (inbox / name).write_bytes((sample_inbox() / name).read_bytes())


def run_walk(folder: Path, recipe: str) -> None:
    """Run the command line and Dagster below ``folder``; what they print goes to ``printed``."""
    root, home = folder / "data", folder / "dagster_home"
    root.mkdir()
    home.mkdir()
    env = os.environ | {
        "DAGSTER_HOME": str(home),
        "SFT_ASSETS_DATA_ROOT": str(root),
        "SFT_ASSETS_REDACTION_KEY": KEY,
        "DAGSTER_DISABLE_TELEMETRY": "yes",
    }
    few = {"max_rows": 4, "max_new_tokens": 40, "latency_rows": 1}
    settings: dict[str, object] = {"baseline_report": few, "eval_report": few}
    settings["dataset_splits"] = {"fill_empty_splits": True}  # of a few companies
    cli = [sys.executable, "-m", "sft_assets.cli"]
    data = ["--data-root", str(root)]

    def call(name: str, command: list[str]) -> None:
        (root / "settings.yaml").write_text(json.dumps(settings), encoding="utf-8")
        done = subprocess.run(command, env=env, capture_output=True, check=False)
        (folder / "printed").mkdir(exist_ok=True)
        (folder / "printed" / f"{name}.txt").write_bytes(done.stdout + done.stderr)
        print(f"{name}: exit {done.returncode}", flush=True)
        if done.returncode:
            sys.exit(f"{name} failed; see {folder / 'printed'} (kept with --keep)")

    inbox = ["--inbox", str(folder / "inbox")]
    call("run", [*cli, "run", *inbox, *data, "--recipe", recipe, "--workers", "1"])
    call("status", [*cli, "status", *data])
    call("verify", [*cli, "verify", *data])
    call("sync", [sys.executable, "-m", "sft_assets.orchestration.sync"])
    key = next(path.name for path in (root / "tables/redact").glob(f"{JINYU.code}*"))
    settings["redact"] = {"names": "mask"}  # another version, made by Dagster itself
    dagster = [sys.executable, "-m", "dagster", "asset", "materialize", "--partition", key]
    call(
        "dagster",
        [*dagster, "--select", "redacted_pages,redactions", "-m", "sft_assets.definitions"],
    )


def squeeze(text: str) -> str:
    """Return ``text`` folded, lower case, without the separators that values are printed with."""
    return "".join(c for c in fold_page(text) if c not in " \n\r-").lower()


def texts_of(path: Path) -> Iterator[str]:
    """Yield the texts of a file, by what it is."""
    content = path.read_bytes()
    if content[:4] == b"PAR1":
        yield from _strings(pl.read_parquet(path).to_dicts())
    elif content.startswith(b"SQLite format 3"):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
            names = database.execute("select name from sqlite_master where type = 'table'")
            for (table,) in names.fetchall():
                yield from _strings(database.execute(f'select * from "{table}"').fetchall())
    else:
        text = content.decode("utf-8", errors="replace")
        yield text
        if "\\" in text:  # JSON, as text or inside a text
            spelled = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
            yield re.sub(r"\\+[nrt]", " ", spelled)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value.decode("utf-8", errors="replace")
    elif isinstance(value, dict):
        yield from _strings(list(value.values()))
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item)


def search(files: Iterable[Path], planted: list[Planted]) -> dict[int, set[Path]]:
    """Return number of a planted value -> files that hold it, in whatever form."""
    needles = [{squeeze(one.value), squeeze(one.printed)} for one in planted]
    hits: dict[int, set[Path]] = defaultdict(set)
    for path in files:
        text = "\x1f".join(squeeze(part) for part in texts_of(path))
        for number, forms in enumerate(needles):
            if any(form in text for form in forms):
                hits[number].add(path)
    return hits


def split_files(root: Path) -> tuple[list[Path], list[Path]]:
    """Return the files of a data root before redaction and those behind it."""
    files = sorted(path for path in root.rglob("*") if path.is_file())
    roots = [root / name for name in BEFORE_REDACTION]
    before = [path for path in files if any(root in path.parents for root in roots)]
    return before, sorted(set(files) - set(before))


def report(folder: Path, planted: list[Planted]) -> int:
    """Print where values were found and return how many stand behind redaction."""
    before, behind = split_files(folder / "data")
    behind += sorted(
        path
        for name in ("dagster_home", "printed")
        for path in (folder / name).rglob("*")
        if path.is_file()
    )
    seen = search([path for path in before if path.suffix == ".parquet"], planted)
    missed = [planted[n].kind for n in range(len(planted)) if n not in seen]
    print(f"{len(planted)} values planted, {len(seen)} seen before redaction; unseen: {missed}")
    hits = search(behind, planted)
    kinds = {path.suffix or "(none)" for path in behind}
    print(f"{len(behind)} files behind redaction searched ({', '.join(sorted(kinds))})")
    for number, paths in sorted(hits.items()):
        places = ", ".join(sorted(str(path.relative_to(folder)) for path in paths))
        print(f"value {number} ({planted[number].kind}): {places}")
    print(f"{len(hits)} of {len(planted)} values found behind redaction")
    return len(hits) + len(missed)


def main() -> None:
    """Plant, walk, search."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--keep", type=Path, help="new folder to work in, kept afterwards")
    parser.add_argument("--recipe", default="smoke")
    parser.add_argument("--search-only", action="store_true", help="look again in --keep")
    args = parser.parse_args()
    planted = make_values()
    with tempfile.TemporaryDirectory() as scratch:
        folder = (args.keep or Path(scratch)).resolve()
        if not args.search_only:
            write_inbox(folder / "inbox", planted)
            run_walk(folder, args.recipe)
        sys.exit(1 if report(folder, planted) else 0)


if __name__ == "__main__":
    main()
