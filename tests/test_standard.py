"""Standard paragraphs: found by their wording, and stable as decisions are added."""

from pathlib import Path

from datasketch import MinHashLSH

from corpus.files import read_files
from corpus.model import Decision, Role
from corpus.reader import read_decision
from corpus.standard import (
    BANDS,
    LIKENESS,
    NUMBERS,
    PRINT_BYTES,
    standard_paragraphs,
    with_standard_marked,
)

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"
PAGE = """Madeup Council (99 000 {n:03d})
Category : Planning > Enforcement
Decision : Upheld
Decision date : 07 Feb 2024
The Ombudsman's final decision:
Summary: a summary.
The complaint
- Mr B complains about his drain and the council's plans for the pond beside his house, number {n}.
How I considered this complaint
- {method}
Final decision
- I found fault in case {n}.
"""
METHOD = "In this case I weighed up whatever both of them put forward, and then what the rules ask."


def made(n: int, method: str) -> Decision:
    return read_decision(PAGE.format(n=n, method=method).encode(), f"{n}.txt")


def test_near_duplicates_are_one_group_with_its_first_words_and_its_count() -> None:
    other = METHOD.replace("both of them", "the two of them")
    decisions = [made(3, METHOD), made(1, other), made(2, METHOD), made(4, "I read it all once.")]
    (group,) = standard_paragraphs(decisions)
    assert group.canonical == other
    assert group.count == 3
    assert [number for _, number in group.places] == [2, 2, 2]


def test_accounts_of_one_case_are_never_standard_however_alike() -> None:
    decisions = [made(n, "I read it all once.") for n in range(5)]
    marked = with_standard_marked(decisions)
    for decision in marked:
        for _, paragraph in decision.paragraphs():
            if paragraph.role in (Role.COMPLAINT, Role.FINDING):
                assert not paragraph.boilerplate


def test_a_paragraph_counts_as_standard_once_enough_decisions_have_it() -> None:
    def flags(*numbers: int) -> list[bool]:
        marked = with_standard_marked([made(n, METHOD) for n in numbers])
        return [p.boilerplate for d in marked for _, p in d.paragraphs() if p.number == 2]

    assert flags(1) == [False]
    assert flags(1, 2, 3) == [True, True, True]


def test_later_decisions_change_no_group_that_is_there() -> None:
    decisions = [d for d in read_files([SAMPLES]) if isinstance(d, Decision)]
    some = {g.canonical: set(g.places) for g in standard_paragraphs(decisions[:12])}
    whole = {g.canonical: set(g.places) for g in standard_paragraphs(decisions)}
    assert some
    for canonical, places in some.items():
        assert places <= whole[canonical]


def test_the_samples_standard_paragraphs_are_found() -> None:
    decisions = [d for d in read_files([SAMPLES]) if isinstance(d, Decision)]
    largest = standard_paragraphs(decisions)[0]
    assert largest.count >= 15
    assert "maladministration" in largest.canonical or "draft" in largest.canonical


def test_prints_are_cut_into_bands_as_datasketch_would() -> None:
    reckoned = MinHashLSH(threshold=LIKENESS, num_perm=PRINT_BYTES // 4)
    assert (reckoned.b, reckoned.r) == (BANDS, NUMBERS)


def test_a_paragraph_like_two_groups_joins_the_first() -> None:
    words = "I spoke to the person who complained and I read all that the council had sent to me"
    decisions = [made(n, words + end) for n, end in enumerate([" then.", " at last.", " then."])]
    (group,) = standard_paragraphs(decisions)
    assert group.canonical == f"{words} then."
    assert [place for place, _ in group.places] == [d.decision_id for d in decisions]
