"""The planted personal data is where the list says, valid by its check digits, and invented."""

import json
import re
from collections import Counter

import pypdfium2
import pytest

from sft_assets.sample import sample_inbox, sample_personal_data
from sft_assets.sample.make import WITH_PERSONAL_DATA
from sft_assets.sample.personal_data import (
    BANK_CARD,
    DECOYS,
    ID_CARDS,
    bank_card_number,
    id_card_number,
)


@pytest.fixture(scope="module")
def planted() -> dict[str, dict]:
    return json.loads(sample_personal_data().read_text(encoding="utf-8"))


def test_one_report_has_all_kinds_and_the_others_only_contacts(planted: dict[str, dict]) -> None:
    everything = {"id_card", "mobile", "landline", "email", "bank_card", "decoy"}
    rich = [name for name, entry in planted.items() if set(entry["counts"]) == everything]
    assert rich == [WITH_PERSONAL_DATA]
    others = {
        kind for name, entry in planted.items() if name not in rich for kind in entry["counts"]
    }
    assert others == {"email", "landline"}


def test_values_stand_on_their_pages(planted: dict[str, dict]) -> None:
    document = pypdfium2.PdfDocument(sample_inbox() / WITH_PERSONAL_DATA)
    pages = [re.sub(r"\s+", "", page.get_textpage().get_text_range()) for page in document]
    entry = planted[WITH_PERSONAL_DATA]
    for value in entry["values"]:
        assert value["value"] in pages[value["page_no"] - 1], value["kind"]
    assert Counter(value["kind"] for value in entry["values"]) == entry["counts"]
    document.close()


@pytest.mark.parametrize("number", ID_CARDS)
def test_identity_numbers_have_their_check_character(number: str) -> None:
    assert len(number) == 18
    assert id_card_number(number[:17]) == number


def test_bank_card_passes_luhn_and_a_changed_digit_fails() -> None:
    assert len(BANK_CARD) == 19
    assert bank_card_number(BANK_CARD[:-1]) == BANK_CARD
    assert bank_card_number("7" + BANK_CARD[1:-1]) != BANK_CARD


@pytest.mark.parametrize("decoy", DECOYS)
def test_decoys_are_no_identity_numbers(decoy: str) -> None:
    digits = re.sub(r"\D", "", decoy)
    assert len(digits) < 18 or id_card_number(digits[:17]) != digits
    assert len(digits) < 16 or bank_card_number(digits[:-1]) != digits
