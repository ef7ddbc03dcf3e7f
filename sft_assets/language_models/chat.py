"""Turn a conversation into token ids and a loss mask: only answers are learned.

Built from the messages themselves rather than by searching the rendered text for the assistant's
marker, which breaks as soon as a report quotes that marker.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sft_assets.errors import SettingsError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

IGNORED_LABEL: Final = -100  # what torch's cross entropy leaves out

TURN_START: Final = "<|im_start|>"

Message = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EncodedConversation:
    """Token ids and labels of one conversation, of equal length."""

    input_ids: tuple[int, ...]
    labels: tuple[int, ...]  # the token id where it is learned, else IGNORED_LABEL


def encode_conversation(
    tokenizer: "PreTrainedTokenizerFast", messages: Sequence[Message]
) -> EncodedConversation:
    """Return ``messages`` in the chat format; labels cover each answer and the token that ends it.

    Text that spells a control token such as ``<|im_end|>`` is encoded as the characters it is, so
    that a document cannot close its turn and speak as someone else.
    """
    ids: list[int] = []
    labels: list[int] = []

    def add(tokens: Sequence[int], *, learned: bool) -> None:
        ids.extend(tokens)
        labels.extend(tokens if learned else [IGNORED_LABEL] * len(tokens))

    for message in messages:
        add(_turn_start(tokenizer, message["role"]), learned=False)
        content = [*_plain(tokenizer, message["content"]), int(tokenizer.eos_token_id)]
        add(content, learned=message["role"] == "assistant")
        add(_plain(tokenizer, "\n"), learned=False)
    return EncodedConversation(tuple(ids), tuple(labels))


def refuse_other_format(tokenizer: "PreTrainedTokenizerFast") -> None:
    """Refuse a tokenizer without the tokens that the chat format is written with.

    Raises:
        SettingsError: Then; its words would be spelled out, and no turn would ever end.
    """
    start = tokenizer.convert_tokens_to_ids(TURN_START)
    if start is None or start == tokenizer.unk_token_id:
        raise SettingsError(
            f"tokenizer has no token {TURN_START}; expected one that knows Qwen's chat format. "
            "hint: add <|im_start|> and <|im_end|> to the base's special tokens"
        )
    if tokenizer.eos_token_id is None:
        raise SettingsError("tokenizer has no end token; expected one that ends an answer")


def encode_prompt(
    tokenizer: "PreTrainedTokenizerFast", messages: Sequence[Message]
) -> tuple[int, ...]:
    """Return ``messages`` in the chat format with the assistant's turn opened."""
    asked = encode_conversation(tokenizer, messages).input_ids
    return (*asked, *_turn_start(tokenizer, "assistant"))


def _turn_start(tokenizer: "PreTrainedTokenizerFast", role: str) -> list[int]:
    start = int(tokenizer.convert_tokens_to_ids(TURN_START))
    return [start, *_plain(tokenizer, f"{role}\n")]


def _plain(tokenizer: "PreTrainedTokenizerFast", text: str) -> list[int]:
    ids = tokenizer(text, add_special_tokens=False, split_special_tokens=True)["input_ids"]
    return [int(token) for token in ids]
