"""The term dictionary: what it decides, what it leaves undecided, and that it does not lie."""

import dataclasses

import pytest

from sft_assets.concepts import load_concepts
from sft_assets.concepts.dictionary import build_concepts, find_contradictions
from sft_assets.errors import SettingsError

MATCHES = [
    ("一、营业总收入", "income_statement", "total_revenue"),
    ("其中：营业收入", "income_statement", "revenue"),
    ("营业收入（元）", "key_data", "revenue"),
    ("归属于上市公司股东的扣除非经常\n性损益的净利润（元）", "key_data", "net_profit_deducted"),
    ("归属于上市公司股东的净利润", "key_data", "net_profit_attributable_to_parent"),
    ("五、净利润（净亏损以“－”号填列）", "income_statement", "net_profit"),
    ("财务费用", "income_statement", "finance_expenses"),
    ("财务费用（收益以“－”号填列）", "cash_flow_supplement", "finance_expenses_adjustment"),
    ("应收账款", "balance_sheet", "accounts_receivable"),
    ("Accounts receivable", "balance_sheet", "accounts_receivable"),
    ("Accounts receivable", "cash_flow", "decrease_in_receivables"),
    ("Inventories", "balance_sheet", "inventories"),
    ("Income taxes", "income_statement", "income_tax_expense"),
    ("研发投入合计", "research", "rd_investment"),
    ("研发费用", "income_statement", "rd_expenses"),
    ("每10股派息数（元）（含税）", "dividends", "cash_dividend_per_ten_shares"),
    ("EBITDA", None, "ebitda"),
    ("Operating income (loss)", "income_statement", "operating_profit"),
    ("年內虧損", "income_statement", "net_profit"),
    ("物業、廠房及設備", "balance_sheet", "property_plant_equipment"),
    ("Cash generated from operations", "cash_flow", "cash_generated_from_operations"),
    ("Net cash generated from operating activities", "cash_flow", "net_cash_from_operating"),
    ("公司研发人员的数量（人）", "research", "rd_personnel"),
]

NO_MATCH = [
    ("营业总额", "income_statement"),
    ("利息收入", "income_statement"),  # two rows of this name stand in one statement
    ("其他", "income_statement"),
    ("Accounts receivable", None),  # balance or change: the statement is needed
    ("Basic", "income_statement"),  # earnings or shares: the heading is needed
    ("货币资金", "income_statement"),
    ("Deferred income taxes", "balance_sheet"),  # asset or liability
    ("EBITDA margin", None),
    ("营业收入增长", "key_data"),
    ("", None),
    ("2021年", "key_data"),
]


@pytest.mark.parametrize(("label", "statement", "concept_id"), MATCHES)
def test_a_label_names_its_concept(label: str, statement: str | None, concept_id: str) -> None:
    found = load_concepts().match_label(label, statement=statement, language="zh")
    assert found is not None
    assert found.concept.id == concept_id


@pytest.mark.parametrize(("label", "statement"), NO_MATCH)
def test_an_unsure_label_names_nothing(label: str, statement: str | None) -> None:
    assert load_concepts().match_label(label, statement=statement, language="zh") is None


@pytest.mark.parametrize(
    ("heading", "concept_id"),
    [
        ("Earnings per share:", "basic_eps"),
        ("Weighted average shares outstanding:", "weighted_average_shares_basic"),
        (None, None),
    ],
)
def test_the_heading_decides_a_short_label(heading: str | None, concept_id: str | None) -> None:
    found = load_concepts().match_label(
        "Basic", statement="income_statement", language="en", heading=heading
    )
    assert (found.concept.id if found else None) == concept_id


@pytest.mark.parametrize(
    ("label", "concept_id"),
    [
        ("Total assets 總資產", "total_assets"),
        ("Inventories\n存貨", "inventories"),
        ("Goodwill 存貨", None),  # the halves disagree
    ],
)
def test_halves_of_a_bilingual_label_must_agree(label: str, concept_id: str | None) -> None:
    found = load_concepts().match_label(label, statement="balance_sheet", language="zh-Hant+en")
    assert (found.concept.id if found else None) == concept_id


NEVER_MERGED = [
    ("ebitda", "revenue"),
    ("ebitda", "net_profit"),
    ("net_profit_deducted", "net_profit_attributable_to_parent"),
    ("revenue", "total_revenue"),
    ("rd_investment", "rd_expenses"),
    ("net_profit", "net_profit_attributable_to_parent"),
    ("total_revenue", "net_sales"),
    ("net_cash_from_operating", "net_cash_from_investing"),
]


@pytest.mark.parametrize(("one", "other"), NEVER_MERGED)
def test_near_synonyms_are_kept_apart(one: str, other: str) -> None:
    concepts = load_concepts()
    assert other in concepts[one].is_not or one in concepts[other].is_not
    shared = set(concepts[one].all_labels()) & set(concepts[other].all_labels())
    statements = set(concepts[one].statements) & set(concepts[other].statements)
    assert not (shared and statements)


def test_every_label_matches_its_own_concept_in_each_of_its_statements() -> None:
    concepts = load_concepts()
    seen = 0
    for label, concept_id, _ in concepts.known_labels():
        for statement in concepts[concept_id].statements:
            found = concepts.match_label(label, statement=statement, language="zh")
            assert found is not None, (label, statement)
            assert found.concept.id == concept_id
            seen += 1
    assert seen > 2000
    assert len(concepts.by_id) > 250


def test_proposals_never_decide() -> None:
    concepts = load_concepts()
    label = "归属于上市公司股东的净利"
    assert concepts.match_label(label, statement="key_data", language="zh") is None
    assert concepts.propose(label)[0][0] == "net_profit_attributable_to_parent"


def test_a_shared_label_is_found() -> None:
    concepts = load_concepts()
    liar = dataclasses.replace(
        concepts["ebitda"], id="liar", zh="虚构", en="Made up", labels=("营业收入",), variants=()
    )
    problems = find_contradictions([concepts["revenue"], liar], frozenset())
    assert any("营业收入 in key_data is revenue and liar" in problem for problem in problems)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{zh: 甲, en: A, statements: [key_data], unit: yuan, period: instant}", "names unit yuan"),
        (
            "{zh: 甲, en: A, statements: [nowhere], unit: ratio, period: instant}",
            "statement nowhere",
        ),
        ("{zh: 甲, en: A, statements: [text], unit: ratio, period: never}", "period type never"),
        (
            "{zh: 甲, en: A, statements: [text], unit: ratio, period: instant, is_not: [b]}",
            "concept b",
        ),
        (
            "{zh: 甲, en: A, statements: [text], unit: ratio, period: instant, color: red}",
            "unknown keys",
        ),
        ("{zh: 甲, statements: [text], unit: ratio, period: instant}", "lacks"),
    ],
)
def test_a_bad_entry_is_refused(entry: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        build_concepts(f"concepts:\n  a: {entry}\n")
