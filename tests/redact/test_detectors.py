"""Finding identifiers: forms, checksums, context; and what must be left alone."""

import pytest

from sft_assets.redact.cells import read_page_cells
from sft_assets.redact.checksums import (
    is_credit_code,
    is_hong_kong_id,
    is_resident_id,
    is_resident_id_of_15,
    passes_luhn,
)
from sft_assets.redact.detectors import find_identifiers
from sft_assets.redact.page_view import PageCells
from sft_assets.sample.personal_data import BANK_CARD, DECOYS, EMAILS, ID_CARDS, LANDLINE, MOBILES

# Made-up values whose check characters are right.
ID = "11010519491231002X"
ID_DIGITS = "110105199003071210"
CREDIT = "91350100M000100Y43"
CARD = "6222020000000000007"


def luhn(body: str) -> str:
    return next(body + str(d) for d in range(10) if passes_luhn(body + str(d)))


CARD = luhn("622202000000123456")
ID_DIGITS = next(
    body + str(d)
    for body in (f"1101051990030{n}" for n in range(7100, 7200))
    for d in range(10)
    if is_resident_id(body + str(d))
)

FOUND = [
    pytest.param(f"身份证号：{ID}", "id_card", ID, id="id"),
    pytest.param(f"张三{ID_DIGITS}持有", "id_card", ID_DIGITS, id="id-between-chinese"),
    pytest.param(
        "身份证１１０１０５１９４９１２３１００２Ｘ",
        "id_card",
        "１１０１０５１９４９１２３１００２Ｘ",
        id="id-full-width",
    ),
    pytest.param("110105 19491231 002x", "id_card", "110105 19491231 002x", id="id-spaced"),
    pytest.param("110105-19491231-002X", "id_card", "110105-19491231-002X", id="id-hyphenated"),
    pytest.param(
        "号码11010519491\n231002X。", "id_card", "11010519491\n231002X", id="id-line-broken"
    ),
    pytest.param(
        "身份证号码：110105194912310021",
        "id_card",
        "110105194912310021",
        id="id-misprinted-but-named",
    ),
    pytest.param("身份证号：110105491231002", "id_card", "110105491231002", id="id-15"),
    pytest.param("SSN: 523-45-6789", "id_card", "523-45-6789", id="social-security"),
    pytest.param("ID card A123456(3)", "id_card", "A123456(3)", id="hong-kong-id"),
    pytest.param(f"统一社会信用代码为{CREDIT}，", "credit_code", CREDIT, id="credit"),
    pytest.param("手机13800138000联系", "mobile", "13800138000", id="mobile-between-chinese"),
    pytest.param(
        "１３８００１３８０００", "mobile", "１３８００１３８０００", id="mobile-full-width"
    ),
    pytest.param("138-0013-8000", "mobile", "138-0013-8000", id="mobile-hyphenated"),
    pytest.param("请找 138 0013 8000 。", "mobile", "138 0013 8000", id="mobile-spaced"),
    pytest.param("+86 138 0013 8000", "mobile", "+86 138 0013 8000", id="mobile-country"),
    pytest.param("(+86)13800138000", "mobile", "(+86)13800138000", id="mobile-country-brackets"),
    pytest.param("电话：1380013\n8000", "mobile", "1380013\n8000", id="mobile-line-broken"),
    pytest.param("电话：0571-88880000", "landline", "0571-88880000", id="landline"),
    pytest.param("（0571）88880000", "landline", "（0571）88880000", id="landline-brackets"),
    pytest.param("010—6655 4433", "landline", "010—6655 4433", id="landline-long-dash"),
    pytest.param("传真 057188880000", "landline", "057188880000", id="landline-bare-named"),
    pytest.param("0571-88880000转8001", "landline", "0571-88880000转8001", id="landline-extension"),
    pytest.param(
        "0571-88880000、88880001", "landline", "0571-88880000、88880001", id="landline-list"
    ),
    pytest.param("電話：2123 4567", "landline", "2123 4567", id="hong-kong-named"),
    pytest.param("+852 2123 4567", "landline", "+852 2123 4567", id="hong-kong-code"),
    pytest.param("(425) 555-0100", "landline", "(425) 555-0100", id="us"),
    pytest.param("Telephone: 425.555.0100", "landline", "425.555.0100", id="us-named"),
    pytest.param("+1 617 555 0100", "landline", "+1 617 555 0100", id="international"),
    pytest.param("电话 (425 555 0100)", "landline", "425 555 0100", id="phone-in-brackets"),
    pytest.param("客服400-123-4567", "landline", "400-123-4567", id="hotline"),
    pytest.param("邮箱：ir@example.com.cn。", "email", "ir@example.com.cn", id="email"),
    pytest.param("ＩＲ＠example.com", "email", "ＩＲ＠example.com", id="email-full-width"),
    pytest.param("ir@\nexample.com", "email", "ir@\nexample.com", id="email-line-broken"),
    pytest.param(f"银行卡号：{CARD}", "bank_card", CARD, id="card"),
    pytest.param(
        f"卡号 {CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}",
        "bank_card",
        None,
        id="card-in-fours",
    ),
    pytest.param("银行账号：33001234567890", "bank_account", "33001234567890", id="account"),
    pytest.param(
        "卡号：1234567890123456", "bank_account", "1234567890123456", id="card-misprinted-but-named"
    ),
    pytest.param("护照号码：E12345678", "passport", "E12345678", id="passport"),
    pytest.param("护照 E 12345678", "passport", "E 12345678", id="passport-spaced"),
    pytest.param(
        "持有护照（号码E1234\n5678）", "passport", "E1234\n5678", id="passport-line-broken"
    ),
    pytest.param(
        "郭某，男，110105491231002，汉族", "id_card", "110105491231002", id="id-15-person"
    ),
    pytest.param("HKID A123456-3", "id_card", "A123456-3", id="hong-kong-id-hyphenated"),
    pytest.param("SSN 523-45-\n6789", "id_card", "523-45-\n6789", id="ssn-line-broken"),
    pytest.param("0571-8888\n0000办公", "landline", "0571-8888\n0000", id="landline-line-broken"),
    pytest.param("电话：22380001\n2、其他", "landline", "22380001", id="landline-before-a-list"),
    pytest.param("0571 88880000", "landline", "0571 88880000", id="landline-spaced"),
    pytest.param("ir(at)example.com", "email", "ir(at)example.com", id="email-at"),
    pytest.param("信箱ir＃example.com.cn，", "email", "ir＃example.com.cn", id="email-number-sign"),
    pytest.param(
        "邮箱：zhou\nwei@example.com", "email", "zhou\nwei@example.com", id="email-broken-1"
    ),
    pytest.param("ir@exam\nple.com.cn。", "email", "ir@exam\nple.com.cn", id="email-broken-2"),
    pytest.param("ir@example.com\nWe", "email", "ir@example.com", id="email-ends-its-line"),
    pytest.param(f"汇款至{CARD}。", "bank_card", CARD, id="card-in-a-sentence"),
    pytest.param("住址：某省某市某路1号2室。", "address", "某省某市某路1号2室", id="address"),
    pytest.param(
        "住 址：某省某市某路1\n2号301室\n签发机关：公安局",
        "address",
        "某省某市某路1\n2号301室",
        id="address-line-broken",
    ),
    pytest.param("周某，女，住某省某市某路1号。", "address", "某省某市某路1号", id="address-lives"),
    pytest.param(
        "Home address: 1 Elm St., Springfield, IL 62704. He",
        "address",
        "1 Elm St., Springfield, IL 62704",
        id="address-english",
    ),
    pytest.param("passport no. G12345678", "passport", "G12345678", id="passport-english"),
]

