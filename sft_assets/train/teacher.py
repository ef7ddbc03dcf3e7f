"""Distillation: a teacher's answers in the place of the data set's, where their numbers agree.

A teacher words an answer better than a template, and it also makes numbers up. Its answer is taken
only if it says the very numbers of the proven answer; other rows are dropped and counted.
"""

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from sft_assets.errors import SettingsError
from sft_assets.language_models.base_models import find_base
from sft_assets.language_models.chat import encode_prompt, refuse_other_format
from sft_assets.lineage.digests import sha256_of_file
from sft_assets.numbers import find_numbers
from sft_assets.train.recipe import Recipe, TeacherPart
from sft_assets.train.rows import read_conversations

Conversation = list[dict[str, str]]
KEPT_ANSWERS: Final = "teacher_answers.json"


def learn_from_teacher(
    conversations: Sequence[Conversation], recipe: Recipe, kept: Path | None = None
) -> tuple[list[Conversation], dict[str, int]]:
    """Return the conversations with the teacher's last answers, and how many were dropped why.

    Args:
        conversations: Questions with proven answers.
        recipe: Who the teacher is, if there is one.
        kept: A folder that outlives a killed training: a teacher is asked once.
    """
    if recipe.teacher is None:
        return list(conversations), {}
    answers = _answers(conversations, recipe.teacher, recipe, kept)
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


def teacher_digest(teacher: TeacherPart) -> str:
    """Return the identity of the teacher's files.

    Raises:
        SettingsError: If they are not there.
    """
    if teacher.answers is None:
        name = str(teacher.model)
        return find_base(name, None, Path(name)).digest
    if not Path(teacher.answers).is_file():
        raise SettingsError(
            f"teacher.answers is {teacher.answers}; expected a JSONL file of conversations"
        )
    return sha256_of_file(Path(teacher.answers))


def _answers(
    conversations: Sequence[Conversation], teacher: TeacherPart, recipe: Recipe, kept: Path | None
) -> list[str | None]:
    if teacher.answers is not None:
        teacher_digest(teacher)  # refuses a file that is not there
        said = {
            prompt_key(told): told[-1]["content"]
            for told in read_conversations(Path(teacher.answers))
        }
        return [said.get(prompt_key(messages)) for messages in conversations]
    known = kept / KEPT_ANSWERS if kept else None
    if known is not None and known.exists():
        answers: list[str | None] = json.loads(known.read_text(encoding="utf-8"))
        return answers
    answers = _ask(conversations, teacher, recipe)
    if known is not None:
        whole = known.with_suffix(f".{os.getpid()}.tmp")
        whole.write_text(json.dumps(answers, ensure_ascii=False), encoding="utf-8")
        whole.replace(known)
    return answers


def _ask(
    conversations: Sequence[Conversation], teacher: TeacherPart, recipe: Recipe
) -> list[str | None]:
    """Return the greedy answers of the teacher, which must speak the base's chat format."""
    import torch
    from transformers import AutoTokenizer

    from sft_assets.language_models.trained_models import load_trained

    folder = Path(str(teacher.model))
    own = AutoTokenizer.from_pretrained(str(folder))
    refuse_other_format(own)
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
