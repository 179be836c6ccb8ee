"""Half precision: a model's network in bfloat16, for processors that multiply such numbers."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import faiss
import numpy as np

from index.models import Model
from index.protocols import Vectors
from index.transformer import Run

_CPU = Path("/proc/cpuinfo")
_MULTIPLIES = {"avx512_bf16", "amx_bf16"}


def has_bfloat16() -> bool:
    """Whether this processor multiplies numbers of half precision itself."""
    try:
        flags = _CPU.read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return not _MULTIPLIES.isdisjoint(flags.split())


@dataclass(frozen=True, slots=True)
class HalfPrecision:
    """A model's network in bfloat16; torch, and the model, are loaded when it is first used.

    Each thread takes a run of its own: to share one, they would wait for each other at every
    layer. There are as many as OMP_NUM_THREADS says, or else all.
    """

    model: Model

    @property
    def most(self) -> int:
        """See `index.transformer.Network`."""
        return 1024

    def __call__(self, texts: Iterable[Run]) -> Iterator[Vectors]:
        """The vectors of each run; several go through side by side."""
        import torch

        through = _network(self.model, self.most)
        with ThreadPoolExecutor(
            faiss.omp_get_max_threads(), initializer=torch.set_num_threads, initargs=(1,)
        ) as threads:
            yield from threads.map(through, texts)


@cache
def _network(model: Model, most: int) -> Callable[[Run], Vectors]:
    import torch

    from index.attention import attend_quickly
    from index.exporting import UnitVectors
    from index.loading import load_model
    from index.packing import pack

    loaded = load_model(model).to(torch.bfloat16)
    attend_quickly(loaded.transformers_model)
    with torch.inference_mode():
        pack(loaded, most)
    network = UnitVectors(loaded).eval()

    def through(texts: Run) -> Vectors:
        with torch.inference_mode():
            vectors = network(*network.inputs(*map(torch.from_numpy, texts)))
        result: Vectors = vectors.numpy().astype(np.float32)
        return result

    return through