LEFT_ALONE = [
    pytest.param("110105194912310021", id="id-with-wrong-check"),
    pytest.param("990105194912310021", id="id-of-no-province"),
    pytest.param(f"注册资本{ID_DIGITS}元", id="id-shaped-amount"),
    pytest.param(f"人民币{ID_DIGITS}", id="id-shaped-money"),
    pytest.param(f"{ID_DIGITS}.00", id="id-shaped-decimal"),
    pytest.param("110105491231002", id="id-15-unnamed"),
    pytest.param("113,800,138,000.00", id="amount"),
    pytest.param("13,800,138,000", id="amount-that-holds-a-mobile"),
    pytest.param("13800138000元", id="mobile-shaped-yuan"),
    pytest.param("共13800138000股", id="mobile-shaped-shares"),
    pytest.param("¥13800138000", id="mobile-shaped-money"),
    pytest.param("0.13800138000", id="fraction"),
    pytest.param("2138001380001", id="inside-a-longer-number"),
    pytest.param("12800138000", id="no-mobile-prefix"),
    pytest.param("135 2019 2020 2021", id="columns-of-a-table"),
    pytest.param("2019-2020", id="years"),
    pytest.param("2021-12-31", id="date"),
    pytest.param("600000", id="stock-code"),
    pytest.param("001-37845", id="commission-file-number"),
    pytest.param("91-1234567", id="employer-number"),
    pytest.param("(425) 8,882", id="negative"),
    pytest.param("电话费1234567", id="phone-bill"),
    pytest.param("Hotel 1234567", id="tel-inside-a-word"),
    pytest.param(luhn("123456789012345"), id="luhn-unnamed"),
    pytest.param("E12345678", id="passport-unnamed"),
    pytest.param("a @ b", id="at-sign"),
    pytest.param("2021年12月31日第110105号", id="prose"),
    pytest.param("523-45-6789", id="social-security-unnamed"),
    pytest.param("A123456(4)", id="hong-kong-id-wrong-check"),
    pytest.param(CREDIT[:-1] + "4", id="credit-with-wrong-check"),
    pytest.param("联系电话见公司网站。2021年末为12345678人", id="context-of-another-sentence"),
    pytest.param("公司住所：某省某市某路1号", id="registered-address"),
    pytest.param("法定代表人：周某；住所：某省某市某路1号", id="address-of-a-company"),
    pytest.param("姓名 周某\n董事会秘书\n联系地址 某省某市某路1号", id="address-of-an-office"),
    pytest.param("公司经营住宅地产，住房补贴1号", id="housing"),
    pytest.param("on our website at www.example.com", id="website"),
    pytest.param("information at example.com", id="website-without-www"),
    pytest.param("编号A#1 point", id="number-sign"),
    pytest.param(f"合同编号：{CARD}，由银行保管", id="card-shaped-contract-number"),
    pytest.param("0989-88880000", id="landline-of-no-area"),
    pytest.param("0571 88880000 12,345", id="columns-like-a-landline"),
    pytest.param("附注13\n800138000股", id="line-end-like-a-mobile"),
    pytest.param("护照业务E座12楼", id="passport-word"),
    pytest.param("", id="blank"),
]


