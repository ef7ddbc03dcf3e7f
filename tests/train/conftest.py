"""A model small enough to train in a second, and rows for it."""

import json
from pathlib import Path

import pytest

from sft_assets.train.tokenizer import build_tokenizer

QUESTION = "[第{page}页]\n单位：元\n营业收入：2020年 {value}\n\n营业收入是多少？"
ANSWER = "营业收入为{value}元（第{page}页）。"


@pytest.fixture(scope="session")
def tokenizer():
    return build_tokenizer()


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Qwen3 model with random weights, a hundredth of the shipped one."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    folder = tmp_path_factory.mktemp("tiny_base")
    tokenizer = build_tokenizer()
    torch.manual_seed(3)
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        max_position_embeddings=512,
        tie_word_embeddings=True,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
    )
    Qwen3ForCausalLM(config).save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))
    return folder


def row(page: int) -> dict[str, list[dict[str, str]]]:
    value = f"{page * 1234:,}.{page:02d}"
    return {
        "messages": [
            {"role": "user", "content": QUESTION.format(page=page, value=value)},
            {"role": "assistant", "content": ANSWER.format(page=page, value=value)},
        ]
    }


@pytest.fixture(scope="session")
def conversations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with train.jsonl (24 rows, one of them too long) and validation.jsonl (4)."""
    folder = tmp_path_factory.mktemp("openai_messages")
    long = row(99)
    long["messages"][0]["content"] += "，" * 600
    training = [*(row(page) for page in range(10, 33)), long]
    for name, rows in (("train", training), ("validation", [row(page) for page in range(40, 44)])):
        text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder
