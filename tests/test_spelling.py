"""Spelling: what is misspelt is put right by the collection's words, and nothing else changes."""

import random
from collections.abc import Mapping
from pathlib import Path
from string import ascii_lowercase

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold import read_questions
from index.hybrid import HybridRetriever
from index.question import read_question
from index.spelling import repaired
from index.table_schema import SEVERAL
from service.answering import Answerer
from service.questions import Question

QUESTIONS = Path(__file__).parent.parent / "eval" / "data" / "sample_questions.jsonl"


class Words:
    """A vocabulary of words and how many decisions write each."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self.words = words

    def knows(self, word: str) -> bool:
        return word in self.words

    def words_like(self, initial: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        return [
            (w, n)
            for w, n in self.words.items()
            if w[0] == initial and shortest <= len(w) <= longest
        ]


HELD = Words(
    {"conference": 9, "council": 12, "councils": 3, "believe": 2, "happened": 7, "Dorset": 1}
    | {"assessment": 8, "reports": 4, "report": 9, "resort": 1}
)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("was the confernce late", "was the conference late"),
        ("was the conferrence late", "was the conference late"),
        ("was the confarence late", "was the conference late"),
        ("was the ocnference late", "was the ocnference late"),
        ("what hapened at teh councl?", "what happened at teh council?"),
        ("Confernce: who chairs it?", "Conference: who chairs it?"),
        ("i cant beleive it", "i cant believe it"),
    ],
)
def test_a_slip_within_a_word_is_put_right(asked: str, meant: str) -> None:
    assert repaired(asked, HELD) == meant


@pytest.mark.parametrize(
    "asked",
    [
        "the Confernce of Dorzet",
        "confernce-room, x-confernce and confernce@example.org",
        "they shouldve, wasnt, theyd and couldnt",
        "redaction, dyslexic, rehoused, recourse, bereaved and organisations",
        "confrenc3 and 18019617",
        "concilx hexagonally",
        "",
    ],
)
def test_names_references_and_english_words_are_left_as_they_are(asked: str) -> None:
    assert repaired(asked, HELD) == asked


def test_a_short_word_may_be_one_slip_away_and_a_long_one_two() -> None:
    assert repaired("reporz reqorz", HELD) == "report reqorz"
    assert repaired("assesmant asesmant", HELD) == "assessment asesmant"


def test_of_several_words_the_nearest_is_meant_and_then_the_one_that_most_decisions_write() -> None:
    assert repaired("recort", HELD) == "report", "nine decisions have it, one has resort"
    assert repaired("reportz", HELD) == "report", "both are one slip away"


def test_a_question_with_many_such_words_is_left_alone() -> None:
    slips = ["confernce", "councl", "beleive", "hapened", "assesment", "confrence", "councill"]
    assert repaired(" ".join(slips[:6]), HELD) != " ".join(slips[:6])
    assert repaired(" ".join(slips), HELD) == " ".join(slips)


@given(st.text(alphabet=ascii_lowercase + " .,'’-@19", max_size=60))
def test_whatever_is_asked_the_rest_of_the_text_stays(asked: str) -> None:
    assert len(repaired(asked, HELD).split(" ")) == len(asked.split(" "))


def test_our_own_questions_are_hardly_touched(sample_answerer: Answerer) -> None:
    snapshot = sample_answerer.retriever.snapshot
    asked = [q.question for q in read_questions(QUESTIONS)]
    changed = [q for q in asked if repaired(q, snapshot) != q]
    assert len(changed) <= 3, "all of them are misspelt, or American"


def test_most_slips_in_our_own_questions_are_put_right(sample_answerer: Answerer) -> None:
    snapshot = sample_answerer.retriever.snapshot
    generator = random.Random(7)  # noqa: S311 -- nothing secret
    right = slips = 0
    for question in read_questions(QUESTIONS):
        for word in question.question.split():
            if len(word) > 6 and word.isalpha() and word.islower() and snapshot.knows(word):
                at = generator.randrange(2, len(word) - 1)
                slip = word[:at] + word[at + 1 :]
                slips += 1
                right += repaired(f"the {slip}", snapshot) == f"the {word}"
    assert slips > 300
    assert right / slips > 0.55


def test_only_what_several_decisions_write_is_taken_as_spelt_right(
    sample_answerer: Answerer,
) -> None:
    tables = sample_answerer.retriever.snapshot.tables
    counts = dict(pair for c in ascii_lowercase for pair in tables.words_like(c, 1, 40))
    assert counts["complaint"] == 18
    assert min(counts.values()) == SEVERAL
    assert all(word.islower() for word in counts)
    assert tables.words_like("c", 7, 7) == sorted(
        (w, n) for w, n in counts.items() if w[0] == "c" and len(w) == 7
    )


def test_who_asks_sees_how_the_question_was_read(sample_answerer: Answerer) -> None:
    slip, right = "can a chair overule the confernce?", "can a chair overrule the conference?"
    answer = sample_answerer.answer(Question(question=slip))
    assert (answer.question, answer.standalone_question) == (slip, right)
    as_meant = sample_answerer.answer(Question(question=right))
    assert answer.matches == as_meant.matches
    assert answer.quotations == as_meant.quotations
    assert as_meant.standalone_question == right


def test_a_name_that_looks_like_a_slip_still_names_its_decision(
    sample_answerer: Answerer,
) -> None:
    retriever: HybridRetriever = sample_answerer.retriever
    question = "what was agreed in the Exampleshire case"
    assert read_question(question, retriever.snapshot).words == question
    assert msgspec.structs.asdict(read_question("x", retriever.snapshot)) == {
        "words": "x",
        "meaning": "x",
    }
