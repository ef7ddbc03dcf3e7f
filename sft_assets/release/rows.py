"""What a trainer reads: one conversation a row, in three notations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Json = dict[str, object]
ReasoningMode = Literal["always", "asked", "never"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One training example; ``context`` and ``system`` may be empty."""

    system: str
    context: str
    question: str
    answer: str

    @property
    def user(self) -> str:
        """What the user says: passage first, then the question."""
        return f"{self.context}\n\n{self.question}" if self.context else self.question


def conversation_of(
    pair: Mapping[str, object], system: str, reasoning: ReasoningMode
) -> Conversation:
    """Return a pair as a conversation.

    ``always`` puts the calculation before every computed answer, so that a calculator can fill in
    the result while the model writes; ``asked`` only where the question asks for steps.
    """
    steps = pair.get("reasoning")
    if reasoning == "never" or (reasoning == "asked" and pair.get("augmentation") != "cot"):
        steps = None
    answer = f"{steps}\n{pair['answer']}" if steps else str(pair["answer"])
    return Conversation(system, str(pair.get("context") or ""), str(pair["question"]), answer)


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


FORMATS = {"alpaca": as_alpaca, "sharegpt": as_sharegpt, "openai_messages": as_openai}


def dataset_info(formats: tuple[str, ...], splits: tuple[str, ...]) -> Json:
    """Return LLaMA-Factory's description of the files."""
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
    return {
        f"sft_assets_{name}_{split}": {"file_name": f"{name}/{split}.jsonl", **described[name]}
        for name in formats
        for split in splits
    }
