import re
from pathlib import Path

import pytest
import yaml

from sft_assets.errors import SettingsError
from sft_assets.train.recipe import load_recipe, parse_recipe
from sft_assets.train.recipes import FOLDER, recipe_names, recipe_text


def test_the_shipped_recipes():
    assert recipe_names() == [
        "adalora",
        "adapter",
        "continued",
        "distill",
        "full",
        "lora",
        "prefix",
        "qlora",
        "smoke",
    ]


@pytest.mark.parametrize("name", recipe_names())
def test_a_shipped_recipe_holds(name):
    assert load_recipe(name, "none").seed == 7


@pytest.mark.parametrize("name", recipe_names())
def test_a_recipe_begins_with_its_launch_command(name):
    assert recipe_text(name, "none").startswith(f"# sft-assets train --recipe {name} ")


@pytest.mark.parametrize("name", recipe_names())
def test_every_value_has_a_comment(name):
    lines = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8").split("\n")
    values = [x for x in lines if re.match(" *[a-z_]+: .", x)]
    assert len(values) > 10
    assert [x for x in values if "#" not in x] == []


def changed(**parts):
    recipe = yaml.safe_load(recipe_text("lora", "none"))
    for path, value in parts.items():
        *parents, leaf = path.split("__")
        place = recipe
        for parent in parents:
            place = place[parent]
        place[leaf] = value
    return yaml.safe_dump(recipe)


PREFIX = {"method": "prefix", "lora": None, "prefix": {"tokens": 4}}
ADALORA = {
    "method": "adalora",
    "lora": None,
    "adalora": {"start_rank": 8, "rank": 4, "alpha": 8, "target_modules": ["q_proj"]},
}
GOOD = {
    "unchanged": {},
    "another base": {"base_model": "/models/qwen"},
    "epochs instead of steps": {"optimizer__epochs": 1, "optimizer__max_steps": None},
    "fewer steps": {"optimizer__max_steps": 5},
    "prefix": PREFIX,
    "adalora": ADALORA,
    "qlora": {"method": "qlora", "quantization": {}},
    "packing": {"data__packing": "isolated"},
    "ewc of all weights": {
        "method": "full",
        "lora": None,
        "forgetting": {"method": "ewc", "strength": 1.0},
    },
    "early stopping": {"validation": {"every_steps": 5, "patience": 2}},
    "two ranks and ZeRO-2 with offload": {"scale": {"ranks": 2, "zero": 2, "offload": True}},
    "a teacher's answers": {"teacher": {"answers": "/a.jsonl"}},
    "lengths and rate from the data": {
        "data__max_tokens": "auto",
        "optimizer__learning_rate": "auto",
    },
}
BAD = {
    "unknown method": ({"method": "magic"}, "method"),
    "unknown setting": ({"optimizer__lr": 0.1}, "optimizer.lr"),
    "zero rate": ({"optimizer__learning_rate": 0}, "optimizer.learning_rate"),
    "negative rate": ({"optimizer__learning_rate": -0.1}, "optimizer.learning_rate"),
    "rate that is no number": ({"optimizer__learning_rate": float("nan")}, "learning_rate"),
    "epochs and steps": ({"optimizer__epochs": 5}, "epochs or max_steps"),
    "neither epochs nor steps": ({"optimizer__max_steps": None}, "epochs or max_steps"),
    "no rows in a batch": ({"data__batch_rows": 0}, "data.batch_rows"),
    "full training with adapters": ({"method": "full"}, "lora section"),
    "adapters without settings": ({"lora": None}, "lora section"),
    "rank zero": ({"lora__rank": 0}, "lora.rank"),
    "no modules": ({"lora__target_modules": []}, "lora.target_modules"),
    "no threads": ({"threads": 0}, "threads"),
    "no seed": ({"seed": None}, "seed"),
    "quantised full tuning": (
        {"method": "full", "lora": None, "quantization": {}},
        "quantised weights cannot be trained",
    ),
    "quantised adapters under another name": ({"quantization": {}}, "quantization section"),
    "prefix and gradient checkpointing": (
        {**PREFIX, "gradient_checkpointing": True},
        "compute their prefix twice",
    ),
    "prefix and packing": ({**PREFIX, "data__packing": "isolated"}, "the first document"),
    "packing without isolation": ({"data__packing": "joined"}, "would read each other"),
    "a prefix that must be merged": ({**PREFIX, "merge": "always"}, "no weight of the model"),
    "bottlenecks that must be merged": (
        {"method": "adapter", "lora": None, "adapter": {"width": 8}, "merge": "always"},
        "non-linear function",
    ),
    "ewc of frozen weights": (
        {"forgetting": {"method": "ewc", "strength": 1.0}},
        "the base's are frozen",
    ),
    "a pull of no strength": ({"forgetting": {"method": "l2"}}, "forgetting.strength"),
    "a strength of no pull": ({"forgetting": {"strength": 0.5}}, "forgetting.strength"),
    "layer decay of a prefix": ({**PREFIX, "optimizer__layer_decay": 0.9}, "layer_decay"),
    "patience without validation": ({"validation": {"patience": 2}}, "nothing to stop by"),
    "validation of no rows": (
        {"validation": {"rows": 0, "every_steps": 5}},
        "nothing to validate on",
    ),
    "an odd number of ranks": ({"scale": {"ranks": 3}}, "3 ranks cannot share"),
    "offload without ZeRO": ({"scale": {"offload": True}}, "offloads what it shares out"),
    "AdaLoRA under ZeRO": ({**ADALORA, "scale": {"zero": 2}}, "read from gradients"),
    "ZeRO-3 of a prefix": ({**PREFIX, "scale": {"zero": 3}}, "a part of each weight"),
    "ZeRO stage four": ({"scale": {"zero": 4}}, "scale.zero"),
    "a rank that grows": (
        {**ADALORA, "adalora__rank": 99},
        "give a smaller one",
    ),
    "minimum above maximum": ({"data__min_tokens": 5000}, "no row would be left"),
    "two teachers": ({"teacher": {"answers": "a", "model": "b"}}, "not both"),
    "a teacher of everything": (
        {"teacher": {"model": "/m"}, "data__learn": "all"},
        "the teacher's answers",
    ),
    "unknown tracker": ({"trackers": ["wandb"]}, "trackers"),
}


