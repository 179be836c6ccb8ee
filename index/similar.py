"""Similar decisions: which decisions of a snapshot complain of, and find, much the same."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from msgspec import Struct

from corpus.model import DecisionId, Role
from index.columns import Columns
from index.faiss_store import FaissStore, write_store
from index.protocols import Vectors
from index.snapshot import Snapshot

_TELLING = (Role.COMPLAINT, Role.FINDING)
"""What other paragraphs do, they do much alike in every decision."""

_AT_ONCE = 1024
"""Decisions whose vectors are worked out at a time, so that memory is bounded."""


class Alike(Struct, frozen=True):
    """A decision that is like another, and their cosine, -1 to 1."""

    decision_id: DecisionId
    likeness: float


def similar_to(snapshot: Snapshot, decision_id: DecisionId, most: int) -> list[Alike]:
    """The decisions most like one, the likest first; none where it is not known.

    Args:
        snapshot: Where to look.
        decision_id: The decision.
        most: How many are wanted at the most.
    """
    store = snapshot.alike
    numbers = snapshot.tables.numbers([decision_id])
    if not numbers:
        return []
    rows, likeness = store.search(store.vectors(np.array(numbers)), most + 1)
    ids = snapshot.tables.ids(rows.tolist())
    return [
        Alike(ids[row], round(float(cosine), 4))
        for row, cosine in zip(rows.tolist(), likeness, strict=True)
        # One that was withdrawn has a vector, and no id.
        if row in ids and row != numbers[0]
    ][:most]


def write_alike(path: Path, columns: Columns, passages: FaissStore) -> None:
    """Write each decision's direction: the mean of the vectors of its telling paragraphs.

    One that has none gets the vector 0, which nothing is like.

    Args:
        path: The store's file.
        columns: Of the snapshot.
        passages: Of the snapshot.

    Raises:
        RuntimeError: The file cannot be written.
    """
    write_store(path, passages.dim, _directions(columns, passages))


def _directions(columns: Columns, passages: FaissStore) -> Iterator[Vectors]:
    telling = columns.of_roles(_TELLING)
    for start in range(0, columns.decisions, _AT_ONCE):
        stop = min(start + _AT_ONCE, columns.decisions)
        # Decisions, paragraphs and passages all ascend.
        paragraphs = np.searchsorted(columns.decision, np.array([start, stop], np.int32))
        first, last = np.searchsorted(columns.passage_paragraph, paragraphs.astype(np.int32))
        rows = np.arange(first, last)
        rows = rows[telling[columns.passage_paragraph[rows]]]
        places = columns.decision[columns.passage_paragraph[rows]] - start
        sums = np.zeros((stop - start, passages.dim), np.float32)
        np.add.at(sums, places, passages.vectors(rows))
        yield sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
