"""The seams: what an encoder and a reranker promise, and the arrays that pass between them."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Shape ``(n, dim)``, each row of length 1."""

Rows = NDArray[np.int64]
"""Row numbers of passages or sentences, shape ``(n,)``."""

Scores = NDArray[np.float32]
"""One score a row, shape ``(n,)``."""

Mask = NDArray[np.bool_]
"""Which rows may be found, shape ``(rows in all,)``."""


class Encoder(Protocol):
    """Turns words into unit vectors whose dot product is their likeness, -1 to 1."""

    @property
    def name(self) -> str:
        """What to ask for in order to get it again."""
        ...

    @property
    def fingerprint(self) -> str:
        """Digest of its weights, and the precision of its passages where that is not single.

        Two encoders with one fingerprint give the same vectors.
        """
        ...

    @property
    def dim(self) -> int:
        """Length of its vectors."""
        ...

    @property
    def limit(self) -> int:
        """The most tokens that it reads at once."""
        ...

    def count_tokens(self, text: str) -> int:
        """Tokens of a text as it reads it, those that it adds itself included."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """One vector a text. No text may be over the limit."""
        ...

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """One vector a question, of any length each."""
        ...


class Reranker(Protocol):
    """Reads a question and a paragraph together; slower and finer than vectors."""

    @property
    def name(self) -> str:
        """What to ask for in order to get it again."""
        ...

    def scores(self, question: str, texts: Sequence[str]) -> Scores:
        """How well each text answers, higher is better; comparable within one call only."""
        ...
