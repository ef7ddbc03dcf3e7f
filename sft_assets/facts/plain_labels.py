"""English row labels without what only this report adds: notes, allowances, the company's name."""

import re

_NOTE = re.compile(r"\s*\((?:see )?notes?\b[^()]*\)", re.I)
_CLAUSE = re.compile(
    r"\s*(?:,|[-–—]|\()\s*(?:net of|less|including|excluding|exclusive of)\b[^()]*\d.*$", re.I
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
    ['Receivables, net of allowance of $5 and $6', 'Receivables, net']
    >>> plain_labels("Net income attributable to Example", "Example Inc.")[1]
    'Net income attributable to the Company'
    """
    forms = [label]
    without_note = _NOTE.sub("", label).strip()
    forms.append(without_note)
    cut = _CLAUSE.sub("", without_note)
    if cut != without_note:
        is_net = bool(re.search(r"(?i)\bnet of\b", without_note[len(cut) :]))
        forms += [f"{cut}, net"] if is_net else [cut]
    forms += [form for base in tuple(forms) if (form := _without_company(base, company))]
    forms += [form for base in tuple(forms) if (form := _cash_total(base))]
    return list(dict.fromkeys(form for form in forms if form))


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
            rf"{_CASH},? ?[-–—]? ?(?:at )?(?:the )?beginning of (?:the )?(?:financial |fiscal )?"
            r"(?:year|period)",
            re.I,
        ),
        "Cash and cash equivalents at beginning of year",
    ),
    (
        re.compile(
            rf"{_CASH},? ?[-–—]? ?(?:at )?(?:the )?end of (?:the )?(?:financial |fiscal )?"
            r"(?:year|period)(?:, represented by.*)?",
            re.I,
        ),
        "Cash and cash equivalents at end of year",
    ),
    *(
        (
            re.compile(
                r"(?:total )?(?:net )?cash (?:flows? )?(?:\(?(?:provided by|used (?:in|for|by)|"
                r"generated (?:from|by)|from|required by|used)\)?[ /]*(?:and |or )?)+"
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
        return attributable
    owners_of = re.sub(
        rf"(?i:\battributable to (?:the )?(?:owners|members|shareholders|equity holders) of)\s+"
        rf"(?i:{name})\b{tail}$",
        "attributable to owners of the Company",
        label,
    )
    if owners_of != label:
        return owners_of
    owners = r"(?i:(?:stock|share)(?:holders|owners)['’]?\s+equity)"
    if re.fullmatch(rf"(?i:Total\s+{name})\b{tail}\s+(?i:common\s+)?{owners}", label):
        return "Equity attributable to owners of the Company"
    return None
