"""Catalogue: the decisions of a snapshot, listed, counted by what they are, and read one by one."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct

from corpus.model import Decision, DecisionId
from index.digests import digest, digest_of_decision
from index.narrowing import Condition, Narrowing, conditions_of, where

MOST_VALUES = 20
"""Of one facet; how many more there are is told."""


class DamagedDecision(RuntimeError):
    """A stored decision is not as it was when the snapshot was built."""


class Sort(StrEnum):
    """In which order decisions are listed; those without a date, or a body, come last."""

    NEWEST = "newest"
    OLDEST = "oldest"
    BODY = "body"


_ORDER = {
    Sort.NEWEST: "decided DESC NULLS LAST, decision_id",
    Sort.OLDEST: "decided NULLS LAST, decision_id",
    Sort.BODY: "bodies = '', lower(bodies), decided DESC NULLS LAST, decision_id",
}


class FacetValue(Struct, frozen=True, kw_only=True):
    """A value that the list can be narrowed to.

    Attributes:
        value: As the filter takes it.
        count: How many decisions are listed once it is chosen.
    """

    value: str
    count: int


class Facet(Struct, frozen=True, kw_only=True):
    """What the decisions are in one respect, whatever the list is narrowed to in that respect.

    Attributes:
        values: The commonest first; years the latest first.
        further: How many values there are besides.
    """

    values: tuple[FacetValue, ...]
    further: int


class Facets(Struct, frozen=True, kw_only=True):
    """What a list can be narrowed to next.

    Attributes:
        outcome: For the filter ``outcome``.
        body: For the filter ``authority``.
        category: The most general part of the category path, for the filter ``category``.
        category_path: The whole path, for the same filter.
        year: Of decision, for the filters ``decided_from`` and ``decided_to``.
    """

    outcome: Facet
    body: Facet
    category: Facet
    category_path: Facet
    year: Facet


class Listed(Struct, frozen=True, kw_only=True):
    """A part of the list.

    Attributes:
        total: How many decisions the whole list has.
        decisions: Those of this part, in order.
        facets: Of the whole list.
    """

    total: int
    decisions: tuple[Decision, ...]
    facets: Facets


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The decisions of a finished snapshot, read only; may be used from several threads.

    Attributes:
        path: The SQLite file; see `index.tables`.
    """

    path: Path

    def page(
        self,
        narrowing: Narrowing,
        *,
        sort: Sort | None = Sort.NEWEST,
        offset: int = 0,
        limit: int = 20,
    ) -> Listed:
        """A part of the list of decisions, with what the whole list can be narrowed to.

        Args:
            narrowing: What is listed.
            sort: In which order; None for that of ``narrowing.among``, which must then be given.
            offset: How many are left out before the first, from 0.
            limit: The most that are wanted, from 1.

        Raises:
            DamagedDecision: One of them is not as it was stored.
        """
        conditions = conditions_of(narrowing)
        with read_only(self.path) as c:
            # Ids first: the texts need not go through the sorting.
            ids = (
                _ids(c, conditions, f"ORDER BY {_ORDER[sort]} LIMIT ? OFFSET ?", limit, offset)
                if sort
                else _in_order(_ids(c, conditions), narrowing.among or ())[offset : offset + limit]
            )
            return Listed(
                total=_count(c, conditions),
                decisions=tuple(read_whole(c, decision_id) for decision_id in ids),
                facets=_facets(c, conditions),
            )

    def count(self, narrowing: Narrowing) -> int:
        """How many decisions a list has."""
        with read_only(self.path) as c:
            return _count(c, conditions_of(narrowing))

    def decision(self, decision_id: str) -> Decision | None:
        """One decision, each of its paragraphs as it was stored; None where it is not here.

        Raises:
            DamagedDecision: Its words, or what is said of them, are not as they were stored.
        """
        with read_only(self.path) as c:
            if not c.execute(_IS_THERE, (decision_id,)).fetchone():
                return None
            decision = read_whole(c, decision_id)
            digests = dict(
                c.execute(
                    "SELECT number, sha256 FROM paragraphs WHERE decision_id = ?", (decision_id,)
                )
            )
        if digests != {p.number: digest(p.words) for _, p in decision.paragraphs()}:
            raise DamagedDecision(_DAMAGED)
        return decision

    def gone_since(self, decision_id: str) -> date | None:
        """When a decision was taken out of the collection; None where it was never in it."""
        with read_only(self.path) as c:
            row = c.execute(_GONE, (decision_id,)).fetchone()
        return date.fromisoformat(row[0]) if row else None

    def of_references(self, references: Sequence[str]) -> dict[str, tuple[DecisionId, ...]]:
        """The decisions of each reference that is here; a joint case has several."""
        marks = ",".join("?" * len(references))
        found: dict[str, tuple[DecisionId, ...]] = {}
        with read_only(self.path) as c:
            for reference, decision_id in c.execute(
                "SELECT reference, decision_id FROM decisions"
                f" WHERE reference IN ({marks}) ORDER BY decision_id",
                list(references),
            ):
                found[reference] = (*found.get(reference, ()), decision_id)
        return found


