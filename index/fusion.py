"""Fusion: what each kind of evidence counts for, and one score made of them all."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from corpus.model import Role
from index.columns import ROLES

Values = NDArray[np.float64]
"""One value a candidate."""


class Weights(Struct, frozen=True, kw_only=True):
    """What each kind of evidence counts for in the fused score; see ADR 0003.

    Attributes:
        paragraph: Cosine of the question and the paragraph, or its best slice.
        sentence: Cosine of the question and the paragraph's best sentence.
        words: BM25 score divided by the best of this search.
        named: Added where the question names the decision, by its body or its reference.
        role: Added to a paragraph that does one of these.
    """

    paragraph: float
    sentence: float
    words: float
    named: float
    role: dict[Role, float]


WEIGHTS = Weights(
    paragraph=0.5,
    sentence=0.5,
    words=0.3,
    named=0.3,
    role={
        Role.FINDING: 0.04,
        Role.LAW: 0.02,
        Role.REMEDY: 0.02,
        Role.DECISION: 0.0,
        Role.POWERS: 0.0,
        Role.METHOD: -0.06,
        Role.FACTS: 0.0,
        Role.RESPONSE: 0.0,
        Role.COMPLAINT: -0.1,
    },
)


class Evidence(Struct, frozen=True, kw_only=True):
    """All that is known of each candidate, apart.

    Attributes:
        paragraph: Cosine of the paragraph, or its best slice.
        sentence: Cosine of its best sentence.
        words: BM25.
        named: 1 where the question names its decision, else 0.
        roles: Number of each one's role; see `ROLES`.
    """

    paragraph: Values
    sentence: Values
    words: Values
    named: Values
    roles: NDArray[np.int8]

    @property
    def cosine(self) -> Values:
        """The better of the two cosines."""
        best: Values = np.maximum(self.paragraph, self.sentence)
        return best

    def fused(self, weights: Weights) -> Values:
        """One score each; comparable within one search only."""
        score: Values = (
            weights.paragraph * self.paragraph
            + weights.sentence * self.sentence
            + weights.words * self.words / max(float(self.words.max()), 1e-9)
            + weights.named * self.named
            + np.array([weights.role[role] for role in ROLES])[self.roles]
        )
        return score
