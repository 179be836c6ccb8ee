"""Answering: what is quoted, what is not, and when there is nothing to say."""

from datetime import date
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Outcome, Role, Voice
from index.protocols import Encoder
from index.tables import Filters
from service.answer import Answer, Status
from service.answering import Answerer
from service.opening import open_answerer
from service.questions import BadQuestion, Question, Turn, standalone
from service.quotations import NotWordForWord, Quotation, verify
from service.wording import introduce

CHAIR = "can a chair overrule the conference?"


@pytest.fixture(scope="session")
def real_answerer(real_data: Path, encoder: Encoder) -> Answerer:
    return open_answerer(real_data, encoder=encoder)


def quoted_match(answer: Answer, n: int = 0) -> tuple[str, int]:
    citation = answer.matches[answer.quotations[n].match].citation
    return citation.reference or "", citation.paragraph


def test_the_chair_question_is_answered_by_buckinghamshire_27(real_answerer: Answerer) -> None:
    answer = real_answerer.answer(Question(question=CHAIR))
    first = answer.matches[0]
    assert answer.status is Status.ANSWERED
    assert first.citation.bodies == ("Buckinghamshire County Council",)
    assert (first.citation.reference, first.citation.paragraph) == ("18 019 617", 27)
    assert first.citation.section == "Was the Council at fault and did any fault cause injustice?"
    assert first.citation.decided == date(2019, 11, 25)
    assert (first.citation.outcome, first.citation.outcome_text) == (
        Outcome.NOT_UPHELD,
        "Not upheld",
    )
    assert (first.role, first.voice) == (Role.FINDING, Voice.OMBUDSMAN)
    assert answer.quotations[0].match == 0
    assert "authority to over-rule" in answer.quotations[0].text
    assert not answer.snapshot.sample
    offered = {(m.citation.reference, m.citation.paragraph) for m in answer.matches}
    assert ("18 019 617", 1) not in offered, "the allegation is not an answer"


def test_a_standard_paragraph_comes_once_with_where_else_it_stands(
    real_answerer: Answerer,
) -> None:
    answer = real_answerer.answer(
        Question(question="What is a core group's role in a child protection plan?")
    )
    match = next(m for m in answer.matches if m.also_in)
    assert {match.citation.reference, *(c.reference for c in match.also_in)} == {
        "18 019 617",
        "19 007 318",
    }


def test_a_question_about_something_else_gets_no_answer(real_answerer: Answerer) -> None:
    for question in ["how do i make a lasagne without an oven", "world cup 1998 final score"]:
        answer = real_answerer.answer(Question(question=question))
        assert answer.status is Status.NOTHING_RELEVANT
        assert answer.matches == ()
        assert answer.quotations == ()
        assert answer.nearest, "what came closest is shown apart"


def test_the_sample_answers_the_question_of_the_readme(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from service.opening import prepare

    monkeypatch.chdir(tmp_path)
    answer = open_answerer(prepare(None)).answer(Question(question=CHAIR))
    assert answer.status is Status.ANSWERED
    assert quoted_match(answer) == ("99 000 101", 29)
    assert answer.snapshot.sample
    assert "fictional" in answer.notice
    built = answer.snapshot.built
    assert open_answerer(prepare(None)).snapshot.built == built, "it is built but once"


def test_every_quotation_is_an_exact_span_of_its_match(sample_answerer: Answerer) -> None:
    for question in [CHAIR, "late report", "blue badge hidden disability", "missed bins", "£75"]:
        answer = sample_answerer.answer(Question(question=question, k=20))
        for q in answer.quotations:
            assert answer.matches[q.match].text[q.start : q.end] == q.text
        assert len(answer.quotations) <= 4


def test_what_a_complainant_alleged_is_neither_matched_nor_quoted(
    sample_answerer: Answerer,
) -> None:
    answer = sample_answerer.answer(
        Question(question="the chair wrongly overruled the other professionals", k=20)
    )
    assert all(m.role is not Role.COMPLAINT for m in answer.matches)
    for q in answer.quotations:
        assert answer.matches[q.match].voice is not Voice.COMPLAINANT


def test_who_asks_for_allegations_gets_them_as_such(sample_answerer: Answerer) -> None:
    answer = sample_answerer.answer(
        Question(question="chair overruled conference", filters=Filters(roles=(Role.COMPLAINT,)))
    )
    assert answer.matches
    assert {m.role for m in answer.matches} == {Role.COMPLAINT}
    assert answer.quotations == ()


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (Filters(authority="samplewick"), lambda c: "Samplewick" in c.bodies[0]),
        (Filters(outcome=Outcome.NOT_UPHELD), lambda c: c.outcome is Outcome.NOT_UPHELD),
        (
            Filters(decided_from=date(2024, 1, 1), decided_to=date(2024, 12, 31)),
            lambda c: c.decided.year == 2024,
        ),
        (Filters(category="Planning"), lambda c: c.reference == "99 000 113"),
    ],
)
def test_filters_let_only_what_fits_through(
    sample_answerer: Answerer, filters: Filters, kept: object
) -> None:
    assert callable(kept)
    answer = sample_answerer.answer(
        Question(question="the council complaint response", k=20, filters=filters)
    )
    found = [*answer.matches, *answer.nearest]
    assert found
    assert all(kept(m.citation) for m in found)


