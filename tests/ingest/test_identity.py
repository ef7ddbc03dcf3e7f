"""Identity by the report's own words; every text here is invented."""

import datetime as dt

import pytest

from sft_assets.errors import RejectedDocumentError
from sft_assets.ingest.identity import Identity, company_id, find_identity

STATEMENT = "公司董事会、监事会保证年度报告内容的真实、准确、完整，不存在虚假记载。\n"
PROFILE = (
    "第二节 公司简介\n股票简称 青岚电器 股票代码 {code}\n公司的中文名称 青岚电器股份有限公司\n"
)
ENGLISH = "The notes form part of these financial statements and of the report of the directors. "


def zh(title: str, *, name: str = "青岚电器股份有限公司", code: str = "300999") -> list[str]:
    return [f"{name}\n{title}\n2021 年 04 月", "重要提示\n" + STATEMENT, PROFILE.format(code=code)]


def form(cover: str, body: str = "") -> list[str]:
    return [cover, ENGLISH * 5 + body]


SEC = (
    "UNITED STATES\nSECURITIES AND EXCHANGE COMMISSION\nFORM 10-K\n"
    "☒ ANNUAL REPORT PURSUANT TO SECTION 13 OR 15(d) OF THE SECURITIES EXCHANGE ACT OF 1934\n"
    "For the fiscal year ended {end}\nCommission file number 1-0000\n{name}\n"
    "(Exact name of registrant as specified in its charter)\nDelaware 00-0000000\n"
)
TRADITIONAL = (
    "本公司董事會欣然宣佈本集團截至該日止年度之經審核綜合業績，連同比較數字，詳情見財務報表附註。\n"
    * 8
)

