"""What a trainer reads: one conversation a row, in three notations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Json = dict[str, object]
ReasoningMode = Literal["always", "asked", "never"]
ReasoningForm = Literal["plain", "think"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One training example; ``context`` and ``system`` may be empty."""

    system: str
    context: str
    question: str
    answer: str  # with its steps before it, where the settings want them
    thinking: str = ""  # the steps alone
    conclusion: str = ""  # the answer alone
    rejected: str = ""  # a wrong answer to the same question; empty without

    @property
    def user(self) -> str:
        """What the user says: passage first, then the question."""
        return f"{self.context}\n\n{self.question}" if self.context else self.question


def conversation_of(
    pair: Mapping[str, object],
    system: str,
    reasoning: ReasoningMode,
    form: ReasoningForm = "plain",
) -> Conversation:
    """Return a pair as a conversation.

    ``always`` puts the calculation before every computed answer, so that a calculator can fill in
    the result while the model writes; ``asked`` only where the question asks for steps. The form
    ``think`` wraps it in ``<think>`` tags, as reasoning models write it.
    """
    steps, plain = pair.get("reasoning"), str(pair["answer"])
    thinking = str(steps or "")
    if reasoning == "never" or (reasoning == "asked" and pair.get("augmentation") != "cot"):
        steps = None
    answer = plain
    if steps:
        answer = tagged(thinking, plain) if form == "think" else f"{steps}\n{plain}"
    return Conversation(
        system, str(pair.get("context") or ""), str(pair["question"]), answer, thinking, plain
    )


def preference_of(pair: Mapping[str, object], system: str) -> Conversation | None:
    """Return the question of a critique with its right and its wrong answer; None without one.

    The critique shows the wrong answer below the question that it answers, and its own answer ends
    with the right one.
    """
    rejected = pair.get("rejected")
    if not rejected:
        return None
    asked = str(pair["question"]).partition(str(rejected))[0].rpartition("\n")[0]
    answer = str(pair["answer"])
    chosen = next((answer.partition(m)[2] for m in CORRECTED if m in answer), "").strip()
    if not asked or not chosen or chosen == rejected:
        return None
    context = str(pair.get("context") or "")
    return Conversation(system, context, asked, chosen, conclusion=chosen, rejected=str(rejected))


def as_openai(conversation: Conversation) -> Json:
    """Return the OpenAI-messages form.

    >>> as_openai(Conversation("", "", "Hi", "Hello"))
    {'messages': [{'role': 'user', 'content': 'Hi'}, {'role': 'assistant', 'content': 'Hello'}]}
    """
    system = [("system", conversation.system)] if conversation.system else []
    turns = [*system, ("user", conversation.user), ("assistant", conversation.answer)]
    return {"messages": [{"role": role, "content": content} for role, content in turns]}


def as_sharegpt(conversation: Conversation) -> Json:
    """Return the ShareGPT form."""
    return {
        "conversations": [
            {"from": "human", "value": conversation.user},
            {"from": "gpt", "value": conversation.answer},
        ],
        "system": conversation.system,
    }


def as_alpaca(conversation: Conversation) -> Json:
    """Return the Alpaca form."""
    return {
        "instruction": conversation.question,
        "input": conversation.context,
        "output": conversation.answer,
        "system": conversation.system,
    }


def as_prompt_completion(conversation: Conversation) -> Json:
    """Return prompt and completion as plain text (TRL's standard form).

    The prompt ends its line: trainers put the two together, and without it the last word of the
    question and the first of the answer would become one.
    """
    system = f"{conversation.system}\n\n" if conversation.system else ""
    return {"prompt": f"{system}{conversation.user}\n", "completion": conversation.answer}


def as_preference(conversation: Conversation) -> Json:
    """Return prompt, chosen and rejected answer (TRL's standard form, LLaMA-Factory's ranking)."""
    return {
        "prompt": conversation.user,
        "chosen": conversation.conclusion,
        "rejected": conversation.rejected,
        "system": conversation.system,
    }


def as_preference_messages(conversation: Conversation) -> Json:
    """Return the same as messages, to which a trainer applies the model's own chat template."""
    system = [("system", conversation.system)] if conversation.system else []
    prompt = [*system, ("user", conversation.user)]
    return {
        "prompt": [{"role": role, "content": content} for role, content in prompt],
        "chosen": [{"role": "assistant", "content": conversation.conclusion}],
        "rejected": [{"role": "assistant", "content": conversation.rejected}],
    }


def as_cot(conversation: Conversation) -> Json:
    """Return question, thinking and answer apart, and the last two as a reasoning model says them.

    A trainer that knows only a question and a response reads ``response``; without it, it would
    train on the answer and leave the thinking out.
    """
    return {
        "question": conversation.user,
        "thinking": conversation.thinking,
        "answer": conversation.conclusion,
        "response": tagged(conversation.thinking, conversation.conclusion),
        "system": conversation.system,
    }


def tagged(thinking: str, answer: str) -> str:
    """Return an answer after its thinking in tags, as reasoning models write it."""
    return f"<think>\n{thinking}\n</think>\n\n{answer}"


CORRECTED = ("更正：", "Corrected: ")  # what stands before the right answer of a critique
FORMATS = {  # one line a released row
    "alpaca": as_alpaca,
    "sharegpt": as_sharegpt,
    "openai_messages": as_openai,
    "prompt_completion": as_prompt_completion,
}
PART_FORMATS = {  # what a row must have, to be one line of the form
    "preference": ("preference", as_preference),
    "preference_messages": ("preference", as_preference_messages),
    "cot": ("cot", as_cot),
}


def dataset_info(rows: Mapping[str, Mapping[str, int]]) -> Json:
    """Return LLaMA-Factory's description of the files; ``rows`` is format -> split -> lines.

    A file without lines is left out, since no loader reads one, and so are preferences as
    messages, which LLaMA-Factory has in its own notation.
    """
    described: dict[str, Json] = {
        "alpaca": {
            "columns": {
                "prompt": "instruction",
                "query": "input",
                "response": "output",
                "system": "system",
            }
        },
        "sharegpt": {
            "formatting": "sharegpt",
            "columns": {"messages": "conversations", "system": "system"},
        },
        "openai_messages": {
            "formatting": "sharegpt",
            "columns": {"messages": "messages"},
            "tags": {
                "role_tag": "role",
                "content_tag": "content",
                "user_tag": "user",
                "assistant_tag": "assistant",
                "system_tag": "system",
            },
        },
    }
    described["prompt_completion"] = {"columns": {"prompt": "prompt", "response": "completion"}}
    described["preference"] = {
        "ranking": True,
        "columns": {
            "prompt": "prompt",
            "chosen": "chosen",
            "rejected": "rejected",
            "system": "system",
        },
    }
    described["cot"] = {
        "columns": {"prompt": "question", "response": "response", "system": "system"}
    }
    return {
        f"sft_assets_{name}_{split}": {"file_name": f"{name}/{split}.jsonl", **described[name]}
        for name, splits in rows.items()
        for split, count in splits.items()
        if count and name in described
    }
