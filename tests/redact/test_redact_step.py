"""The step ``redact``: nothing is left, nothing is told, and pages stay whole."""

import itertools
import logging
import traceback
from types import SimpleNamespace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sft_assets.errors import RedactionError, SettingsError
from sft_assets.lineage.text_edits import apply_edits, edits_from_rows
from sft_assets.redact.detectors import find_identifiers
from sft_assets.redact.page_view import PageCells
from sft_assets.redact.settings import RedactSettings
from sft_assets.redact.steps import STEPS, read_external, redact, redact_text
from sft_assets.redact.surrogates import KEY_VARIABLE, Surrogates, key_digest, read_key
from sft_assets.schemas import empty
from sft_assets.schemas.pages import PAGES, REDACTIONS

KEY = "a long enough secret key"
VALUES = [
    "13800138000",
    "11010519491231002X",
    "ir@example.com",
    "0571-88880000",
    "91350100M000100Y43",
]
DOC = "0f" * 32
FIGURE = "13912345678"


def pages(*texts: str, doc_id: str = DOC) -> pl.DataFrame:
    rows = [
        {"doc_id": doc_id, "page_no": i + 1, "text": t, "edits": []} for i, t in enumerate(texts)
    ]
    return pl.DataFrame(rows, schema=PAGES)


def figure_cells() -> pl.DataFrame:
    row = dict.fromkeys(empty("extracted_cells").columns) | {
        "doc_id": DOC, "page_no": 2, "table_no": 0, "row_no": 0, "col_no": 0, "text": FIGURE,
    }  # fmt: skip
    return pl.DataFrame([row], schema=empty("extracted_cells").schema)


def run(normalized: pl.DataFrame, cells: pl.DataFrame | None = None, **settings: str) -> object:
    tables = {"normalized_pages": normalized, "extracted_cells": figure_cells()}
    if cells is not None:
        tables["extracted_cells"] = cells
    config = RedactSettings(**settings)
    return redact(SimpleNamespace(table=tables.__getitem__, config=lambda _: config))


SOURCE = pages("身份证" + "，".join(VALUES) + "。再次：13800138000", f"{FIGURE} {FIGURE}", "")


@pytest.fixture(autouse=True)
def _without_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)


def test_identifiers_are_masked_and_logged_by_place() -> None:
    result = run(SOURCE)
    first = result.tables["redacted_pages"]["text"][0]
    assert first == (
        "身份证[手机号:1]，[身份证号:1]，[邮箱:1]，[电话:1]，[统一社会信用代码:1]。再次：[手机号:1]"
    )
    log = result.tables["redactions"]
    assert log.schema == REDACTIONS
    assert log["kind"].to_list() == [
        "mobile",
        "id_card",
        "email",
        "landline",
        "credit_code",
        "mobile",
    ]
    spans = [SOURCE["text"][0][s:e] for s, e in log.select("start", "end").iter_rows()]
    assert spans == [*VALUES, "13800138000"]


def test_a_numeric_cell_keeps_its_figure() -> None:
    assert run(SOURCE).tables["redacted_pages"]["text"][1] == f"{FIGURE} {FIGURE}"


def test_every_page_is_kept_and_replays() -> None:
    result = run(SOURCE)
    table = result.tables["redacted_pages"]
    assert table["page_no"].to_list() == [1, 2, 3]
    assert result.ledger.rows_in == result.ledger.kept == 3
    for source, row in zip(SOURCE["text"], table.iter_rows(named=True), strict=True):
        assert apply_edits(source, edits_from_rows(row["edits"])) == row["text"]


@pytest.mark.parametrize("key", ["", KEY])
def test_no_value_leaves_in_a_table_the_metadata_or_a_log(
    key: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, key)
    with caplog.at_level(logging.DEBUG):
        result = run(SOURCE)
    told = repr([table.rows() for table in result.tables.values()]) + repr(result) + caplog.text
    assert [value for value in VALUES if value in told] == []
    assert KEY not in told


def test_an_exception_does_not_tell_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(text: str, *_: object, **__: object) -> list[object]:
        raise ValueError(f"cannot read {text!r}")

    monkeypatch.setattr("sft_assets.redact.steps.find_identifiers", fail)
    with pytest.raises(RedactionError, match=r"page 1 of document 0f0f.*ValueError") as caught:
        run(SOURCE)
    told = "".join(traceback.format_exception(caught.value))
    assert [value for value in VALUES if value in told] == []


def people_cells() -> pl.DataFrame:
    texts = [["姓名", "职务"], ["白 松雨", "董事长"], ["Mr. John Q. Roe", "董事"], ["合计", "-"]]
    rows = [
        dict.fromkeys(empty("extracted_cells").columns)
        | {"doc_id": DOC, "page_no": 1, "table_no": 0, "row_no": r, "col_no": c, "text": text}
        for r, row in enumerate(texts)
        for c, text in enumerate(row)
    ]
    return pl.DataFrame(rows, schema=empty("extracted_cells").schema)


