"""The vector store over FAISS: exact inner product of unit vectors, which is their cosine."""

from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np

from index.protocols import Mask, Rows, Scores, Vectors


@dataclass(frozen=True, slots=True)
class FaissStore:
    """A FAISS index whose row numbers are ours.

    Attributes:
        index: Flat inner-product index.
    """

    index: faiss.Index

    @classmethod
    def of(cls, vectors: Vectors) -> "FaissStore":
        """A store of these vectors, in their order."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return cls(index)

    @classmethod
    def read(cls, path: Path) -> "FaissStore":
        """Open a store's file, read only; processes that open the same one share its memory.

        FAISS maps it into memory. The file must stay as it is, and nothing can be added: FAISS
        would abort the process.
        """
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))

    def write(self, path: Path) -> None:
        """Write the store to a file."""
        faiss.write_index(self.index, str(path))

    def __len__(self) -> int:
        return int(self.index.ntotal)

    @property
    def dim(self) -> int:
        """Length of its vectors."""
        return int(self.index.d)

    def search(self, question: Vectors, k: int, mask: Mask | None = None) -> tuple[Rows, Scores]:
        k = min(k, len(self))
        if k == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        parameters = None
        if mask is not None:
            bits = np.packbits(mask, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(self), faiss.swig_ptr(bits))
            parameters = faiss.SearchParameters()
            parameters.sel = selector
        scores, rows = self.index.search(question, k, params=parameters)
        found = rows[0] >= 0
        order = np.lexsort((rows[0][found], -scores[0][found]))
        return rows[0][found][order], scores[0][found][order]

    def cosines(self, question: Vectors, rows: Rows) -> Scores:
        if len(rows) == 0:
            return np.empty(0, np.float32)
        result: Scores = self.vectors(rows) @ question[0]
        return result

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of these rows."""
        stored: Vectors = self.index.reconstruct_batch(rows)
        return stored
