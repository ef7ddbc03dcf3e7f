"""Distillation: a teacher's answers in the place of the data set's, where their numbers agree.

A teacher words an answer better than a template, and it also makes numbers up. Its answer is taken
only if it says the very numbers of the proven answer; other rows are dropped and counted.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sft_assets.errors import SettingsError
from sft_assets.language_models.chat import encode_prompt
from sft_assets.numbers import find_numbers
from sft_assets.train.recipe import Recipe, TeacherPart
from sft_assets.train.rows import read_conversations

Conversation = list[dict[str, str]]


def learn_from_teacher(
    conversations: Sequence[Conversation], recipe: Recipe, tokenizer: Any
) -> tuple[list[Conversation], dict[str, int]]:
    """Return the conversations with the teacher's last answers, and how many were dropped why."""
    if recipe.teacher is None:
        return list(conversations), {}
    answers = _answers(conversations, recipe.teacher, tokenizer, recipe)
    taught: list[Conversation] = []
    dropped = {"no_teacher_answer": 0, "teacher_has_other_numbers": 0}
    for messages, answer in zip(conversations, answers, strict=True):
        if answer is None or not answer.strip():
            dropped["no_teacher_answer"] += 1
        elif printed_numbers(answer) != printed_numbers(messages[-1]["content"]):
            dropped["teacher_has_other_numbers"] += 1
        else:
            taught.append([*messages[:-1], {"role": "assistant", "content": answer}])
    return taught, dropped


def printed_numbers(text: str) -> Counter[str]:
    """Return how often each number stands in ``text``, in its base unit.

    >>> printed_numbers("收入1,200万元") == printed_numbers("12,000,000元的收入")
    True
    """
    values = ((span.in_base_unit, span.printed) for span in find_numbers(text))
    return Counter(
        printed if value is None else f"{value.normalize():f}" for value, printed in values
    )


def prompt_key(messages: Sequence[dict[str, str]]) -> str:
    """Return what identifies a question: all that is said before its answer."""
    return json.dumps([[turn["role"], turn["content"]] for turn in messages[:-1]])


def _answers(
    conversations: Sequence[Conversation], teacher: TeacherPart, tokenizer: Any, recipe: Recipe
) -> list[str | None]:
    if teacher.answers is not None:
        path = Path(teacher.answers)
        if not path.is_file():
            raise SettingsError(
                f"teacher.answers is {path}; expected a JSONL file of conversations"
            )
        said = {prompt_key(told): told[-1]["content"] for told in read_conversations(path)}
        return [said.get(prompt_key(messages)) for messages in conversations]
    return _ask(conversations, teacher, tokenizer, recipe)


def _ask(
    conversations: Sequence[Conversation], teacher: TeacherPart, tokenizer: Any, recipe: Recipe
) -> list[str | None]:
    """Return the greedy answers of the teacher, which must speak the base's chat format."""
    import torch
    from transformers import AutoTokenizer

    from sft_assets.language_models.trained_models import load_trained

    del tokenizer
    folder = Path(teacher.model or "")
    own = AutoTokenizer.from_pretrained(str(folder))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = load_trained(folder, torch.float32).to(device).eval()
    limit = recipe.data.max_tokens
    answers: list[str | None] = []
    for messages in conversations:
        prompt = encode_prompt(own, messages[:-1])
        if limit != "auto" and len(prompt) > limit:
            answers.append(None)
            continue
        with torch.no_grad():
            written = model.generate(
                input_ids=torch.tensor([prompt], device=device),
                attention_mask=torch.ones(1, len(prompt), dtype=torch.long, device=device),
                do_sample=False,
                max_new_tokens=teacher.max_new_tokens,
                eos_token_id=own.eos_token_id,
                pad_token_id=own.pad_token_id or own.eos_token_id,
            )
        answers.append(own.decode(written[0, len(prompt) :], skip_special_tokens=True).strip())
    return answers
