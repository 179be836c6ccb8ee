"""Attention in half precision, with as few passes over its scores as will do.

Torch's own softmax takes three times as long as the exponential of the same numbers where texts
are as short as ours, and adding a mask to them half as long again.
"""

import torch
from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel

from index.loading import attend_plainly

_QUICK = "quick_half_precision"
"""The name by which a model is told to attend so."""

_MAKES = {"bert"}
"""Makes of models in which every token attends to every other, and nothing else is added."""

_MOST = 80.0
"""How far from nought scores may be: the exponential of 88.7 is no number, of -87.3 nearly none."""


def attend_quickly(network: PreTrainedModel | None) -> None:
    """Have a model's network attend as here, or plainly if it is of another make."""
    if network and network.config.model_type in _MAKES:
        network.set_attn_implementation(_QUICK)
    else:
        attend_plainly(network)


def attend(
    _layer: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    is_text: torch.Tensor | None,
    scaling: float,
    **_options: object,
) -> tuple[torch.Tensor, None]:
    """Softmax attention, divided by its sum at the end: the sum comes with the product.

    Scores too far from nought for that go the usual way.

    Args:
        query: Of each token, shape ``(texts, heads, length, width)``.
        key: Of each token, of the same shape.
        value: Of each token, of the same shape.
        is_text: 1 where a token is no padding, 0 where it is, shape ``(texts, 1, length, 1)``;
            None where no text is padded.
        scaling: What a score is multiplied by.

    Returns:
        Shape ``(texts, length, heads, width)``, and None for the shares, which nobody reads.
    """
    counted = torch.nn.functional.pad(value, (0, 1), value=1.0)
    if is_text is not None:
        # What is padding scores nought, and counts for nought.
        key, counted = key * is_text, counted * is_text
    scores = torch.matmul(query * scaling, key.transpose(2, 3))
    if scores.max() < _MOST and scores.min() > -_MOST:
        sums = torch.matmul(scores.exp_(), counted)
        return (sums[..., :-1] / sums[..., -1:]).transpose(1, 2), None
    if is_text is not None:
        scores = scores.masked_fill(is_text.transpose(2, 3) == 0, -torch.inf)
    return torch.matmul(scores.softmax(dim=-1), value).transpose(1, 2), None


def text_mask(
    *, attention_mask: torch.Tensor | None, dtype: torch.dtype, **_options: object
) -> torch.Tensor | None:
    """What `attend` takes of the mask that tells padding, shape ``(texts, length)``."""
    if attention_mask is None or attention_mask.all():
        return None
    return attention_mask[:, None, :, None].to(dtype)


AttentionInterface.register(_QUICK, attend)
AttentionMaskInterface.register(_QUICK, text_mask)
