"""English row labels without what only this report adds: notes, allowances, the company's name."""

import re

_NOTE = re.compile(r"\s*\((?:see )?notes?\b[^()]*\)", re.I)
_CLAUSE = re.compile(
    r"\s*(?:,|[-–—]|\()\s*(?:net of|less|includes|including|excluding|exclusive of)\b[^()]*\d.*$",
    re.I,
)
# Words of a company's name that are not its name.
_GENERIC = re.compile(
    r"the|inc|incorporated|corp|corporation|company|co|plc|ltd|limited|group|holdings|and|of|"
    r"international|global|american|united|national|first|financial",
    re.I,
)


def plain_labels(label: str, company: str) -> list[str]:
    """Return ``label`` and then its plainer forms, each once; the first that is known counts.

    >>> plain_labels("Receivables, net of allowance of $5 and $6 (Note 3)", "Example Inc.")[1:]
    ['Receivables, net of allowance of $5 and $6', 'Receivables, net', 'Receivables']
    >>> plain_labels("Net income attributable to Example", "Example Inc.")[1]
    'Net income attributable to the Company'
    """
    forms = [label]
    without_note = _NOTE.sub("", label).strip()
    forms.append(without_note)
    cut = _CLAUSE.sub("", without_note)
    if cut != without_note:
        is_net = bool(re.search(r"(?i)\bnet of\b", without_note[len(cut) :]))
        forms += [f"{cut}, net", cut] if is_net else [cut]
    forms += [form for base in tuple(forms) if (form := _without_shares(base))]
    forms += [form for base in tuple(forms) if (form := _without_company(base, company))]
    forms += [form for base in tuple(forms) if (form := _BOTH_WAYS.sub(_ONE_FORM, base)) != base]
    forms += [form for base in tuple(forms) if (form := _without_change(base))]
    for aside in (_ASIDE, _OF_A_BANK, _COUNTS, _COSTS):
        forms += [form for base in tuple(forms) if (form := aside.sub("", base)) != base]
    forms += [form for base in tuple(forms) if (form := _per_share(base))]
    forms += [form for base in tuple(forms) if (form := _cash_total(base))]
    return list(dict.fromkeys(form for form in forms if form))


_SHARES = re.compile(
    r"(?i)\s*[-–—,;:(]*\s*(?:(?:no|without|at) par\b|(?<!of )\b(?:par|stated) value|"
    r"\$?\s?[\d./ ]+\s*(?:¢|cents?)? ?par\b|"
    r"(?:shares )?(?:authorized|issued|outstanding)\b|[\d,.]+ (?:million |billion )?(?:and [\d,.]+ "
    r"(?:million |billion )?)?(?:ordinary |common )?shares|at cost[,;(–— -]+[\d(]).*$",
    re.S,
)
_STOCK = re.compile(r"(?i)\b(?:stock|shares?|capital)\b")
_COSTS = re.compile(
    r"(?i),?\s+\(?net of (?:[a-z]+ ){0,4}(?:costs?|expenses|fees|discounts?|proceeds|cash acquired|"
    r"cash disposed|cash sold|taxe?s?)(?: of \$?[\d.,]+)?\)?$"
)
_CHANGE = re.compile(
    r"(?i)(?:net )?(?:\(?(?:increase|decrease|change|movement)s?\)?(?:\s*/\s*|\s+(?=\()|\s+or\s+|"
    r"(?<=\))\s*(?=increase|decrease))?)+ (?:in|of) (?:the )?(?!cash\b)"
)


def _without_shares(label: str) -> str | None:
    """Return the name of a class of shares without how many there are.

    >>> _without_shares("Common stock, $0.01 par value, 500 shares authorized; 20 issued")
    'Common stock'
    >>> _without_shares("Shares issued in 2020") is None
    True
    """
    match = _SHARES.search(label)
    if match is None or not re.search(r"\d", match[0]):
        return None
    head = label[: match.start()].strip()
    return head if _STOCK.search(head) else None


def _without_change(label: str) -> str | None:
    """Return what changes: a cash flow statement names the change by the thing itself.

    >>> _without_change("(Increase)/decrease in trade receivables")
    'trade receivables'
    >>> _without_change("Increase in cash and cash equivalents") is None
    True
    """
    match = _CHANGE.match(label.strip())
    return label.strip()[match.end() :] if match is not None else None


_ASIDE = re.compile(
    r"\s*\((?:including|excluding|exclusive|inclusive|primarily|net of)\b[^()]*\)$", re.I
)
_BOTH_WAYS = re.compile(r"(?i)^income tax(?:es)? \(expense\)\s*/?\s*(?:benefit|credit)$")
_ONE_FORM = "Income tax (provision) benefit"  # folding would drop "(expense)" and leave a benefit
_COUNTS = re.compile(r"\s*\([^()]*\d[^()]*\)$")
_OF_A_BANK = re.compile(r"(?<=Federal Home Loan Bank) of [A-Z][\w.]*(?: [A-Z][\w.]*)?")
_PER_SHARE = re.compile(
    r"(?i)(?!.*continu)(?:(?:net )?(?:earnings|income|profit|loss)"
    r"(?:\s*/?\s*\((?:loss|income)\))? per (?:(?:common|ordinary) )?(?:share|unit)\b.*?|"
    r"(?P<average>weighted[ -]average .*\b(?:shares|units)\b.*?))"
    r"\s*[-–—,: ]+\s*(?P<kind>basic and diluted|basic|diluted)"
)


