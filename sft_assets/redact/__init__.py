"""``normalized_pages`` in, ``redacted_pages`` and ``redactions`` out: personal identifiers masked.

Masked: resident ids, credit codes, phones, e-mail, bank cards and accounts, passports, each found
by form, checksum and the words before it. Left alone: names (statutory disclosure), amounts, and
every number that stands in a numeric table cell. The log holds place, kind and surrogate, never
the value; a surrogate cannot be turned back without the key.
"""