@pytest.mark.parametrize(("text", "kind", "surface"), FOUND)
def test_found(text: str, kind: str, surface: str | None) -> None:
    found = find_identifiers(text)
    assert [f.kind for f in found] == [kind]
    if surface is not None:
        assert text[found[0].start : found[0].end] == surface


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str) -> None:
    assert find_identifiers(text) == []


def test_a_list_is_named_by_its_heading() -> None:
    found = find_identifiers("电话：22380001、13800138000、22380002")
    assert [f.kind for f in found] == ["landline", "mobile", "landline"]


def test_the_personal_data_planted_in_the_sample_is_found_and_its_decoys_are_not() -> None:
    values = {"id_card": ID_CARDS, "mobile": MOBILES, "landline": (LANDLINE,), "email": EMAILS}
    sentences = [
        *(f"参与人某某，{value}，另有约定。" for group in values.values() for value in group),
        f"其缴款账户（银行卡号 {BANK_CARD}）已完成验资。",
    ]
    kinds = [kind for kind, group in values.items() for _ in group] + ["bank_card"]
    assert [[f.kind for f in find_identifiers(text)] for text in sentences] == [[k] for k in kinds]
    for decoy in DECOYS:
        assert find_identifiers(f"订单编号为 {decoy}，名义总额为 {decoy} 元。") == []


def test_two_phones_side_by_side_are_two() -> None:
    found = find_identifiers("电话 0571-88880000 0571-88880001 传真 88880002")
    assert [f.kind for f in found] == ["landline"] * 3


