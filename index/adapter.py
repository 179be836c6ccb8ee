"""The adapter: a small change of the bundled model's weights that fits it to how people ask.

Trained by ``upheld-eval tune`` on pairs that we wrote; see ADR 0007.
"""

import hashlib

import safetensors.torch
import torch

from index.encoders import ADAPTER

DOWN, UP = ".down", ".up"
"""Endings of the two matrices of each layer: its weight gains ``up @ down``, of low rank."""


def add_adapter(model: torch.nn.Module) -> str:
    """Add the adapter to a model's weights.

    Args:
        model: The bundled transformer.

    Returns:
        The adapter's SHA-256, hexadecimal.

    Raises:
        AttributeError: The adapter is of another model.
    """
    data = ADAPTER.read_bytes()
    matrices = safetensors.torch.load(data)
    with torch.no_grad():
        for name in sorted(key.removesuffix(DOWN) for key in matrices if key.endswith(DOWN)):
            change = matrices[name + UP].float() @ matrices[name + DOWN].float()
            model.get_parameter(f"{name}.weight").add_(change)
    return hashlib.sha256(data).hexdigest()
