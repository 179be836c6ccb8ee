"""Half precision: a model's network in bfloat16, for processors that multiply such numbers."""

from functools import cache
from pathlib import Path

import numpy as np

from index.models import Model
from index.protocols import Vectors
from index.transformer import Network, Tokens

_CPU = Path("/proc/cpuinfo")
_MULTIPLIES = {"avx512_bf16", "amx_bf16"}


def has_bfloat16() -> bool:
    """Whether this processor multiplies numbers of half precision itself."""
    try:
        flags = _CPU.read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return not _MULTIPLIES.isdisjoint(flags.split())


def bfloat16_network(model: Model) -> Network:
    """A model's network in bfloat16; torch, and the model, are loaded when it is first used."""

    @cache
    def load() -> Network:
        import torch
        from transformers import PreTrainedModel

        from index.exporting import UnitVectors
        from index.loading import load_model
        from index.packing import pack

        loaded = load_model(model).to(torch.bfloat16)
        for part in loaded.modules():
            # Of texts as short as these, products and a softmax are quicker than what fuses them.
            if isinstance(part, PreTrainedModel):
                part.set_attn_implementation("eager")
        with torch.inference_mode():
            pack(loaded)
        network = UnitVectors(loaded).eval()

        def run(tokens: Tokens, mask: Tokens) -> Vectors:
            given = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": tokens * 0}
            with torch.inference_mode():
                vectors = network(*(torch.from_numpy(given[name]) for name in network.names))
            result: Vectors = vectors.numpy().astype(np.float32)
            return result

        return run

    return lambda tokens, mask: load()(tokens, mask)