def test_a_filter_that_nothing_fits_finds_nothing(sample_answerer: Answerer) -> None:
    answer = sample_answerer.answer(Question(question=CHAIR, filters=Filters(authority="Atlantis")))
    assert (answer.status, answer.matches, answer.nearest) == (Status.NOTHING_RELEVANT, (), ())


@given(st.integers(-5, 300), st.integers(-5, 300), st.booleans(), st.sampled_from(["", "x", " "]))
def test_a_quotation_that_is_not_word_for_word_is_refused(
    sample_answerer: Answerer, start: int, end: int, corrupt: bool, extra: str
) -> None:
    stored = sample_answerer.retriever.snapshot.tables.stored([30])[0]
    words = stored.paragraph.words
    text = (words[start:end] if start >= 0 else "") + extra
    if corrupt:
        altered = msgspec.structs.replace(stored.paragraph, text=stored.paragraph.text + "!")
        stored = msgspec.structs.replace(stored, paragraph=altered)
    quotation = Quotation(text=text, start=start, end=end, match=0)
    exact = start >= 0 and bool(text) and words[start:end] == text and not corrupt
    if exact:
        verify(quotation, stored)
    else:
        with pytest.raises(NotWordForWord):
            verify(quotation, stored)


@pytest.mark.parametrize(
    ("question", "reason"),
    [("", "empty"), ("  \n", "empty"), ("?!", "no words"), ("x" * 2001, "2,001")],
)
def test_a_question_that_cannot_be_asked_says_why(
    sample_answerer: Answerer, question: str, reason: str
) -> None:
    with pytest.raises(BadQuestion, match=reason):
        sample_answerer.answer(Question(question=question))


def test_a_follow_up_is_searched_with_what_it_leans_on() -> None:
    history = [
        Turn(role="user", content="Did Samplewick send the report late?"),
        Turn(role="assistant", content="Yes."),
    ]
    follow_up = standalone("what about Exampleshire?", history)
    assert follow_up.question == "what about Exampleshire?"
    assert follow_up.carried == ("Yes.", "Did Samplewick send the report late?")
    assert follow_up.before == ("Did Samplewick send the report late?",)
    assert follow_up.told == (
        "what about Exampleshire? (carried over: Did Samplewick send the report late? – Yes.)"
    )
    assert standalone("can bailiffs charge fees?", history).carried == ()
    assert standalone("why?", []).told == "why?"


def test_a_long_message_tells_its_own_story_whatever_was_said_before() -> None:
    history = [Turn(role="user", content="Did Samplewick send the report late?")]
    long = "they say that it was my own fault that my son missed the bus to his new school"
    assert standalone(long, history).carried == ()
    assert standalone("was it my fault?", history).carried == (history[0].content,)


def test_only_the_last_two_exchanges_are_carried_over_and_no_turn_without_words() -> None:
    history = [
        Turn(role="user" if i % 2 else "assistant", content=content)
        for i, content in enumerate(["one", "two", "three", " – ", "four", "x" * 3000])
    ]
    follow_up = standalone("and then?", history)
    assert follow_up.carried == ("x" * 1000, "four", "three", "two")
    assert follow_up.before == ("two", "x" * 1000)


def test_no_finding_is_claimed_where_nothing_was_investigated() -> None:
    said = introduce(Role.FINDING, Voice.OMBUDSMAN, Outcome.NOT_INVESTIGATED)
    assert said == "The Ombudsman said, without investigating"
    assert introduce(Role.FINDING, Voice.OMBUDSMAN, Outcome.UPHELD) == "The Ombudsman found"
