"""One identifier found in a page, and what all detectors share."""

from dataclasses import dataclass, field

# Not inside a longer number: after a decimal point, before one, or before a group of thousands.
# Another comma is a list's: "13800138000，13800138001".
BEFORE = r"(?<![0-9A-Za-z])(?<![0-9]\.)"
AFTER = r"(?![0-9])(?!\.[0-9])(?!,[0-9]{3}(?![0-9]))"
GAP = r"[ \-\n]{0,2}"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One identifier. ``value`` is for making the surrogate and is never shown."""

    start: int  # code points of the page's text
    end: int
    kind: str
    value: str = field(repr=False)  # canonical: no separators, upper case


def bare(text: str) -> str:
    """Return the letters and digits of ``text``, upper case.

    >>> bare("A123456(3)")
    'A1234563'
    """
    return "".join(char for char in text if char.isalnum()).upper()
