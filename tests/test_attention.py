"""Attention in half precision gives what torch's own gives."""

import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel, PreTrainedModel

from index.attention import attend, attend_quickly, text_mask

_SIZES = {
    "vocab_size": 9,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 48,
}
_MASK = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0], [1, 0, 0, 0, 0]])
_TOKENS = torch.tensor([[1, 2, 3, 4, 5], [6, 7, 8, 0, 0], [2, 0, 0, 0, 0]])


@pytest.mark.parametrize("strength", [1.0, 30.0, 300.0])
@pytest.mark.parametrize("mask", [_MASK, None])
def test_every_token_gets_what_torchs_attention_gives_it(
    strength: float, mask: torch.Tensor | None
) -> None:
    torch.manual_seed(0)
    query, key, value = torch.randn(3, 3, 4, 5, 8).unbind()
    # At 30 and more some scores' exponentials are no numbers, or nought.
    query = query * strength
    allowed = None if mask is None else mask[:, None, None, :].bool()
    wanted = scaled_dot_product_attention(query, key, value, attn_mask=allowed, scale=0.3)
    counted = text_mask(attention_mask=mask, dtype=torch.float32)
    made, _ = attend(torch.nn.Identity(), query, key, value, counted, 0.3)
    torch.testing.assert_close(made.transpose(1, 2), wanted, atol=1e-4, rtol=1e-4)


def test_a_mask_without_padding_is_none() -> None:
    assert text_mask(attention_mask=torch.ones(2, 3), dtype=torch.float32) is None
    assert text_mask(attention_mask=None, dtype=torch.float32) is None


@pytest.mark.parametrize(
    ("network", "attention"),
    [
        (BertModel(BertConfig.from_dict(_SIZES)), "quick_half_precision"),
        # It adds how far tokens stand from one another.
        (MPNetModel(MPNetConfig.from_dict(_SIZES)), "eager"),
    ],
)
def test_a_network_attends_quickly_where_its_make_allows_it(
    network: PreTrainedModel, attention: str
) -> None:
    network.train(mode=False)
    with torch.inference_mode():
        wanted = network(_TOKENS, attention_mask=_MASK).last_hidden_state
        attend_quickly(network)
        made = network(_TOKENS, attention_mask=_MASK).last_hidden_state
    assert network.config._attn_implementation == attention
    is_read = _MASK.bool()
    torch.testing.assert_close(made[is_read], wanted[is_read], atol=1e-5, rtol=1e-5)
