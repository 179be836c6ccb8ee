"""Remedy list: what was agreed or done to put matters right, over all decisions of a snapshot."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from statistics import median

from msgspec import Struct

from corpus.model import Decision, Paragraph, Section, Span
from corpus.records import Remedy, RemedyKind
from index.catalogue import DamagedDecision, Facet, facet_within, read_only, read_whole
from index.narrowing import Condition, Narrowing, conditions_of, where


class RemedySort(StrEnum):
    """In which order remedies are listed; those without a date, or a sum, come last."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LARGEST = "largest"
    SMALLEST = "smallest"


_ORDER = {
    RemedySort.NEWEST: "decided DESC NULLS LAST",
    RemedySort.OLDEST: "decided NULLS LAST",
    RemedySort.LARGEST: "amount_pence DESC NULLS LAST, decided DESC NULLS LAST",
    RemedySort.SMALLEST: "amount_pence NULLS LAST, decided DESC NULLS LAST",
}


class ListedRemedy(Struct, frozen=True, kw_only=True):
    """A remedy with the words that state it.

    Attributes:
        decision: Whose it is, unaltered since the snapshot was built.
        section: Its paragraph's.
        paragraph: It stands there.
        remedy: What was read of it.
    """

    decision: Decision
    section: Section
    paragraph: Paragraph
    remedy: Remedy

    @property
    def words(self) -> str:
        """What the decision says of it, word for word."""
        return self.paragraph.words[self.remedy.span.start : self.remedy.span.end]


class Payments(Struct, frozen=True, kw_only=True):
    """The sums that were agreed, in pence; those paid before the decision are left out.

    Attributes:
        count: How many sums there are.
        least: The smallest.
        most: The largest.
        median: Half of them are this or less.
    """

    count: int
    least: int
    most: int
    median: float


class RemediesListed(Struct, frozen=True, kw_only=True):
    """A part of a list of remedies.

    Attributes:
        total: How many the whole list has.
        decisions: How many decisions they are of.
        remedies: Those of this part, in order.
        payments: Of the whole list; None where it has no sum.
        kinds: Of the whole list, counted in remedies.
        topics: The most general part of the category path, counted in remedies.
    """

    total: int
    decisions: int
    remedies: tuple[ListedRemedy, ...]
    payments: Payments | None
    kinds: Facet
    topics: Facet


@dataclass(frozen=True, slots=True)
class RemedyList:
    """The remedies of a finished snapshot, read only; may be used from several threads.

    Attributes:
        path: The SQLite file; see `index.tables`.
    """

    path: Path

    def page(
        self,
        narrowing: Narrowing,
        *,
        kind: RemedyKind | None = None,
        sort: RemedySort = RemedySort.NEWEST,
        offset: int = 0,
        limit: int = 25,
    ) -> RemediesListed:
        """A part of the list of remedies, and what can be said of the whole.

        Args:
            narrowing: Whose are listed.
            kind: Only these.
            sort: In which order.
            offset: How many are left out before the first, from 0.
            limit: The most that are wanted, from 1.

        Raises:
            DamagedDecision: A decision of theirs is not as it was stored.
        """
        conditions = conditions_of(narrowing)
        if kind:
            conditions.append(Condition("kind", "kind = ?", kind))
        clause, values = where(conditions)
        with read_only(self.path) as c:
            total, decisions = c.execute(
                f"SELECT count(*), count(DISTINCT decision_id) FROM remedies{clause}", values
            ).fetchone()
            rows = c.execute(
                'SELECT decision_id, number, start, "end", kind, amount_pence, recipient,'
                f" deadline, done FROM remedies{clause}"
                f" ORDER BY {_ORDER[sort]}, decision_id, rowid LIMIT ? OFFSET ?",
                (*values, limit, offset),
            ).fetchall()
            return RemediesListed(
                total=total,
                decisions=decisions,
                remedies=_remedies(c, rows),
                payments=_payments(c, conditions),
                kinds=facet_within(_groups(c, conditions, "kind"), lambda kind: [kind]),
                topics=facet_within(
                    _groups(c, conditions, "category"), lambda path: path.split(" > ")[:1]
                ),
            )


_Row = tuple[str, int, int, int, str, int | None, str | None, str | None, int]


def _remedies(connection: sqlite3.Connection, rows: Sequence[_Row]) -> tuple[ListedRemedy, ...]:
    decisions = {i: read_whole(connection, i) for i in dict.fromkeys(row[0] for row in rows)}
    return tuple(_remedy(decisions[row[0]], row) for row in rows)


def _remedy(decision: Decision, row: _Row) -> ListedRemedy:
    """A remedy as it is listed.

    Raises:
        DamagedDecision: It has no words in the decision.
    """
    _, number, start, end, kind, amount_pence, to, deadline, done = row
    for section, paragraph in decision.paragraphs():
        if paragraph.number == number and 0 <= start < end <= len(paragraph.words):
            remedy = Remedy(
                paragraph=number,
                span=Span(start, end),
                kind=RemedyKind(kind),
                amount_pence=amount_pence,
                to=to,
                deadline=deadline,
                done=bool(done),
            )
            return ListedRemedy(
                decision=decision, section=section, paragraph=paragraph, remedy=remedy
            )
    raise DamagedDecision("a stored remedy has no words: run 'upheld build' again")


def _payments(connection: sqlite3.Connection, conditions: Sequence[Condition]) -> Payments | None:
    agreed = Condition("amount_pence", "amount_pence IS NOT NULL AND done = ?", "0")
    clause, values = where([*conditions, agreed])
    sums = [
        pence
        for (pence,) in connection.execute(f"SELECT amount_pence FROM remedies{clause}", values)
    ]
    if not sums:
        return None
    return Payments(count=len(sums), least=min(sums), most=max(sums), median=median(sums))


def _groups(
    connection: sqlite3.Connection, conditions: Sequence[Condition], column: str
) -> dict[str, int]:
    """How often each value of a column is there, under all conditions but those on it."""
    clause, values = where(conditions, but=column)
    return dict(
        connection.execute(
            f"SELECT {column}, count(*) FROM remedies{clause}"
            f" GROUP BY {column} HAVING {column} <> ''",
            values,
        )
    )
