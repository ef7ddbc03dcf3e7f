import pytest
import torch
from transformers import AutoModelForCausalLM

from sft_assets.train.memory import describe_memory, estimate_memory
from sft_assets.train.methods import load_trainable
from sft_assets.train.recipe import Recipe
from tests.train.forked import METHODS, recipe_with

pytestmark = [
    pytest.mark.xdist_group("training"),
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning"),  # PEFT asks it
]


def recipe_of(tiny_base, **changes) -> Recipe:
    return Recipe.model_validate(recipe_with(tiny_base, **changes))


@pytest.mark.parametrize("method", sorted(set(METHODS) - {"qlora"}))
def test_the_trained_weights_are_counted_exactly(method, tiny_base):
    recipe = recipe_of(tiny_base, **METHODS[method])
    model = load_trainable(tiny_base, recipe, steps=10)
    real = sum(w.numel() for w in model.parameters() if w.requires_grad)
    if method == "adalora":  # it also has a diagonal and a number for each matrix
        real -= sum(w.numel() for n, w in model.named_parameters() if "lora_E" in n)
    assert estimate_memory(recipe, tiny_base).trained_weights == real
    if method == "full":
        loaded = AutoModelForCausalLM.from_pretrained(str(tiny_base), dtype=torch.float32)
        assert real == loaded.num_parameters()


def test_what_saves_memory_lowers_the_estimate(tiny_base):
    plain = estimate_memory(recipe_of(tiny_base, **METHODS["full"]), tiny_base)
    lower = {
        "lora": METHODS["lora"],
        "one row": {**METHODS["full"], "data": {"batch_rows": 1}},
        "ZeRO-2": {**METHODS["full"], "scale": {"ranks": 2, "zero": 2}},
    }
    for name, changes in lower.items():
        found = estimate_memory(recipe_of(tiny_base, **changes), tiny_base)
        assert found.total_bytes < plain.total_bytes, name


def test_it_is_told_in_words(tiny_base):
    words = describe_memory(recipe_of(tiny_base), tiny_base)
    assert words.startswith("about 0.0 GB a rank, 0.00 million weights")
