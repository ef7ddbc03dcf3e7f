"""What a killed attempt leaves is there for the next one, and for no other."""

import pytest

from sft_assets.store.store import Store
from sft_assets.walk.materialize import materialize
from sft_assets.walk.settings import Settings
from sft_assets.walk.step import Grain, Ledger, Step, StepResult


class KilledError(Exception):
    """Stands for whatever ends an attempt."""


def step_of(version, seen, *, fails):
    def compute(inputs):
        note = inputs.kept_dir / "note"
        seen.append(note.read_text() if note.exists() else None)
        note.write_text(version)
        if fails:
            raise KilledError
        return StepResult({}, Ledger("file", 1, 1), files={"made": version.encode()})

    return Step(
        name="base_model",
        stage="train",
        grain=Grain.RECIPE,
        tables=(),
        inputs=(),
        code_version=version,
        description="made for this test",
        compute=compute,
    )


@pytest.fixture
def attempts(tmp_path):
    seen = []

    def attempt(version, *, fails=True, force=False):
        step = step_of(version, seen, fails=fails)
        store = Store(str(tmp_path))
        try:
            return materialize(step, "mine", store, Settings.load(store.root), force=force)
        except KilledError:
            return None

    return seen, attempt, tmp_path


def test_the_next_attempt_at_the_same_version_finds_it(attempts):
    seen, attempt, _ = attempts
    attempt("1")
    attempt("1", fails=False)
    assert seen == [None, "1"]


def test_an_attempt_at_another_version_does_not_and_clears_it(attempts):
    seen, attempt, _ = attempts
    for version in ("1", "2", "1"):
        attempt(version)
    assert seen == [None, None, None]


def test_force_begins_afresh(attempts):
    seen, attempt, _ = attempts
    attempt("1")
    attempt("1", force=True)
    assert seen == [None, None]


def test_publication_removes_it(attempts):
    seen, attempt, root = attempts
    attempt("1", fails=False)
    assert seen == [None]
    assert list(root.rglob("*.kept")) == []
