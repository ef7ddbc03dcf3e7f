"""The verifier finds what it is there to find: each rule is broken once."""

import shutil
from collections.abc import Callable, Collection
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sft_assets.audit.catalog import Catalog
from sft_assets.audit.trace import trace_answers
from sft_assets.audit.verify import verify_release
from sft_assets.errors import StoreError
from sft_assets.walk.inputs import CORPUS_KEY

pytestmark = pytest.mark.xdist_group("sample_walk")
Row = dict[str, Any]


def _first_growth(pairs: list[Row]) -> Row:
    return next(p for p in pairs if p["kind"] == "growth" and p["augmentation"] is None)


def _other_box(fact: Row) -> Row:
    return fact | {"top": fact["top"] - 200, "bottom": fact["bottom"] - 200}


def _other_print(fact: Row) -> Row:
    return fact | {"value_printed": fact["value_printed"].replace("1", "7").replace("2", "9")}


@pytest.mark.parametrize(
    ("field", "change", "rule"),
    [
        pytest.param(
            "answer", lambda a: a.replace("%", "‰"), "answer_holds_the_result", id="result"
        ),
        pytest.param(
            "answer", lambda a: a + "另有3,456元。", "answer_holds_no_other_number", id="more"
        ),
        pytest.param("result", lambda _r: "1.00%", "program_yields_the_result", id="other-result"),
        pytest.param("program", lambda _p: "growth(f2, f1)", "program_runs", id="swapped"),
        pytest.param("program", lambda _p: "growth(f1", "program_runs", id="no-program"),
        pytest.param("fact_ids", lambda ids: [ids[0], "0" * 32], "fact_is_published", id="no-fact"),
    ],
)
def test_changed_pair_is_found(
    sample_walk: Path,
    monkeypatch: pytest.MonkeyPatch,
    field: str,
    change: Callable[[Any], Any],
    rule: str,
) -> None:
    pair = _first_growth(Catalog(str(sample_walk)).released_pairs())
    bad = pair | {field: change(pair[field])}
    monkeypatch.setattr(Catalog, "released_pairs", lambda _self: [bad])
    report = verify_release(str(sample_walk))
    assert not report.passed
    assert rule in {finding.rule for finding in report.findings}
    assert {finding.pair_id for finding in report.findings} == {pair["pair_id"]}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        pytest.param(_other_box, "box_holds_the_number", id="box"),
        pytest.param(_other_print, "box_holds_the_number", id="print"),
        pytest.param(
            lambda f: f | {"value": f["value"] + Decimal(1)}, "print_is_the_value", id="value"
        ),
        pytest.param(lambda f: f | {"page_no": 1}, "box_holds_the_number", id="page"),
    ],
)
def test_changed_fact_is_found(
    sample_walk: Path, monkeypatch: pytest.MonkeyPatch, change: Callable[[Row], Row], rule: str
) -> None:
    pair = _first_growth(Catalog(str(sample_walk)).released_pairs())
    right = Catalog.facts_by_id

    def wrong(self: Catalog, fact_ids: Collection[str]) -> dict[str, Row]:
        return {key: change(fact) for key, fact in right(self, fact_ids).items()}

    monkeypatch.setattr(Catalog, "released_pairs", lambda _self: [pair])
    monkeypatch.setattr(Catalog, "facts_by_id", wrong)
    report = verify_release(str(sample_walk))
    assert rule in {finding.rule for finding in report.findings}


def test_release_without_pairs_is_not_called_verified(
    sample_walk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Catalog, "released_pairs", lambda _self: [])
    assert not verify_release(str(sample_walk)).passed


def test_number_is_traced_as_a_whole_number_only(sample_walk: Path) -> None:
    pair = _first_growth(Catalog(str(sample_walk)).released_pairs())
    fact_id = pair["fact_ids"][0]
    printed = Catalog(str(sample_walk)).facts_by_id([fact_id])[fact_id]["value_printed"]
    assert trace_answers(printed, str(sample_walk))
    assert trace_answers(printed[1:], str(sample_walk)) == []


def test_changed_file_of_the_release_is_found(sample_walk: Path, tmp_path: Path) -> None:
    root = tmp_path / "data"
    shutil.copytree(sample_walk, root)
    version = Catalog(str(root)).store.require("sft_dataset", CORPUS_KEY)
    Catalog(str(root)).check_released_files()
    changed = root / version.path / "files" / "alpaca" / "train.jsonl"
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text.replace("7", "8", 1), encoding="utf-8")
    with pytest.raises(StoreError, match=r"alpaca/train\.jsonl"):
        verify_release(str(root))
    changed.unlink()
    with pytest.raises(StoreError, match=r"alpaca/train\.jsonl"):
        verify_release(str(root))


def test_file_that_was_put_beside_the_release_is_named(
    sample_walk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "data"
    shutil.copytree(sample_walk, root)
    catalog = Catalog(str(root))
    pair = _first_growth(catalog.released_pairs())
    monkeypatch.setattr(Catalog, "released_pairs", lambda _self: [pair])
    assert verify_release(str(root)).passed
    folder = root / catalog.store.require("sft_dataset", CORPUS_KEY).path
    for name in ("files/alpaca/more.jsonl", "files/.hidden/rows.jsonl", "other.parquet"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("{}")
    (folder / "files" / "nowhere").symlink_to(root / "gone")
    report = verify_release(str(root))
    assert not report.passed
    assert {(f.rule, f.place) for f in report.findings} == {
        ("file_was_published", "files/.hidden/rows.jsonl"),
        ("file_was_published", "files/alpaca/more.jsonl"),
        ("file_was_published", "files/nowhere"),
        ("file_was_published", "other.parquet"),
    }
    assert report.as_dict()["pairs_confirmed"] == 1
    assert report.as_dict()["findings"] == 4
