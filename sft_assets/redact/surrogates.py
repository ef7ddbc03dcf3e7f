"""What stands where an identifier stood.

With a key, the same value has the same surrogate everywhere in a release, and only a holder of
the key can test a guess. Without one, identifiers are numbered by document in the order in which
they appear, and there is nothing to reverse.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from sft_assets.errors import SettingsError
from sft_assets.redact.page_view import LABELS_EN, LABELS_ZH

KEY_VARIABLE = "SFT_ASSETS_REDACTION_KEY"
_SHORTEST_KEY = 16
_LETTERS = "abcdefghijklmnop"  # a digit in a surrogate could look like a number of the report
_TOKEN_LENGTH = 12


def read_key(environment: Mapping[str, str] = os.environ) -> bytes | None:
    """Return the redaction key, or None when none is set.

    Raises:
        SettingsError: If the key is shorter than 16 characters; the key is not shown.
    """
    key = environment.get(KEY_VARIABLE, "")
    if key and len(key) < _SHORTEST_KEY:
        raise SettingsError(
            f"{KEY_VARIABLE} is {len(key)} characters long; expected at least {_SHORTEST_KEY}\n"
            "hint: set a long random key, or unset it to number identifiers by document"
        )
    return key.encode("utf-8") or None


@cache
def key_digest(key: bytes | None) -> str:
    """Return a digest that tells one key from another and is slow to guess the key from."""
    if key is None:
        return "none"
    return hashlib.pbkdf2_hmac("sha256", key, b"sft_assets.redaction_key", 200_000).hex()[:32]


@dataclass(slots=True)
class Surrogates:
    """Makes the surrogates of one document."""

    key: bytes | None = field(repr=False)
    chinese: bool = True
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict, repr=False)
    _counts: dict[str, int] = field(default_factory=dict)

    def of(self, kind: str, value: str) -> str:
        """Return the surrogate of ``value``.

        >>> numbered = Surrogates(key=None)
        >>> [numbered.of("mobile", value) for value in ("a", "b", "a")]
        ['[手机号:1]', '[手机号:2]', '[手机号:1]']
        """
        label = (LABELS_ZH if self.chinese else LABELS_EN)[kind]
        return f"[{label}:{self._token(kind, value)}]"

    def _token(self, kind: str, value: str) -> str:
        if self.key is not None:
            message = f"{kind}\0{value}".encode()
            mac = hmac.new(self.key, message, hashlib.sha256).digest()
            return "".join(_LETTERS[byte >> 4] for byte in mac[:_TOKEN_LENGTH])
        if (kind, value) not in self._numbers:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            self._numbers[kind, value] = self._counts[kind]
        return str(self._numbers[kind, value])
