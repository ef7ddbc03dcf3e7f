"""Verdicts of people: read, brought to one decision a pair, and measured for agreement."""

import json
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sft_assets.errors import SettingsError

VERDICTS_PATH = "review/verdicts.jsonl"  # under the data root


class Verdict(BaseModel):
    """One line of the verdict file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pair_id: str = Field(pattern="^[0-9a-f]{32}$")
    verdict: Literal["accept", "correct", "reject"]
    corrected_answer: str | None = None
    reviewer: str = Field(min_length=1)
    time: str = Field(pattern=r"^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$")

    @model_validator(mode="after")
    def _needs_its_answer(self) -> "Verdict":
        if (self.verdict == "correct") != bool(self.corrected_answer):
            raise ValueError("corrected_answer goes with the verdict correct, and only with it")
        return self


def parse_verdicts(text: str) -> list[Verdict]:
    """Return the verdicts of a JSONL file in its order.

    Raises:
        SettingsError: If lines are no verdicts; all are named, none is shown.
    """
    verdicts: list[Verdict] = []
    problems: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            verdicts.append(Verdict.model_validate(json.loads(line)))
        except ValidationError as error:
            fields = sorted({".".join(map(str, e["loc"])) or "verdict" for e in error.errors()})
            problems.append(f"line {number} ({', '.join(fields)})")
        except json.JSONDecodeError:
            problems.append(f"line {number} (no JSON)")
    if problems:
        raise SettingsError(
            f"{VERDICTS_PATH} is wrong in {len(problems)} lines: {'; '.join(problems[:20])}; "
            "expected pair_id, verdict accept|correct|reject, corrected_answer, reviewer, time\n"
            "hint: correct the lines or take them out"
        )
    return verdicts


def latest_verdicts(verdicts: Sequence[Verdict]) -> dict[str, dict[str, Verdict]]:
    """Return pair_id -> reviewer -> that reviewer's newest verdict; the later line breaks a tie."""
    latest: dict[str, dict[str, Verdict]] = {}
    for verdict in verdicts:
        own = latest.setdefault(verdict.pair_id, {})
        if verdict.reviewer not in own or verdict.time >= own[verdict.reviewer].time:
            own[verdict.reviewer] = verdict
    return latest


class Decision(BaseModel):
    """What is done with a pair."""

    model_config = ConfigDict(frozen=True)

    action: Literal["accept", "correct", "reject", "conflict"]
    corrected_answer: str | None = None


def decide(by_reviewer: dict[str, Verdict]) -> Decision:
    """Return the one decision that follows from all reviewers' newest verdicts on a pair.

    One rejection rejects; one correction corrects what others accepted; two different
    corrections are a conflict, not a choice.
    """
    verdicts = [by_reviewer[reviewer] for reviewer in sorted(by_reviewer)]
    if any(verdict.verdict == "reject" for verdict in verdicts):
        return Decision(action="reject")
    corrections = sorted({v.corrected_answer for v in verdicts if v.corrected_answer})
    if len(corrections) > 1:
        return Decision(action="conflict")
    if corrections:
        return Decision(action="correct", corrected_answer=corrections[0])
    return Decision(action="accept")


def cohens_kappa(latest: dict[str, dict[str, Verdict]]) -> tuple[Decimal, int] | None:
    """Return kappa and the number of pairs both looked at, for the two reviewers who share most.

    None when no two reviewers share a pair, or when chance alone would agree always (then kappa
    is not defined). Source: Cohen 1960, "A coefficient of agreement for nominal scales".
    """
    shared: Counter[tuple[str, str]] = Counter()
    for by_reviewer in latest.values():
        shared.update(combinations(sorted(by_reviewer), 2))
    if not shared:
        return None
    one, other = min(shared, key=lambda pair: (-shared[pair], pair))
    labels = [
        (by_reviewer[one].verdict, by_reviewer[other].verdict)
        for by_reviewer in latest.values()
        if one in by_reviewer and other in by_reviewer
    ]
    count = Decimal(len(labels))
    observed = Decimal(sum(a == b for a, b in labels)) / count
    firsts, seconds = Counter(a for a, _ in labels), Counter(b for _, b in labels)
    by_chance = sum((Decimal(firsts[v] * seconds[v]) for v in sorted(firsts)), Decimal(0))
    expected = by_chance / (count * count)
    if expected == 1:
        return None
    return ((observed - expected) / (1 - expected)).quantize(Decimal("0.0001")), len(labels)
