import pytest
import torch
from transformers import AutoModelForCausalLM

from sft_assets.errors import SettingsError
from sft_assets.language_models.bottleneck import (
    add_bottlenecks,
    load_bottlenecks,
    save_bottlenecks,
)

IDS = torch.tensor([[5, 6, 7, 8]])


@pytest.fixture
def model(tiny_base):
    return AutoModelForCausalLM.from_pretrained(str(tiny_base), dtype=torch.float32).eval()


def logits(model):
    with torch.no_grad():
        return model(input_ids=IDS).logits


def test_untrained_bottlenecks_change_nothing_and_alone_are_trained(model):
    before = logits(model)
    add_bottlenecks(model, 8)
    assert torch.equal(before, logits(model))
    trained = [name for name, weight in model.named_parameters() if weight.requires_grad]
    assert len(trained) == 2 * 4 * model.config.num_hidden_layers
    assert all("bottleneck" in name for name in trained)


def test_saved_ones_are_read_back_to_the_bit(model, tiny_base, tmp_path):
    add_bottlenecks(model, 8)
    torch.manual_seed(1)
    for name, weight in model.named_parameters():
        if "bottleneck" in name:
            torch.nn.init.normal_(weight, std=0.5)
    save_bottlenecks(model, tmp_path)
    again = AutoModelForCausalLM.from_pretrained(str(tiny_base), dtype=torch.float32).eval()
    plain = logits(again)
    load_bottlenecks(again, tmp_path)
    assert torch.equal(logits(again), logits(model))
    assert not torch.allclose(logits(again), plain)


def test_those_of_another_model_are_refused(model, tmp_path):
    add_bottlenecks(model, 8)
    save_bottlenecks(model, tmp_path)
    config = tmp_path / "bottleneck.json"
    config.write_text(config.read_text().replace('"hidden_size": 16', '"hidden_size": 32'))
    with pytest.raises(SettingsError, match="hidden size of 32"):
        load_bottlenecks(model, tmp_path)


def test_a_model_of_other_blocks_is_refused():
    from transformers import GPT2Config, GPT2LMHeadModel

    other = GPT2LMHeadModel(GPT2Config(n_layer=1, n_head=1, n_embd=8, vocab_size=50))
    with pytest.raises(SettingsError, match="method: lora fits"):
        add_bottlenecks(other, 4)
