"""Packing: a network's weights laid out once as the processor multiplies them, not at each call."""

import torch


class Packed(torch.nn.Module):
    """A linear layer whose weights oneDNN has laid out, for so many tokens at a time."""

    def __init__(self, layer: torch.nn.Linear, tokens: int) -> None:
        super().__init__()
        self.weight = torch.ops.mkldnn._reorder_linear_weight(layer.weight.detach(), tokens)
        self.bias = None if layer.bias is None else layer.bias.detach()

    def forward(self, given: torch.Tensor) -> torch.Tensor:
        """The same as the layer's, for any number of tokens."""
        made: torch.Tensor = torch.ops.mkldnn._linear_pointwise(
            given, self.weight, self.bias, "none", [], ""
        )
        return made


def pack(network: torch.nn.Module, tokens: int) -> None:
    """Exchange the linear layers of a network in half precision for packed ones, in place.

    They are laid out for so many tokens at a time, and take any number.

    Under `torch.inference_mode`; where torch was built without oneDNN, nothing is changed.
    """
    if not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return
    for name, part in network.named_children():
        if isinstance(part, torch.nn.Linear):
            setattr(network, name, Packed(part, tokens))
        else:
            pack(part, tokens)
