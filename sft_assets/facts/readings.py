"""What the numbers of a section are taken for, before they are proved or doubted."""

from dataclasses import dataclass, field
from decimal import Decimal

from sft_assets.concepts import Concept
from sft_assets.facts.page_items import Box
from sft_assets.facts.periods import Period
from sft_assets.facts.sections import Section
from sft_assets.numbers import Amount


@dataclass(frozen=True, slots=True)
class Reading:
    """What one printed number is taken for, before it is proved or doubted."""

    page_no: int
    place: tuple[int, int, int] | None  # table, row, column; None for a sentence
    box: Box
    printed: str
    label: str
    concept: Concept
    value: Decimal
    unit: str
    scale: int
    currency: str | None
    period: Period
    basis: str
    scope: str
    statement: str
    section: int
    confidence: float | None  # of OCR
    doubt: str | None = None  # a reason to quarantine it, known from the cell alone

    @property
    def amount(self) -> Decimal:
        """The value in the base unit."""
        return self.value * self.scale


@dataclass(frozen=True, slots=True)
class Printed:
    """A number of a statement's column, whether its label is known or not: sums need them all."""

    key: tuple[int, int, int, int]
    label: str
    concept: Concept | None
    column: tuple[str, str, str]  # period's year or part of it, basis, scope
    value: Decimal  # as printed, not scaled


@dataclass(frozen=True, slots=True)
class PrintedChange:
    """A change as printed: in a column, or in a sentence right behind the amount that changed."""

    page_no: int
    place: tuple[int, int, int] | None  # table, row, column; None for a sentence
    box: Box
    label: str  # of the row, or the metric's name in the sentence
    concept: Concept
    amount: Amount  # in percent, in percentage points, or in the unit of the values
    confidence: float | None  # of OCR


@dataclass(slots=True)
class SectionReading:
    """The readings of a section and why each of its other cells is none."""

    section: Section
    readings: list[Reading] = field(default_factory=list)
    dropped: dict[tuple[int, int, int, int], str] = field(default_factory=dict)
    changes: list["PrintedChange"] = field(default_factory=list)
    """What the columns of change print: they prove the two values that they compare."""
    unmapped: dict[tuple[int, int, int], str] = field(default_factory=dict)
    """Labels of rows of numbers that the dictionary does not know, by page, table and row."""
    printed: list[Printed] = field(default_factory=list)
    """Every number of a column with a period, from top to bottom."""
    groups: dict[tuple[int, int, int], int] = field(default_factory=dict)
    """The number of the group that a row stands in, by page, table and row."""
    without_label: list[Reading] = field(default_factory=list)
    """Numbers of rows without a label, read as the totals of their groups."""

    @property
    def metrics(self) -> set[str]:
        """Ids of the concepts read."""
        return {reading.concept.id for reading in self.readings}
