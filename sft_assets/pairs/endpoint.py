"""Paraphrases of questions from a server that speaks OpenAI's chat protocol.

What comes back is input like any other: it is taken only where every number, the company and the
item of the question are still there. A server that is slow, wrong or away costs its paraphrases
and nothing else; after a few failures in a row it is not asked again for this report.

Source: https://platform.openai.com/docs/api-reference/chat
"""

import http.client
import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sft_assets.numbers import find_numbers
from sft_assets.pairs.drafts import Draft
from sft_assets.pairs.settings import EndpointSettings
from sft_assets.pairs.source import ReportSource, pack
from sft_assets.pairs.wording import subject_of

KEY_VARIABLE = "SFT_ASSETS_ENDPOINT_KEY"
LARGEST_REPLY = 64 * 1024  # bytes
LONGEST_FACTOR = 3  # a paraphrase that is longer than so many times the question is none
PROMPT = {
    "zh": "用另一种说法改写下面的问题，含义不变。"
    "数字、年份、公司名称和科目名称必须原样保留。只输出改写后的问题。",
    "en": "Reword the question below without changing its meaning. Keep every number, year, "
    "company name and item name exactly as it is. Reply with the reworded question only.",
}


class _Message(BaseModel):
    model_config = ConfigDict(extra="ignore")
    content: str


class _Choice(BaseModel):
    model_config = ConfigDict(extra="ignore")
    message: _Message


class _Reply(BaseModel):
    model_config = ConfigDict(extra="ignore")
    choices: list[_Choice] = Field(min_length=1)


def paraphrases(
    drafts: Sequence[Draft], source: ReportSource, settings: EndpointSettings
) -> Iterator[Draft | str]:
    """Yield each of ``drafts`` with its question reworded by the server, or why there is none."""
    failures = 0
    for draft in drafts:
        if failures >= settings.failures_in_a_row:
            yield "endpoint_given_up"
            continue
        try:
            said = ask(draft, settings)
        except (OSError, http.client.HTTPException, ValueError):  # timeouts and HTTP codes too
            failures += 1
            yield "endpoint_failed"
            continue
        failures = 0
        fault = fault_of_paraphrase(draft, said, source)
        if fault:
            yield fault
        else:
            yield replace(
                draft,
                question=said,
                parent_id=draft.pair_id,
                augmentation="paraphrase",
                template_id=f"{draft.template_id}.endpoint:{settings.model}",
            )


def ask(draft: Draft, settings: EndpointSettings) -> str:
    """Return what the server says.

    Raises:
        OSError: If it cannot be reached, answers with an error or too late.
        ValueError: If the reply is not of the protocol or too long.
    """
    body = {
        "model": settings.model,
        "temperature": 0,
        "seed": 1,
        "messages": [
            {"role": "system", "content": PROMPT[draft.language]},
            {"role": "user", "content": draft.question},
        ],
    }
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get(KEY_VARIABLE):
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(  # noqa: S310 - the operator's own setting, http(s) only
        f"{settings.url.rstrip('/')}/chat/completions", json.dumps(body).encode(), headers
    )
    with urllib.request.urlopen(request, timeout=settings.timeout_seconds) as answer:  # noqa: S310
        content = answer.read(LARGEST_REPLY + 1)
    if len(content) > LARGEST_REPLY:
        raise ValueError(f"reply is longer than {LARGEST_REPLY} bytes; expected one question")
    try:
        reply = _Reply.model_validate_json(content)
    except ValidationError as error:
        raise ValueError("reply is not of the chat protocol; expected choices") from error
    return reply.choices[0].message.content.strip()


def fault_of_paraphrase(draft: Draft, said: str, source: ReportSource) -> str | None:
    """Return why ``said`` is no paraphrase of the question; None where it is one."""
    if _numbers(said) != _numbers(draft.question):
        return "endpoint_changed_number"
    names = [source.report.company]
    names += [subject_of(fact, draft.language).name for fact in draft.facts]
    kept = pack(said)
    if any(pack(n) in pack(draft.question) and pack(n) not in kept for n in names if n):
        return "endpoint_changed_name"
    if not said or "\n" in said or len(said) > LONGEST_FACTOR * len(draft.question):
        return "endpoint_no_question"
    if kept == pack(draft.question):
        return "endpoint_same_words"
    return None


def _numbers(text: str) -> list[str]:
    return sorted(f"{span.value}|{span.unit or ''}|{span.scale}" for span in find_numbers(text))
