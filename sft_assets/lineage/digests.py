"""Content digests: the same thing has the same id on every machine."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path

ID_HEX_DIGITS = 32  # 128 bits: no collision to be expected below 10^18 rows


def canonical_json(value: object) -> str:
    """Return ``value`` as JSON with sorted keys and no spaces, the same on every machine.

    A ``Decimal`` is written as a string in plain notation; a float is refused, because its
    decimal form is not the number that was printed.

    Raises:
        TypeError: If ``value`` holds a float or a type that JSON does not know.

    >>> canonical_json({"b": Decimal("1.50"), "a": [1, "x", None]})
    '{"a":[1,"x",null],"b":"1.50"}'
    """
    return json.dumps(
        _plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, float):
        raise TypeError("value is a float; expected int, str, bool, None, Decimal, list or dict")
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def digest_of(kind: str, *parts: object) -> str:
    """Return the id of ``parts`` as 32 hex digits; ``kind`` keeps two tables' ids apart.

    >>> digest_of("fact", "a", 1) == digest_of("fact", "a", 1)
    True
    >>> digest_of("fact", "a1") == digest_of("fact", "a", 1)
    False
    """
    text = canonical_json([kind, *parts])
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:ID_HEX_DIGITS]


def sha256_of_bytes(content: bytes) -> str:
    """Return the SHA-256 of ``content``, 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of the file's bytes, 64 hex digits, read in blocks."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
