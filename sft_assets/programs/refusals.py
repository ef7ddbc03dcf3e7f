"""Why a program is not run."""

from sft_assets.errors import SftAssetsError

REFUSALS = {
    "unknown_fact": "the program names a fact that the pair does not have",
    "zero_base": "the base is zero, so no quotient exists",
    "negative_base": "the base is negative, so a percentage of it misleads",
    "sign_change": "the value and its base differ in sign, so a growth rate misleads",
    "mixed_unit": "the operands have different units",
    "mixed_currency": "the operands have different currencies",
    "mixed_metric": "the operands are different metrics",
    "mixed_company": "the operands belong to different companies",
    "mixed_scope": "the operands mix consolidated and parent figures",
    "mixed_basis": "the operands mix figures as reported and as restated",
    "mixed_period": "the operands belong to different periods",
    "not_consecutive": "the second operand is not of the fiscal year before the first",
    "not_an_amount": "the operand is a percentage, of which this function has no meaning",
    "wrong_order": "the operands are not in the order that the program claims",
    "nested_list": "descending() stands alone; its operands are facts",
}


class ProgramSyntaxError(SftAssetsError):
    """The text is no program."""

    exit_code = 2


class ProgramRefusedError(SftAssetsError):
    """The program is well formed, but its result would be wrong or misleading.

    Attributes:
        reason: A key of ``REFUSALS``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"program is refused: {reason}, since {REFUSALS[reason]}")
        self.reason = reason
