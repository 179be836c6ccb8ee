"""Fusion: what each kind of evidence counts for, and one score made of them all."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from corpus.model import Role
from index.columns import ROLES, Column

Values = NDArray[np.float64]
"""One value a candidate."""

_BEST = 3
"""Paragraphs by which a decision is judged."""


class Weights(Struct, frozen=True, kw_only=True):
    """What each kind of evidence counts for in the fused score; see ADR 0003.

    Attributes:
        examples: How far the question is drawn to the answers of questions that are like it; its
            cosines are taken then.
        paragraph: Cosine of the question and the paragraph, or its best slice.
        sentence: Cosine of the question and the paragraph's best sentence.
        words: BM25 score divided by the best of this search.
        held: Share of the question's words that the paragraph holds, the rarer counting more.
        expected: BM25 score of the words that the answers of examples have.
        decision: How near the decision is by the five above: the mean of its `_BEST` paragraphs.
        named: Added where the question names the decision, by its body, its reference or its date.
        role: Added to a paragraph that does one of these.
    """

    examples: float
    paragraph: float
    sentence: float
    words: float
    held: float
    expected: float
    decision: float
    named: float
    role: dict[Role, float]


WEIGHTS = Weights(
    examples=1.5,
    paragraph=0.5,
    sentence=0.5,
    words=0.2,
    held=0.3,
    expected=0.15,
    decision=0.4,
    named=0.3,
    role={
        Role.FINDING: 0.06,
        Role.LAW: 0.03,
        Role.REMEDY: 0.03,
        Role.DECISION: 0.0,
        Role.POWERS: 0.0,
        Role.METHOD: -0.09,
        Role.FACTS: 0.0,
        Role.RESPONSE: 0.0,
        Role.COMPLAINT: -0.15,
    },
)


class Evidence(Struct, frozen=True, kw_only=True):
    """All that is known of each candidate, apart.

    Attributes:
        paragraph: Cosine of the paragraph, or its best slice.
        sentence: Cosine of its best sentence.
        words: BM25.
        held: Share of the most that the question's words can score whose words it holds, 0 to 1.
        expected: BM25 of the words that the answers of examples have, by what they are worth there.
        decisions: Number of each one's decision.
        named: 1 where the question names its decision, else 0.
        roles: Number of each one's role; see `ROLES`.
    """

    paragraph: Values
    sentence: Values
    words: Values
    held: Values
    expected: Values
    decisions: Column
    named: Values
    roles: NDArray[np.int8]

    @property
    def cosine(self) -> Values:
        """The better of the two cosines."""
        best: Values = np.maximum(self.paragraph, self.sentence)
        return best

    def fused(self, weights: Weights) -> Values:
        """One score each; comparable within one search only."""
        near = (
            weights.paragraph * self.paragraph
            + weights.sentence * self.sentence
            + weights.words * self.words / max(float(self.words.max()), 1e-9)
            + weights.held * self.held
            + weights.expected * self.expected
        )
        score: Values = (
            near
            + weights.decision * _of_decisions(near, self.decisions)
            + weights.named * self.named
            + np.array([weights.role[role] for role in ROLES])[self.roles]
        )
        return score


def _of_decisions(near: Values, decisions: Column) -> Values:
    """For each candidate, the mean of the `_BEST` best of its decision.

    One that is not among the candidates counts as the worst of them: it is no nearer.
    """
    order = np.lexsort((-near, decisions))
    _, first, numbers = np.unique(decisions[order], return_index=True, return_inverse=True)
    best = np.arange(len(order)) - first[numbers] < _BEST
    worst = float(near.min())
    above = np.bincount(numbers[best], weights=near[order][best] - worst)
    means: Values = np.empty(len(near))
    means[order] = worst + above[numbers] / _BEST
    return means
