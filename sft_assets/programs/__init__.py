"""Answer programs: the arithmetic behind an answer, as text that anybody can run again.

A program names the facts of its pair by position, ``growth(f1, f2)``, and may hold several
expressions separated by ``;``. Nothing is ever passed to ``eval``. What cannot be computed
honestly (a base of zero, another currency, another metric) is refused with a typed reason.
"""

from sft_assets.programs.evaluate import (
    Outcome,
    evaluate,
    rederive,
    without_currency_mark,
)
from sft_assets.programs.operands import Operand, operand_from_row
from sft_assets.programs.refusals import ProgramRefusedError, ProgramSyntaxError
from sft_assets.programs.syntax import Call, Ref, parse_program
from sft_assets.programs.wording import (
    calculation_text,
    derived_numbers,
    formula_text,
    operand_text,
    symbolic_text,
)

__all__ = [
    "Call",
    "Operand",
    "Outcome",
    "ProgramRefusedError",
    "ProgramSyntaxError",
    "Ref",
    "calculation_text",
    "derived_numbers",
    "evaluate",
    "formula_text",
    "operand_from_row",
    "operand_text",
    "parse_program",
    "rederive",
    "symbolic_text",
    "without_currency_mark",
]