@pytest.mark.parametrize("change", GOOD.values(), ids=GOOD.keys())
def test_accepted(change):
    assert parse_recipe(changed(**change), "r").threads == 1


@pytest.mark.parametrize(("change", "named"), BAD.values(), ids=BAD.keys())
def test_refused_by_name(change, named):
    with pytest.raises(SettingsError, match=named):
        parse_recipe(changed(**change), "r")


def test_all_faults_are_named_at_once():
    with pytest.raises(SettingsError) as refusal:
        parse_recipe(changed(threads=0, seed=-1, data__max_tokens=1), "r")
    assert all(name in str(refusal.value) for name in ("threads", "seed", "data.max_tokens"))


TOLD = {
    "method is 'magic'; expected full, lora, qlora, adalora, prefix, adapter": {"method": "magic"},
    "optimizer.learning_rate is 'fast'; expected a number above 0 and of at most 1, or auto": {
        "optimizer__learning_rate": "fast"
    },
    "optimizer.max_steps is -3; expected a whole number from 1 to 10000000, or null": {
        "optimizer__max_steps": -3
    },
    "optimizer.warm_up_share is 1; expected a number of at least 0 and below 1": {
        "optimizer__warm_up_share": 1
    },
    "data.max_tokens is 'many'; expected a whole number from 16 to 131072, or auto": {
        "data__max_tokens": "many"
    },
    "data.batch_rows is 1.5; expected a whole number from 1 to 4096": {"data__batch_rows": 1.5},
    "lora.rnak is unknown; expected rank": {"lora__rnak": 4},
    "lora.colour is unknown; expected one of rank, alpha, dropout, target_modules": {
        "lora__colour": "red"
    },
    "lora.target_modules is 'q_proj'; expected a list of text": {"lora__target_modules": "q_proj"},
    "seed is null; expected a whole number from 0 to 4294967295": {"seed": None},
    "gradient_checkpointing is 'often'; expected true or false": {
        "gradient_checkpointing": "often"
    },
    "scale is 3; expected a section of ranks, zero, offload": {"scale": 3},
    "trackers is 'wandb'; expected a list of tensorboard, mlflow": {"trackers": ["wandb"]},
    "optimizer: give either epochs or max_steps, not both": {"optimizer__epochs": 5},
}


@pytest.mark.parametrize(("told", "change"), TOLD.items())
def test_a_fault_names_field_value_and_what_is_allowed(told, change):
    with pytest.raises(SettingsError) as refusal:
        parse_recipe(changed(**change), "r")
    said = str(refusal.value)
    assert said.startswith(f"recipe r is refused: {told}. hint: ")
    assert not re.search("Value error|Input should|valid integer|constrained", said)


@pytest.mark.parametrize("method", ["lora", "prefix", "qlora", "magic"])
def test_the_hint_is_the_recipe_of_the_method(method):
    with pytest.raises(SettingsError) as refusal:
        parse_recipe(changed(method=method, seed=-1), "r")
    named = "lora" if method == "magic" else method
    assert f"recipes/{named}.yaml" in str(refusal.value)


@pytest.mark.parametrize("text", ["", "- a list", "just words", "a: [", "null"])
def test_what_is_no_mapping_is_refused(text):
    with pytest.raises(SettingsError):
        parse_recipe(text, "r")


@pytest.mark.parametrize("name", ["absent", "../lora", "/etc/passwd", "LORA", ""])
def test_unknown_names_are_refused(name, tmp_path):
    with pytest.raises(SettingsError, match="lora"):
        recipe_text(name, str(tmp_path))


def test_the_data_folder_may_bring_its_own(tmp_path):
    own = tmp_path / "recipes"
    own.mkdir()
    (own / "mine.yaml").write_text(changed(seed=99), encoding="utf-8")
    assert load_recipe("mine", str(tmp_path)).seed == 99


def test_the_digest_is_of_values_and_not_of_the_file():
    plain = parse_recipe(changed(), "r")
    assert plain.digest == load_recipe("lora", "none").digest
    assert plain.digest != parse_recipe(changed(optimizer__learning_rate=0.0031), "r").digest


def test_own_recipe_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes" / "mine.yaml").write_bytes("# 配方".encode("gbk"))
    with pytest.raises(SettingsError, match="save it as UTF-8"):
        load_recipe("mine", str(tmp_path))
