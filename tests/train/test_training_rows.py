import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sft_assets.errors import SettingsError
from sft_assets.language_models.chat import IGNORED_LABEL, EncodedConversation
from sft_assets.train.lessons import general_shares
from sft_assets.train.rows import encode_rows, order_rows, pad_rows, read_conversations


def conversation(*turns):
    return [{"role": role, "content": content} for role, content in turns]


def test_long_rows_are_dropped_and_never_cut(tokenizer):
    short = conversation(("user", "a"), ("assistant", "b"))
    long = conversation(("user", "长" * 50), ("assistant", "b"))
    unanswered = conversation(("user", "a"))
    found = encode_rows([short, long, unanswered, short], tokenizer, max_tokens=40)
    assert found.dropped == {"no_answer": 1, "too_short": 0, "too_long": 1}
    assert (found.rows_in, len(found.rows)) == (4, 2)


def test_a_row_of_exactly_the_limit_is_kept(tokenizer):
    row = conversation(("user", "a"), ("assistant", "b"))
    length = len(encode_rows([row], tokenizer, max_tokens=999).rows[0].input_ids)
    assert len(encode_rows([row], tokenizer, max_tokens=length).rows) == 1
    assert len(encode_rows([row], tokenizer, max_tokens=length - 1).rows) == 0


BAD_LINES = {
    "not JSON": "{",
    "a list": "[]",
    "no messages": "{}",
    "messages that are no list": '{"messages": 3}',
    "no role": '{"messages": [{"content": "a"}]}',
    "an unknown role": '{"messages": [{"role": "tool", "content": "a"}]}',
    "content that is no text": '{"messages": [{"role": "user", "content": null}]}',
}


@pytest.mark.parametrize("line", BAD_LINES.values(), ids=BAD_LINES.keys())
def test_a_bad_line_is_refused_by_its_number(line, tmp_path):
    good = json.dumps({"messages": conversation(("user", "secret"), ("assistant", "b"))})
    path = tmp_path / "train.jsonl"
    path.write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"train\.jsonl line 2") as refusal:
        read_conversations(path)
    assert "secret" not in str(refusal.value)


def test_a_form_feed_in_a_text_splits_no_line(tmp_path):
    rows = [conversation(("user", "a\x0cb\u2028c"), ("assistant", "d"))]
    path = tmp_path / "train.jsonl"
    text = json.dumps({"messages": rows[0]}, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    assert read_conversations(path) == rows


encoded = st.integers(1, 30).map(lambda n: EncodedConversation((n,) * n, (n,) * n))


@settings(max_examples=60, deadline=None)
@given(st.lists(encoded, min_size=1, max_size=60), st.integers(1, 9), st.integers(1, 3))
def test_each_epoch_holds_each_row_once(rows, batch_rows, epochs):
    ordered = order_rows(rows, epochs=epochs, batch_rows=batch_rows, seed=1)
    for epoch in range(epochs):
        part = ordered[epoch * len(rows) : (epoch + 1) * len(rows)]
        assert sorted(part, key=str) == sorted(rows, key=str)


def test_the_order_is_by_seed_alone():
    rows = [EncodedConversation((n,) * (1 + n % 7), (n,) * (1 + n % 7)) for n in range(100)]
    first = order_rows(rows, epochs=2, batch_rows=8, seed=1)
    assert first == order_rows(rows, epochs=2, batch_rows=8, seed=1)
    assert first != order_rows(rows, epochs=2, batch_rows=8, seed=2)
    assert first[:100] != first[100:]


def test_padding_is_on_the_right_and_never_learned():
    rows = [EncodedConversation((5, 6, 7), (-100, 6, 7)), EncodedConversation((8,), (8,))]
    batch = pad_rows(rows, pad_id=0)
    assert batch["input_ids"].tolist() == [[5, 6, 7], [8, 0, 0]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 0, 0]]
    assert batch["labels"].tolist() == [[-100, 6, 7], [8, IGNORED_LABEL, IGNORED_LABEL]]


def test_short_rows_are_dropped_where_a_minimum_is_set(tokenizer):
    rows = [conversation(("user", "问" * n), ("assistant", "b")) for n in (1, 40)]
    found = encode_rows(rows, tokenizer, max_tokens=99, min_tokens=30)
    assert (found.dropped["too_short"], found.row_nos) == (1, (1,))


def test_continued_pretraining_learns_every_token_but_the_first(tokenizer):
    row = conversation(("user", "问题"), ("assistant", "答案"))
    (found,) = encode_rows([row], tokenizer, max_tokens=99, learn="all").rows
    assert found.labels == (-100, *found.input_ids[1:])


def rows_of_lengths(lengths):
    return [EncodedConversation((9,) * n, (-100,) * (n - 1) + (9,)) for n in lengths]


@pytest.mark.parametrize(("rows", "share"), [(400, 0.1), (400, 0.2), (97, 0.15), (64, 0.5)])
def test_each_stretch_of_batches_keeps_its_share_of_general_rows(rows, share):
    general = frozenset(range(round(rows * share)))
    ordered = order_rows(
        rows_of_lengths(range(5, 5 + rows)), epochs=2, batch_rows=4, seed=1, general=general
    )
    is_general = [len(row.input_ids) - 5 in general for row in ordered]
    seen = 0
    for epoch in (is_general[:rows], is_general[rows:]):
        assert sum(epoch) == len(general)
        for start in range(0, rows - 15, 16):
            assert abs(sum(epoch[start : start + 16]) - 16 * len(general) / rows) <= 1
            seen += 1
    assert seen == 2 * (rows // 16)


def test_without_general_rows_the_order_is_by_chance_alone():
    rows = rows_of_lengths(range(5, 45))
    plain = order_rows(rows, epochs=1, batch_rows=4, seed=1)
    assert sorted(len(r.input_ids) for r in plain) == list(range(5, 45))
    assert plain != order_rows(rows, epochs=1, batch_rows=4, seed=2)


def test_the_share_of_general_rows_of_each_step():
    report = [EncodedConversation((1, 2), (-100, 2)) for _ in range(3)]
    general = EncodedConversation((1, 2, 3, 4), (-100, 2, 3, 4))
    filling = EncodedConversation((0,), (-100,))
    packs = [(report[0],), (report[1], general), (report[2],), (filling,)]
    assert general_shares(packs, 2, [general]) == [0.6, 0.0]
    assert general_shares(packs, 4, [general]) == [0.0, 0.75, 0.0, 0.0]
    same = EncodedConversation(general.input_ids, general.labels)  # as long, and no general row
    assert general_shares([(same,)], 1, [general]) == [0.0]
