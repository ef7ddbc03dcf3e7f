"""How many tokens a conversation has for a model."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sft_assets.errors import SettingsError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TURN_TOKENS: Final = 5  # of the turn format: start, role, line end, end, line end
TOKENIZER_FILE: Final = "tokenizer.json"


def conversation_tokens(conversations: Sequence[Sequence[str]], folder: Path) -> list[int]:
    """Return the tokens of each conversation; a conversation is its turns, an empty one is none.

    Args:
        conversations: What is said, turn by turn.
        folder: The model's folder, or one that holds its ``tokenizer.json``.

    Raises:
        SettingsError: If the folder has no such file.
    """
    tokenizer = _tokenizer(folder)
    said = [turn for turns in conversations for turn in turns if turn]
    counts = iter([len(found.ids) for found in tokenizer.encode_batch(said)])
    return [sum(next(counts) + TURN_TOKENS for turn in turns if turn) for turns in conversations]


@cache
def _tokenizer(folder: Path) -> "Tokenizer":
    from tokenizers import Tokenizer

    file = folder / TOKENIZER_FILE
    if not file.is_file():
        raise SettingsError(
            f"tokenizer is {folder}; expected a folder with {TOKENIZER_FILE}\n"
            "hint: name the base model's folder in tokenizer_folder, or leave it out"
        )
    return Tokenizer.from_file(str(file))
