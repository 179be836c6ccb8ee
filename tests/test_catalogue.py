"""The catalogue: lists, facets and single decisions, against plain Python over the same ones."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from corpus.model import Decision, DecisionId, Outcome, Source
from index.catalogue import (
    MOST_VALUES,
    Catalogue,
    DamagedDecision,
    Facet,
    Sort,
)
from index.hashing_encoder import HashingEncoder
from index.narrowing import Narrowing
from index.prepared import prepare
from index.table_schema import write_tables
from tests.published import UNKNOWN, samples

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"
REVIEW = DecisionId("upheld-sample/99-000-102")


DECISIONS = samples()


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return stored(DECISIONS, tmp_path_factory.mktemp("catalogue"))


def stored(decisions: Sequence[Decision], folder: Path) -> Catalogue:
    path = folder / "a #1 100% table?.sqlite"
    write_tables(path, ((d, prepare(d, HashingEncoder())[0]) for d in decisions))
    return Catalogue(path)


def made(number: int, *, body: str = "", category: tuple[str, ...] = ()) -> Decision:
    return replace(
        UNKNOWN,
        decision_id=DecisionId(f"upheld-sample/{number:04}"),
        publisher="upheld-sample",
        bodies=(body,) if body else (),
        category=category,
        source=Source(file=f"{number}.txt", sha256=""),
    )


def fold(text: str) -> str:
    """ASCII letters made small, as SQLite does."""
    return "".join(c.lower() if c.isascii() else c for c in text)


def fits(d: Decision, n: Narrowing) -> bool:
    """What a narrowing means, said plainly."""
    return (
        fold(n.authority or "") in fold("; ".join(d.bodies))
        and n.outcome in (None, d.outcome)
        and fold(n.category or "") in fold(" > ".join(d.category))
        and (n.decided_from is None or (d.decided is not None and d.decided >= n.decided_from))
        and (n.decided_to is None or (d.decided is not None and d.decided <= n.decided_to))
        and n.reference in (None, "", d.reference)
        and (not n.publisher or d.decision_id.startswith(f"{n.publisher}/"))
    )


def key(sort: Sort) -> Callable[[Decision], tuple[object, ...]]:
    def newest(d: Decision) -> tuple[object, ...]:
        return (d.decided is None, -(d.decided or date.max).toordinal(), d.decision_id)

    def oldest(d: Decision) -> tuple[object, ...]:
        return (d.decided or date.max, d.decision_id)

    def body(d: Decision) -> tuple[object, ...]:
        return (not d.bodies, fold("; ".join(d.bodies)), *newest(d))

    return {Sort.NEWEST: newest, Sort.OLDEST: oldest, Sort.BODY: body}[sort]


def counts(facet: Facet) -> dict[str, int]:
    return {v.value: v.count for v in facet.values}


DATES = st.dates(date(2023, 1, 1), date(2025, 12, 31)) | st.sampled_from([date.min, date.max])
NARROWINGS = st.builds(
    Narrowing,
    authority=st.none()
    | st.sampled_from(["", "exampleshire", "COUNTY", "of", "%", "_", "’", "\0", "é", "'; --"])
    | st.text(max_size=3),
    outcome=st.none() | st.sampled_from(Outcome),
    category=st.none()
    | st.sampled_from(["", "housing", "Education > School", "children's", " > ", "*"])
    | st.text(max_size=3),
    decided_from=st.none() | DATES,
    decided_to=st.none() | DATES,
    reference=st.none() | st.sampled_from(["", "99 000 102", "99 000 1"]),
    publisher=st.none() | st.sampled_from(["", "upheld-sample", "upheld", "lgsco", "%"]),
)


@settings(deadline=None)
@given(NARROWINGS, st.sampled_from(Sort), st.integers(0, 20), st.integers(1, 20))
def test_a_list_holds_what_the_filters_mean_in_the_order_asked_for(
    catalogue: Catalogue,
    narrowing: Narrowing,
    sort: Sort,
    offset: int,
    limit: int,
) -> None:
    wanted = sorted((d for d in DECISIONS if fits(d, narrowing)), key=key(sort))
    listed = catalogue.page(narrowing, sort=sort, offset=offset, limit=limit)
    assert listed.total == len(wanted)
    assert list(listed.decisions) == wanted[offset : offset + limit]


@settings(deadline=None)
@given(NARROWINGS)
def test_each_facet_tells_how_many_are_listed_once_a_value_is_chosen(
    catalogue: Catalogue, narrowing: Narrowing
) -> None:
    def total(**chosen: object) -> int:
        return catalogue.page(msgspec.structs.replace(narrowing, **chosen), limit=1).total

    facets = catalogue.page(narrowing, limit=1).facets
    for value, count in counts(facets.outcome).items():
        assert total(outcome=Outcome(value)) == count > 0
    for value, count in counts(facets.body).items():
        assert total(authority=value) == count > 0
    for facet in (facets.category, facets.category_path):
        for value, count in counts(facet).items():
            assert total(category=value) == count > 0
    for value, count in counts(facets.year).items():
        year = int(value)
        assert total(decided_from=date(year, 1, 1), decided_to=date(year, 12, 31)) == count > 0


@settings(deadline=None)
@given(NARROWINGS)
def test_no_value_is_missing_from_a_facet(catalogue: Catalogue, narrowing: Narrowing) -> None:
    def under_all_but(**cleared: None) -> list[Decision]:
        others = msgspec.structs.replace(narrowing, **cleared)
        return [d for d in DECISIONS if fits(d, others)]

    facets = catalogue.page(narrowing, limit=1).facets
    assert counts(facets.outcome).keys() == {d.outcome for d in under_all_but(outcome=None)}
    assert counts(facets.body).keys() == {
        b for d in under_all_but(authority=None) for b in d.bodies
    }
    by_category = [d for d in under_all_but(category=None) if d.category]
    assert counts(facets.category).keys() == {d.category[0] for d in by_category}
    assert counts(facets.category_path).keys() == {" > ".join(d.category) for d in by_category}
    dated = [d.decided for d in under_all_but(decided_from=None, decided_to=None) if d.decided]
    assert counts(facets.year).keys() == {str(day.year) for day in dated}
    assert [f.further for f in msgspec.structs.astuple(facets)] == [0] * 5


def test_the_sample_is_counted_as_a_person_counts_it(catalogue: Catalogue) -> None:
    facets = catalogue.page(Narrowing(outcome=Outcome.UPHELD)).facets
    assert counts(facets.outcome) == {
        "upheld": 11,
        "not_upheld": 4,
        "not_investigated": 2,
        "unknown": 1,
    }
    assert counts(facets.year) == {"2025": 3, "2024": 6, "2023": 2}
    assert facets.body.values[0].value == "Exampleshire County Council"
    assert facets.body.values[0].count == 3


def test_a_long_facet_shows_the_commonest_values_and_how_many_more_there_are(
    tmp_path: Path,
) -> None:
    bodies = [f"Exampleshire {i:02} Council" for i in range(MOST_VALUES + 5)]
    rows = [*bodies, *bodies[-3:]]
    catalogue = stored([made(i, body=body) for i, body in enumerate(rows)], tmp_path)
    facet = catalogue.page(Narrowing()).facets.body
    assert [v.value for v in facet.values] == [*bodies[-3:], *bodies[: MOST_VALUES - 3]]
    assert [v.count for v in facet.values] == [2] * 3 + [1] * (MOST_VALUES - 3)
    assert facet.further == 5


def test_a_value_that_stands_within_another_is_counted_as_the_filter_finds_it(
    tmp_path: Path,
) -> None:
    rows = ["Exampleshire Council", "North Exampleshire Council", "North Exampleshire Council"]
    catalogue = stored([made(i, body=body) for i, body in enumerate(rows)], tmp_path)
    assert counts(catalogue.page(Narrowing()).facets.body) == {
        "Exampleshire Council": 3,
        "North Exampleshire Council": 2,
    }


def test_the_decisions_of_a_reference_are_found(catalogue: Catalogue) -> None:
    assert catalogue.of_references(["99 000 102", "99 999 999"]) == {"99 000 102": (REVIEW,)}
    assert catalogue.of_references([]) == {}


def test_one_decision_is_read_as_it_was_stored(catalogue: Catalogue) -> None:
    for decision in DECISIONS:
        assert catalogue.decision(decision.decision_id) == decision
    assert catalogue.decision("upheld-sample/none") is None
    assert catalogue.decision("") is None


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE decisions SET json = CAST(replace(CAST(json AS TEXT), 'fault', 'fualt') AS BLOB)",
        "UPDATE decisions SET json = CAST(replace(CAST(json AS TEXT), 'complainant', 'ombudsman')"
        " AS BLOB)",
        "UPDATE decisions SET json = CAST('{' AS BLOB)",
        "UPDATE decisions SET json = x'ff'",
        "UPDATE decisions SET sha256 = ''",
        "UPDATE decisions SET (json, sha256) = (SELECT json, sha256 FROM decisions LIMIT 1)",
    ],
)
def test_a_decision_that_was_altered_is_never_given_out(tmp_path: Path, damage: str) -> None:
    catalogue = stored(DECISIONS, tmp_path)
    with closing(sqlite3.connect(catalogue.path)) as connection, connection:
        connection.execute(f"{damage} WHERE decision_id = ?", (REVIEW,))
        assert connection.total_changes == 1
    with pytest.raises(DamagedDecision, match="upheld build"):
        catalogue.decision(REVIEW)
    with pytest.raises(DamagedDecision, match="upheld build"):
        catalogue.page(Narrowing(), limit=100)
    assert catalogue.decision("upheld-sample/99-000-101") == DECISIONS[0]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE paragraphs SET sha256 = '' WHERE number = 3 AND decision_id = ?",
        "DELETE FROM paragraphs WHERE number = 3 AND decision_id = ?",
    ],
)
def test_a_paragraph_that_does_not_fit_its_digest_is_never_given_out(
    tmp_path: Path, damage: str
) -> None:
    catalogue = stored(DECISIONS, tmp_path)
    with closing(sqlite3.connect(catalogue.path)) as connection, connection:
        connection.execute(damage, (REVIEW,))
    with pytest.raises(DamagedDecision):
        catalogue.decision(REVIEW)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return stored(DECISIONS[1:2], tmp_path_factory.mktemp("one"))


@settings(deadline=None)
@given(st.data())
def test_whatever_byte_of_a_decision_is_altered_no_other_words_get_out(
    one: Catalogue, data: st.DataObject
) -> None:
    json = bytearray(msgspec.json.encode(DECISIONS[1]))
    at = data.draw(st.integers(0, json.index(b'"source"') - 1))
    json[at] ^= data.draw(st.integers(1, 255))
    with closing(sqlite3.connect(one.path)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("UPDATE decisions SET json = ?", (bytes(json),))
    # A field's name may be hit whose value is the usual one: then nothing is lost.
    with suppress(DamagedDecision):
        assert one.decision(REVIEW) == DECISIONS[1]
