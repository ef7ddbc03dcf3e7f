"""Look up the printed numbers that third-party questions ask for among the facts.

    make facts-qa CORPUS=DIR

Reads ``qa/third_party_qa.normalized.jsonl`` (questions whose PDF is there and whose answer holds a
number that the report prints) and counts those with a fact of that value, unit and year. A miss is
explained by where the number stands. Then the amounts of ``qa/fineval_index_extraction.csv``: how
many of the answers' numbers are read from the given text with the same value and unit.
"""

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.report_folder import ExtractedReport, parse_folder, read_folder
from sft_assets.facts.build import FactsResult, build_facts
from sft_assets.numbers import find_amounts

SCALES = {"billions": 10**9, "billion": 10**9, "millions": 10**6, "million": 10**6}


@dataclass(frozen=True, slots=True)
class Asked:
    """A number that a question asks for."""

    question: str  # its id
    doc: str
    value: Decimal  # in the base unit
    step: Decimal  # worth of its last digit: the answer may be rounded
    unit: str | None  # currency, percent, per_share; None where the question leaves it open
    year: int | None
    text: str


def read_questions(path: Path) -> tuple[list[Asked], Counter[str]]:
    """Return the numbers asked for, and how many questions ask for something else."""
    asked: list[Asked] = []
    others: Counter[str] = Counter()
    for line in path.read_text(encoding="utf-8").split("\n"):
        row = json.loads(line) if line else {}
        if not row.get("pdf_here"):
            continue
        found = list(_numbers_asked(row))
        asked += found
        if not found:
            others[f"{row['dataset']}: {_why_not(row)}"] += 1
    return asked, others


def _why_not(row: Mapping[str, Any]) -> str:
    if "N/A" in str(row["answer"]):
        return "the report does not print it"
    if "umerical" in str(row.get("reasoning")) or row.get("kind") == "metrics-generated":
        return "calculated or argued"
    return "no number is asked for"


def _numbers_asked(row: Mapping[str, Any]) -> Iterator[Asked]:
    name, answer, question = str(row["dataset"]), row["answer"], str(row["question"])
    doc = str(row.get("doc") or (row.get("evidence_1based") or [{}])[0].get("doc", ""))
    text = f"{question[:110]} -> {str(answer)[:60]}"
    if name == "CFR-NumQA" and row["kind"] == "extraction":
        meta = row["meta"]
        printed = re.sub(r"[^\d.-]", "", str(answer))
        unit = "percent" if meta["unit"] == "%" else None
        step = Decimal(1).scaleb(int(Decimal(printed).as_tuple().exponent))
        yield Asked(row["id"], doc, Decimal(printed), step, unit, int(meta["year"]), text)
    elif name == "FinanceBench" and row.get("reasoning") == "Information extraction":
        number = re.fullmatch(r"\$?([\d,]+(?:\.\d+)?)", str(answer))
        scale = re.search(r"USD (\w+)", question)
        year = re.search(r"FY(\d{4})", question)
        if number and scale and year and scale[1] in SCALES:
            value = Decimal(number[1].replace(",", "")).normalize()
            factor = SCALES[scale[1]]
            step = Decimal(1).scaleb(min(0, int(value.as_tuple().exponent))) * factor
            yield Asked(row["id"], doc, value * factor, step, "currency", int(year[1]), text)
    elif name.startswith("Enterprise") and row["kind"] == "number":
        for value in map(str, answer):
            if value != "N/A":
                number = Decimal(value).normalize()
                step = Decimal(1).scaleb(int(number.as_tuple().exponent))
                year_of_doc = int(re.findall(r"20\d\d", doc)[-1])
                yield Asked(row["id"], doc, number, step, None, year_of_doc, text)
    elif name == "FinGLM" and row["kind"].startswith("2-1"):
        for number in sorted(set(re.findall(r"\d+\.\d+(?=元)", str(answer[0])))):
            year = int(re.findall(r"20\d\d", doc)[-1])
            yield Asked(row["id"], doc, Decimal(number), Decimal("0.01"), "currency", year, text)


