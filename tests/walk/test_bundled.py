"""Which data files name a step's versions."""

import pytest

from sft_assets.stages import STEPS
from sft_assets.walk.bundled import SHARED, bundled_digests, rooms_imported_by

BY_NAME = {step.name: step for step in STEPS}


@pytest.mark.parametrize("name", ["normalized_pages", "facts", "instruction_pairs"])
def test_an_edited_dictionary_makes_new_versions_of_what_reads_it(name: str) -> None:
    assert "concepts/terms.yaml" in bundled_digests(BY_NAME[name])


@pytest.mark.parametrize("name", ["raw_reports", "extract", "clean_pages", "dedup"])
def test_an_edited_dictionary_reads_no_report_again(name: str) -> None:
    assert not [path for path in bundled_digests(BY_NAME[name]) if path.startswith(SHARED)]


def test_the_room_s_own_files_count() -> None:
    assert "pairs/templates.yaml" in bundled_digests(BY_NAME["augmented_pairs"])
    assert "redact/area_codes.txt" in bundled_digests(BY_NAME["redact"])


def test_imports_inside_functions_and_through_others_count() -> None:
    assert "programs" in rooms_imported_by("pairs")
    assert "numbers" in rooms_imported_by("programs")
    assert "near_duplicates" in rooms_imported_by("splits")
    assert {"worker", "schemas"} <= rooms_imported_by("extract")
    assert "pairs" not in rooms_imported_by("facts")  # not every room is reached from everywhere
