import json

import pytest

from sft_assets.errors import SettingsError
from sft_assets.train.recipe import Recipe
from sft_assets.train.rows import read_conversations
from sft_assets.train.teacher import learn_from_teacher, teacher_digest
from tests.train.forked import recipe_with

pytestmark = pytest.mark.xdist_group("training")


def recipe_of(tiny_base, **teacher) -> Recipe:
    return Recipe.model_validate(recipe_with(tiny_base, teacher=teacher))


@pytest.fixture
def asked(conversations):
    return read_conversations(conversations / "train.jsonl")[:5]


def test_only_answers_with_the_proven_numbers_are_learned(asked, tiny_base, tmp_path):
    def answered(messages, text):
        return {"messages": [*messages[:-1], {"role": "assistant", "content": text}]}

    right, other, extra = (messages[-1]["content"] for messages in asked[:3])
    said = [
        answered(asked[0], f"据报告，{right}"),
        answered(asked[1], other.replace("1", "7", 1)),
        answered(asked[2], f"{extra}增长12%。"),
        answered(asked[3], "  "),
    ]
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in said))
    taught, dropped = learn_from_teacher(asked, recipe_of(tiny_base, answers=str(path)))
    assert [messages[-1]["content"] for messages in taught] == [f"据报告，{right}"]
    assert dropped == {"no_teacher_answer": 2, "teacher_has_other_numbers": 2}
    assert len(taught) + sum(dropped.values()) == 5


def test_without_a_teacher_the_answers_are_the_data_sets(asked, tiny_base):
    plain = Recipe.model_validate(recipe_with(tiny_base))
    assert learn_from_teacher(asked, plain) == (asked, {})


def test_a_file_that_is_not_there_is_refused(asked, tiny_base):
    with pytest.raises(SettingsError, match=r"teacher\.answers"):
        learn_from_teacher(asked, recipe_of(tiny_base, answers="/nowhere.jsonl"))


def test_a_model_is_asked_once_and_judged_too(asked, tiny_base, tmp_path):
    recipe = recipe_of(tiny_base, model=str(tiny_base), max_new_tokens=3)
    taught, dropped = learn_from_teacher(asked[:2], recipe, tmp_path)
    assert len(taught) + sum(dropped.values()) == 2
    assert sum(dropped.values()) == 2  # random weights know no number
    (kept,) = tmp_path.iterdir()
    kept.write_text(json.dumps([asked[0][-1]["content"], None]))
    taught, dropped = learn_from_teacher(asked[:2], recipe, tmp_path)  # from the kept answers
    assert (len(taught), dropped["no_teacher_answer"]) == (1, 1)


def test_another_teacher_makes_another_checkpoint(tiny_base, tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text("{}\n")
    teacher = recipe_of(tiny_base, answers=str(path)).teacher
    before = teacher_digest(teacher)
    path.write_text("{}\n{}\n")
    assert teacher_digest(teacher) != before
