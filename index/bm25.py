"""The word index: BM25 over stems, by bm25s."""

from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np

from index.protocols import Scores
from index.words import stems


@dataclass(frozen=True, slots=True)
class Bm25:
    """Lucene's BM25 with k1 = 1.5, b = 0.75 (Robertson and Zaragoza 2009; bm25s, Lù 2024).

    Attributes:
        model: bm25s's sparse matrix of scores.
        size: How many texts it holds.
    """

    model: bm25s.BM25
    size: int

    @classmethod
    def of(cls, texts: list[str]) -> "Bm25":
        """An index of these texts, in their order."""
        model = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        model.index(list(stems(texts)), show_progress=False)
        return cls(model, len(texts))

    @classmethod
    def read(cls, folder: Path) -> "Bm25":
        """Read an index from its folder."""
        model = bm25s.BM25.load(folder)
        return cls(model, int(model.scores["num_docs"]))

    def write(self, folder: Path) -> None:
        """Write the index into a folder."""
        self.model.save(folder, show_progress=False)

    def __len__(self) -> int:
        return self.size

    def scores(self, question: str) -> Scores:
        known = [s for s in next(stems([question])) if s in self.model.vocab_dict]
        if not known:
            return np.zeros(self.size, np.float32)
        result: Scores = self.model.get_scores(known)
        return result
