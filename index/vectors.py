"""Vectors: brought to length 1, and their files mapped into memory."""

from pathlib import Path

import faiss
import numpy as np

from index.protocols import Vectors


def unit(vectors: Vectors) -> Vectors:
    """Vectors at length 1, shape ``(n, dim)``; none may be nought."""
    short: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return short


def mapped(path: Path) -> faiss.Index:
    """An index in a file, read where it is touched and shared by all who map it.

    Raises:
        RuntimeError: The file is missing or damaged.
    """
    return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