@pytest.mark.parametrize("comma", ["，", ",", "、", "；"])
def test_a_comma_between_numbers_is_a_list(comma: str) -> None:
    found = find_identifiers(f"13800138000{comma}{ID}{comma}13900139000")
    assert [f.kind for f in found] == ["mobile", "id_card", "mobile"]


def test_a_finding_does_not_show_its_value() -> None:
    assert "13800138000" not in repr(find_identifiers("13800138000"))


def cell(row: int, col: int, text: str) -> dict[str, object]:
    return {"table_no": 0, "row_no": row, "col_no": col, "text": text}


def test_a_numeric_cell_is_never_altered() -> None:
    figures = read_page_cells(
        [cell(0, 0, "股数"), cell(1, 0, "13800138000"), cell(2, 0, ID_DIGITS)]
    )
    assert figures.numeric == {"13800138000", ID_DIGITS}
    assert find_identifiers(f"13800138000\n{ID_DIGITS}", figures) == []


def test_a_line_end_and_a_figure_below_it_are_no_mobile() -> None:
    figures = read_page_cells([cell(0, 0, "附注13"), cell(1, 0, "800138000")])
    assert find_identifiers("附注13\n800138000 其他", figures) == []


def test_a_number_spread_over_numeric_cells_is_never_altered() -> None:
    figures = read_page_cells([cell(0, 0, "138"), cell(0, 1, "0013"), cell(0, 2, "8000")])
    assert find_identifiers("138 0013 8000", figures) == []


def test_a_cell_under_an_identifier_heading_is_no_figure() -> None:
    people = read_page_cells(
        [cell(0, 0, "姓名"), cell(0, 1, "联系电话"), cell(1, 0, "某人"), cell(1, 1, "22380001")]
    )
    assert people.numeric == frozenset()
    assert [f.kind for f in find_identifiers("某人 22380001", people)] == ["landline"]


def test_a_row_label_names_its_cells() -> None:
    contact = read_page_cells([cell(0, 0, "身份证号码"), cell(0, 1, "110105491231002")])
    assert [f.kind for f in find_identifiers("110105491231002", contact)] == ["id_card"]


def test_without_cells_nothing_is_protected() -> None:
    assert read_page_cells([]) == PageCells()


@pytest.mark.parametrize(
    "number", ["", "x" * 18, "11010519491331002X", "11010518991231002X", "１" * 18]
)
def test_no_resident_id(number: str) -> None:
    assert not is_resident_id(number)


@pytest.mark.parametrize("number", ["", "110105493131002", "990105491231002", "11010549123100X"])
def test_no_resident_id_of_15(number: str) -> None:
    assert not is_resident_id_of_15(number)


@pytest.mark.parametrize("code", ["", "I" * 18, "9135010XM000100Y43", "９" * 18])
def test_no_credit_code(code: str) -> None:
    assert not is_credit_code(code)


@pytest.mark.parametrize("number", ["", "A12345", "ABC1234563", "1234567(3)", "A12345Z3"])
def test_no_hong_kong_id(number: str) -> None:
    assert not is_hong_kong_id(number)


def test_one_wrong_digit_fails_every_checksum() -> None:
    for valid, check in (
        (ID_DIGITS, is_resident_id),
        (CREDIT, is_credit_code),
        (CARD, passes_luhn),
    ):
        assert check(valid)
        for at in range(len(valid)):
            if valid[at].isdigit():
                wrong = valid[:at] + str((int(valid[at]) + 1) % 10) + valid[at + 1 :]
                assert not check(wrong), (check, at)


def test_one_value_is_one_value_however_it_is_spelled() -> None:
    for spellings in (
        ("电话 +86 571-88880000", "0571-88880000", "（0571）8888-0000"),
        ("+86 138 0013 8000", "13800138000", "138-0013-8000"),
        (f"身份证 {ID.lower()}", "身份证 110105491231002"),
        ("邮箱 IR@example.com", "ir#example.com", "ir@exam\nple.com"),
    ):
        assert len({find_identifiers(text)[0].value for text in spellings}) == 1
