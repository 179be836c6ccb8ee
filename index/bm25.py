"""The word index: BM25 over stems."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from index.protocols import Mask, Rows, Scores
from index.words import stems, stems_of

Weighted = Sequence[tuple[str, float]]
"""Texts, and what the words of each count."""


_STEMS = "stems.json"
_STARTS, _ROWS, _WORTH, _PEAKS = "starts.npy", "rows.npy", "worth.npy", "peaks.npy"

_GROUPS = 16_384
"""Groups of rows, of whose best scores the least that counts is told."""

_SOON = 100_000
"""Additions before which it is not asked whether more are needed: telling takes as long."""

_LOOKED_UP = 16
"""Additions in a row that take as long as a row looked up in between."""

_TINY = float(np.finfo(np.float32).tiny)
"""The least score above nought."""


class _Stems(Struct, frozen=True):
    """The stems in the order of their places, and how many texts there are."""

    stems: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Term:
    """A stem of a question that some texts have.

    Attributes:
        rows: Those texts, ascending.
        scores: What it is worth in each.
        weight: What the scores are multiplied by.
        most: The most that it can be worth, weighted.
    """

    rows: NDArray[np.int32]
    scores: Scores
    weight: float
    most: float


@dataclass(frozen=True, slots=True)
class Bm25:
    """Lucene's BM25 with k1 = 0.9, b = 0.4 (Robertson and Zaragoza 2009), worked out beforehand.

    Attributes:
        columns: Each stem's place in `starts`.
        starts: Where each stem's rows begin; the last is the end of all.
        rows: The texts that have each stem, ascending, one stem after the other.
        worth: The stem's score in each of them.
        peaks: The best of each stem's scores.
        size: How many texts there are.
    """

    columns: dict[str, int]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    worth: Scores
    peaks: Scores
    size: int

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Bm25":
        """An index of these texts, in their order, by bm25s (Lù 2024)."""
        # Here, not above: answering needs none of it, and it brings SciPy.
        import bm25s

        columns: dict[str, int] = {}
        # As arrays: lists of numbers would take several times the room.
        numbers = [
            np.array([columns.setdefault(stem, len(columns)) for stem in text], np.int32)
            for text in stems(texts)
        ]
        model = bm25s.BM25(method="lucene", k1=0.9, b=0.4)
        model.index((numbers, columns), show_progress=False, create_empty_token=False)
        made = model.scores
        starts, worth = made["indptr"].astype(np.int64), made["data"].astype(np.float32)
        return cls(
            columns=columns,
            starts=starts,
            rows=made["indices"].astype(np.int32),
            worth=worth,
            peaks=np.maximum.reduceat(worth, starts[:-1]) if len(worth) else worth,
            size=len(numbers),
        )

    @classmethod
    def read(cls, folder: Path) -> "Bm25":
        """Open an index's folder, read only; processes that open the same one share its memory.

        Raises:
            OSError: A file is missing.
            ValueError: One is damaged.
        """
        stored = msgspec.json.decode((folder / _STEMS).read_bytes(), type=_Stems)
        return cls(
            columns={stem: column for column, stem in enumerate(stored.stems)},
            starts=np.asarray(open_memmap(folder / _STARTS, mode="r")),
            rows=np.asarray(open_memmap(folder / _ROWS, mode="r")),
            worth=np.asarray(open_memmap(folder / _WORTH, mode="r")),
            peaks=np.asarray(open_memmap(folder / _PEAKS, mode="r")),
            size=stored.size,
        )

    def write(self, folder: Path) -> None:
        """Write the index into a new folder.

        Raises:
            OSError: It cannot be written.
        """
        folder.mkdir()
        stored = _Stems(tuple(self.columns), self.size)
        (folder / _STEMS).write_bytes(msgspec.json.encode(stored))
        for name, values in (
            (_STARTS, self.starts),
            (_ROWS, self.rows),
            (_WORTH, self.worth),
            (_PEAKS, self.peaks),
        ):
            np.save(folder / name, values)

    def __len__(self) -> int:
        return self.size

    def best(self, asked: Weighted, k: int, allowed: Mask | None = None) -> Rows:
        """The rows of the k best scores above nought, best first, ties by row.

        Rarer stems come first, and are added up over all rows. Once what is left to come cannot
        lift a row that has none of them above the k best, it is added only to rows that it may
        (MaxScore, Turtle and Flood 1995).

        Args:
            asked: Texts, and what the words of each count.
            k: How many rows are wanted.
            allowed: Which rows may be found, shape ``(rows,)``; None for all.
        """
        terms = self._terms(asked)
        left = sum(term.most for term in terms)
        scores = np.zeros(self.size, np.float32)
        least, added = -1.0, 0
        while terms and least < left:
            term = terms.pop(0)
            _add(scores, term)
            left -= term.most
            added += len(term.rows)
            if terms and added > max(self.size // 4, _SOON):
                _mask(scores, allowed)
                least, added = _kth(scores, k), 0
        _mask(scores, allowed)
        least = _kth(scores, k)
        rows = np.flatnonzero(scores >= max(least - left, _TINY)).astype(np.int32)
        for term in terms:
            rows = rows[scores[rows] >= least - left]
            if len(rows) * _LOOKED_UP > len(term.rows):
                _add(scores, term)
            else:
                scores[rows] += _worth(term, rows)
            left -= term.most
            least = max(least, _kth(scores[rows], k))
        best: Rows = rows[np.lexsort((rows, -scores[rows]))[:k]].astype(np.int64)
        return best

    def scores(self, asked: Weighted, rows: Rows) -> Scores:
        """One BM25 score for each of these rows, which ascend."""
        return self.weigh(asked, rows)[0]

    def weigh(self, asked: Weighted, rows: Rows) -> tuple[Scores, Scores]:
        """What these rows, which ascend, have of the words asked for.

        Returns:
            The BM25 score of each, and the sum of the inverse document frequencies of the words
            that it holds, which is at most that of all of them; see `most`.
        """
        total, held = np.zeros(len(rows), np.float32), np.zeros(len(rows), np.float32)
        narrow = rows.astype(np.int32)
        for term in self._terms(asked):
            worth = _worth(term, narrow)
            total += worth
            held += (worth > 0) * np.float32(term.weight * self._idf(len(term.rows)))
        return total, held

    def expected(self, words: Weighted, rows: Rows) -> Scores:
        """The BM25 score of each of these rows, which ascend, for some stems and their weights."""
        total, narrow = np.zeros(len(rows), np.float32), rows.astype(np.int32)
        for term in self._of_stems(dict(words)):
            total += _worth(term, narrow)
        return total

    def holding(self, word: str) -> Rows:
        """The rows that hold a word in any of its forms, ascending."""
        terms = self._terms([(word, 1.0)])
        return np.unique(np.concatenate([np.empty(0, np.int64), *(t.rows for t in terms)]))

    def knows(self, word: str) -> bool:
        """Whether some text has the word in any of its forms."""
        return any(stem in self.columns for stem in stems_of(word))

    def most(self, question: str) -> float:
        """The most that a text could score: the sum of the inverse document frequencies."""
        return sum(self._idf(self._texts(stem)) for stem in stems_of(question))

    def _terms(self, asked: Weighted) -> list[Term]:
        """The stems of what is asked that some text has, the rarer first."""
        weights = Counter[str]()
        for text, weight in asked:
            for stem in stems_of(text):
                weights[stem] += weight  # type: ignore[assignment]
        return self._of_stems(weights)

    def _of_stems(self, weights: Mapping[str, float]) -> list[Term]:
        """Those that some text has, the rarer first."""
        terms = [
            Term(
                rows=self.rows[place],
                scores=self.worth[place],
                weight=weight,
                most=weight * float(self.peaks[self.columns[stem]]),
            )
            for stem, weight in weights.items()
            if (place := self._place(stem)) is not None
        ]
        return sorted(terms, key=lambda term: len(term.rows))

    def _place(self, stem: str) -> slice | None:
        """Where a stem's rows stand."""
        column = self.columns.get(stem)
        if column is None:
            return None
        return slice(int(self.starts[column]), int(self.starts[column + 1]))

    def _texts(self, stem: str) -> int:
        """How many texts have a stem."""
        place = self._place(stem)
        return place.stop - place.start if place else 0

    def _idf(self, texts: int) -> float:
        """Lucene's inverse document frequency of a stem that so many texts have."""
        return math.log(1 + (self.size - texts + 0.5) / (texts + 0.5))


