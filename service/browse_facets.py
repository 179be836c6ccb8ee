"""Browse facets: what a list is narrowed to, and what it can be narrowed to next."""

from collections.abc import Callable, Iterator
from datetime import date

from msgspec import Struct

from corpus.citation import OUTCOME_WORDS, day
from corpus.model import Outcome
from corpus.publishers import publishers
from index.catalogue import Facet, Facets, Sort
from service.browse_query import Query


class Choice(Struct, frozen=True, kw_only=True):
    """Another list that a reader may go to.

    Attributes:
        label: What it is called.
        query: It, as an address has it.
        count: How many it has; None where that is not told.
        is_chosen: Whether it is the one that is shown.
    """

    label: str
    query: str
    count: int | None = None
    is_chosen: bool = False


class Group(Struct, frozen=True, kw_only=True):
    """What a list can be narrowed to in one respect.

    Attributes:
        name: Which respect.
        choices: The commonest.
        further: How many there are besides.
    """

    name: str
    choices: tuple[Choice, ...]
    further: int


def narrowed_to(query: Query) -> Iterator[tuple[str, Query]]:
    """What a list is narrowed to, in words, each with the list without it."""
    n = query.narrowing
    if n.authority:
        yield f"Body: {n.authority}", query.narrowed(authority=None)
    if n.outcome:
        yield f"Outcome: {OUTCOME_WORDS[n.outcome]}", query.narrowed(outcome=None)
    if n.category:
        yield f"Topic: {n.category}", query.narrowed(category=None)
    if n.decided_from or n.decided_to:
        label = f"Decided {_period(n.decided_from, n.decided_to)}"
        yield label, query.narrowed(decided_from=None, decided_to=None)
    if n.reference:
        yield f"Case reference: {n.reference}", query.narrowed(reference=None)
    if n.publisher:
        known = publishers().get(n.publisher)
        label = f"Publisher: {known.name if known else n.publisher}"
        yield label, query.narrowed(publisher=None)


def groups(query: Query, facets: Facets) -> tuple[Group, ...]:
    """What a list can be narrowed to next; of a topic that is chosen, its parts too."""
    topic = query.narrowing.category or ""
    path, _, _ = topic.partition(" > ")
    found = (
        _group(
            "Outcome",
            query,
            facets.outcome,
            lambda value: query.narrowed(outcome=Outcome(value)),
            lambda value: OUTCOME_WORDS[Outcome(value)],
        ),
        _group("Topic", query, facets.category, lambda value: query.narrowed(category=value)),
        _group(
            f"Within {path}",
            query,
            Facet(
                values=tuple(
                    v for v in facets.category_path.values if v.value.startswith(f"{path} > ")
                ),
                further=0,
            ),
            lambda value: query.narrowed(category=value),
            lambda value: value.removeprefix(f"{path} > "),
        ),
        _group("Body", query, facets.body, lambda value: query.narrowed(authority=value)),
        _group(
            "Year of decision",
            query,
            facets.year,
            lambda year: query.narrowed(
                decided_from=date(int(year), 1, 1), decided_to=date(int(year), 12, 31)
            ),
        ),
    )
    return tuple(group for group in found if group.choices)


def orders(query: Query, *, has_words: bool) -> tuple[Choice, ...]:
    """The orders that a list of decisions can be in, the usual one first."""
    usual = None if has_words else Sort.NEWEST
    labels: dict[Sort | None, str] = {None: "Best match first"} if has_words else {}
    labels |= {Sort.NEWEST: "Newest first", Sort.OLDEST: "Oldest first", Sort.BODY: "By body"}
    return tuple(
        Choice(
            label=label,
            query=query.sorted_by(None if sort is usual else sort).text,
            is_chosen=(query.sort or usual) == sort,
        )
        for sort, label in labels.items()
    )


def _group(
    name: str,
    query: Query,
    facet: Facet,
    narrowed: Callable[[str], Query],
    label: Callable[[str], str] = str,
) -> Group:
    return Group(
        name=name,
        choices=tuple(
            Choice(
                label=label(v.value),
                query=narrowed(v.value).text,
                count=v.count,
                is_chosen=narrowed(v.value).narrowing == query.narrowing,
            )
            for v in facet.values
        ),
        further=facet.further,
    )


def _period(first: date | None, last: date | None) -> str:
    """The days from the first to the last.

    >>> _period(date(2024, 1, 1), date(2024, 12, 31)), _period(None, date(2024, 3, 12))
    ('in 2024', 'until 12 March 2024')
    """
    if first and last and (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31)):
        return f"in {first.year}"
    told = (f"from {day(first)}" if first else "", f"until {day(last)}" if last else "")
    return " ".join(filter(None, told))
