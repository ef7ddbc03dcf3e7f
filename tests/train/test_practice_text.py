from random import Random

import pytest

from sft_assets.train.practice_text import EASY, HARD, MIDDLE, make_conversation

LEVELS = {"easy": EASY, "middle": MIDDLE, "hard": HARD}


@pytest.mark.parametrize("level", LEVELS.values(), ids=LEVELS.keys())
def test_conversations_alternate_and_end_with_an_answer(level):
    random = Random(1)
    for _ in range(300):
        turns = [m for m in make_conversation(random, level) if m["role"] != "system"]
        roles = [m["role"] for m in turns]
        assert roles == ["user", "assistant"] * (len(turns) // 2)
        assert roles
        assert "{" not in "".join(m["content"] for m in turns)


def test_the_same_seed_gives_the_same_conversation():
    assert make_conversation(Random(5), HARD) == make_conversation(Random(5), HARD)
    assert make_conversation(Random(5), HARD) != make_conversation(Random(6), HARD)


def test_no_question_is_asked_twice_in_a_conversation():
    random = Random(2)
    for _ in range(300):
        asked = [m["content"] for m in make_conversation(random, MIDDLE) if m["role"] == "user"]
        assert len(asked[1:]) == len(set(asked[1:]))


def test_a_looked_up_amount_stands_in_the_context():
    random = Random(3)
    seen = 0
    for _ in range(400):
        turns = [m["content"] for m in make_conversation(random, HARD) if m["role"] != "system"]
        for question, answer in zip(turns[::2], turns[1::2], strict=True):
            if "请问" in question and "为" in answer and "无法" not in answer:
                amount = answer.partition("为")[2].partition("（")[0].rstrip("元千万百亿人民币/股")
                assert amount in turns[0]
                seen += 1
    assert seen > 20
