"""Every error that the project raises on purpose, in one small tree.

A message reads ``<what> is <got>; expected <rule>`` and ends with ``hint:`` and the next action.
It names a place (document, page, column) and never holds page text, a matched entity or a secret.
"""


class SftAssetsError(Exception):
    """Base of the tree. ``exit_code`` is what the command line ends with."""

    exit_code = 1


class SettingsError(SftAssetsError):
    """A setting or argument that cannot work; nothing was started."""

    exit_code = 2


class StoreError(SftAssetsError):
    """A published version is missing, incomplete, or its bytes do not have their recorded hash."""

    exit_code = 3


class NotPublishedError(StoreError):
    """An input that has no published version yet."""


class LockHeldError(StoreError):
    """Another living process writes this partition."""


class GateError(SftAssetsError):
    """An audit refused to publish; the last good version stays current."""

    exit_code = 4


class LedgerError(GateError):
    """Rows in do not equal rows kept, dropped and quarantined."""


class RedactionError(SftAssetsError):
    """A page that could not be redacted; its text and the cause's message are withheld."""


class RejectedDocumentError(SftAssetsError):
    """A document that the pipeline refuses; ``reason`` is the typed code that goes into the table.

    Attributes:
        reason: One of ``sft_assets.schemas.rejections.REASONS``.
    """

    exit_code = 5

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