def _per_share(label: str) -> str | None:
    """Return what a label about earnings per share or shares says, whosever they are.

    >>> _per_share("Earnings per share attributable to Example shareholders — basic")
    'Earnings per share - basic'
    >>> _per_share("Earnings per share from continuing operations — basic") is None
    True
    """
    match = _PER_SHARE.fullmatch(label.strip())
    if match is None:
        return None
    name = "Weighted average shares outstanding" if match["average"] else "Earnings per share"
    return f"{name} - {match['kind'].lower()}"


_CASH = (
    r"(?:total )?cash(?:(?:,| and)? (?:cash )?equivalents)?(?:,? (?:and )?(?:restricted )?(?:cash|"
    r"deposits)(?: equivalents)?)*"
)
_CASH_TOTALS = (
    (
        re.compile(rf"effects? of .*(?:exchange|currency).* on {_CASH}.*", re.I),
        "Effect of exchange rate changes on cash and cash equivalents",
    ),
    (
        re.compile(rf"(?:net )?[(]?(?:increase|decrease|change)\b.*\b(?:in|of) {_CASH}", re.I),
        "Net increase in cash and cash equivalents",
    ),
    (
        re.compile(
            rf"{_CASH},? ?[-–—]? ?(?:balances? )?(?:at )?(?:the )?beginning of (?:the )?"
            r"(?:financial |fiscal )?"
            r"(?:year|period)",
            re.I,
        ),
        "Cash and cash equivalents at beginning of year",
    ),
    (
        re.compile(
            rf"{_CASH},? ?[-–—]? ?(?:balances? )?(?:at )?(?:the )?end of (?:the )?"
            r"(?:financial |fiscal )?"
            r"(?:year|period)(?:, represented by.*)?",
            re.I,
        ),
        "Cash and cash equivalents at end of year",
    ),
    *(
        (
            re.compile(
                r"(?:total )?(?:net )?cash (?:\(?(?:flows?|inflows?|outflows?)\)?[ /]*)*"
                r"(?:\(?(?:provided by|used (?:in|for|by)|generated (?:from|by)|from|required by|"
                r"used)\)?[ /]*(?:and |or )?)+"
                rf"{name} activities",
                re.I,
            ),
            f"Net cash from {name} activities",
        )
        for name in ("operating", "investing", "financing")
    ),
)
"""The last lines of a cash flow statement in the many words that issuers find for them."""


def _cash_total(label: str) -> str | None:
    """Return the plain form of a line that sums up cash.

    >>> _cash_total("Net (Decrease)/Increase in Cash and Cash Equivalents and Restricted Cash")
    'Net increase in cash and cash equivalents'
    >>> _cash_total("Cash and cash equivalents") is None
    True
    """
    text = " ".join(label.split()).strip(" :")
    return next((plain for pattern, plain in _CASH_TOTALS if pattern.fullmatch(text)), None)


_LEGAL = re.compile(
    r"(?i)[,.]?\s+(?:the )?(?:company|corporation|corp|inc|incorporated|plc|ltd|limited|group|"
    r"holdings|co)\b.*$"
)


def _without_company(label: str, company: str) -> str | None:
    """Return ``label`` with the issuer named as such; None where its name is not in it."""
    words = [w for w in re.findall(r"[\w&.'’-]+", company) if not _GENERIC.fullmatch(w.strip("."))]
    if not words:
        return None
    name = re.escape(words[0].strip("."))
    tail = r"(?:[\w&.,'’-]*(?:\s+(?:&\s+)?[A-Z][\w&.,'’-]*|\s+plc|\s+and subsidiaries)*)"
    attributable = re.sub(
        rf"(?i:\battributable to)\s+(?i:{name})\b{tail}$",
        "attributable to the Company",
        label,
    )
    if attributable != label:
        if re.search(
            r"(?i)\b(?:common|ordinary)\b", label[len(attributable.split("attributable")[0]) :]
        ):
            return attributable.replace("the Company", "common stockholders")
        return attributable
    owners_of = re.sub(
        rf"(?i:\battributable to (?:the )?(?:owners|members|shareholders|equity holders) of)\s+"
        rf"(?i:{name})\b{tail}$",
        "attributable to owners of the Company",
        label,
    )
    if owners_of != label:
        return owners_of
    if re.fullmatch(
        rf"(?i:(?:the )?(?:owners|members|shareholders) of)\s+(?i:{name})\b{tail}", label
    ):
        return "Owners of the Company"
    owners = r"(?i:(?:stock|share)(?:holders|owners)['’]?\s+equity)"
    if re.fullmatch(rf"(?i:Total\s+{name})\b{tail}\s+(?i:common\s+)?{owners}", label):
        return "Equity attributable to owners of the Company"
    whole = _LEGAL.sub("", company.strip())
    shares = re.compile(rf"(?i)\b{re.escape(whole)}(?:['’]s)? (?=(?:common|ordinary|preferred) )")
    if len(whole) > 2 and shares.search(label):
        return shares.sub("", label)
    return None
