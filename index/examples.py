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
import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from index.models import TUNED
from index.protocols import Rows, Scores, Vectors
from index.vectors import mapped, unit

QUESTIONS = Path(str(files("index").joinpath("examples_questions.faiss")))
ANSWERS = Path(str(files("index").joinpath("examples_answers.faiss")))
WORDS = Path(str(files("index").joinpath("examples_words.npz")))
"""The examples of the tuned encoder, made by ``upheld-eval examples``."""

_LOOKED_AT = 100
"""Examples, the most alike."""

_SHARPNESS = 30.0
"""How much more a nearer example counts."""

_FAMILIAR = 0.66
"""Cosine of a question and an example that counts as much as what is asked about nothing known."""

_EXPECTED = 30
"""Words that an answer is expected to have."""

_COMPARED = 4
"""Vectors compared for each that is sought, where sketches bring them."""

_MANY = 1000
"""Vectors from which a sketch of each is made."""


class Near(Struct, frozen=True):
    """The examples that are most like some questions.

    Attributes:
        rows: Theirs, shape ``(n, k)``, the most alike first.
        shares: What each has to say, shape ``(n, k)``; of a question 1 at most in all.
        cosines: Of each question and the first of them, shape ``(n,)``.
    """

    rows: NDArray[np.int64]
    shares: NDArray[np.float32]
    cosines: Scores


@dataclass(frozen=True, slots=True)
class Telling:
    """The words that tell most of each of some texts.

    Attributes:
        stems: All of them, by number.
        numbers: Those of each text's, shape ``(texts, words)``.
        worth: What each is worth there, nought where a text has fewer, the same shape; the squares
            of all words of a text, these among them, come to 1.
    """

    stems: tuple[str, ...]
    numbers: NDArray[np.uint16]
    worth: NDArray[np.float16]

    def expected(self, rows: Rows, shares: NDArray[np.float32]) -> tuple[tuple[str, float], ...]:
        """The `_EXPECTED` words worth most in some texts taken together, and what they are worth.

        Args:
            rows: The texts.
            shares: What each counts.
        """
        worth = np.zeros(len(self.stems), np.float32)
        np.add.at(worth, self.numbers[rows], self.worth[rows] * shares[:, None])
        best = np.argsort(-worth, kind="stable")[:_EXPECTED]
        return tuple((self.stems[i], float(worth[i])) for i in best if worth[i] > 0)


@dataclass(frozen=True, slots=True)
class Examples:
    """Examples, row by row.

    Attributes:
        questions: The mean of each one's questions, at length 1.
        answers: The paragraph that answers them.
        words: Those that tell most of that paragraph.
    """

    questions: faiss.Index
    answers: faiss.Index
    words: Telling

    def near(self, asked: Vectors) -> Near:
        """The examples most like each question, of shape ``(n, dim)``.

        Their shares are a softmax of their cosines in which nothing, at a cosine of `_FAMILIAR`,
        takes part: those of a question that is like no example come to nought.
        """
        cosines, rows = self.questions.search(asked, min(_LOOKED_AT, self.questions.ntotal))
        shares = np.exp(_SHARPNESS * (cosines - _FAMILIAR))
        return Near(rows, shares / (1 + shares.sum(axis=1, keepdims=True)), cosines[:, 0])

    def steered(self, asked: Vectors, near: Near, strength: float) -> Vectors:
        """Questions drawn to the answers of those that are like them, at length 1.

        To each is added the mean of the answers of its nearest examples by their shares. (Expansion
        from another collection, Diaz and Metzler 2006, with the attention of a memory, Khandelwal
        et al. 2020.)

        Args:
            asked: Shape ``(n, dim)``.
            near: What is nearest to them.
            strength: Length of what is added where nothing has no share.
        """
        answers = self.answers.reconstruct_batch(near.rows.ravel()).reshape(*near.rows.shape, -1)
        return unit(asked + strength * np.einsum("nk,nkd->nd", near.shares, answers))

    def expected(self, near: Near) -> tuple[tuple[str, float], ...]:
        """The words that an answer to a single question is expected to have, the likeliest first.

        (Relevance models from another collection, Lavrenko and Croft 2001, Diaz and Metzler 2006.)
        """
        return self.words.expected(near.rows[0], near.shares[0])


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
    with np.load(WORDS) as words:
        telling = Telling(
            stems=msgspec.json.decode(words["stems"].tobytes(), type=tuple[str, ...]),
            numbers=words["numbers"],
            worth=words["worth"],
        )
    return Examples(mapped(QUESTIONS), mapped(ANSWERS), telling)
