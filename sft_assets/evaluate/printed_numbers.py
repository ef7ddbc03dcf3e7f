"""Hold a model's numbers to those that its prompt prints: choosing one is its job, not spelling.

A number of eleven digits has eleven chances to go wrong. Where an answer may only quote, none of
them is needed: each digit that is written must go on in a number of the prompt, with or without
its separators, or in a result of the calculator. Which number is right stays the model's choice.
"""

import re
from collections.abc import Iterable
from typing import Final

NUMBER: Final = re.compile(r"\d(?:[\d,]*\d)?(?:\.\d+)?")
PIECE: Final = re.compile(r"[\d.,]+")  # what a token of a number consists of
MARKS: Final = frozenset(",.")  # may stand in a number and after one
CONSTANTS: Final = ("100", "2", "3")  # of formulas: per cent, averages


class PrintedNumbers:
    """Numbers that may be written, by their beginnings."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._whole: set[str] = set()
        self._beginnings: set[str] = {""}
        for text in (*texts, *CONSTANTS):
            self.add(text)

    def add(self, text: str) -> None:
        """Allow the numbers of ``text`` as well."""
        for printed in NUMBER.findall(text):
            for number in {printed, printed.replace(",", "")}:
                self._whole.add(number)
                self._beginnings.update(number[:end] for end in range(1, len(number) + 1))

    def is_whole(self, written: str) -> bool:
        """Tell whether a number may end here; also where none was begun.

        >>> numbers = PrintedNumbers(["1,200.50元"])
        >>> [numbers.is_whole(text) for text in ("1,200.50", "1200.50", "1,200", "")]
        [True, True, False, True]
        """
        return not written or written in MARKS or written in self._whole

    def may_go_on(self, written: str, piece: str) -> bool:
        """Tell whether ``piece`` of a number may follow what is written of it.

        A comma or full stop may also end a number; a digit may not follow it then.

        >>> numbers = PrintedNumbers(["1,200.50元，第12页"])
        >>> [numbers.may_go_on("1", piece) for piece in ("2", ",", "3")]
        [True, True, False]
        >>> numbers.may_go_on("12", ",")
        True
        """
        if written + piece in self._beginnings:
            return True
        return piece in MARKS and written not in MARKS and self.is_whole(written)

    def after(self, written: str, piece: str) -> str:
        """Return what is written of a number after ``piece``; the mark alone if it ended one.

        >>> PrintedNumbers(["870 and 5"]).after("870", ","), PrintedNumbers(["5"]).after("", "5")
        (',', '5')
        """
        return written + piece if written + piece in self._beginnings else piece
