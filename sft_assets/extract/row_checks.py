"""Whether the rows that a child answered can be rows of the pages it was asked for.

A parser that a file took over may answer anything that fits the schemas. What it says about the
world cannot be checked, but rows that contradict themselves, other pages, or boxes that lie
nowhere near the page never enter a table.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from sft_assets.errors import RejectedDocumentError
from sft_assets.schemas.reports import REASONS

MAX_SIDE = 1_000_000.0  # points; PDF's own limit is 14,400, times a user unit
BOX = ("x0", "top", "x1", "bottom")
ROUNDING = 0.01  # points; character boxes are kept as 32-bit floats of hundredths


def refuse_contradictions(
    tables: Mapping[str, pl.DataFrame], doc_id: str, pages: Sequence[int]
) -> None:
    """Refuse tables that are not about exactly ``pages`` of ``doc_id``, or contradict themselves.

    Raises:
        RejectedDocumentError: ``invalid_output``, naming the first rule that does not hold.
    """
    found = tables["extracted_pages"].sort("page_no")
    if found["page_no"].to_list() != sorted(pages):
        raise RejectedDocumentError("invalid_output", "the answer is not about the pages asked for")
    sizes = found.select("page_no", "width", "height", page_text="text")
    rules = {
        "extracted_pages": (found, PAGE_RULES),
        "extracted_lines": (tables["extracted_lines"].join(sizes, "page_no", "left"), LINE_RULES),
        "extracted_cells": (tables["extracted_cells"].join(sizes, "page_no", "left"), CELL_RULES),
    }
    for name, (rows, checks) in rules.items():
        wanted = {"is of another document": pl.col("doc_id") == doc_id, **checks}
        held = rows.select(
            rule.fill_null(value=False).all().alias(words) for words, rule in wanted.items()
        )
        for words in held.columns:
            if rows.height and not held[words].item():
                raise RejectedDocumentError("invalid_output", f"a row of {name} {words}")
    _refuse_twins(tables["extracted_lines"], ["page_no", "line_no"])
    _refuse_twins(tables["extracted_cells"], ["page_no", "table_no", "row_no", "col_no"])


def _refuse_twins(rows: pl.DataFrame, key: list[str]) -> None:
    if rows.select(key).is_duplicated().any():
        raise RejectedDocumentError("invalid_output", f"two rows have the same {', '.join(key)}")


def _is_side(column: str) -> pl.Expr:
    return pl.col(column).is_finite() & pl.col(column).is_between(0, MAX_SIDE)


def _is_share(column: str) -> pl.Expr:
    return pl.col(column).is_null() | pl.col(column).is_between(0, 1)


def _is_box() -> pl.Expr:
    """Tell whether the box is one, and touches the page: glyphs and rules may stick out of it."""
    finite = pl.all_horizontal(pl.col(side).is_finite() for side in BOX)
    ordered = (pl.col("x0") <= pl.col("x1")) & (pl.col("top") <= pl.col("bottom"))
    touches = (
        (pl.col("x1") >= 0)
        & (pl.col("bottom") >= 0)
        & (pl.col("x0") <= pl.col("width"))
        & (pl.col("top") <= pl.col("height"))
    )
    small = pl.all_horizontal(pl.col(side).abs() <= MAX_SIDE for side in BOX)
    return finite & ordered & touches & small


def _chars_fit() -> pl.Expr:
    """Tell whether each code point has an extent inside its line."""
    count = pl.col("text").str.len_chars()
    left, right = pl.col("char_x0"), pl.col("char_x1")
    numbers = [
        side.list.eval(pl.element().is_finite().fill_null(value=False)) for side in (left, right)
    ]
    return (
        (left.list.len() == count)
        & (right.list.len() == count)
        & pl.all_horizontal(side.list.all() for side in numbers)
        & (left.list.min() >= pl.col("x0") - ROUNDING)
        & (right.list.max() <= pl.col("x1") + ROUNDING)
    )


PAGE_RULES: Mapping[str, pl.Expr] = {
    "has no possible size": _is_side("width") & _is_side("height"),
    "has an unknown text_source": pl.col("text_source").is_in(["text_layer", "ocr", "none"]),
    "has text but no text_source, or the other way round": (
        (pl.col("text").str.len_chars() == 0) | (pl.col("text_source") != "none")
    ),
    "has a readability or confidence that is no share": (
        pl.col("readability").is_between(0, 1) & _is_share("ocr_confidence")
    ),
    "counts fewer than no characters": pl.col("hidden_chars") >= 0,
    "has a status that does not fit its reason": (
        ((pl.col("status") == "ok") & pl.col("reason").is_null())
        | ((pl.col("status") == "failed") & pl.col("reason").is_in(list(REASONS)))
    ),
}
LINE_RULES: Mapping[str, pl.Expr] = {
    "stands on no page": pl.col("width").is_not_null(),
    "has a negative number": (pl.col("line_no") >= 0) & (pl.col("start") >= 0),
    "is not where its offsets say": (
        (pl.col("end") - pl.col("start") == pl.col("text").str.len_chars())
        & (
            pl.col("page_text").str.slice(pl.col("start"), pl.col("text").str.len_chars())
            == pl.col("text")
        )
    ),
    "has a box that is none, or is not on its page": _is_box(),
    "has characters that do not fit its text": _chars_fit(),
    "has a font size that is none": _is_side("font_size"),
    "has a confidence that is no share": _is_share("confidence"),
}
CELL_RULES: Mapping[str, pl.Expr] = {
    "stands on no page": pl.col("width").is_not_null(),
    "has a negative number": pl.all_horizontal(
        pl.col(column) >= 0 for column in ("table_no", "row_no", "col_no")
    ),
    "has a text that is none": pl.col("text").is_not_null(),
    "has a box that is none, or is not on its page": _is_box(),
    "has an unknown method": pl.col("method").is_in(["ruled", "aligned", "ocr"]),
    "has a confidence that is no share": _is_share("confidence"),
}
