"""Outcomes: what became of the complaints of a list, by topic and by year."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from corpus.model import Outcome
from index.catalogue import read_only
from index.narrowing import Narrowing, conditions_of, where


class OutcomeCount(Struct, frozen=True, kw_only=True):
    """How many decisions of one kind had each outcome.

    Attributes:
        value: What they have in common; empty where their files do not say.
        counts: Of the outcomes that any of them had.
    """

    value: str
    counts: dict[Outcome, int]

    @property
    def total(self) -> int:
        """How many decisions there are in all."""
        return sum(self.counts.values())


class Outcomes(Struct, frozen=True, kw_only=True):
    """The outcomes of a list of decisions.

    Attributes:
        by_topic: By the most general part of the category path, the commonest first.
        by_year: By year of decision, the earliest first; those without a date last.
    """

    by_topic: tuple[OutcomeCount, ...]
    by_year: tuple[OutcomeCount, ...]


def outcomes(path: Path, narrowing: Narrowing) -> Outcomes:
    """What became of the complaints of a list.

    Args:
        path: The SQLite file of a finished snapshot.
        narrowing: What is listed.
    """
    clause, values = where(conditions_of(narrowing))
    topics = defaultdict[str, Counter[Outcome]](Counter)
    years = defaultdict[str, Counter[Outcome]](Counter)
    with read_only(path) as c:
        for category, year, outcome, count in c.execute(
            "SELECT category, coalesce(substr(decided, 1, 4), '') AS year, outcome, count(*)"
            f" FROM decisions{clause} GROUP BY category, year, outcome",
            values,
        ):
            topics[category.split(" > ")[0]][Outcome(outcome)] += count
            years[year][Outcome(outcome)] += count
    return Outcomes(
        by_topic=_counted(topics, sorted(topics, key=lambda t: (-topics[t].total(), t))),
        by_year=_counted(years, sorted(years, key=lambda year: (not year, year))),
    )


def _counted(
    counts: Mapping[str, Mapping[Outcome, int]], values: Sequence[str]
) -> tuple[OutcomeCount, ...]:
    return tuple(OutcomeCount(value=v, counts=dict(counts[v])) for v in values)
