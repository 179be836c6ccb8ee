"""The judge: whether a paragraph answers a question or is only near it, by their vectors."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from index.fusion import Values
from index.models import TUNED
from index.protocols import Vectors

FITTED = files("index").joinpath("judge.npz")
"""The judge of the tuned encoder's vectors, fitted by ``upheld-eval judge``."""


@dataclass(frozen=True, slots=True)
class Judge:
    """A logistic regression on how vectors meet, number by number; see `features`.

    Attributes:
        weights: Of the features, shape ``(2 * dim,)``.
        intercept: Of the log odds.
    """

    weights: NDArray[np.float64]
    intercept: float

    def odds(self, question: Vectors, paragraphs: Vectors, sentences: Vectors) -> Values:
        """The log odds that each paragraph answers, shape ``(n,)``; see `features`."""
        judged: Values = features(question, paragraphs, sentences) @ self.weights + self.intercept
        return judged


def features(question: Vectors, paragraphs: Vectors, sentences: Vectors) -> NDArray[np.float64]:
    """The products of a question's numbers with those of each paragraph and its best sentence.

    Their sum is the cosine, to which every number counts alike; the judge weighs them. They are
    multiplied by the root of their number, so that they do not depend on it.

    Args:
        question: Shape ``(1, dim)``.
        paragraphs: Of each paragraph, or its best slice, shape ``(n, dim)``.
        sentences: Of each paragraph's best sentence, shape ``(n, dim)``.

    Returns:
        Shape ``(n, 2 * dim)``.
    """
    products = np.hstack((question * paragraphs, question * sentences))
    scaled: NDArray[np.float64] = products.astype(np.float64) * np.sqrt(question.shape[1])
    return scaled


def judge_of(encoder: str) -> Judge | None:
    """The judge of an encoder's vectors, by its name; None where there is none."""
    return _fitted() if encoder == TUNED else None


@cache
def _fitted() -> Judge:
    with FITTED.open("rb") as file, np.load(file) as kept:
        return Judge(weights=kept["weights"].astype(np.float64), intercept=float(kept["intercept"]))
