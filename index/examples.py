"""Examples: questions whose answers are known, which draw a question to where its own may lie.

A parent's words and a decision's share little, and a model of this size cannot learn every way to
ask. But among thousands of questions written beforehand some are like most that are asked, and
the vectors of their answers, which are in a decision's words, are known; see ADR 0020.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import faiss
import numpy as np

from index.models import TUNED
from index.protocols import Scores, Vectors
from index.vectors import mapped, unit

QUESTIONS = Path(str(files("index").joinpath("examples_questions.faiss")))
ANSWERS = Path(str(files("index").joinpath("examples_answers.faiss")))
"""The examples in the tuned encoder's vectors, made by ``upheld-eval examples``."""

_LOOKED_AT = 100
"""Examples, the most alike."""

_SHARPNESS = 30.0
"""How much more a nearer example counts."""

_FAMILIAR = 0.66
"""Cosine of a question and an example that counts as much as what is asked about nothing known."""


_COMPARED = 4
"""Vectors compared for each that is sought, where sketches bring them."""

_MANY = 1000
"""Vectors from which a sketch of each is made."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples, row by row.

    Attributes:
        questions: The mean of each one's questions, at length 1.
        answers: The paragraph that answers them.
    """

    questions: faiss.Index
    answers: faiss.Index

    def steered(self, asked: Vectors, strength: float) -> tuple[Vectors, Scores]:
        """Questions drawn to the answers of those that are like them.

        To each is added the mean of the answers of its nearest examples, weighed by a softmax of
        their cosines in which nothing, at a cosine of `_FAMILIAR`, takes part: a question that is
        like no example stays as it is. (Expansion from another collection, Diaz and Metzler 2006,
        with the attention of a memory, Khandelwal et al. 2020.)

        Args:
            asked: Shape ``(n, dim)``.
            strength: Length of what is added where nothing has no share.

        Returns:
            Of length 1, shape ``(n, dim)``; and the cosine of each and its nearest example.
        """
        cosines, rows = self.questions.search(asked, min(_LOOKED_AT, self.questions.ntotal))
        shares = np.exp(_SHARPNESS * (cosines - _FAMILIAR))
        shares /= 1 + shares.sum(axis=1, keepdims=True)
        answers = self.answers.reconstruct_batch(rows.ravel()).reshape(*rows.shape, -1)
        steered = unit(asked + strength * np.einsum("nk,nkd->nd", shares, answers))
        return steered, cosines[:, 0]


def packed(vectors: Vectors) -> faiss.Index:
    """Vectors in a byte a number, as the files hold them."""
    store = faiss.IndexScalarQuantizer(
        vectors.shape[1], faiss.ScalarQuantizer.QT_8bit_uniform, faiss.METRIC_INNER_PRODUCT
    )
    store.train(vectors)
    store.add(vectors)
    return store


def shortlisted(vectors: Vectors) -> faiss.Index:
    """Packed vectors of which a search compares only those that a sketch of each brings.

    The sketches, an eighth of the size, are in the processor's cache sooner than the vectors. A few
    vectors are searched without.
    """
    store = packed(vectors)
    if len(vectors) < _MANY:
        return store
    dim = vectors.shape[1]
    sketches = faiss.IndexPQFastScan(dim, dim // 4, 4, faiss.METRIC_INNER_PRODUCT)
    sketches.train(vectors)
    sketches.add(vectors)
    both = faiss.IndexRefine(sketches, store)
    both.k_factor = _COMPARED
    return both


def examples_of(encoder: str) -> Examples | None:
    """The examples in an encoder's vectors, by its name; None where there are none."""
    return _kept() if encoder == TUNED else None


@cache
def _kept() -> Examples:
    return Examples(mapped(QUESTIONS), mapped(ANSWERS))
