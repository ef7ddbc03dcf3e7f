"""Who a pair is about, from which year, and which figures it states."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from sft_assets.splits.assignment import fold_of
from sft_assets.splits.groups import group_key, groups_of
from sft_assets.splits.settings import SplitSettings

Row = Mapping[str, object]
_KEY = ("company_id", "metric", "scope", "period", "basis")


@dataclass(frozen=True, slots=True)
class Issuers:
    """What reports and facts say about pairs; empty where neither is given."""

    groups: Mapping[str, str] = field(default_factory=dict)  # company_id -> group
    company_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    report_years: Mapping[str, int] = field(default_factory=dict)  # report_key -> fiscal year
    facts: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # id -> key, report_key

    @classmethod
    def read(
        cls, reports: pl.DataFrame | None, facts: pl.DataFrame | None, settings: SplitSettings
    ) -> "Issuers":
        """Return what ``raw_reports`` and ``financial_facts`` say."""
        companies: list[tuple[str, str]] = []
        years: dict[str, int] = {}
        if reports is not None:
            own = reports.filter(pl.col("is_current")).sort("fiscal_year", "report_key")
            companies = list(own.select("company_id", "company").iter_rows())
            years = dict(own.select("report_key", "fiscal_year").iter_rows())
        names: dict[str, set[str]] = {}
        for company_id, name in companies:
            names.setdefault(company_id, set()).add(name)
        groups = groups_of(companies, settings.same_company)
        keys: dict[str, tuple[str, str]] = {}
        if facts is not None:
            for fact_id, report_key, company_id, *rest in facts.select(
                "fact_id", "report_key", *_KEY
            ).iter_rows():
                key = "|".join([group_key(company_id, groups), *map(str, rest)])
                keys[fact_id] = (key, report_key)
        return cls(groups, {c: tuple(sorted(n)) for c, n in names.items()}, years, keys)

    def group(self, company_id: str) -> str:
        """Return the group that a company belongs to."""
        return group_key(company_id, self.groups)

    def names(self, company_id: str) -> tuple[str, ...]:
        """Return the names under which its reports go; its id where none is known."""
        return self.company_names.get(company_id, (company_id,))

    def fact_keys(self, row: Row) -> list[str]:
        """Return what the figures of a pair say, wherever they are printed; else their ids."""
        fact_ids = row["fact_ids"] if isinstance(row["fact_ids"], list) else []
        return [self.facts.get(str(f), (str(f), ""))[0] for f in fact_ids]

    def year(self, row: Row) -> int | None:
        """Return the newest fiscal year of the reports that a pair is about; None if unknown."""
        keys = {str(row["report_key"])} if row["report_key"] else set()
        fact_ids = row["fact_ids"] if isinstance(row["fact_ids"], list) else []
        keys |= {self.facts[str(f)][1] for f in fact_ids if str(f) in self.facts}
        return max((self.report_years[k] for k in keys if k in self.report_years), default=None)

    def fold(self, row: Row, settings: SplitSettings) -> int | None:
        """Return the fold of cross-validation; None for companies of different folds."""
        companies = row["company_ids"] if isinstance(row["company_ids"], list) else []
        if not companies or not settings.folds:
            return None
        groups = sorted(self.group(str(company)) for company in companies)
        folds = {fold_of(group, settings.folds, settings.seed) for group in groups}
        return folds.pop() if len(folds) == 1 else None
