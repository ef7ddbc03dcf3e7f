"""Let a model answer: greedy, in batches, with the calculator and the prompt's numbers at hand.

Loaded only inside an evaluation process: importing this module loads torch and transformers.
"""

from collections.abc import Sequence
from typing import Any

import torch  # noqa: TID253 - runs only in an evaluation process
from transformers import LogitsProcessor, LogitsProcessorList  # noqa: TID253

from sft_assets.evaluate.calculator import result_to_fill_in
from sft_assets.evaluate.printed_numbers import PIECE, PrintedNumbers
from sft_assets.language_models.chat import IGNORED_LABEL, EncodedConversation

WINDOW = 240  # tokens looked back on for an open expression


class Calculator(LogitsProcessor):  # type: ignore[misc]
    """Force the computed result after ``<<expression=``, token by token."""

    def __init__(
        self, tokenizer: Any, prompt_width: int, numbers: Sequence[PrintedNumbers] = ()
    ) -> None:
        self._tokenizer = tokenizer
        self._prompt_width = prompt_width
        self._numbers = numbers  # of each row; a result may be repeated in the answer
        self._forced: dict[int, list[int]] = {}  # row -> tokens still to be put in
        self._equals = tokenizer("=", add_special_tokens=False)["input_ids"][-1]

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Return the scores of the next token of each row."""
        for row, last in enumerate(input_ids[:, -1].tolist()):  # once: each read of a GPU waits
            if not self._forced.get(row) and last == self._equals:
                self._open(row, input_ids[row])
            if self._forced.get(row):
                token = self._forced[row].pop(0)
                scores[row] = float("-inf")
                scores[row, token] = 0.0
        return scores

    def _open(self, row: int, ids: torch.Tensor) -> None:
        if ids.shape[0] == self._prompt_width:
            return
        written = self._tokenizer.decode(ids[self._prompt_width :][-WINDOW:])
        result = result_to_fill_in(written)
        if result is not None:
            text = f"{result}>>"
            self._forced[row] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
            if self._numbers:
                self._numbers[row].add(result)


class PrintedNumbersOnly(LogitsProcessor):  # type: ignore[misc]
    """Leave only tokens that go on in, or end, a number that may be written."""

    def __init__(
        self, tokenizer: Any, prompt_width: int, numbers: Sequence[PrintedNumbers]
    ) -> None:
        self._prompt_width = prompt_width
        self._numbers = numbers
        self._written = [""] * len(numbers)  # of the number at the end of each row
        texts = {token: tokenizer.decode([token]) for token in tokenizer.get_vocab().values()}
        self._pieces = {token: text for token, text in texts.items() if PIECE.fullmatch(text)}

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        """Return the scores of the next token of each row."""
        begins = input_ids.shape[1] == self._prompt_width
        for row, last in enumerate(input_ids[:, -1].tolist()):
            numbers, piece = self._numbers[row], self._pieces.get(last)
            told = "" if begins or piece is None else numbers.after(self._written[row], piece)
            self._written[row] = told
            fitting = [t for t, text in self._pieces.items() if numbers.may_go_on(told, text)]
            kept = scores[row, fitting].clone()
            if numbers.is_whole(told):
                scores[row, list(self._pieces)] = float("-inf")
            else:
                scores[row] = float("-inf")
            scores[row, fitting] = kept
        return scores


def generate_answers(
    model: Any,
    tokenizer: Any,
    prompts: Sequence[Sequence[int]],
    *,
    max_new_tokens: int,
    printed_numbers_only: bool = False,
) -> list[str]:
    """Return the model's answers to one batch of encoded prompts.

    Prompts are padded on the left, so that every answer begins at the same column.
    """
    width = max(len(prompt) for prompt in prompts)
    gaps = [width - len(prompt) for prompt in prompts]
    pad = int(tokenizer.pad_token_id)
    ids = [[pad] * gap + list(prompt) for prompt, gap in zip(prompts, gaps, strict=True)]
    mask = [[0] * gap + [1] * (width - gap) for gap in gaps]
    processors = LogitsProcessorList()
    numbers: list[PrintedNumbers] = []
    if printed_numbers_only:
        numbers = [PrintedNumbers([tokenizer.decode(list(prompt))]) for prompt in prompts]
        processors.append(PrintedNumbersOnly(tokenizer, width, numbers))
    processors.append(Calculator(tokenizer, width, numbers))
    with torch.no_grad():
        written = model.generate(
            input_ids=torch.tensor(ids, device=model.device),
            attention_mask=torch.tensor(mask, device=model.device),
            do_sample=False,
            max_new_tokens=max_new_tokens,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=pad,
            logits_processor=processors,
        )
    end = int(tokenizer.eos_token_id)
    return [_decoded(tokenizer, row[width:].tolist(), end) for row in written]


def _decoded(tokenizer: Any, tokens: list[int], end: int) -> str:
    kept = tokens[: tokens.index(end)] if end in tokens else tokens
    text: str = tokenizer.decode(kept, skip_special_tokens=True)
    return text.strip()


def answer_losses(
    model: Any, rows: Sequence[EncodedConversation], pad_id: int, batch_rows: int
) -> list[tuple[float, int]]:
    """Return for each row the summed loss of its reference answer and its number of tokens."""
    losses: list[tuple[float, int]] = []
    for start in range(0, len(rows), batch_rows):
        batch = rows[start : start + batch_rows]
        width = max(len(row.input_ids) for row in batch)
        ids = [[*row.input_ids, *[pad_id] * (width - len(row.input_ids))] for row in batch]
        with torch.no_grad():
            logits = model(input_ids=torch.tensor(ids, device=model.device)).logits
        for row, scores in zip(batch, logits, strict=True):
            labels = torch.tensor(row.labels[1:], device=model.device)
            learned = labels != IGNORED_LABEL
            loss = torch.nn.functional.cross_entropy(
                scores[: len(row.labels) - 1][learned].float(), labels[learned], reduction="sum"
            )
            losses.append((loss.item(), int(learned.sum())))
    return losses
