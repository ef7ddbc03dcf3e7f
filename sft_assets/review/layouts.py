"""Tables that are built otherwise than nearly all others: there a reader errs most easily."""

import polars as pl

RARE_PCT = 2  # of all tables, at most, are built like a rare one
FEWEST_TABLES = 50  # of a corpus; among fewer every layout is rare
TABLE = ("doc_id", "page_no", "table_no")


def rare_tables(facts: pl.DataFrame) -> pl.DataFrame:
    """Return the tables of ``facts`` with a rare layout, one a row, with the columns ``TABLE``.

    A layout is the statement, how many columns of numbers are read, and the units and scales in
    them.
    """
    tables = (
        facts.drop_nulls(["table_no"])
        .group_by(TABLE)
        .agg(
            pl.col("statement").min(),
            pl.col("col_no").n_unique().alias("columns"),
            pl.col("unit").unique().sort().str.join("+"),
            pl.col("scale").max(),
        )
    )
    layout = ["statement", "columns", "unit", "scale"]
    alike = tables.with_columns(pl.len().over(layout).alias("alike"))
    most = tables.height * RARE_PCT // 100 if tables.height >= FEWEST_TABLES else 0
    return alike.filter(pl.col("alike") <= most).select(TABLE).sort(TABLE)
