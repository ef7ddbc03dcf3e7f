"""The small model itself: its shape, its forward pass, its files."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sft_assets.train.tokenizer import CONTEXT_TOKENS

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedTokenizerFast, Qwen3ForCausalLM

MODEL_SHAPE: Final[dict[str, Any]] = {
    "hidden_size": 192,
    "num_hidden_layers": 6,
    "num_attention_heads": 6,
    "num_key_value_heads": 6,
    "head_dim": 32,
    "intermediate_size": 512,
    "max_position_embeddings": CONTEXT_TOKENS,
    "tie_word_embeddings": True,
    "rope_theta": 10_000.0,
    "attention_dropout": 0.0,
}
"""About 3.6 million weights, a quarter of them the embedding table."""


def open_model(tokenizer: "PreTrainedTokenizerFast", start_from: Path | None) -> "Qwen3ForCausalLM":
    """Return a new model, or the one of ``start_from``, in fp32."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    if start_from is not None:
        return Qwen3ForCausalLM.from_pretrained(str(start_from), dtype=torch.float32)
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
        **MODEL_SHAPE,
    )
    return Qwen3ForCausalLM(config)


def hidden_states(model: "Qwen3ForCausalLM", ids: "torch.Tensor") -> "torch.Tensor":
    """Return the last hidden states, (batch, length, hidden), as the model itself gives them.

    Written out because Transformers' own forward starts three times as many kernels, and a model
    of this size waits for nothing else. Padding is on the right, where causal attention never
    looks.
    """
    import torch
    from torch.nn.functional import rms_norm, scaled_dot_product_attention, silu

    config = model.config
    batch, length = ids.shape
    heads, width, epsilon = config.num_attention_heads, config.head_dim, config.rms_norm_eps
    shared = config.num_key_value_heads != heads
    x = model.model.embed_tokens(ids)
    cos, sin = model.model.rotary_emb(x, torch.arange(length, device=ids.device)[None])
    cos, sin = cos[:, None], sin[:, None]
    sin = torch.cat((-sin[..., : width // 2], sin[..., width // 2 :]), dim=-1)
    for layer in model.model.layers:
        attention, mlp = layer.self_attn, layer.mlp
        y = rms_norm(x, x.shape[-1:], layer.input_layernorm.weight, epsilon)
        q, k, v = (
            p(y).view(batch, length, -1, width).transpose(1, 2)
            for p in (attention.q_proj, attention.k_proj, attention.v_proj)
        )
        q = rms_norm(q.float(), (width,), attention.q_norm.weight, epsilon)
        k = rms_norm(k.float(), (width,), attention.k_norm.weight, epsilon)
        q, k = (t * cos + t.roll(width // 2, dims=-1) * sin for t in (q, k))
        if q.is_cuda:
            q, k = q.to(v.dtype), k.to(v.dtype)
        else:  # attention in bfloat16 is slower there
            v = v.float()
        seen = scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=shared)
        x = x + attention.o_proj(seen.transpose(1, 2).reshape(batch, length, heads * width))
        y = rms_norm(x, x.shape[-1:], layer.post_attention_layernorm.weight, epsilon)
        x = x + mlp.down_proj(silu(mlp.gate_proj(y)) * mlp.up_proj(y))
    return rms_norm(x, x.shape[-1:], model.model.norm.weight, epsilon)


def save_model(
    model: "Qwen3ForCausalLM", tokenizer: "PreTrainedTokenizerFast", folder: Path
) -> None:
    """Write weights in bfloat16 (half the bytes) with the tokenizer beside them."""
    import copy

    import torch

    copy.deepcopy(model).to("cpu", torch.bfloat16).save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))