PEOPLE = pages(
    "姓名 职务\n白 松雨 董事长\nMr. John Q. Roe 董事\n合计 -",
    "法定代表人：徐漫舟\n白松雨、徐漫\n舟与 John Q. Roe 出席，合计三人，白松。",
)


def test_names_are_kept_by_default() -> None:
    result = run(PEOPLE, people_cells())
    assert result.tables["redacted_pages"]["text"].to_list() == PEOPLE["text"].to_list()


def test_a_setting_masks_names_and_one_person_has_one_token() -> None:
    result = run(PEOPLE, people_cells(), names="mask")
    assert result.tables["redacted_pages"]["text"].to_list() == [
        "姓名 职务\n[姓名:1] 董事长\nMr. [姓名:2] 董事\n合计 -",
        "法定代表人：[姓名:3]\n[姓名:1]、[姓名:3]与 [姓名:2] 出席，合计三人，白松。",
    ]
    assert set(result.tables["redactions"]["kind"]) == {"name"}


def test_a_setting_keeps_what_the_law_has_the_company_print() -> None:
    contacts = pages(
        "二、联系人和联系方式\n电话 0571-88880000\n信箱 ir@example.com", "请致电 0571-88880000"
    )
    texts = run(contacts, company_contacts="keep").tables["redacted_pages"]["text"].to_list()
    assert texts == ["二、联系人和联系方式\n电话 0571-88880000\n信箱 [邮箱:1]", "请致电 [电话:1]"]


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ValueError, match="names"):
        RedactSettings(names="some")


def test_with_a_key_one_value_has_one_surrogate_in_every_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    texts = [
        run(pages(text, doc_id=doc)).tables["redacted_pages"]["text"][0]
        for text, doc in (("电话138-0013-8000", DOC), ("手机：13800138000", "0e" * 32))
    ]
    surrogates = {text[text.index("[") :] for text in texts}
    assert len(surrogates) == 1
    monkeypatch.setenv(KEY_VARIABLE, KEY + "!")
    other = run(pages("手机：13800138000")).tables["redacted_pages"]["text"][0]
    assert other[other.index("[") :] not in surrogates


def test_an_english_document_gets_english_surrogates() -> None:
    text = run(pages("Call 425-555-0100 or write to ir@example.com")).tables["redacted_pages"]
    assert text["text"][0] == "Call [LANDLINE:1] or write to [EMAIL:1]"


def test_another_key_makes_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    view = SimpleNamespace(root="", config=lambda of: of())
    assert read_external(view, "p") == {"redaction_key": "none"}
    monkeypatch.setenv(KEY_VARIABLE, KEY)
    digest = read_external(view, "p")["redaction_key"]
    assert len(digest) == 32
    assert KEY not in digest
    assert digest != key_digest(b"another long enough key")


def test_a_short_key_is_refused_and_not_shown() -> None:
    with pytest.raises(SettingsError, match="3 characters") as caught:
        read_key({KEY_VARIABLE: "abc"})
    assert "abc" not in str(caught.value)


def test_the_step_names_its_tables() -> None:
    (step,) = STEPS
    assert step.tables == ("redacted_pages", "redactions")
    assert step.inputs == ("normalized_pages", "extracted_cells")


PIECES = st.one_of(
    st.sampled_from(
        [
            *VALUES,
            "6222020000001234565",
            "110105491231002",
            "A123456(3)",
            "E12345678",
            "425-555-0100",
        ]
    ),
    st.sampled_from(
        [
            "电话",
            "身份证号：",
            "卡号",
            "账号",
            "护照",
            "、",
            "，",
            " ",
            "\n",
            "元",
            "tel ",
            "no.",
            "+86",
            "转",
            "-",
            "[手机号:",
            "1]",
        ]
    ),
    st.text("0123456789", min_size=1, max_size=19),
    st.text("0123456789 -\n.,()@aX（１２", max_size=8),
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join), st.sampled_from([None, b"0123456789abcdef"]))
def test_after_redaction_nothing_is_found(text: str, key: bytes | None) -> None:
    edits = redact_text(text, PageCells(), Surrogates(key))
    assert find_identifiers(apply_edits(text, edits)) == []


@settings(deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_findings_are_in_order_and_apart(text: str) -> None:
    found = find_identifiers(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@settings(deadline=None)
@given(st.decimals(min_value=0, max_value=10**17, places=2))
def test_a_printed_amount_is_never_altered(amount: object) -> None:
    for printed in (f"{amount:,.2f}", f"{amount:.2f}元", f"¥{amount:.2f}", f"({amount:,.2f})"):
        assert find_identifiers(f"营业收入 {printed} 本期") == []
