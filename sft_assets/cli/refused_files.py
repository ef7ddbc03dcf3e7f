"""Files of an inbox that were not taken in, a line each: name, reason, what to do."""

from collections.abc import Sequence
from typing import Final

from sft_assets.ingest.intake import RefusedFile

MOST_LINES: Final = 20
_MAKE_ANEW: Final = "download it again, or print it into a new PDF"
_TRY_AGAIN: Final = "run again when the machine is less busy, or print it into a new PDF"
NEXT_ACTIONS: Final = {  # by reason: a key of schemas.reports.REASONS, or unread
    "not_a_file": "put the PDF itself there",
    "not_a_pdf": "put the report's PDF there",
    "empty_file": "download it again",
    "password": "save a copy that asks for no password",
    "too_large": "save a smaller copy",
    "timeout": _TRY_AGAIN,
    "memory": _TRY_AGAIN,
    "crash": _TRY_AGAIN,
    "unreadable": _MAKE_ANEW,
    "no_pages": _MAKE_ANEW,
    "page_count_disagrees": _MAKE_ANEW,
    "invalid_output": _MAKE_ANEW,
    "not_an_annual_report": "leave it out; if it is one, its cover has to say so",
    "unidentified": "name it by stock code and year, such as 600000_2020_annual.pdf",
    "unread": "let this user read it, and see that the disk is well",
}


def describe_refused(refused: Sequence[RefusedFile]) -> list[str]:
    """Return a line for each file, the last one of those that are too many.

    >>> describe_refused([RefusedFile("a.pdf", "empty_file", "0 bytes")])
    ['not taken in: a.pdf: empty_file (0 bytes); next: download it again']
    """
    lines = [
        f"not taken in: {_shown(f.name)}: {f.reason} ({f.detail}); next: {NEXT_ACTIONS[f.reason]}"
        for f in refused[:MOST_LINES]
    ]
    left = len(refused) - MOST_LINES
    return [*lines, f"not taken in: {left} more"] if left > 0 else lines


def _shown(name: str) -> str:
    """Return a file name that stays in its line: it may hold line breaks and control characters."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in name)
