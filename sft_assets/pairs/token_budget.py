"""How long a text is for a model, before any tokenizer is chosen."""

import re

_UNIT = re.compile(r"[0-9]|[A-Za-z]+|[^\sA-Za-z0-9]")
LETTERS_A_TOKEN = 4


def count_tokens(text: str) -> int:
    """Return an estimate of the tokens of ``text``, rather too high than too low.

    A digit, a Chinese character and a punctuation mark are one each (digits are single tokens in
    the models that this data is for), a Latin word one for every four letters.

    >>> count_tokens("收入1,234元"), count_tokens("revenue of 12")
    (8, 5)
    """
    return sum(
        -(-len(unit) // LETTERS_A_TOKEN) if unit.isascii() and unit.isalpha() else 1
        for unit in _UNIT.findall(text)
    )
