import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sft_assets.train.tokenizer import build_tokenizer, save_tokenizer

SINGLE = ["1", "9", ",", ".", "%", "-", "(", ")", "元", "亿", "净", "利", "：", "\n", " "]


@pytest.mark.parametrize("piece", SINGLE)
def test_signs_of_an_amount_are_single_tokens(tokenizer, piece):
    assert tokenizer.tokenize(piece) == [piece]


@pytest.mark.parametrize("amount", ["12,345,678.90", "-0.05%", "(1,234)", "1000000"])
def test_no_token_joins_two_signs_of_an_amount(tokenizer, amount):
    assert tokenizer.tokenize(amount) == list(amount)


def test_english_words_are_few_tokens(tokenizer):
    assert len(tokenizer.tokenize("What was the net profit of the Company?")) <= 10


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(tokenizer, text):
    ids = tokenizer(text, split_special_tokens=True, add_special_tokens=False)["input_ids"]
    assert tokenizer.decode(ids) == text


def test_two_builds_give_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        save_tokenizer(tmp_path / name)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert "tokenizer.json" in names
    for name in names:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_shipped_tokenizer_is_the_built_one(tmp_path):
    from sft_assets.train.steps import BUNDLED_BASE

    build_tokenizer().save_pretrained(str(tmp_path))
    shipped = (BUNDLED_BASE / "tokenizer.json").read_bytes()
    assert (tmp_path / "tokenizer.json").read_bytes() == shipped
