"""Stores: a few vectors, written as a build writes them and read back."""

from pathlib import Path

from index.faiss_store import FaissStore, write_store
from index.protocols import Vectors


def store_of(path: Path, vectors: Vectors) -> FaissStore:
    """A store of these vectors in a new file."""
    write_store(path, vectors.shape[1], [vectors])
    return FaissStore.read(path)
