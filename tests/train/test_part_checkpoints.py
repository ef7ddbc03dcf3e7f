import json

import pytest

from sft_assets.train.part_checkpoints import (
    Identity,
    PartCheckpoint,
    RefusedCheckpoint,
    find_newest,
    prune,
    publish,
    required_files,
    staged_folder,
)

IDENTITY = Identity("recipe", "data", "base", "1", 2)


def write(parent, step, without=()):
    staged = staged_folder(parent, step)
    staged.mkdir(parents=True)
    for name in required_files(2):
        if name not in without:
            (staged / name).write_text(f"{name} of {step}")
    return publish(parent, step, IDENTITY, {"micro_rows": 4})


def test_the_newest_is_found_with_its_plan(tmp_path):
    for step in (9, 10, 100):
        write(tmp_path, step)
    found, refused = find_newest(tmp_path, IDENTITY)
    assert isinstance(found, PartCheckpoint)
    assert (found.step, dict(found.plan), refused) == (100, {"micro_rows": 4}, [])


def test_nothing_is_found_in_an_empty_folder(tmp_path):
    assert find_newest(tmp_path, IDENTITY) == (None, [])


def test_what_was_not_published_is_not_looked_at(tmp_path):
    write(tmp_path, 1)
    staged = staged_folder(tmp_path, 2)
    staged.mkdir()
    (staged / "weights.safetensors").write_text("half")
    found, refused = find_newest(tmp_path, IDENTITY)
    assert (found.step, refused) == (1, [])


@pytest.mark.parametrize("name", required_files(2))
def test_each_file_is_required_even_where_the_manifest_forgets_it(name, tmp_path):
    write(tmp_path, 1, without=(name,))
    assert find_newest(tmp_path, IDENTITY) == (
        None,
        [RefusedCheckpoint("step-00000001", f"{name} is missing")],
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"digest": 1}', "\x00"])
def test_a_manifest_that_is_none_is_refused(text, tmp_path):
    folder = write(tmp_path, 1)
    (folder / "manifest.json").write_text(text)
    _, (bad,) = find_newest(tmp_path, IDENTITY)
    assert bad.reason == "manifest.json is damaged"


def test_a_number_in_the_manifest_cannot_be_changed(tmp_path):
    folder = write(tmp_path, 1)
    path = folder / "manifest.json"
    told = json.loads(path.read_text())
    told["plan"]["micro_rows"] = 1
    path.write_text(json.dumps(told))
    _, (bad,) = find_newest(tmp_path, IDENTITY)
    assert bad.reason == "manifest.json is damaged"


def test_another_number_of_ranks_is_told(tmp_path):
    write(tmp_path, 1)
    _, (bad,) = find_newest(tmp_path, Identity("recipe", "data", "base", "1", 4))
    assert bad.reason == "it was saved by 2 ranks, and there are 4"


def test_a_bad_one_is_written_again(tmp_path):
    folder = write(tmp_path, 1)
    (folder / "weights.safetensors").write_text("bad")
    write(tmp_path, 1)
    found, _ = find_newest(tmp_path, IDENTITY)
    assert found.step == 1


def test_old_ones_go_but_the_best_stays(tmp_path):
    for step in range(1, 6):
        write(tmp_path, step)
    prune(tmp_path, keep=2, also=(1,))
    assert sorted(path.name[-1] for path in tmp_path.iterdir()) == ["1", "4", "5"]
