"""The grammar: expressions separated by ``;``, each ``fN`` or ``name(expression, ...)``."""

import re
from dataclasses import dataclass

from sft_assets.programs.refusals import ProgramSyntaxError

ARITY = {  # function -> least and greatest number of arguments
    "growth": (2, 2),  # (this year - year before) / year before, in percent
    "ratio": (2, 2),  # first / second, in percent
    "multiple": (2, 2),  # first / second, as a plain number
    "difference": (2, 2),  # first - second
    "sum": (2, 99),
    "average": (2, 99),
    "per": (2, 2),  # first / second, an amount for each share or person
    "days": (2, 2),  # first / second * 365, in days
    "descending": (2, 99),  # no arithmetic: states that the operands fall in this order
}
MAX_LENGTH = 2000  # characters of a program
MAX_DEPTH = 8  # of nested calls

_TOKEN = re.compile(r"\s*(?:(f[1-9][0-9]{0,3})(?![a-z0-9_])|([a-z]+)|([(),;]))")


@dataclass(frozen=True, slots=True)
class Ref:
    """The fact at ``position`` (1-based) of the pair's ``fact_ids``."""

    position: int

    def __str__(self) -> str:
        return f"f{self.position}"


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments."""

    function: str
    arguments: tuple["Expression", ...]

    def __str__(self) -> str:
        return f"{self.function}({', '.join(str(a) for a in self.arguments)})"


Expression = Ref | Call


def parse_program(text: str) -> tuple[Expression, ...]:
    """Return the expressions of ``text``; joined by ``"; "`` they give the canonical program.

    Raises:
        ProgramSyntaxError: If ``text`` is not of the grammar, too long or too deep.

    >>> [str(e) for e in parse_program("growth( f1,f2 ) ;f3")]
    ['growth(f1, f2)', 'f3']
    """
    if len(text) > MAX_LENGTH:
        raise ProgramSyntaxError(
            f"program is {len(text)} characters long; expected at most {MAX_LENGTH}"
        )
    tokens = _tokens(text)
    expressions: list[Expression] = []
    at = 0
    while True:
        expression, at = _expression(tokens, at, MAX_DEPTH)
        expressions.append(expression)
        if at == len(tokens):
            return tuple(expressions)
        _expect(tokens, at, ";")
        at += 1


def references(expression: Expression) -> list[int]:
    """Return the fact positions that ``expression`` names, in order of appearance."""
    if isinstance(expression, Ref):
        return [expression.position]
    return [position for argument in expression.arguments for position in references(argument)]


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            raise ProgramSyntaxError(
                f"program has an unknown sign at {at}; expected fN, a function name or one of (),;"
            )
        tokens.append(match.group(match.lastindex or 0))
        at = match.end()
    return tokens


def _expression(tokens: list[str], at: int, depth: int) -> tuple[Expression, int]:
    if at >= len(tokens):
        raise ProgramSyntaxError("program ends early; expected fN or a function name")
    word = tokens[at]
    if re.fullmatch(r"f[0-9]+", word):
        return Ref(int(word[1:])), at + 1
    if word not in ARITY:
        raise ProgramSyntaxError(
            f"token {at + 1} of the program is no function; expected one of {', '.join(ARITY)}"
        )
    if depth == 0:
        raise ProgramSyntaxError(f"program is deeper than {MAX_DEPTH} calls; expected fewer")
    _expect(tokens, at + 1, "(")
    arguments: list[Expression] = []
    at += 2
    while True:
        argument, at = _expression(tokens, at, depth - 1)
        arguments.append(argument)
        if at < len(tokens) and tokens[at] == ")":
            break
        _expect(tokens, at, ",")
        at += 1
    least, greatest = ARITY[word]
    if not least <= len(arguments) <= greatest:
        raise ProgramSyntaxError(
            f"{word} has {len(arguments)} arguments; expected {least} to {greatest}"
        )
    return Call(word, tuple(arguments)), at + 1


def _expect(tokens: list[str], at: int, sign: str) -> None:
    if at >= len(tokens) or tokens[at] != sign:
        raise ProgramSyntaxError(f"token {at + 1} of the program is not {sign!r}; expected it here")