def look_up(asked: Asked, found: FactsResult, report: ExtractedReport) -> str:
    """Return ``found``, or why not."""
    for status, frame in (("found", found.facts), ("set aside", found.quarantine)):
        near = [row for row in frame.iter_rows(named=True) if _is_near(asked, row)]
        right = [row for row in near if asked.year in {None, row["fiscal_year"]}]
        if right:
            return status if status == "found" else f"{status}: {right[0]['reason']}"
        if near:
            return f"another year: {near[0]['label']} of {near[0]['fiscal_year']}"
    return _where_printed(asked, report)


def _is_near(asked: Asked, row: Mapping[str, Any]) -> bool:
    if row["value"] is None or (asked.unit and row["unit"] != asked.unit):
        return False
    return abs(abs(row["value"] * row["scale"]) - abs(asked.value)) <= asked.step / 2


def _where_printed(asked: Asked, report: ExtractedReport) -> str:
    """Return in which kind of place a report prints the number, in whatever unit."""
    forms = set()
    for scale in (1, 10**3, 10**6, 10**9):
        value = (abs(asked.value) / scale).normalize()
        places = max(0, -int(value.as_tuple().exponent))
        forms |= {f"{value:,.{n}f}" for n in range(places, places + 3)}
    pattern = "|".join(rf"(?<![\d.,]){re.escape(form)}(?![\d,]|\.\d)" for form in forms)
    for what, frame in (("a table that is not read", report.cells), ("a sentence", report.lines)):
        pages = frame.filter(pl.col("text").map_elements(
            lambda text: re.search(pattern, text) is not None, return_dtype=pl.Boolean
        ))["page_no"].unique().sort().to_list()  # fmt: skip
        if pages:
            return f"printed in {what}, pages {pages[:4]}"
    return "not printed as such"


def count_fineval(path: Path) -> tuple[int, int, Counter[str]]:
    """Return how many of the answers' numbers are read alike from the given text, of how many."""
    read = total = 0
    missed: Counter[str] = Counter()
    csv.field_size_limit(10**7)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            given = {
                (n.in_base_unit, n.unit)
                for n in find_amounts(row["基座大模型query"])
                if n.value is not None
            }
            for number in find_amounts(row["参考答案"]):
                total += 1
                alike = (number.in_base_unit, number.unit) in given
                read += alike
                if not alike:
                    bare = any(value == number.in_base_unit for value, _ in given)
                    missed["another unit word" if bare else "value not in the text"] += 1
    return read, total, missed


def main() -> None:
    """Print found and missed."""
    args = parse_folder(__doc__).parse_args()
    folder = args.folder / "qa"
    asked, others = read_questions(folder / "third_party_qa.normalized.jsonl")
    docs = {Path(a.doc).stem for a in asked}
    outcomes: Counter[str] = Counter()
    seen: set[str] = set()
    for report in read_folder(args, docs):
        seen.add(report.name)
        result = build_facts(*report.tables)
        for one in (a for a in asked if Path(a.doc).stem == report.name):
            outcome = look_up(one, result, report)
            outcomes["found" if outcome == "found" else "missed"] += 1
            if outcome != "found":
                print(f"missed {one.question} {report.name}: {one.text}\n  {outcome}")
    for name in sorted(docs - seen):
        print(f"not read: {name}", file=sys.stderr)
    print(f"numbers asked for: {sum(outcomes.values())}, {dict(outcomes)}")
    for reason, count in sorted(others.items()):
        print(f"  {count} questions, {reason}")
    read, total, missed = count_fineval(folder / "fineval_index_extraction.csv")
    print(f"FinEval: {read} of {total} numbers read alike = {read / total:.2%} {dict(missed)}")


if __name__ == "__main__":
    main()
