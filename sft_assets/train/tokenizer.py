"""The base model's tokenizer: made by this module alone, offline, the same bytes every time.

Chinese characters and digits are single tokens, so that a model copies an amount digit by digit
and never meets a merged ``,123``. English words are merged, since spelling them out would make
English prompts four times as long. What is in no list falls back to bytes: any text encodes.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sft_assets.train import base_terms

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

PADDING: Final = "<|endoftext|>"
TURN_START: Final = "<|im_start|>"
TURN_END: Final = "<|im_end|>"
SPECIAL_TOKENS: Final = (PADDING, TURN_START, TURN_END)
CONTEXT_TOKENS: Final = 4096

CHAT_TEMPLATE: Final = (
    "{%- for message in messages -%}"
    "{{- '<|im_start|>' + message['role'] + '\\n' -}}"
    "{%- if message['role'] == 'assistant' -%}"
    "{%- generation -%}{{- message['content'] + '<|im_end|>' -}}{%- endgeneration -%}{{- '\\n' -}}"
    "{%- else -%}{{- message['content'] + '<|im_end|>\\n' -}}{%- endif -%}"
    "{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}"
)
"""Qwen's turn format; ``generation`` marks what the loss covers: the answer and its end."""

ENGLISH_MERGES: Final = 900
_PIECES: Final = r" ?[A-Za-z]+|[\s\S]"  # a word with its space, or any one character


def build_tokenizer() -> "PreTrainedTokenizerFast":
    """Return the tokenizer.

    >>> tokenizer = build_tokenizer()
    >>> tokenizer.tokenize("净利润-1,205.30%")
    ['净', '利', '润', '-', '1', ',', '2', '0', '5', '.', '3', '0', '%']
    """
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    merged, merges = _learn_english()
    single = [chr(code) for code in range(32, 127)] + ["\n", "\t", "\u3000"]
    single += [*base_terms.PUNCTUATION, *base_terms.COMMON_CHARACTERS]
    fallback = [f"<0x{byte:02X}>" for byte in range(256)]
    words = dict.fromkeys([*SPECIAL_TOKENS, *fallback, *single, *merged])  # first one wins
    vocabulary = {token: index for index, token in enumerate(words)}

    bpe = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, byte_fallback=True))
    bpe.pre_tokenizer = pre_tokenizers.Split(Regex(_PIECES), behavior="isolated")
    bpe.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
    bpe.add_special_tokens(list(SPECIAL_TOKENS))
    return PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        eos_token=TURN_END,
        pad_token=PADDING,
        model_max_length=CONTEXT_TOKENS,
        chat_template=CHAT_TEMPLATE,
        clean_up_tokenization_spaces=False,
    )


def save_tokenizer(folder: Path) -> None:
    """Write the tokenizer's files to ``folder``."""
    build_tokenizer().save_pretrained(str(folder))


def _learn_english() -> tuple[list[str], list[tuple[str, str]]]:
    """Return the merged tokens and their merges, learned from the project's own English words."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

    learner = Tokenizer(models.BPE())
    learner.pre_tokenizer = pre_tokenizers.Split(Regex(_PIECES), behavior="isolated")
    letters = [chr(code) for code in (*range(65, 91), *range(97, 123))]
    trainer = trainers.BpeTrainer(
        vocab_size=len(letters) + 1 + ENGLISH_MERGES,
        initial_alphabet=[*letters, " "],
        limit_alphabet=len(letters) + 1,
        min_frequency=1,
        show_progress=False,
    )
    learner.train_from_iterator(_english_text(), trainer)
    model: dict[str, Any] = json.loads(learner.to_str())["model"]
    merges = [(str(left), str(right)) for left, right in model["merges"]]
    return [left + right for left, right in merges], merges


def _english_text() -> Iterable[str]:
    phrases = (
        *base_terms.AMOUNT_LABELS_EN,
        *base_terms.RATE_LABELS_EN,
        *base_terms.PER_SHARE_LABELS_EN,
        *base_terms.COUNT_LABELS_EN,
        *base_terms.UNITS_EN,
        *base_terms.COMPANY_TAILS_EN,
        *base_terms.SYLLABLES_EN,
        *base_terms.FILLERS_EN,
        *base_terms.ENGLISH_WORDS,
    )
    for phrase in phrases:
        yield phrase
        yield f" {phrase}"
        yield f" {phrase.lower()}"
