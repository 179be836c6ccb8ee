"""The adapter: a small change of the bundled model's weights that fits it to how people ask.

Trained by ``upheld-eval tune`` on pairs that we wrote; see ADR 0007.
"""

import safetensors.torch
import torch

from index.models import ADAPTER

DOWN, UP = ".down", ".up"
"""Endings of the two matrices of each layer: its weight gains ``up @ down``, of low rank."""


def add_adapter(model: torch.nn.Module) -> None:
    """Add the adapter to a model's weights.

    Args:
        model: The bundled transformer.

    Raises:
        AttributeError: The adapter is of another model.
    """
    matrices = safetensors.torch.load(ADAPTER.read_bytes())
    with torch.no_grad():
        for name in sorted(key.removesuffix(DOWN) for key in matrices if key.endswith(DOWN)):
            change = matrices[name + UP].float() @ matrices[name + DOWN].float()
            model.get_parameter(f"{name}.weight").add_(change)
