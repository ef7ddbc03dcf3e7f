"""The words that say what a number is, by group, and how they lead to it."""

import re
from collections.abc import Mapping

_ZH: Mapping[str, str] = {
    "id": "身份证|身份證|身份证明|公民身份|居民身份|证件号|證件號|证件号码",
    "ssn": "社会安全号|社會安全號",
    "credit": "信用代码|信用代碼|信用码|组织机构代码|組織機構代碼",
    "phone": (
        "电话(?!费)|電話(?!費)|手机|手機|移动电话|联系方式|聯繫方式|聯絡方式|致电|致電|拨打|撥打"
        "|热线|熱線|传真|傳真|座机|固话|来电"
    ),
    "card": "卡号|卡號|银行卡(?!手续)|銀行卡(?!手續)|借记卡|储蓄卡|信用卡|工资卡|银联卡|卡片号",
    "account": "账号|帐号|賬號|帳號|账户(?!余额|数)|帐户(?!余额|数)|賬戶(?!餘額)|存折",
    "passport": "护照|護照|通行证|通行證|旅行证件|旅行證件|回乡证|回鄉證|台胞证|台胞證",
    "email": "邮箱|郵箱|信箱|邮件|郵件|电邮|電郵",
}
_EN: Mapping[str, str] = {
    "id": "identity card|id card|identification no|id no|id number|hkid",
    "ssn": r"social security|soc\. ?sec\.|ssn|s\.s\.n\.?",
    "credit": "credit code|credit identifier",
    "phone": "telephone|phone|tel|mobile|cell|fax|facsimile|call",
    "card": "bank card|debit card|credit card|card number|card no|unionpay card",
    "account": "account number|account no|iban",
    "passport": "passport|travel document",
    "email": "e-?mail|write to|mail to|mailto",
}

_WIDE: Mapping[str, str] = {  # say enough only where the number's own form is as good as proof
    "card": (
        "银行(?!存款|借款|贷款|承兑|业务|授信|手续费)|銀行(?!存款|借款|貸款)|开户|開戶|收款|汇款|打款|缴款"
        "|持卡人|户名|戶名|股息|工资|card|account"
    ),
    "passport": "",
    "phone": "contact|reach|联系|聯絡|咨询|垂询",
    "id": "姓名|国籍|國籍|先生|女士|自然人|本人|, ?(?:男|女)(?=[,;)。])",
}


def _spaced(words: str) -> str:
    """Return ``words`` so that Chinese labels set with gaps, "电　话", are met too."""
    return re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])", "[ \\\\n]{0,4}", words)


CONTEXT: Mapping[str, str] = {
    group: f"{_spaced(_ZH[group])}|(?<![a-z])(?:{_EN[group]})(?![a-z])" for group in _ZH
}
_JOIN = (
    r"(?>\([^()\n]{0,12}\)|号码|號碼|编号|編號|卡|号|號|码|碼|如下|名称|及|与|和|或|为|為|是|係|本人"
    r"|numbers?|no(?![a-z])|is|are|at|on|or|and|[\s:()\[\]{}/、,;.+#|\-\0])*+"
)
NEAR: Mapping[str, re.Pattern[str]] = {
    group: re.compile(rf"(?:{words}){_JOIN}\Z", re.IGNORECASE) for group, words in CONTEXT.items()
}
WORDS: Mapping[str, re.Pattern[str]] = {
    group: re.compile(words, re.IGNORECASE) for group, words in CONTEXT.items()
}
SENTENCE: Mapping[str, re.Pattern[str]] = {
    group: re.compile("|".join(filter(None, (CONTEXT[group], _spaced(wide)))), re.IGNORECASE)
    for group, wide in _WIDE.items()
}
SENTENCE_END = re.compile(
    r"[。;!?]|\n\n|(?<!Mr)(?<!Ms)(?<!Mrs)(?<!Dr)(?<!No)(?<!no)(?<!Inc)(?<!Co)\.[ \n]"
)
OF_SOMETHING_ELSE = re.compile(
    r"(?:编号|編號|合同号?|订单号?|凭证号?|流水号?|证书号?|发票(?:号码|代码)?|批号|文号|许可证号?"
    r"|专利号|登记号|代码|(?<![a-z])(?:contract|order|invoice|certificate|file)(?: no| number)?)"
    r"[\s:.为是]*\Z",
    re.IGNORECASE,
)
