"""The search for planted values sees them in every kind of file and in every form."""

import json
import sqlite3
from pathlib import Path

import polars as pl
import pytest

from scripts.planted_values import COUNTS, PEOPLE, PERSON_KINDS, Planted, make_values, search

VALUE = Planted("mobile", "13800138000", "+86 13800138000", "")
HOME = Planted("address", "某省某市某路1号", "某省某市某路1号", "")


def parquet(path: Path, text: str) -> None:
    pl.DataFrame({"deep": [[{"text": text}]]}).write_parquet(path)


def sqlite(path: Path, text: str) -> None:
    with sqlite3.connect(path) as database:
        database.execute("create table events (body text)")
        database.execute("insert into events values (?)", ("x" * 5000 + text + "y" * 5000,))
    database.close()


def escaped(path: Path, text: str) -> None:
    path.write_text(json.dumps({"text": text}))


def plain(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("write", [parquet, sqlite, escaped, plain])
@pytest.mark.parametrize(
    "spelled", ["13800138000", "138-0013-8000", "１３８００１３８０００", "138\n00138000"]
)
def test_a_value_is_seen(write: object, spelled: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    write(file, f"电话 {spelled}，住址某省某市\n某路1号。")
    assert search([file], [VALUE, HOME]) == {0: {file}, 1: {file}}


@pytest.mark.parametrize("write", [parquet, sqlite, escaped, plain])
def test_another_value_is_not(write: object, tmp_path: Path) -> None:
    file = tmp_path / "file"
    write(file, "电话 13800138001，住址某省某市某路2号。")
    assert search([file], [VALUE, HOME]) == {}


def test_fifty_values_are_planted() -> None:
    planted = make_values()
    assert len({one.value for one in planted}) == 50
    assert len(planted) == sum(COUNTS.values()) + len(PEOPLE) * len(PERSON_KINDS)
    assert planted == make_values()
