"""What is marked on the picture of a page: words, cells, dropped and doubtful lines."""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import polars as pl

from sft_assets.extract.reading.page_frame import Box

Kind = Literal[
    "word", "ruled cell", "aligned cell", "ocr cell", "dropped line", "doubtful", "hidden text"
]
KINDS: tuple[str, ...] = get_args(Kind)
DOUBTFUL = 0.9  # of confidence; facts sets numbers below it aside
UPRIGHT = 1.5  # a line of several characters taller than this many widths stands on its side

Mark = tuple[str, Box]
Dropped = Mapping[tuple[int, int], str]  # page_no and start of the line -> the rule


def marks_of(
    tables: Mapping[str, pl.DataFrame], dropped: Dropped, pages: Sequence[int]
) -> dict[int, list[Mark]]:
    """Return the marks of each of ``pages``, by page number."""
    marks: dict[int, list[Mark]] = {page: [] for page in pages}
    asked = pl.col("page_no").is_in(list(pages))
    for row in tables["extracted_lines"].filter(asked).iter_rows(named=True):
        found = marks[row["page_no"]]
        found += [("word", box) for _, box in words_of(row)]
        if (row["page_no"], row["start"]) in dropped:
            found.append(("dropped line", _box(row)))
        elif is_doubtful(row["confidence"]):
            found.append(("doubtful", _box(row)))
    for row in tables["extracted_cells"].filter(asked).iter_rows(named=True):
        marks[row["page_no"]].append((f"{row['method']} cell", _box(row)))
    return marks


def is_doubtful(confidence: float | None) -> bool:
    """Tell whether OCR was not sure; a text layer always is."""
    return confidence is not None and confidence < DOUBTFUL


def _box(row: Mapping[str, float]) -> Box:
    return row["x0"], row["top"], row["x1"], row["bottom"]


def words_of(line: Mapping[str, object]) -> list[tuple[str, Box]]:
    """Return the words of a row of ``extracted_lines`` with their boxes.

    The extents of characters run across the page; a line that stands on its side is one word.
    """
    text, starts, ends = str(line["text"]), line["char_x0"], line["char_x1"]
    x0, top, x1, bottom = (float(line[side]) for side in ("x0", "top", "x1", "bottom"))  # type: ignore[arg-type]
    if len(text) > 1 and bottom - top > UPRIGHT * (x1 - x0):
        return [(text, (x0, top, x1, bottom))]
    words: list[tuple[str, Box]] = []
    at = 0
    for word in text.split(" "):
        if word:
            left, right = float(starts[at]), float(ends[at + len(word) - 1])  # type: ignore[index]
            words.append((word, (left, top, right, bottom)))
        at += len(word) + 1
    return words
