"""The published data as an auditor asks for it: by pair, by fact, by document."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

import polars as pl

from sft_assets.pairs.source import pack
from sft_assets.schemas import TABLES, empty
from sft_assets.store.store import Store
from sft_assets.walk.inputs import CORPUS_KEY


class Catalog:
    """Read access to everything published below one root; each table is read once."""

    def __init__(self, data_root: str) -> None:
        self.store = Store(data_root)
        self._frames: dict[str, pl.DataFrame] = {}

    def table(self, name: str) -> pl.DataFrame:
        """Return all published rows of table ``name``, over all partitions in order of key."""
        if name not in self._frames:
            maker = TABLES[name].made_by
            keys = self.store.partitions(maker)
            frames = [self.store.require(maker, key).read_table(name) for key in keys]
            self._frames[name] = pl.concat(frames) if frames else empty(name)
        return self._frames[name]

    def report_table(self, name: str, report_key: str) -> pl.DataFrame:
        """Return the published rows of table ``name`` for one report."""
        return self.store.require(TABLES[name].made_by, report_key).read_table(name)

    def check_released_files(self) -> None:
        """Hash the released files again: what trainers read must be what was published.

        Raises:
            NotPublishedError: If no data set was released.
            StoreError: If one of its files is missing or changed.
        """
        version = self.store.require("sft_dataset", CORPUS_KEY)
        for name in version.file_names():
            version.read_file(name)

    def extra_released_files(self) -> list[str]:
        """Return the files that lie in the release's folder and were not published with it."""
        return self.store.require("sft_dataset", CORPUS_KEY).extra_files()

    def released_pairs(self) -> list[dict[str, Any]]:
        """Return the pairs of the released data set that are about reports, in order of id.

        Raises:
            NotPublishedError: If no data set was released.
        """
        self.store.require("sft_dataset", CORPUS_KEY)
        released = self.table("sft_dataset").filter(pl.col("origin") == "report")
        pairs = self.table("deduplicated_pairs")
        joined = released.select("pair_id", "split").join(pairs, on="pair_id", how="inner")
        if joined.height != released.height:
            lost = released.join(pairs, on="pair_id", how="anti")["pair_id"].to_list()
            raise ValueError(f"released pairs without a row in deduplicated_pairs: {lost[:5]}")
        return joined.sort("pair_id").to_dicts()

    def general_pairs_released(self) -> int:
        """Return how many rows of general instruction data the release holds."""
        return self.table("sft_dataset").filter(pl.col("origin") == "general").height

    def facts_by_id(self, fact_ids: Collection[str]) -> dict[str, dict[str, Any]]:
        """Return fact_id -> row, for those of ``fact_ids`` that are published."""
        wanted = self.table("financial_facts").filter(pl.col("fact_id").is_in(sorted(fact_ids)))
        return {row["fact_id"]: row for row in wanted.to_dicts()}

    def report_years(self) -> dict[str, set[int]]:
        """Return company_id -> fiscal years of its reports."""
        years: dict[str, set[int]] = defaultdict(set)
        rows = self.table("raw_reports").select("company_id", "fiscal_year").iter_rows()
        for company_id, year in rows:
            years[company_id].add(year)
        return dict(years)

    def packed_pages(self, report_keys: Collection[str]) -> dict[tuple[str, int], str]:
        """Return (report_key, page_no) -> packed redacted text, of the versions in use."""
        raw = self.table("raw_reports").filter(
            pl.col("is_current") & pl.col("report_key").is_in(sorted(report_keys))
        )
        keys = dict(raw.select("doc_id", "report_key").iter_rows())
        rows = self.table("redacted_pages").filter(pl.col("doc_id").is_in(sorted(keys)))
        columns = rows.select("doc_id", "page_no", "text").iter_rows()
        return {(keys[doc_id], page_no): pack(text) for doc_id, page_no, text in columns}

    def file_names(self, doc_id: str) -> list[str]:
        """Return the names under which a document came in."""
        rows = self.table("raw_reports").filter(pl.col("doc_id") == doc_id)
        return [name for names in rows["aliases"].to_list() for name in names]
