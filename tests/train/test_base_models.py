import json

import pytest

from sft_assets.errors import SettingsError, StoreError
from sft_assets.language_models.base_models import (
    base_identity,
    find_base,
    open_base,
    pointer_to,
)
from sft_assets.train.steps import BUNDLED_BASE

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def test_the_bundled_base_is_small_and_has_no_pickle():
    base = find_base("bundled", None, BUNDLED_BASE)
    assert {"model.safetensors", "config.json", "tokenizer.json"} <= set(base.files)
    assert sum((BUNDLED_BASE / name).stat().st_size for name in base.files) < 8 * 2**20
    assert "/" not in json.dumps(pointer_to(base))


def test_a_folder_is_known_by_its_bytes_and_not_by_its_name(tiny_base, tmp_path):
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in tiny_base.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    first = find_base(str(tiny_base), None, BUNDLED_BASE).digest
    assert find_base(str(copy), None, BUNDLED_BASE).digest == first
    (copy / "config.json").write_text("{}")
    assert find_base(str(copy), None, BUNDLED_BASE).digest != first


def test_pickled_weights_are_refused(tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(SettingsError, match="safetensors"):
        find_base(str(tmp_path), None, BUNDLED_BASE)


@pytest.mark.parametrize("name", ["Qwen/Qwen3-0.6B", "relative/folder"])
def test_a_hub_model_needs_its_commit(name):
    with pytest.raises(SettingsError, match="revision"):
        find_base(name, None, BUNDLED_BASE)
    with pytest.raises(SettingsError, match="revision"):
        base_identity(name, None, BUNDLED_BASE)


def test_a_hub_model_is_identified_without_a_download():
    assert base_identity("Qwen/X", COMMIT, BUNDLED_BASE) == f"Qwen/X@{COMMIT}"


def test_an_absent_folder_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="base_model"):
        find_base(str(tmp_path / "none"), None, BUNDLED_BASE)


def test_a_base_that_changed_since_publication_is_refused(tiny_base, tmp_path):
    copy, published = tmp_path / "copy", tmp_path / "published"
    for folder in (copy, published):
        folder.mkdir()
    for path in tiny_base.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    pointer = pointer_to(find_base(str(copy), None, BUNDLED_BASE))
    (published / "base_model.json").write_text(json.dumps(pointer))
    assert open_base(published) == copy
    (copy / "config.json").write_text("{}")
    with pytest.raises(StoreError, match="digest"):
        open_base(published)
