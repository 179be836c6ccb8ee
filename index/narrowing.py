"""Narrowing: which decisions a list holds, and how that is asked of the tables."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from corpus.model import DecisionId, Outcome
from index.query_values import VALUES, values


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
        among: Only these; with None, and not with none of them, all.
    """

    authority: str | None = None
    outcome: Outcome | None = None
    category: str | None = None
    decided_from: date | None = None
    decided_to: date | None = None
    reference: str | None = None
    publisher: str | None = None
    among: tuple[DecisionId, ...] | None = None


class Condition(Struct, frozen=True):
    """A condition on decisions, and the column whose facet is counted without it."""

    column: str
    sql: str
    value: str


def conditions_of(narrowing: Narrowing) -> list[Condition]:
    """What a decision has to fulfil; the columns are those of the table of decisions."""
    first, last, among = narrowing.decided_from, narrowing.decided_to, narrowing.among
    return [
        Condition(column, sql, value)
        for column, sql, value in (
            ("bodies", "instr(lower(bodies), lower(?))", narrowing.authority),
            ("outcome", "outcome = ?", narrowing.outcome),
            ("category", "instr(lower(category), lower(?))", narrowing.category),
            ("decided", "decided >= ?", first and first.isoformat()),
            ("decided", "decided <= ?", last and last.isoformat()),
            ("reference", "reference = ?", narrowing.reference),
            ("decision_id", "instr(decision_id, ? || '/') = 1", narrowing.publisher),
            (
                "decision_id",
                # With the sign, the rows are gone through in the small index: to look each of these
                # up would go through the texts.
                f"+decision_id IN {VALUES}",
                None if among is None else values(among),
            ),
        )
        if value
    ]


def where(conditions: Sequence[Condition], but: str = "") -> tuple[str, list[str]]:
    """The clause for the conditions but those on one column, and the values for its marks."""
    kept = [c for c in conditions if c.column != but]
    clause = f" WHERE {' AND '.join(c.sql for c in kept)}" if kept else ""
    return clause, [c.value for c in kept]
