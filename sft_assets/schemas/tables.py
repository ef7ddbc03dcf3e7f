"""What a table is: its name, its columns and the columns that identify a row."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Table:
    """A table that passes between stages."""

    name: str
    schema: pl.Schema
    key: tuple[str, ...]  # identifies a row within one partition