_ONE = "SELECT sha256, json FROM decisions WHERE decision_id = ?"
_IS_THERE = "SELECT 1 FROM decisions WHERE decision_id = ?"
_GONE = "SELECT gone FROM tombstones WHERE decision_id = ?"
_DAMAGED = "a stored decision does not fit its digest: run 'upheld build' again"


@contextmanager
def read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of its own to the tables of a finished snapshot."""
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        yield connection


def read_whole(connection: sqlite3.Connection, decision_id: str) -> Decision:
    """A decision that is there, as it was stored.

    Raises:
        DamagedDecision: It is not.
    """
    sha256, json = connection.execute(_ONE, (decision_id,)).fetchone()
    try:
        decision = msgspec.json.decode(json, type=Decision)
    except (msgspec.MsgspecError, ValueError):
        raise DamagedDecision(_DAMAGED) from None
    if decision.decision_id != decision_id or digest_of_decision(decision) != sha256:
        raise DamagedDecision(_DAMAGED)
    return decision


def _ids(
    connection: sqlite3.Connection, conditions: Sequence[Condition], then: str = "", *values: int
) -> list[DecisionId]:
    clause, kept = where(conditions)
    rows = connection.execute(f"SELECT decision_id FROM decisions{clause} {then}", (*kept, *values))
    return [decision_id for (decision_id,) in rows]


def _in_order(ids: Sequence[DecisionId], order: Sequence[DecisionId]) -> list[DecisionId]:
    place = {decision_id: i for i, decision_id in enumerate(order)}
    return sorted(ids, key=lambda decision_id: place[decision_id])


def _count(connection: sqlite3.Connection, conditions: Sequence[Condition]) -> int:
    clause, values = where(conditions)
    return int(connection.execute(f"SELECT count(*) FROM decisions{clause}", values).fetchone()[0])


def _facets(connection: sqlite3.Connection, conditions: Sequence[Condition]) -> Facets:
    def groups(column: str, value: str) -> dict[str, int]:
        clause, values = where(conditions, but=column)
        return dict(
            connection.execute(
                f"SELECT {value} AS value, count(*) FROM decisions{clause} GROUP BY value"
                " HAVING value <> ''",
                values,
            )
        )

    categories = groups("category", "category")
    outcomes = groups("outcome", "outcome")
    years = groups("decided", "substr(decided, 1, 4)")
    return Facets(
        outcome=_facet(
            outcomes, sorted(outcomes, key=lambda o: (-outcomes[o], o)), of=len(outcomes)
        ),
        body=facet_within(groups("bodies", "bodies"), lambda bodies: bodies.split("; ")),
        category=facet_within(categories, lambda path: path.split(" > ")[:1]),
        category_path=facet_within(categories, lambda path: [path]),
        year=_facet(years, sorted(years, reverse=True), of=len(years)),
    )


def _facet(counts: Mapping[str, int], values: Sequence[str], of: int) -> Facet:
    shown = values[:MOST_VALUES]
    return Facet(
        values=tuple(FacetValue(value=v, count=counts[v]) for v in shown), further=of - len(shown)
    )


def facet_within(groups: Mapping[str, int], values: Callable[[str], list[str]]) -> Facet:
    """A facet whose values stand within what is stored, as the filter then looks for them.

    Args:
        groups: How often each text is stored.
        values: Takes a text apart.
    """
    own = Counter[str]()
    for text, count in groups.items():
        own.update(dict.fromkeys(values(text), count))
    common = sorted(own, key=lambda v: (-own[v], v))[:MOST_VALUES]
    # Bytes: SQLite's lower() knows no letters but the ASCII ones either.
    stored = [(text.encode().lower(), count) for text, count in groups.items()]
    brings = {v: sum(n for text, n in stored if v.encode().lower() in text) for v in common}
    return _facet(brings, sorted(common, key=lambda v: (-brings[v], v)), of=len(own))
