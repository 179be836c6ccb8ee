"""The word index: BM25 over stems, by bm25s."""

import math
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np

from index.protocols import Scores
from index.words import stems


@dataclass(frozen=True, slots=True)
class Bm25:
    """Lucene's BM25 with k1 = 0.9, b = 0.4 (Robertson and Zaragoza 2009; bm25s, Lù 2024).

    Attributes:
        model: bm25s's sparse matrix of scores.
        size: How many texts it holds.
    """

    model: bm25s.BM25
    size: int

    @classmethod
    def of(cls, texts: list[str]) -> "Bm25":
        """An index of these texts, in their order."""
        model = bm25s.BM25(method="lucene", k1=0.9, b=0.4)
        model.index(list(stems(texts)), show_progress=False)
        return cls(model, len(texts))

    @classmethod
    def read(cls, folder: Path) -> "Bm25":
        """Open an index's folder, read only; processes that open the same one share its memory."""
        model = bm25s.BM25.load(folder, mmap=True)
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

    def most(self, question: str) -> float:
        """The most that a text could score: the sum of the inverse document frequencies."""
        vocabulary, starts = self.model.vocab_dict, self.model.scores["indptr"]
        return float(
            sum(
                self._idf(int(starts[row + 1] - starts[row]) if row is not None else 0)
                for row in map(vocabulary.get, next(stems([question])))
            )
        )

    def _idf(self, texts: int) -> float:
        """Lucene's, of a stem that this many texts have."""
        return math.log(1 + (self.size - texts + 0.5) / (texts + 0.5))
