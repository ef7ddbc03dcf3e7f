"""Break what was read on purpose and count how often the proofs notice.

    make facts-perturb CORPUS=DIR

500 facts are read 10^3, 10^4, 10^6 or 10^8 times too large: half of them in their cell (the
printed text is rescaled and parsed again), half through their unit line (all amounts of the
section). 200 facts are swapped: the headings of the group's and the parent's statement, or the
heads before and after restatement. A fact is caught when it ends in quarantine. The clean reports
are judged as well: what the same rules set aside there is the price.
"""

import random
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from benchmarks.report_folder import parse_folder, read_folder
from sft_assets.facts.build import UnjudgedReport, read_report
from sft_assets.facts.readings import Reading, SectionReading
from sft_assets.numbers import AmountError, parse_amount

POWERS = (3, 4, 6, 8)
RESCALED, SWAPPED = 500, 200
SEED = 20240613
NOT_OF_PROOF = ("conflict", "doubtful_ocr", "scope_unclear", "unit_unknown", "sign_unclear")
OTHER_SCOPE = {"consolidated": "parent", "parent": "consolidated"}
OTHER_BASIS = {
    "before_restatement": "after_restatement",
    "after_restatement": "before_restatement",
}


@dataclass(slots=True)
class Case:
    """One report, judged as it is."""

    name: str
    read: UnjudgedReport
    kept: list[int]  # readings of tables that are not set aside


def load(args: object) -> tuple[list[Case], Counter[str], int]:
    """Return the reports, why rules of proof set clean facts aside, and the number of facts."""
    cases, flags, total = [], Counter[str](), 0
    for report in read_folder(args):
        read = read_report(*report.tables)
        readings, _, reasons = read.judged(read.readings, read.chosen)
        total += len(readings)
        for i, reason in reasons.items():
            if readings[i].doubt is None and reason not in NOT_OF_PROOF:
                flags[reason] += 1
        cases.append(
            Case(report.name, read, [i for i in range(len(read.readings)) if i not in reasons])
        )
        print(f"{len(cases)} {report.name}", file=sys.stderr)
    return cases, flags, total


def rescaled_text(text: str, power: int) -> str | None:
    """Return a printed number times a power of ten, with its separators, sign and unit."""
    numbers = list(re.finditer(r"\d[\d,]*(?:\.\d+)?", text))
    if len(numbers) != 1:
        return None
    printed = numbers[0][0]
    value = Decimal(printed.replace(",", "")) * 10**power
    decimals = len(printed.partition(".")[2])
    return text[: numbers[0].start()] + f"{value:,.{decimals}f}" + text[numbers[0].end() :]


def rescale_cell(read: UnjudgedReport, i: int, power: int) -> bool:
    """Return whether reading ``i`` is caught when its cell prints a larger number."""
    text = rescaled_text(read.readings[i].printed, power)
    try:
        amount = parse_amount(text) if text is not None else None
    except AmountError:
        return True
    if amount is None:
        return True
    readings = list(read.readings)
    readings[i] = replace(readings[i], value=amount.value, printed=text)
    key = (readings[i].page_no, *(readings[i].place or ()))
    sections = [_with_printed(section, key, amount.value) for section in read.chosen]
    return i in read.judged(readings, sections)[2]


def _with_printed(section: SectionReading, key: tuple[int, ...], value: Decimal) -> SectionReading:
    if not any(item.key == key for item in section.printed):
        return section
    printed = [replace(p, value=value) if p.key == key else p for p in section.printed]
    return replace(section, printed=printed)


def rescale_unit(read: UnjudgedReport, i: int, power: int) -> bool:
    """Return whether reading ``i`` is caught when the unit of its section is misread."""
    section = read.readings[i].section
    readings = [
        replace(r, scale=r.scale * 10**power)
        if r.section == section and r.unit == "currency"
        else r
        for r in read.readings
    ]
    return i in read.judged(readings, read.chosen)[2]


def swap_scopes(read: UnjudgedReport, statement: str) -> set[int]:
    """Return the readings set aside when a statement's two headings change places."""
    readings = [
        replace(r, scope=OTHER_SCOPE[r.scope]) if r.statement == statement else r
        for r in read.readings
    ]
    return set(read.judged(readings, read.chosen)[2])


def swap_bases(read: UnjudgedReport) -> set[int]:
    """Return the readings set aside when the heads of restated columns change places."""
    readings = [replace(r, basis=OTHER_BASIS.get(r.basis, r.basis)) for r in read.readings]
    return set(read.judged(readings, read.chosen)[2])


