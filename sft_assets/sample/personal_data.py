"""Invented personal data, planted in one report so that redaction can be tested exactly.

The identity number and the bank card have valid check digits, as real ones do; the people, the
e-mail domain and the numbers are made up. Beside them stand decoys, long numbers that are nobody's
data and must survive.
"""

from dataclasses import dataclass

from sft_assets.sample.page_layout import Sheet


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """One planted value."""

    kind: str  # id_card, mobile, landline, email, bank_card, or decoy
    value: str
    page_no: int
    where: str


def id_card_number(first_17: str) -> str:
    """The number with its check character.

    Source: GB 11643-1999, section 4 (ISO 7064 MOD 11-2).

    >>> id_card_number("11010519491231002")
    '11010519491231002X'
    """
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(first_17))
    return first_17 + "10X98765432"[total % 11]


def bank_card_number(first: str) -> str:
    """The number with its Luhn check digit.

    >>> bank_card_number("7992739871")
    '79927398713'
    """
    total = 0
    for at, digit in enumerate(reversed(first)):
        doubled = int(digit) * (2 if at % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return first + str(-total % 10)


ID_CARDS = (id_card_number("11010119900307783"), id_card_number("11010119851122406"))
MOBILES = ("13000000417", "18900000626")
LANDLINE = "0992-85550788"
EMAILS = ("songyu.bai@example.com", "mulan.xu@jinyu.example.com")
BANK_CARD = bank_card_number("621799000000004172")
DECOYS = ("202406180000123456", "123,456,789,012,345.67", "91999999MA0SAMPLE7")


def draw_personal_data(sheet: Sheet) -> list[PersonalDatum]:
    """A section with personal data in sentences; returns what was planted and where."""
    first = (
        f"公司第一期员工持股计划参与人白松雨，居民身份证号码为 {ID_CARDS[0]}，"
        f"手机号码 {MOBILES[0]}，电子邮箱 {EMAILS[0]}，"
        f"其缴款账户（银行卡号 {BANK_CARD}）已完成验资。"
    )
    second = (
        f"另一参与人徐漫舟（身份证号：{ID_CARDS[1]}，联系电话：{MOBILES[1]}）因离职退出。"
        f"咨询请致电 {LANDLINE} 或发送邮件至 {EMAILS[1]}。"
    )
    third = (
        f"上述缴款对应的订单编号为 {DECOYS[0]}，框架合同的名义总额为 {DECOYS[1]} 元，"
        f"受托机构的统一社会信用代码为 {DECOYS[2]}。"
    )
    kinds = {
        "id_card": ID_CARDS,
        "mobile": MOBILES,
        "landline": (LANDLINE,),
        "email": EMAILS,
        "bank_card": (BANK_CARD,),
        "decoy": DECOYS,
    }
    sheet.heading("二、员工持股计划情况")
    planted = []
    for text in (first, second, third):
        sheet.paragraph(text)
        planted += [
            PersonalDatum(kind, value, sheet.page_no, "sentence")
            for kind, values in kinds.items()
            for value in values
            if value in text
        ]
    return planted