def _add(scores: Scores, term: Term) -> None:
    """Add what a stem is worth to all rows that have it."""
    np.add.at(scores, term.rows, term.scores * np.float32(term.weight))


def _mask(scores: Scores, allowed: Mask | None) -> None:
    """Set the scores of rows that may not be found to nought."""
    if allowed is not None:
        scores *= allowed


def _kth(scores: Scores, k: int) -> float:
    """A score above nought that k rows have at least; below nought where there are fewer rows.

    Of many rows the best of each group are looked at, which is hardly less and far quicker: only
    where two of the k best share a group is it less at all.
    """
    whole = max(len(scores) // max(_GROUPS, k), 1)
    groups = len(scores) // whole
    best = scores[: whole * groups].reshape(whole, groups).max(axis=0)
    # Without the many noughts, which take a partition long.
    best = best[best > 0]
    return float(np.partition(best, len(best) - k)[len(best) - k]) if len(best) >= k else -1.0


def _worth(term: Term, rows: NDArray[np.int32]) -> Scores:
    """What a stem is worth in each of these rows, weighted."""
    places = np.searchsorted(term.rows, rows)
    inside = np.minimum(places, len(term.rows) - 1)
    worth: Scores = np.where(
        term.rows[inside] == rows, term.scores[inside] * np.float32(term.weight), np.float32(0)
    )
    return worth
