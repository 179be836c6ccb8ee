"""The remedy list: stored as they were read, narrowed, sorted and counted as plain Python does."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.files import read_files
from corpus.model import Decision, Outcome
from corpus.records import Remedy, RemedyKind
from corpus.remedies import remedies_of
from index.build import build
from index.catalogue import DamagedDecision
from index.hashing_encoder import HashingEncoder
from index.narrowing import Narrowing
from index.prepared import prepare
from index.remedy_list import ListedRemedy, RemedyList, RemedySort
from index.snapshot import TABLES, current_folder
from index.table_schema import write_tables
from tests.published import samples

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"
DECISIONS = samples()
ALL = [(decision, remedy) for decision in DECISIONS for remedy in remedies_of(decision)]

Pair = tuple[Decision, Remedy]


@pytest.fixture(scope="module")
def remedies(sample_data: Path) -> RemedyList:
    folder = current_folder(sample_data)
    assert folder
    return RemedyList(folder / TABLES)


def pair(listed: ListedRemedy) -> Pair:
    return listed.decision, listed.remedy


def place(one: Pair) -> tuple[str, int]:
    """As ties are broken: by decision, then as it tells them."""
    decision, remedy = one
    return decision.decision_id, [r for d, r in ALL if d == decision].index(remedy)


def newest(one: Pair) -> tuple[bool, int]:
    return one[0].decided is None, -(one[0].decided or date.min).toordinal()


def amount(one: Pair) -> int:
    return one[1].amount_pence or 0


KEYS: dict[RemedySort, Callable[[Pair], tuple[object, ...]]] = {
    RemedySort.NEWEST: lambda p: (newest(p), place(p)),
    RemedySort.OLDEST: lambda p: (p[0].decided or date.max, place(p)),
    RemedySort.LARGEST: lambda p: (
        p[1].amount_pence is None,
        -amount(p),
        newest(p),
        place(p),
    ),
    RemedySort.SMALLEST: lambda p: (p[1].amount_pence is None, amount(p), newest(p), place(p)),
}

DATES = st.none() | st.dates(date(2023, 1, 1), date(2025, 12, 31))
NARROWINGS = st.builds(
    Narrowing,
    authority=st.none() | st.sampled_from(["exampleshire", "COUNCIL", "%"]),
    outcome=st.none() | st.sampled_from(Outcome),
    category=st.none() | st.sampled_from(["Housing", "Education > School", "tax"]),
    decided_from=DATES,
    decided_to=DATES,
    reference=st.none() | st.just("99 000 107"),
    publisher=st.none() | st.sampled_from(["upheld-sample", "lgsco"]),
)


def fits(d: Decision, n: Narrowing) -> bool:
    return (
        (n.authority or "").lower() in "; ".join(d.bodies).lower()
        and n.outcome in (None, d.outcome)
        and (n.category or "").lower() in " > ".join(d.category).lower()
        and (n.decided_from is None or (d.decided is not None and d.decided >= n.decided_from))
        and (n.decided_to is None or (d.decided is not None and d.decided <= n.decided_to))
        and n.reference in (None, d.reference)
        and n.publisher in (None, d.publisher)
    )


@settings(deadline=None)
@given(
    NARROWINGS,
    st.none() | st.sampled_from(RemedyKind),
    st.sampled_from(RemedySort),
    st.integers(0, 30),
    st.integers(1, 30),
)
def test_a_list_of_remedies_is_what_plain_python_makes_of_the_decisions(
    remedies: RemedyList,
    narrowing: Narrowing,
    kind: RemedyKind | None,
    sort: RemedySort,
    offset: int,
    limit: int,
) -> None:
    of_any_kind = [(d, r) for d, r in ALL if fits(d, narrowing)]
    wanted = sorted((p for p in of_any_kind if kind in (None, p[1].kind)), key=KEYS[sort])
    listed = remedies.page(narrowing, kind=kind, sort=sort, offset=offset, limit=limit)
    assert [pair(r) for r in listed.remedies] == wanted[offset : offset + limit]
    assert (listed.total, listed.decisions) == (
        len(wanted),
        len({d.decision_id for d, _ in wanted}),
    )
    assert {v.value: v.count for v in listed.kinds.values} == Counter(
        r.kind.value for _, r in of_any_kind
    )
    sums = [r.amount_pence for _, r in wanted if r.amount_pence is not None and not r.done]
    told = listed.payments
    assert (told and (told.count, told.least, told.most, told.median)) == (
        (len(sums), min(sums), max(sums), median(sums)) if sums else None
    )


def test_a_topic_is_counted_in_remedies_as_the_filter_then_lists_them(
    remedies: RemedyList,
) -> None:
    topics = remedies.page(Narrowing()).topics.values
    assert topics[0].count == 21
    for topic in topics:
        assert remedies.page(Narrowing(category=topic.value)).total == topic.count > 0


def test_the_words_of_a_remedy_are_those_of_the_decision(remedies: RemedyList) -> None:
    listed = remedies.page(
        Narrowing(reference="99 000 107"), kind=RemedyKind.PAYMENT, sort=RemedySort.LARGEST
    )
    assert [(r.words[:14], r.remedy.to, r.paragraph.number) for r in listed.remedies] == [
        ("pay her £2,700", "Ms D", 43),
        ("pay her £945 f", "Ms D", 43),
        ("pay her £300 f", "Ms D", 43),
    ]
    text = (SAMPLES / "07_homeless_family.txt").read_text(encoding="utf-8")
    assert all(r.words in text for r in listed.remedies)


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("UPDATE decisions SET json = CAST(replace(json, '£2,700', '£9,999') AS BLOB)", "digest"),
        ('UPDATE remedies SET "end" = 100000', "no words"),
        ("UPDATE remedies SET number = 9999", "no words"),
        ("UPDATE remedies SET start = -5", "no words"),
    ],
)
def test_a_remedy_whose_words_were_altered_is_never_given_out(
    tmp_path: Path, damage: str, what: str
) -> None:
    path = tmp_path / TABLES
    write_tables(path, ((d, prepare(d, HashingEncoder())[0]) for d in DECISIONS))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"{damage} WHERE decision_id = ?", ("upheld-sample/99-000-107",))
        assert connection.total_changes
    with pytest.raises(DamagedDecision, match=what):
        RemedyList(path).page(Narrowing(reference="99 000 107"))
    assert RemedyList(path).page(Narrowing(reference="99 000 102")).total == 7


def test_a_build_stores_the_remedies_of_each_decision(tmp_path: Path) -> None:
    build(read_files([SAMPLES / "02_conference_minutes.txt"]), HashingEncoder(), tmp_path)
    folder = current_folder(tmp_path)
    assert folder
    listed = RemedyList(folder / TABLES).page(Narrowing(), sort=RemedySort.LARGEST)
    first = listed.remedies[0]
    assert (listed.total, first.remedy.amount_pence, first.remedy.to) == (7, 25000, "Mrs X")


def test_a_sum_beyond_all_measure_is_a_remedy_without_one(tmp_path: Path) -> None:
    text = (SAMPLES / "07_homeless_family.txt").read_text(encoding="utf-8")
    (tmp_path / "one.txt").write_text(text.replace("£2,700", f"£{10**20}"), encoding="utf-8")
    build(read_files([tmp_path / "one.txt"]), HashingEncoder(), tmp_path / "data")
    folder = current_folder(tmp_path / "data")
    assert folder
    listed = RemedyList(folder / TABLES).page(Narrowing(), kind=RemedyKind.PAYMENT)
    assert [r.remedy.amount_pence for r in listed.remedies] == [None, 94500, 30000]
