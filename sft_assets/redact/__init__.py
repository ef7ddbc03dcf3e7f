"""``normalized_pages`` in, ``redacted_pages`` and ``redactions`` out: personal identifiers masked.

Masked: identity cards, phones, mail, bank cards and accounts, passports, credit codes, addresses
of persons, each found by form, checksum and the words before it; names of people where a setting
asks for it. Left alone: a company's registered address, amounts, and every number that stands in a
numeric table cell. The log holds place, kind and surrogate, never the value; a surrogate cannot be
turned back without the key.
"""
