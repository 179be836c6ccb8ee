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

from corpus.model import Decision, DecisionId, Outcome
from index.digests import digest, digest_of_decision

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


class Narrowing(Struct, frozen=True, kw_only=True):
    """What a list of decisions is narrowed to. Empty means all.

    Attributes:
        authority: Words of the body's name, case ignored.
        outcome: Only this outcome.
        category: Words of the category path, case ignored.
        decided_from: Earliest date of decision; one without a date is left out.
        decided_to: Latest date of decision; one without a date is left out.
        reference: Only this reference, as its publisher prints it.
        publisher: Key in ``publishers.toml``.
    """

    authority: str | None = None
    outcome: Outcome | None = None
    category: str | None = None
    decided_from: date | None = None
    decided_to: date | None = None
    reference: str | None = None
    publisher: str | None = None


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


class _Condition(Struct, frozen=True):
    """A condition on decisions, and the column whose facet is counted without it."""

    column: str
    sql: str
    value: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The decisions of a finished snapshot, read only; may be used from several threads.

    Attributes:
        path: The SQLite file; see `index.tables`.
    """

    path: Path

    @contextmanager
    def _read(self) -> Iterator[sqlite3.Connection]:
        address = f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            yield connection

    def page(
        self,
        narrowing: Narrowing,
        *,
        sort: Sort = Sort.NEWEST,
        offset: int = 0,
        limit: int = 20,
    ) -> Listed:
        """A part of the list of decisions, with what the whole list can be narrowed to.

        Args:
            narrowing: What is listed.
            sort: In which order.
            offset: How many are left out before the first, from 0.
            limit: The most that are wanted, from 1.

        Raises:
            DamagedDecision: One of them is not as it was stored.
        """
        conditions = _conditions(narrowing)
        where, values = _where(conditions)
        with self._read() as c:
            total = int(c.execute(f"SELECT count(*) FROM decisions{where}", values).fetchone()[0])
            # Ids first: the texts need not go through the sorting.
            ids = c.execute(
                f"SELECT decision_id FROM decisions{where} ORDER BY {_ORDER[sort]}"
                " LIMIT ? OFFSET ?",
                (*values, limit, offset),
            ).fetchall()
            decisions = tuple(_whole(*c.execute(_ONE, row).fetchone()) for row in ids)
            return Listed(total=total, decisions=decisions, facets=_facets(c, conditions))

    def decision(self, decision_id: str) -> Decision | None:
        """One decision, each of its paragraphs as it was stored; None where it is not here.

        Raises:
            DamagedDecision: Its words, or what is said of them, are not as they were stored.
        """
        with self._read() as c:
            row = c.execute(_ONE, (decision_id,)).fetchone()
            if row is None:
                return None
            digests = dict(
                c.execute(
                    "SELECT number, sha256 FROM paragraphs WHERE decision_id = ?", (decision_id,)
                )
            )
        decision = _whole(*row)
        if digests != {p.number: digest(p.words) for _, p in decision.paragraphs()}:
            raise DamagedDecision(_DAMAGED)
        return decision

    def of_references(self, references: Sequence[str]) -> dict[str, tuple[DecisionId, ...]]:
        """The decisions of each reference that is here; a joint case has several."""
        marks = ",".join("?" * len(references))
        found: dict[str, tuple[DecisionId, ...]] = {}
        with self._read() as c:
            for reference, decision_id in c.execute(
                "SELECT reference, decision_id FROM decisions"
                f" WHERE reference IN ({marks}) ORDER BY decision_id",
                list(references),
            ):
                found[reference] = (*found.get(reference, ()), decision_id)
        return found


_ONE = "SELECT decision_id, sha256, json FROM decisions WHERE decision_id = ?"
_DAMAGED = "a stored decision does not fit its digest: run 'upheld build' again"


def _whole(decision_id: str, sha256: str, json: bytes) -> Decision:
    """A decision as it was stored.

    Raises:
        DamagedDecision: It is not.
    """
    try:
        decision = msgspec.json.decode(json, type=Decision)
    except (msgspec.MsgspecError, ValueError):
        raise DamagedDecision(_DAMAGED) from None
    if decision.decision_id != decision_id or digest_of_decision(decision) != sha256:
        raise DamagedDecision(_DAMAGED)
    return decision


def _conditions(narrowing: Narrowing) -> list[_Condition]:
    first, last = narrowing.decided_from, narrowing.decided_to
    return [
        _Condition(column, sql, value)
        for column, sql, value in (
            ("bodies", "instr(lower(bodies), lower(?))", narrowing.authority),
            ("outcome", "outcome = ?", narrowing.outcome),
            ("category", "instr(lower(category), lower(?))", narrowing.category),
            ("decided", "decided >= ?", first and first.isoformat()),
            ("decided", "decided <= ?", last and last.isoformat()),
            ("reference", "reference = ?", narrowing.reference),
            ("decision_id", "instr(decision_id, ? || '/') = 1", narrowing.publisher),
        )
        if value
    ]


def _where(conditions: Sequence[_Condition], but: str = "") -> tuple[str, list[str]]:
    """The conditions but those on one column, and their values."""
    kept = [c for c in conditions if c.column != but]
    where = f" WHERE {' AND '.join(c.sql for c in kept)}" if kept else ""
    return where, [c.value for c in kept]


def _facets(connection: sqlite3.Connection, conditions: Sequence[_Condition]) -> Facets:
    def groups(column: str, value: str) -> dict[str, int]:
        where, values = _where(conditions, but=column)
        return dict(
            connection.execute(
                f"SELECT {value} AS value, count(*) FROM decisions{where} GROUP BY value"
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
        body=_within(groups("bodies", "bodies"), lambda bodies: bodies.split("; ")),
        category=_within(categories, lambda path: path.split(" > ")[:1]),
        category_path=_within(categories, lambda path: [path]),
        year=_facet(years, sorted(years, reverse=True), of=len(years)),
    )


def _facet(counts: Mapping[str, int], values: Sequence[str], of: int) -> Facet:
    shown = values[:MOST_VALUES]
    return Facet(
        values=tuple(FacetValue(value=v, count=counts[v]) for v in shown), further=of - len(shown)
    )


def _within(groups: Mapping[str, int], values: Callable[[str], list[str]]) -> Facet:
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
