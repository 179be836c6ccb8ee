"""Similar decisions: which decisions of a snapshot complain of, and find, much the same."""

from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
from msgspec import Struct

from corpus.model import DecisionId, Role
from index.protocols import Vectors
from index.snapshot import Snapshot

_TELLING = frozenset({Role.COMPLAINT, Role.FINDING})
"""What other paragraphs do, they do much alike in every decision."""

_AT_ONCE = 4096
"""Vectors that are copied from the store at a time, so that memory is bounded."""


class Alike(Struct, frozen=True):
    """A decision that is like another, and their cosine, -1 to 1."""

    decision_id: DecisionId
    likeness: float


@dataclass(frozen=True, slots=True)
class SimilarDecisions:
    """Each decision of one snapshot as a vector; may be used from several threads.

    Attributes:
        ids: The decisions that have a complaint or a finding, in order.
        vectors: Their directions: the mean of the vectors of those paragraphs.
    """

    ids: tuple[DecisionId, ...]
    vectors: Vectors

    @classmethod
    def of(cls, snapshot: Snapshot) -> "SimilarDecisions":
        """The decisions of a snapshot."""
        roles, decision_of = snapshot.tables.roles(), snapshot.tables.decision_of()
        spans = snapshot.tables.spans("passage")
        rows = np.array(
            [row for row, span in enumerate(spans) if roles[span.paragraph] in _TELLING],
            dtype=np.int64,
        )
        ids = sorted({decision_of[spans[row].paragraph] for row in rows})
        place = {decision_id: i for i, decision_id in enumerate(ids)}
        places = np.array([place[decision_of[spans[row].paragraph]] for row in rows], np.int64)
        sums = np.zeros((len(ids), snapshot.passages.dim), np.float32)
        for start in range(0, len(rows), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            np.add.at(sums, places[part], snapshot.passages.vectors(rows[part]))
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        return cls(tuple(ids), (sums / np.maximum(lengths, 1e-9)).astype(np.float32))

    def to(self, decision_id: DecisionId, most: int) -> list[Alike]:
        """The decisions most like one, the likest first; none where it is not known.

        Args:
            decision_id: The decision.
            most: How many are wanted at the most.
        """
        own = bisect_left(self.ids, decision_id)
        if own == len(self.ids) or self.ids[own] != decision_id:
            return []
        likeness = self.vectors @ self.vectors[own]
        order = np.argsort(-likeness, kind="stable")[: most + 1]
        others = [i for i in order if i != own][:most]
        return [Alike(self.ids[i], round(float(likeness[i]), 4)) for i in others]
