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

        from index.exporting import UnitVectors
        from index.loading import attend_plainly, load_model
        from index.packing import pack

        loaded = load_model(model).to(torch.bfloat16)
        attend_plainly(loaded)
        with torch.inference_mode():
            pack(loaded)
        network = UnitVectors(loaded).eval()

        def run(tokens: Tokens, mask: Tokens) -> Vectors:
            with torch.inference_mode():
                vectors = network(*network.inputs(*map(torch.from_numpy, (tokens, mask))))
            result: Vectors = vectors.numpy().astype(np.float32)
            return result

        return run

    return lambda tokens, mask: load()(tokens, mask)
