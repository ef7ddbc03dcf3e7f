"""Nested state (of an optimizer, a schedule, a random generator) as safetensors and JSON.

torch would pickle it, and unpickling can run code. Here tensors go into one safetensors file and
the tree that they hang in into a JSON file, in which each kind of node names itself.
"""

import json
from pathlib import Path
from typing import Any

import torch  # noqa: TID253 - runs only in a training process
from safetensors.torch import load_file, save_file


def save_tree(tree: object, tensors_file: Path, tree_file: Path) -> None:
    """Write ``tree``: dicts, lists, tuples, numbers, strings, None and tensors.

    Raises:
        TypeError: If it holds anything else; what cannot be written must not vanish.
    """
    tensors: dict[str, torch.Tensor] = {}
    plain = _pack(tree, tensors)
    save_file(tensors, tensors_file)
    tree_file.write_text(json.dumps(plain) + "\n", encoding="utf-8")


def load_tree(tensors_file: Path, tree_file: Path) -> Any:
    """Return what ``save_tree`` wrote."""
    return _unpack(json.loads(tree_file.read_text(encoding="utf-8")), load_file(tensors_file))


def _pack(node: object, tensors: dict[str, torch.Tensor]) -> object:
    if isinstance(node, torch.Tensor):
        name = f"{len(tensors):06d}"
        tensors[name] = node.detach().cpu().contiguous().clone()
        return {"tensor": name}
    if isinstance(node, dict):  # pairs, because keys may be numbers
        return {"dict": [[_pack(k, tensors), _pack(v, tensors)] for k, v in node.items()]}
    if isinstance(node, tuple):
        return {"tuple": [_pack(item, tensors) for item in node]}
    if isinstance(node, list):
        return {"list": [_pack(item, tensors) for item in node]}
    if node is None or isinstance(node, (bool, int, float, str)):
        return node
    raise TypeError(f"state holds a {type(node).__name__}; expected plain values and tensors")


def _unpack(node: Any, tensors: dict[str, torch.Tensor]) -> object:
    if not isinstance(node, dict):
        return node
    ((kind, inner),) = node.items()
    if kind == "tensor":
        return tensors[inner]
    if kind == "dict":
        return {_unpack(k, tensors): _unpack(v, tensors) for k, v in inner}
    items = [_unpack(item, tensors) for item in inner]
    return tuple(items) if kind == "tuple" else items
