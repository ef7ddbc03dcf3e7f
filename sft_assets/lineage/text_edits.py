"""Edits of a text, kept so that every result can be replayed and every span led back.

A text stage never returns a bare string: it returns the edits that make it. The offset map
follows from them, so no second structure can disagree with the text.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace ``source[start:end]`` by ``replacement``; offsets count code points."""

    start: int
    end: int
    replacement: str
    rule: str  # the rule that made it, e.g. "running_line"


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Where each span of an edited text came from.

    ``segments`` are ``(source_start, source_end, result_start, result_end, kept)`` in order and
    without gaps on either side; ``kept`` tells copied text from replaced text.
    """

    segments: tuple[tuple[int, int, int, int, bool], ...]

    @classmethod
    def from_edits(cls, source_length: int, edits: Sequence[Edit]) -> Self:
        """Return the map of ``edits`` over a text of ``source_length`` code points."""
        segments: list[tuple[int, int, int, int, bool]] = []
        at, out = 0, 0
        for edit in edits:
            if edit.start > at:
                segments.append((at, edit.start, out, out + edit.start - at, True))
                out += edit.start - at
            segments.append((edit.start, edit.end, out, out + len(edit.replacement), False))
            out += len(edit.replacement)
            at = edit.end
        if at < source_length or not segments:
            segments.append((at, source_length, out, out + source_length - at, True))
        return cls(tuple(segments))

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest source span that covers result span ``[start, end)``.

        A span that touches replaced text covers the whole text that was replaced.

        >>> edits = [Edit(0, 3, "", "drop")]
        >>> OffsetMap.from_edits(6, edits).to_source(0, 2)
        (3, 5)
        """
        return _translate(self.segments, start, end, forward=False)

    def to_result(self, start: int, end: int) -> tuple[int, int]:
        """Return the smallest result span that covers source span ``[start, end)``.

        A span that was dropped altogether becomes an empty span at the place where it stood.

        >>> edits = [Edit(0, 3, "", "drop")]
        >>> offsets = OffsetMap.from_edits(6, edits)
        >>> offsets.to_result(3, 5), offsets.to_result(0, 2)
        ((0, 2), (0, 0))
        """
        return _translate(self.segments, start, end, forward=True)


def _translate(
    segments: Sequence[tuple[int, int, int, int, bool]], start: int, end: int, *, forward: bool
) -> tuple[int, int]:
    if not 0 <= start <= end:
        raise ValueError(f"span is [{start}, {end}); expected 0 <= start <= end")
    a, b, c, d = (0, 1, 2, 3) if forward else (2, 3, 0, 1)
    if end > segments[-1][b]:
        raise ValueError(f"span ends at {end}; expected at most {segments[-1][b]}")
    touched = [s for s in segments if s[a] < end and s[b] > start]
    if not touched:  # an empty span: the point itself
        nearest = segments[max(0, bisect_right([s[a] for s in segments], start) - 1)]
        offset = start - nearest[a] if nearest[4] else 0
        return nearest[c] + offset, nearest[c] + offset
    first, last = touched[0], touched[-1]
    low = first[c] + (start - first[a]) if first[4] and start > first[a] else first[c]
    high = last[d] - (last[b] - end) if last[4] and end < last[b] else last[d]
    return low, high


def apply_edits(source: str, edits: Iterable[Edit]) -> str:
    """Return ``source`` with ``edits`` applied; they must be in order and must not overlap.

    Raises:
        ValueError: If an edit overlaps the one before it or leaves the text.

    >>> apply_edits("１２ cats", [Edit(0, 1, "1", "width"), Edit(1, 2, "2", "width")])
    '12 cats'
    """
    pieces: list[str] = []
    at = 0
    for edit in edits:
        if not at <= edit.start <= edit.end <= len(source):
            raise ValueError(
                f"edit {edit.rule} is [{edit.start}, {edit.end}); "
                f"expected within [{at}, {len(source)}) and after the edit before it"
            )
        pieces += [source[at : edit.start], edit.replacement]
        at = edit.end
    pieces.append(source[at:])
    return "".join(pieces)


def edits_as_rows(edits: Iterable[Edit]) -> list[dict[str, int | str]]:
    """Return ``edits`` as the rows of an ``edits`` column (see ``schemas.pages.EDITS``)."""
    return [
        {"start": e.start, "end": e.end, "replacement": e.replacement, "rule": e.rule}
        for e in edits
    ]


def edits_from_rows(rows: Iterable[dict[str, int | str]]) -> list[Edit]:
    """Return the edits of an ``edits`` column."""
    return [
        Edit(int(r["start"]), int(r["end"]), str(r["replacement"]), str(r["rule"])) for r in rows
    ]
