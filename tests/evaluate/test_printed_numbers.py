"""Whatever a model would rather write, its numbers are those of the prompt or the calculator."""

import re
from random import Random

import pytest
import torch

from sft_assets.evaluate.generate import Calculator, PrintedNumbersOnly
from sft_assets.evaluate.printed_numbers import PrintedNumbers
from sft_assets.train.tokenizer import build_tokenizer

CONTEXT = "澄空股份2020年年度报告 [第17页] 营业收入：2020年 1,205.30；2019年 (98,120) 占比 12.5%"
ALLOWED = {"2020", "17", "2019", "1,205.30", "1205.30", "98,120", "98120", "12.5", "100", "2", "3"}


@pytest.fixture(scope="module")
def tokenizer():
    return build_tokenizer()


def write(tokenizer, prompt, steps, random, *, held):
    """Return what a model without any sense writes that loves digits."""
    ids = tokenizer(prompt, add_special_tokens=False)["input_ids"]
    numbers = [PrintedNumbers([prompt])]
    processor = PrintedNumbersOnly(tokenizer, len(ids), numbers)
    liked = tokenizer.convert_tokens_to_ids([*list("0123456789.,"), "元", "为"])
    written = list(ids)
    for _ in range(steps):
        scores = torch.full((1, len(tokenizer)), -9.0)
        for token in liked:
            scores[0, token] = random.random()
        if held:
            scores = processor(torch.tensor([written]), scores)
        written.append(int(scores.argmax()))
    return tokenizer.decode(written[len(ids) :])


def numbers_of(text):
    return re.findall(r"\d[\d,.]*\d|\d", text)


@pytest.mark.parametrize("seed", range(6))
def test_only_numbers_of_the_prompt_are_written(tokenizer, seed):
    text = write(tokenizer, CONTEXT, 160, Random(seed), held=True)
    whole = numbers_of(text)[:-1]  # the last one may be cut off
    assert len(whole) > 5
    assert set(whole) <= ALLOWED


def test_without_it_other_numbers_are_written(tokenizer):
    text = write(tokenizer, CONTEXT, 160, Random(1), held=False)
    assert not set(numbers_of(text)) <= ALLOWED


def test_words_are_left_to_the_model(tokenizer):
    ids = tokenizer(CONTEXT, add_special_tokens=False)["input_ids"]
    processor = PrintedNumbersOnly(tokenizer, len(ids), [PrintedNumbers([CONTEXT])])
    scores = torch.randn(1, len(tokenizer))
    word = int(tokenizer.convert_tokens_to_ids("元"))
    assert processor(torch.tensor([ids]), scores.clone())[0, word] == scores[0, word]


def test_a_result_of_the_calculator_may_be_repeated(tokenizer):
    numbers = [PrintedNumbers(["1200-50"])]
    assert not numbers[0].may_go_on("1,15", "0")
    ids = tokenizer("1200-50", add_special_tokens=False)["input_ids"]
    calculator = Calculator(tokenizer, len(ids), numbers)
    written = ids + tokenizer("<<1200-50=", add_special_tokens=False)["input_ids"]
    calculator(torch.tensor([written]), torch.zeros(1, len(tokenizer)))
    assert numbers[0].is_whole("1,150")
    assert numbers[0].is_whole("1150")
