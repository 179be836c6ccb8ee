"""Similar: decisions on much the same matter as one, to be read beside it."""

from collections.abc import Iterator

from corpus.model import DecisionId
from index.catalogue import Catalogue, DamagedDecision
from index.similar import similar_to
from index.snapshot import Snapshot
from service.reading import head
from service.shown import DecisionSummary

MOST = 5
"""How many are shown."""

_LOOKED_AT = 3 * MOST
"""How many of the likest are read, to see what they are about."""

_SAME_CATEGORY = 0.4
"""The least cosine of two decisions that the publisher files under the same heading."""

_OTHERWISE = 0.52
"""The least cosine of two others: below it, samples on quite different matters meet."""


def similar_decisions(
    snapshot: Snapshot, decision_id: DecisionId, category: tuple[str, ...]
) -> tuple[DecisionSummary, ...]:
    """At most `MOST` other decisions of a snapshot, the likest first; none where none is alike.

    One that is not as it was stored is left out.

    Args:
        snapshot: Where to look.
        decision_id: The decision that they are to be like.
        category: Its own.
    """
    return tuple(_alike(snapshot, decision_id, category))[:MOST]


def _alike(
    snapshot: Snapshot, decision_id: DecisionId, category: tuple[str, ...]
) -> Iterator[DecisionSummary]:
    catalogue = Catalogue(snapshot.tables.path)
    for other in similar_to(snapshot, decision_id, _LOOKED_AT):
        if other.likeness < _SAME_CATEGORY:
            return
        try:
            decision = catalogue.decision(other.decision_id)
        except DamagedDecision:
            continue
        if decision is None:
            continue
        same = bool(category) and decision.category == category
        if same or other.likeness >= _OTHERWISE:
            yield head(decision)
