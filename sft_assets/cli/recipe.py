"""``recipe``: what a training would need and do, and its first rows with the loss mask coloured."""

import tempfile
from pathlib import Path
from typing import Any, Final

from rich.text import Text

from sft_assets.cli.output import console
from sft_assets.language_models.base_models import find_base
from sft_assets.store.store import Store
from sft_assets.train.lessons import prepare_lessons
from sft_assets.train.loss_mask import count_tokens, masked_texts
from sft_assets.train.memory import describe_memory
from sft_assets.train.preflight import refuse_unfit
from sft_assets.train.recipe import load_recipe
from sft_assets.train.steps import BUNDLED_BASE, CONVERSATIONS, general_rows

LEARNED: Final = "bold green"
READ: Final = "dim"


def show_recipe(name: str, data_root: str, rows: int) -> dict[str, Any]:
    """Print the first ``rows`` rows that the recipe learns; return its figures.

    Raises:
        SettingsError: If the recipe cannot work, by itself, with its base or on this machine.
        NotPublishedError: If there is no released data set.
    """
    recipe = load_recipe(name, data_root)
    base = find_base(recipe.base_model, recipe.base_revision, BUNDLED_BASE).folder
    refuse_unfit(recipe, base)
    with tempfile.TemporaryDirectory() as scratch:
        dataset = Store(data_root).require("sft_dataset", "corpus").local_files(Path(scratch))
        lessons = prepare_lessons(
            {
                "data": str(dataset / CONVERSATIONS),
                "base": str(base),
                "general_rows": general_rows(dataset),
            },
            recipe,
        )
    learned_rows = [row for pack in lessons.packs for row in pack]
    for row in learned_rows[:rows]:
        shown = Text()
        for part in masked_texts(row, lessons.tokenizer):
            shown.append(part.text, style=LEARNED if part.learned else READ)
        console.print(shown, soft_wrap=True)
        console.rule(style=READ)
    tokens, learned = count_tokens(learned_rows)
    return {
        "recipe": name,
        "method": recipe.method,
        "memory": describe_memory(recipe, base),
        "steps": lessons.steps,
        "rows_a_step": recipe.data.rows_a_step,
        "learning_rate": lessons.learning_rate,
        "longest_row_tokens": lessons.max_tokens,
        "tokens": tokens,
        "learned_tokens": learned,
        **lessons.counts,
    }
