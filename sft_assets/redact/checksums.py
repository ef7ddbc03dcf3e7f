"""Checksums of identifiers. Pure; each takes the bare characters, without separators."""

import datetime as dt
import re

_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")  # GB/T 2260
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def is_resident_id(number: str) -> bool:
    """Return whether ``number`` is a valid 18-character resident id.

    Source: GB 11643-1999, sections 3 and 4: region (GB/T 2260), date of birth, sequence, and a
    check character by ISO 7064 MOD 11-2.

    >>> is_resident_id("11010519491231002X"), is_resident_id("110105194912310021")
    (True, False)
    """
    body, check = number[:17], number[17:].upper()
    if len(number) != 18 or not _is_digits(body) or not _is_region_and_date(body[:14]):
        return False
    return _check_character(body) == check


def is_resident_id_of_15(number: str) -> bool:
    """Return whether ``number`` can be a resident id of the first generation (no check digit).

    Source: GB 11643-1989; year of birth in two digits, 1900-1999.

    >>> is_resident_id_of_15("110105491231002"), is_resident_id_of_15("123456789012345")
    (True, False)
    """
    return (
        len(number) == 15
        and _is_digits(number)
        and _is_region_and_date(f"{number[:6]}19{number[6:12]}")
    )


def resident_id_of_18(number: str) -> str:
    """Return the second-generation number of the person with this 15-digit resident id.

    Source: GB 11643-1999: the century is put in and the check character added.

    >>> resident_id_of_18("110105491231002")
    '11010519491231002X'
    """
    body = f"{number[:6]}19{number[6:]}"
    return body + _check_character(body)


def _check_character(body: str) -> str:
    total = sum(int(digit) << (17 - at) for at, digit in enumerate(body))
    return "10X98765432"[total % 11]


def _is_region_and_date(digits: str) -> bool:
    """Return whether six digits of region and eight of a date are possible."""
    if not _PROVINCES.match(digits) or not 1900 <= int(digits[6:10]) <= 2099:
        return False
    try:
        dt.date(int(digits[6:10]), int(digits[10:12]), int(digits[12:14]))
    except ValueError:
        return False
    return True


def is_credit_code(code: str) -> bool:
    """Return whether ``code`` is a valid unified social credit identifier.

    Source: GB 32100-2015, sections 4 and 5: 17 characters of a 31-letter alphabet weighted by
    powers of 3 modulo 31, and a check character.

    >>> is_credit_code("91350100M000100Y43"), is_credit_code("91350100M000100Y44")
    (True, False)
    """
    code = code.upper()
    if len(code) != 18 or any(char not in _CREDIT_ALPHABET for char in code):
        return False
    if not _is_digits(code[2:8]):
        return False
    pairs = zip(code, _CREDIT_WEIGHTS, strict=False)
    total = sum(_CREDIT_ALPHABET.index(char) * weight for char, weight in pairs)
    return _CREDIT_ALPHABET[(31 - total % 31) % 31] == code[17]


def passes_luhn(number: str) -> bool:
    """Return whether the last digit is the Luhn check digit of the others.

    Source: ISO/IEC 7812-1, annex B.

    >>> passes_luhn("4111111111111111"), passes_luhn("4111111111111112")
    (True, False)
    """
    if not _is_digits(number):
        return False
    total = 0
    for at, digit in enumerate(reversed(number)):
        doubled = int(digit) * (1 + at % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def is_hong_kong_id(number: str) -> bool:
    """Return whether ``number`` is a valid Hong Kong identity card number, e.g. A1234563.

    Source: Registration of Persons Regulations (Cap. 177A): letters A-Z count 10-35, a blank
    before a single letter 36, weights 9 to 2, check digit modulo 11 (10 is written A).

    >>> is_hong_kong_id("A1234563"), is_hong_kong_id("A1234567")
    (True, False)
    """
    letters = number[:-7].upper()
    if not (1 <= len(letters) <= 2 and letters.isascii() and letters.isalpha()):
        return False
    values = [36] * (2 - len(letters)) + [ord(letter) - 55 for letter in letters]
    values += [int(digit) for digit in number[-7:-1] if digit in "0123456789"]
    if len(values) != 8:
        return False
    check = (11 - sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True)) % 11) % 11
    return number[-1].upper() == "0123456789A"[check]


def _is_digits(text: str) -> bool:
    """Return whether ``text`` is ASCII digits only; ``str.isdigit`` takes other scripts too."""
    return bool(text) and text.isascii() and text.isdigit()
