"""Stores: a few vectors, written as a build writes them and read back."""

from pathlib import Path

import numpy as np

from index.faiss_store import FaissStore, write_store
from index.protocols import Vectors
from index.vectors import unit

DIM = 16


def random_vectors(count: int, seed: int) -> Vectors:
    """Vectors of length 1 in all directions, shape ``(count, DIM)``."""
    return unit(np.random.default_rng(seed).standard_normal((count, DIM)).astype(np.float32))


def store_of(path: Path, vectors: Vectors) -> FaissStore:
    """A store of these vectors in a new file."""
    write_store(path, vectors.shape[1], [vectors])
    return FaissStore.read(path)
