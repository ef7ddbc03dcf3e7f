import pytest

from sft_assets.evaluate.answers import is_refusal, numbers_match, numbers_of, texts_match

REFERENCE = "根据年度报告，2020年营业收入为1,234.50万元（第9页）。"
RIGHT = {
    "the same": REFERENCE,
    "in other words": "第9页：2020年收入1,234.50万元",
    "written without separators": "2020年营业收入为1234.5万元，第9页",
    "in another unit": "2020年营业收入为12,345,000元（第9页）",
}
WRONG = {
    "a digit differs": REFERENCE.replace("1,234", "1,235"),
    "another unit": REFERENCE.replace("万元", "元"),
    "another year": REFERENCE.replace("2020", "2019"),
    "another page": REFERENCE.replace("第9页", "第8页"),
    "another sign": REFERENCE.replace("1,234.50", "-1,234.50"),
    "a number is missing": "2020年营业收入为1,234.50万元。",
    "a number too many": REFERENCE + "上年为900万元。",
    "a number twice": REFERENCE + "即1,234.50万元。",
    "a decimal point shifted": REFERENCE.replace("1,234.50", "12,345.0"),
    "broken grouping": REFERENCE.replace("1,234.50", "12,34.50"),
    "a refusal": "材料未披露2020年营业收入1,234.50万元（第9页）。",
    "nothing": "",
}


@pytest.mark.parametrize("answer", RIGHT.values(), ids=RIGHT.keys())
def test_number_exact(answer):
    assert numbers_match(answer, REFERENCE) is True


@pytest.mark.parametrize("answer", WRONG.values(), ids=WRONG.keys())
def test_not_number_exact(answer):
    assert numbers_match(answer, REFERENCE) is False


REFUSAL = "所给2020年年度报告摘录未披露2020年末存货，无法回答。"
ANSWERS = {
    "an answer": "2020年末存货为5元。",
    "a refusal with a number": "无法回答，但存货约为12元。",
    "nothing": "",
    "a question back": "哪一年？",
}


@pytest.mark.parametrize("answer", ["未披露存货", "无法回答", "It does not disclose this."])
def test_refusals(answer):
    assert is_refusal(answer)


@pytest.mark.parametrize("answer", ["披露于第9页", "可以回答：12元", "It discloses 12.", ""])
def test_no_refusals(answer):
    assert not is_refusal(answer)


@pytest.mark.parametrize("answer", ["未披露2020年存货。", REFUSAL, "无法回答"])
def test_a_refusal_must_refuse(answer):
    assert numbers_match(answer, REFUSAL) is True


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_what_does_not_refuse_or_names_a_figure(answer):
    assert numbers_match(answer, REFUSAL) is False


@pytest.mark.parametrize("answer", ["好", "12", ""])
def test_without_numbers_there_is_nothing_to_be_exact_about(answer):
    assert numbers_match(answer, "公司经营稳定。") is None


def test_a_calculation_counts_all_its_numbers():
    text = "计算：<<(120-100)/100*100=20.00>>\n增长率为20.00%"
    assert sum(numbers_of(text).values()) == 6


SAME_TEXT = [("第 9 页", "第9页"), ("ＡＢ", "ab"), ("a\nb", "a b"), ("", " ")]
OTHER_TEXT = [("第9页", "第8页"), ("1.0", "1.00"), ("12", "1 3"), ("", "a")]


@pytest.mark.parametrize(("a", "b"), SAME_TEXT)
def test_exact_text(a, b):
    assert texts_match(a, b)


@pytest.mark.parametrize(("a", "b"), OTHER_TEXT)
def test_other_text(a, b):
    assert not texts_match(a, b)