def swap_candidates(case: Case) -> dict[str, list[int]]:
    """Return, by kind of swap, the kept readings that it would make wrong."""
    readings = case.read.readings
    found: dict[str, list[int]] = {}
    scopes: dict[str, set[str]] = {}
    for i in case.kept:
        scopes.setdefault(readings[i].statement, set()).add(readings[i].scope)
    for statement in sorted(s for s, names in scopes.items() if len(names) == 2):
        found[statement] = [i for i in case.kept if readings[i].statement == statement]
    restated = [i for i in case.kept if readings[i].basis != "reported"]
    pairs: dict[tuple[str, str], set[Decimal]] = {}
    for i in restated:
        r = readings[i]
        pairs.setdefault((r.concept.id, r.period.period), set()).add(r.amount)
    differing = [
        i for i in restated if len(pairs[readings[i].concept.id, readings[i].period.period]) == 2
    ]
    return found | ({"restatement": differing} if differing else {})


def rescale_all(cases: Sequence[Case], rng: random.Random) -> list[tuple[str, str, bool]]:
    """Return kind, where and whether caught, for each rescaled fact."""
    pool = [
        (case, i)
        for case in cases
        for i in case.kept
        if case.read.readings[i].place and case.read.readings[i].value
    ]
    money = [(case, i) for case, i in pool if case.read.readings[i].unit == "currency"]
    outcome = []
    for kind, members in (("cell", pool), ("unit", money)):
        for case, i in rng.sample(members, min(RESCALED // 2, len(members))):
            power = rng.choice(POWERS)
            caught = (rescale_cell if kind == "cell" else rescale_unit)(case.read, i, power)
            outcome.append((kind, _where(case, i, f"10^{power}"), caught))
    return outcome


def swap_all(cases: Sequence[Case], rng: random.Random) -> list[tuple[str, str, bool]]:
    """Return kind, where and whether caught, for each swapped fact."""
    pool: dict[str, list[tuple[Case, str, int]]] = {"scope": [], "restatement": []}
    for case in cases:
        for name, members in swap_candidates(case).items():
            kind = "restatement" if name == "restatement" else "scope"
            pool[kind] += [(case, name, i) for i in members]
    few = rng.sample(pool["restatement"], min(SWAPPED // 4, len(pool["restatement"])))
    many = rng.sample(pool["scope"], min(SWAPPED - len(few), len(pool["scope"])))
    done: dict[tuple[str, str], set[int]] = {}
    outcome = []
    for case, name, i in few + many:
        if (case.name, name) not in done:
            is_basis = name == "restatement"
            done[case.name, name] = (
                swap_bases(case.read) if is_basis else swap_scopes(case.read, name)
            )
        kind = "restatement" if name == "restatement" else "scope"
        outcome.append((kind, _where(case, i, name), i in done[case.name, name]))
    return outcome


def _where(case: Case, i: int, what: str) -> str:
    r: Reading = case.read.readings[i]
    return f"{case.name}: {r.statement} {r.scope} {r.period.period} {r.label!r} {r.printed} {what}"


def report(name: str, outcome: Sequence[tuple[str, str, bool]], least: float) -> bool:
    """Print one line a kind and what slipped through; return whether enough was caught."""
    for kind in sorted({kind for kind, _, _ in outcome}):
        of_kind = [caught for k, _, caught in outcome if k == kind]
        print(f"{name} {kind}: {sum(of_kind)} of {len(of_kind)} caught")
    for kind, where, caught in outcome:
        if not caught:
            print(f"  missed ({kind}) {where}")
    caught = sum(c for _, _, c in outcome)
    print(f"{name}: {caught} of {len(outcome)} = {caught / max(1, len(outcome)):.2%}")
    return caught >= least * len(outcome)


def main() -> None:
    """Perturb the facts of a folder; 1 when too little is caught or too much accused."""
    args = parse_folder(__doc__).parse_args()
    cases, flags, total = load(args)
    if not cases:
        sys.exit("no report was found")
    share = sum(flags.values()) / total
    print(f"clean: {sum(flags.values())} of {total} flagged = {share:.2%} {dict(flags)}")
    rng = random.Random(SEED)
    good = report("rescaled", rescale_all(cases, rng), 0.99)
    good = report("swapped", swap_all(cases, rng), 0.98) and good
    sys.exit(0 if good and share <= 0.005 else 1)


if __name__ == "__main__":
    main()
