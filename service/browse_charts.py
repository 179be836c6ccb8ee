"""Browse charts: the outcomes of a list as bars, with what they say and the same as a table."""

from collections.abc import Sequence

from msgspec import Struct

from corpus.model import Outcome
from index.outcomes import OutcomeCount, Outcomes

_TOPICS = 8
"""Topics with a bar of their own; the others share the last."""

_YEARS = 12
"""Years with a bar of their own; those before share the first."""


class Piece(Struct, frozen=True, kw_only=True):
    """A part of a bar.

    Attributes:
        outcome: It stands for decisions with this outcome.
        start: Where it begins, in hundredths of the chart's width.
        length: How long it is, likewise.
    """

    outcome: Outcome
    start: float
    length: float


class Bar(Struct, frozen=True, kw_only=True):
    """A bar, and its row of the table.

    Attributes:
        label: What its decisions have in common.
        counts: How many had each of the chart's outcomes, in their order.
        total: How many there are in all.
        pieces: From the left.
    """

    label: str
    counts: tuple[int, ...]
    total: int
    pieces: tuple[Piece, ...]


class Chart(Struct, frozen=True, kw_only=True):
    """A chart of outcomes.

    Attributes:
        name: What its bars are of: ``topic`` or ``year``.
        title: What it shows.
        finding: What is to be seen in it.
        outcomes: Those that there are, in the order of the pieces.
        bars: From the top.
    """

    name: str
    title: str
    finding: str
    outcomes: tuple[Outcome, ...]
    bars: tuple[Bar, ...]


def charts(counted: Outcomes) -> tuple[Chart, ...]:
    """The charts of a list that is not empty: outcomes by topic and by year."""
    topics = [_named(count, "No topic given") for count in counted.by_topic]
    years = [_named(count, "No date given") for count in counted.by_year]
    return (
        _chart(
            *("topic", "Outcomes by topic", _finding("topics", topics)),
            [*topics[:_TOPICS], *_together(topics[_TOPICS:], "other topics")],
        ),
        _chart(
            *("year", "Outcomes by year of decision", _finding("years", years)),
            [*_together(years[:-_YEARS], "earlier years"), *years[-_YEARS:]],
        ),
    )


def _named(count: OutcomeCount, unknown: str) -> OutcomeCount:
    return OutcomeCount(value=count.value or unknown, counts=count.counts)


def _together(counts: Sequence[OutcomeCount], what: str) -> list[OutcomeCount]:
    """One count of all, if there are any."""
    if not counts:
        return []
    total = {o: sum(c.counts.get(o, 0) for c in counts) for o in Outcome}
    value = f"{len(counts)} {what}" if len(counts) > 1 else counts[0].value
    return [OutcomeCount(value=value, counts={o: n for o, n in total.items() if n})]


def _chart(name: str, title: str, finding: str, counts: Sequence[OutcomeCount]) -> Chart:
    outcomes = tuple(o for o in Outcome if any(o in c.counts for c in counts))
    longest = max(c.total for c in counts)
    return Chart(
        name=name,
        title=title,
        finding=finding,
        outcomes=outcomes,
        bars=tuple(_bar(c, outcomes, longest) for c in counts),
    )


def _bar(count: OutcomeCount, outcomes: Sequence[Outcome], longest: int) -> Bar:
    pieces, start = list[Piece](), 0.0
    for outcome in outcomes:
        if of_it := count.counts.get(outcome, 0):
            length = 100 * of_it / longest
            pieces.append(Piece(outcome=outcome, start=start, length=length))
            start += length
    return Bar(
        label=count.value,
        counts=tuple(count.counts.get(o, 0) for o in outcomes),
        total=count.total,
        pieces=tuple(pieces),
    )


def _finding(what: str, counts: Sequence[OutcomeCount]) -> str:
    """What a chart shows, in words.

    >>> _finding("years", [OutcomeCount(value="2024", counts={Outcome.UPHELD: 2})])
    'Upheld: 2 of 2 decisions. Most decisions: 2024, with 2, of which 2 were upheld.'
    """
    total, upheld = sum(c.total for c in counts), sum(map(_upheld, counts))
    told = f"Upheld: {upheld:,} of {total:,} {'decision' if total == 1 else 'decisions'}. "
    most = max(c.total for c in counts)
    first, *others = [c for c in counts if c.total == most]
    if others:
        names = " and ".join(c.value for c in (first, *others)) if len(others) < 3 else ""
        return f"{told}Most decisions: {names or f'{len(others) + 1} {what}'}, with {most:,} each."
    were = "was" if _upheld(first) == 1 else "were"
    return (
        f"{told}Most decisions: {first.value}, with {most:,}, of which {_upheld(first):,} {were} "
        "upheld."
    )


def _upheld(count: OutcomeCount) -> int:
    return count.counts.get(Outcome.UPHELD, 0)
