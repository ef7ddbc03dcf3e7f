import pytest

from sft_assets.train.learning_rates import RATES, default_rate
from sft_assets.train.recipe import Recipe
from sft_assets.train.scale import deepspeed_settings, plan_batches
from tests.train.forked import recipe_with


def recipe_of(tiny_base, **changes) -> Recipe:
    return Recipe.model_validate(recipe_with(tiny_base, **changes))


@pytest.mark.parametrize(
    ("rows", "accumulate", "ranks", "at_most", "plan"),
    [
        (8, 1, 1, None, (8, 1)),
        (8, 1, 2, None, (4, 1)),
        (8, 4, 8, None, (4, 1)),
        (8, 1, 1, 4, (4, 2)),
        (8, 1, 1, 3, (2, 4)),
        (6, 1, 2, None, (3, 1)),
        (1, 8, 2, None, (1, 4)),
        (8, 2, 2, 1, (1, 8)),
    ],
)
def test_the_batch_of_a_step_is_the_same_on_any_ranks(
    rows, accumulate, ranks, at_most, plan, tiny_base
):
    recipe = recipe_of(
        tiny_base, data={"batch_rows": rows, "accumulate": accumulate}, scale={"ranks": ranks}
    )
    made = plan_batches(recipe, at_most=at_most)
    assert (made.micro_rows, made.accumulate) == plan
    assert made.micro_rows * made.accumulate * made.ranks == rows * accumulate


def test_deepspeed_is_told_the_plan(tiny_base):
    recipe = recipe_of(tiny_base, scale={"ranks": 2, "zero": 3, "offload": True})
    told = deepspeed_settings(recipe, plan_batches(recipe))
    assert told["train_micro_batch_size_per_gpu"] == 2
    assert told["zero_optimization"]["offload_param"] == {"device": "cpu"}
    assert deepspeed_settings(recipe_of(tiny_base), plan_batches(recipe)) is None


def test_a_larger_model_never_gets_a_larger_rate():
    assert len(RATES) == 6
    for method, rates in RATES.items():
        assert list(rates) == sorted(rates, reverse=True)
        assert default_rate(method, 10**6) == rates[0]
        assert default_rate(method, 70 * 10**9) == rates[3]
