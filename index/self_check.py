"""The self-check: whether a snapshot that was just made finds its own first paragraph."""

import numpy as np

from index.catalogue import read_only, read_whole
from index.protocols import Vectors
from index.snapshot import Snapshot
from index.words import stems_of

_SAME = 0.999
"""Cosine from which a vector is the one looked for, or that of the very same words."""


class NotSound(RuntimeError):
    """A snapshot that was made and does not find what is in it: it is not used."""


def check_itself(snapshot: Snapshot, first: Vectors) -> None:
    """Look for the first passage by its vector and by its words.

    Args:
        snapshot: Just made, and opened.
        first: The vector of its first passage, as it was encoded.

    Raises:
        NotSound: It is not found.
        index.catalogue.DamagedDecision: The first decision is not as it was stored.
    """
    rows, cosines = snapshot.passages.search(first, 10)
    text = _first_passage(snapshot)
    (score,) = snapshot.words.scores([(text, 1.0)], np.zeros(1, np.int64))
    for what, found in (
        ("vector", 0 in rows or (len(rows) > 0 and float(cosines[0]) >= _SAME)),
        # One of stop words alone is found by none.
        ("words", score > 0 or not stems_of(text)),
    ):
        if not found:
            raise NotSound(
                f"the snapshot that was made does not find its first paragraph by its {what}, and "
                "is not used: run 'upheld build' again"
            )


def _first_passage(snapshot: Snapshot) -> str:
    with read_only(snapshot.tables.path) as connection:
        (decision_id,) = connection.execute(
            "SELECT decision_id FROM paragraphs WHERE id = 0"
        ).fetchone()
        _, paragraph = next(read_whole(connection, decision_id).paragraphs())
    end = int(snapshot.columns.passage_end[0])
    return paragraph.words[:end]