IDENTITIES = [
    # pages, company, report_key, period_end, language, is_revision
    pytest.param(
        zh("2020 年年度报告"), "青岚电器股份有限公司", "300999_2020_annual", "2020-12-31", "zh", False,
        id="a-share",
    ),
    pytest.param(
        zh("二〇二〇年年度报告"), "青岚电器股份有限公司", "300999_2020_annual", "2020-12-31", "zh", False,
        id="year-in-chinese-numerals",
    ),
    pytest.param(
        zh("２０２０ 年\n年度报告"), "青岚电器股份有限公司", "300999_2020_annual", "2020-12-31", "zh", False,
        id="full-width-and-broken-title",
    ),
    pytest.param(
        ["2020 年度报告（A 股）", STATEMENT, "公司法定中文名称：青岚电器股份有限公司\nA 股简称及代码 青岚电器 600999"],
        "青岚电器股份有限公司", "600999_2020_annual", "2020-12-31", "zh", False,
        id="name-and-code-in-the-profile-only",
    ),
    pytest.param(
        ["2020 年年度报告\n六、其他", "合并资产负债表\n编制单位：青岚电器股份有限公司 单位：元"],
        "青岚电器股份有限公司", "cn-02fba5e1_2020_annual", "2020-12-31", "zh", False,
        id="some-pages-of-a-report",
    ),
    pytest.param(
        zh("2020 年年度报告（更正后）"), "青岚电器股份有限公司", "300999_2020_annual", "2020-12-31", "zh", True,
        id="corrected",
    ),
    pytest.param(
        [*zh("2020 年年度报告", name="青岚电器（集团）\n股份有限公司")[:2], "股票代码 300999"],
        "青岚电器（集团）股份有限公司", "300999_2020_annual", "2020-12-31", "zh", False,
        id="name-broken-over-two-lines",
    ),
    pytest.param(
        ["", "重要提示\n" + STATEMENT, "报告期 指 2020年1月1日至2020年12月31日\n" + PROFILE.format(code="600999")],
        "青岚电器股份有限公司", "600999_2020_annual", "2020-12-31", "zh", False,
        id="cover-is-a-picture",
    ),
    pytest.param(
        ["青岚电器股份有限公司 2020 年年度报告全文\n1\n青岚电器股份有限公司\n2020 年年度报告", STATEMENT],
        "青岚电器股份有限公司", "cn-02fba5e1_2020_annual", "2020-12-31", "zh", False,
        id="no-code-printed",
    ),
    pytest.param(
        ["（ 股 份 代 號：9 9 9 ）\n截至二零二一年九月三十日止年度\n全年業績公告", "青嵐控股有限公司（「本公司」）\n" + TRADITIONAL],
        "青嵐控股有限公司", "00999_2021_annual", "2021-09-30", "zh-Hant", False,
        id="hong-kong-results",
    ),
    pytest.param(
        [
            "Annual Report\n2020/21\n年報\n青嵐控股有限公司\nStock Code 股份代號 : 00999",
            "For the year ended 30 September 2021\n截至二零二一年九月三十日止年度\n" + ENGLISH * 20 + TRADITIONAL,
        ],
        "青嵐控股有限公司", "00999_2021_annual", "2021-09-30", "zh-Hant+en", False,
        id="hong-kong-bilingual",
    ),
    pytest.param(
        form(SEC.format(end="June 30, 2021", name="Quillfeather Widgets, Inc.")),
        "Quillfeather Widgets, Inc.", "quillfeather-widgets_2021_annual", "2021-06-30", "en", False,
        id="10-k",
    ),
    pytest.param(
        form(SEC.format(end="January 29, 2022", name="QUILLFEATHER STORES\nCORP."), "fiscal 2021 ended January 29, 2022. fiscal 2022"),
        "QUILLFEATHER STORES CORP.", "quillfeather-stores_2021_annual", "2022-01-29", "en", False,
        id="10-k-fiscal-year-by-its-own-words",
    ),
    pytest.param(
        form(SEC.format(end="June 30, 2021", name="Quillfeather Widgets, Inc.").replace("10-K", "10-K/A")),
        "Quillfeather Widgets, Inc.", "quillfeather-widgets_2021_annual", "2021-06-30", "en", True,
        id="10-k-amended",
    ),
    pytest.param(
        ["Annual report and 10-K", "To our owners. " + ENGLISH, SEC.format(end="June 30, 2021", name="Quillfeather Inc.")],
        "Quillfeather Inc.", "quillfeather_2021_annual", "2021-06-30", "en", False,
        id="10-k-inside-a-glossy-report",
    ),
    pytest.param(
        [
            "A N N U A L R E P O R T 2022",
            "Statement to the members of Quillfeather Group plc\nfor the year ended 31 March 2022\n" + ENGLISH * 3,
            "Northern Bank plc and Smith Registrars Limited\nYear ended 31 March 2022 and year ended 31 March 2021",
        ],
        "Quillfeather Group plc", "quillfeather-group_2022_annual", "2022-03-31", "en", False,
        id="english-glossy",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("pages", "company", "report_key", "period_end", "language", "is_revision"), IDENTITIES
)
def test_identity(
    pages: list[str],
    company: str,
    report_key: str,
    period_end: str,
    language: str,
    is_revision: bool,
) -> None:
    found, hinted = find_identity(pages)
    assert (found.company, found.report_key) == (company, report_key)
    assert found.period_end == dt.date.fromisoformat(period_end)
    assert (found.language, found.is_revision, hinted) == (language, is_revision, False)


NOT_ANNUAL = [
    pytest.param([""], id="blank"),
    pytest.param(["青岚电器股份有限公司\n2020 年半年度报告", "保证半年度报告内容的真实、准确、完整\n"], id="half-year"),
    pytest.param(["青岚电器股份有限公司 2021 年第一季度报告", "保证季度报告的真实、准确、完整"], id="quarter"),
    pytest.param(["青岚电器股份有限公司\n2020 年年度报告摘要", STATEMENT], id="summary"),
    pytest.param(["首次公开发行股票并在创业板上市招股说明书", "2018 年度 2019 年度 2020 年度报告期"], id="prospectus"),
    pytest.param(["青岚电器（300999）2020年年报点评：增长稳健", "投资评级：买入。公司发布2020年年度报告，"], id="broker"),
    pytest.param(["关于 2020 年年度报告的问询函回复公告\n青岚电器股份有限公司", "就2020年年度报告"], id="letter"),
    pytest.param(["青岚电器股份有限公司\n2020 年度社会责任报告", "报告期 2020年1月1日至2020年12月31日"], id="social"),
    pytest.param(["（股份代號：999）\n截至二零二一年三月三十一日止六個月\n中期業績公告", TRADITIONAL], id="hk-interim"),
    pytest.param(form("FORM 10-Q\nQUARTERLY REPORT PURSUANT TO SECTION 13 OR 15(d)\n(Exact name of registrant)"), id="10-q"),
    pytest.param(form("FORM 8-K\nCURRENT REPORT PURSUANT TO SECTION 13 OR 15(d)\n(Exact name of registrant)"), id="8-k"),
    pytest.param(form("Half-year report 2022\nQuillfeather Group plc"), id="english-half-year"),
    pytest.param(form("A study of prose\nas every annual report of the year 2022 says in its first lines"), id="prose"),
    pytest.param(["Annual Report 2022 of the village choir", "We sang a lot in the year and had fun."], id="no-statements"),
]  # fmt: skip


@pytest.mark.parametrize("pages", NOT_ANNUAL)
def test_other_documents_are_no_annual_reports(pages: list[str]) -> None:
    with pytest.raises(RejectedDocumentError) as caught:
        find_identity(pages)
    assert caught.value.reason == "not_an_annual_report"


def test_an_annual_report_without_a_name_is_unidentified() -> None:
    with pytest.raises(RejectedDocumentError) as caught:
        find_identity(["2020 年年度报告", STATEMENT])
    assert (caught.value.reason, caught.value.detail) == ("unidentified", "company not found")


def test_hints_decide_only_what_the_text_leaves_open() -> None:
    printed, hinted = find_identity(zh("2020 年年度报告"), year_hint=1999, code_hint="600001")
    assert (printed.report_key, hinted) == ("300999_2020_annual", False)
    bare = ["青岚电器股份有限公司\n年度报告", STATEMENT]
    found, hinted = find_identity(bare, year_hint=2020, code_hint="600999")
    assert (found.report_key, found.exchange, hinted) == ("600999_2020_annual", "SSE", True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("The Quillfeather Company", "quillfeather"),
        ("QUILLFEATHER & SONS CO., LTD.", "quillfeather-sons"),
        ("Quillfeather.com, Inc.", "quillfeather-com"),
        ("Société Plume S.A.", "societe-plume"),
        ("青岚电器股份有限公司", "cn-02fba5e1"),
    ],
)
def test_company_ids(name: str, expected: str) -> None:
    assert company_id(name, None) == expected
    assert Identity.model_fields  # the id fits the model's own rule
    assert company_id(name, "600999") == "600999"
    assert company_id(name, "QFW") == expected
