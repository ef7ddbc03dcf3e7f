"""What a model was not sure of, brought back from its evaluation for people to look at.

Nothing of the walk flows back by itself: a command writes the file, and the queue reads it.
"""

import json
from collections.abc import Mapping, Sequence

from sft_assets.errors import SettingsError

DOUBTS_PATH = "review/model_doubts.jsonl"  # under the data root
UNSURE_PCT = 10  # of the answers with right numbers: those of the greatest loss a token

Prediction = Mapping[str, object]


def doubted_pairs(predictions: Sequence[Prediction]) -> list[str]:
    """Return the pair_ids that the model answered with other numbers, or was least sure of.

    ``predictions`` have ``pair_id``, ``numbers_exact``, ``answer_loss`` and ``answer_tokens``.

    >>> rows = [{"pair_id": str(n), "numbers_exact": n != 3, "answer_loss": n, "answer_tokens": 1}
    ...         for n in range(20)]
    >>> doubted_pairs(rows)
    ['19', '3']
    """
    wrong = {str(row["pair_id"]) for row in predictions if row["numbers_exact"] is False}
    right = sorted(
        (row for row in predictions if str(row["pair_id"]) not in wrong),
        key=lambda row: (-_loss_of_a_token(row), str(row["pair_id"])),
    )
    unsure = {str(row["pair_id"]) for row in right[: len(right) * UNSURE_PCT // 100]}
    return sorted(wrong | unsure)


def doubts_text(pair_ids: Sequence[str]) -> str:
    """Return the file's content."""
    return "".join(f"{json.dumps({'pair_id': pair_id})}\n" for pair_id in pair_ids)


def parse_doubts(text: str) -> frozenset[str]:
    """Return the pair_ids of the file's content.

    Raises:
        SettingsError: If a line is no doubt.
    """
    try:
        return frozenset(str(json.loads(line)["pair_id"]) for line in text.split("\n") if line)
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise SettingsError(
            f"{DOUBTS_PATH} has a line that is no doubt; expected an object with pair_id\n"
            "hint: write it again with sft-assets doubts"
        ) from error


def _loss_of_a_token(row: Prediction) -> float:
    return float(str(row["answer_loss"])) / max(1, int(str(row["answer_tokens"])))
