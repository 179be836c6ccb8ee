"""The transformer encoder: texts cut into tokens, and runs of like length through a network."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import faiss
import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from corpus.passages import slices
from index.protocols import Vectors
from index.vectors import unit

Tokens = NDArray[np.int64]
"""Numbers of tokens, or the mask that tells them from padding, shape ``(texts, length)``."""

Run = tuple[Tokens, Tokens]
"""Tokens of texts that go through a network together, and the mask that tells padding."""


class Network(Protocol):
    """Turns runs of texts, cut into tokens, into unit vectors."""

    @property
    def most(self) -> int:
        """The most tokens, padding included, that a run should hold."""
        ...

    def __call__(self, texts: Iterable[Run]) -> Iterable[Vectors]:
        """The vectors of each run, one a text, run by run."""
        ...


PADDED = 60
"""Tokens of padding that take as long as another run through the network."""

_AT_ONCE = 4096
"""Texts that are cut into tokens before they are encoded, so that memory is bounded."""

_PIECE = 256
"""Texts that a thread cuts into tokens at a time."""


@dataclass(frozen=True, slots=True)
class TransformerEncoder:
    """A sentence transformer on the processor; may be used from several threads.

    Attributes:
        name: What it was asked for by.
        fingerprint: SHA-256 of its weights, and the precision of `passages` if it is not single.
        dim: Length of its vectors.
        limit: Tokens that it reads at once.
        tokenizer: Cuts texts into tokens, neither padded nor cut short.
        questions: The network for questions, single precision.
        passages: The network for passages: the quickest here.
    """

    name: str
    fingerprint: str
    dim: int
    limit: int
    tokenizer: Tokenizer
    questions: Network
    passages: Network

    def count_tokens(self, text: str) -> int:
        return len(self.tokenizer.encode(text).ids)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self.passages)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """The mean of each question's slices, at length 1: a long one is not cut off."""
        parts, firsts = list[str](), list[int]()
        for text in texts:
            firsts.append(len(parts))
            spans = slices(text, limit=self.limit, count=self.count_tokens)
            parts.extend(text[s.start : s.end] for s in spans)
        sums = np.add.reduceat(self._encode(parts, self.questions), firsts, axis=0)
        return unit(sums)

    def _encode(self, texts: Sequence[str], network: Network) -> Vectors:
        vectors = np.empty((len(texts), self.dim), np.float32)
        for start in range(0, len(texts), _AT_ONCE):
            tokens = self._tokens(texts[start : start + _AT_ONCE])
            rows = list(runs([len(t) for t in tokens], network.most))
            found = network(_padded([tokens[text] for text in run]) for run in rows)
            for run, encoded in zip(rows, found, strict=True):
                vectors[[start + text for text in run]] = encoded
        return vectors

    def _tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """The tokens of each text; of many, several threads cut some each."""
        cut = self.tokenizer.encode_batch_fast
        pieces = [list(texts[start : start + _PIECE]) for start in range(0, len(texts), _PIECE)]
        if len(pieces) == 1:
            return [encoded.ids for encoded in cut(pieces[0])]
        with ThreadPoolExecutor(faiss.omp_get_max_threads()) as threads:
            return [encoded.ids for piece in threads.map(cut, pieces) for encoded in piece]


def _padded(texts: Sequence[Sequence[int]]) -> Run:
    """The tokens of some texts, of which the last is the longest."""
    padded = np.zeros((len(texts), len(texts[-1])), np.int64)
    mask = np.zeros_like(padded)
    for row, tokens in enumerate(texts):
        padded[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return padded, mask


def runs(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Rows of the texts of each run, the shortest first.

    A run pads all its texts to the longest one's length. It ends where that would cost more than
    another run, or where it would hold more tokens than the most.

    >>> list(runs([9, 3, 200, 4], most=512))
    [[1, 3, 0], [2]]
    """
    run: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        longest = lengths[row]
        if run and (
            len(run) * (longest - lengths[run[-1]]) > PADDED or (len(run) + 1) * longest > most
        ):
            yield run
            run = []
        run.append(row)
    if run:
        yield run
