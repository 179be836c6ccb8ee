"""Follow-ups: what is found with what was said before, and what is never mixed with it."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from eval.gold import read_questions
from index.fusion import WEIGHTS
from index.hybrid import CARRIED
from index.vectors import unit
from service.answer import Answer, Status
from service.answering import Answerer
from service.questions import BadQuestion, Question, Standalone, Turn, standalone

CONVERSATIONS = Path(__file__).parent.parent / "eval" / "data" / "sample_conversations.jsonl"
CHAIR = "Can a chair go against what most people at the conference said?"
HISTORY = (
    Turn(role="user", content=CHAIR),
    Turn(role="assistant", content="Yes. The conference is advisory."),
)


def places(answer: Answer) -> list[tuple[str | None, int]]:
    return [(m.citation.reference, m.citation.paragraph) for m in answer.matches or answer.nearest]


def told(answer: Answer, *, of: Answer) -> Answer:
    """The answer with the times of another, so that all else can be compared."""
    return msgspec.structs.replace(answer, timings_ms=of.timings_ms)


@pytest.mark.parametrize(
    ("name", "reference", "paragraph"),
    [
        ("sc001", "99 000 101", 29),
        ("sc010", "99 000 109", 7),
        ("sc011", "99 000 110", 9),
        ("sc012", "99 000 111", 14),
    ],
)
def test_a_follow_up_finds_with_what_was_said_before_what_it_does_not_find_alone(
    sample_answerer: Answerer, name: str, reference: str, paragraph: int
) -> None:
    gold = next(q for q in read_questions(CONVERSATIONS) if q.id == name)
    asked = Question(question=gold.question, history=gold.history)
    alone = sample_answerer.answer(msgspec.structs.replace(asked, history=()))
    assert (reference, paragraph) in places(sample_answerer.answer(asked))[:2]
    assert (reference, paragraph) not in places(alone)


def test_what_was_carried_is_shown_and_the_question_stays_as_asked(
    sample_answerer: Answerer,
) -> None:
    answer = sample_answerer.answer(Question(question=" and  why? ", history=HISTORY))
    assert answer.question == "and why?"
    assert answer.standalone_question == (
        f"and why? (carried over: {CHAIR} – Yes. The conference is advisory.)"
    )


@pytest.mark.parametrize(
    "question",
    [
        "Can bailiffs charge fees?",
        "Blue badge for hidden disability?",
        "How long may a housing review take?",
    ],
)
def test_a_new_topic_gets_exactly_the_answer_that_it_gets_alone(
    sample_answerer: Answerer, question: str
) -> None:
    after = sample_answerer.answer(Question(question=question, history=HISTORY))
    alone = sample_answerer.answer(Question(question=question))
    assert told(after, of=alone) == alone
    assert alone.standalone_question == question


def test_a_long_message_is_not_mixed_with_what_was_said_before(sample_answerer: Answerer) -> None:
    long = "they say it is my own fault that the bus was late for him every single day"
    after = sample_answerer.answer(Question(question=long, history=HISTORY))
    alone = sample_answerer.answer(Question(question=long))
    assert told(after, of=alone) == alone
    short = sample_answerer.answer(Question(question=long[:32], history=HISTORY))
    assert short.standalone_question != long[:32]


@pytest.mark.parametrize(
    ("question", "leans"),
    [
        ("And the fees?", True),
        ("what about transport", True),
        ("Why?", True),
        ("Did she complain?", True),
        ("What must the council pay?", True),
        ("What must a council pay?", False),
        ("Who pays then?", True),
        ("Who pays the others?", True),
        ("Andover council tax", False),
        ("Is Sothebridge late?", False),
        ("whichever school admissions", False),
        ("Orders for possession", False),
        (" ".join(["them"] * 12), True),
        (" ".join(["them"] * 13), False),
    ],
)
def test_a_short_question_leans_by_its_opening_its_ending_or_a_word_that_points(
    question: str, leans: bool
) -> None:
    carried = tuple(turn.content for turn in reversed(HISTORY))
    wanted = Standalone(question, carried, (CHAIR,)) if leans else Standalone(question)
    assert standalone(question, HISTORY) == wanted


def test_turns_without_words_carry_nothing_and_leave_the_answer_alone(
    sample_answerer: Answerer,
) -> None:
    history = (Turn(role="user", content=" …\n"), Turn(role="assistant", content=""))
    after = sample_answerer.answer(Question(question="why?", history=history))
    alone = sample_answerer.answer(Question(question="why?"))
    assert told(after, of=alone) == alone


def test_a_follow_up_without_words_of_its_own_is_refused_whatever_was_said_before(
    sample_answerer: Answerer,
) -> None:
    with pytest.raises(BadQuestion, match="no words"):
        sample_answerer.answer(Question(question="?!", history=HISTORY))


def test_a_follow_up_is_read_alone_and_after_the_questions_before_it(
    sample_answerer: Answerer,
) -> None:
    retriever = sample_answerer.retriever
    before, asked = ("school transport", "council tax"), "and the fees?"
    texts = [asked, "school transport council tax and the fees?"]
    (wanted,) = unit(retriever.encoder.encode_questions(texts).sum(axis=0, keepdims=True))
    searched = retriever.search(asked, 5, carried=("Yes.", before[1], before[0]), before=before)
    np.testing.assert_allclose(searched.vector[0], wanted, atol=1e-6)
    snapshot, paragraph_of = retriever.snapshot, retriever.snapshot.columns.passage_paragraph
    for found in searched.found:
        stored = snapshot.passages.vectors(np.flatnonzero(paragraph_of == found.stored.id))
        nearest = max(float((stored @ wanted).max()), *(s.cosine for s in found.sentences))
        assert found.scores.cosine == pytest.approx(nearest, abs=1e-5)


def test_the_words_of_each_exchange_count_half_as_much_as_those_of_the_one_after_it(
    sample_answerer: Answerer,
) -> None:
    retriever = sample_answerer.retriever
    texts = ["and the fees?", "bailiffs came", "council tax", "bus passes", "school transport"]
    searched = retriever.search(texts[0], 5, carried=texts[1:])
    assert CARRIED == 0.5
    snapshot, paragraph_of = retriever.snapshot, retriever.snapshot.columns.passage_paragraph
    every = np.arange(len(snapshot.words))
    words = [snapshot.words.scores([(t, 1.0)], every).astype(np.float64) for t in texts]
    best = words[0] + (words[1] + words[2]) / 2 + (words[3] + words[4]) / 4
    for found in searched.found:
        own = max(best[paragraph_of == found.stored.id])
        assert found.scores.words == pytest.approx(own, rel=1e-5)


def test_carrying_over_the_same_words_changes_no_order(sample_answerer: Answerer) -> None:
    search = sample_answerer.retriever.search
    once, twice = search(CHAIR, 10).found, search(CHAIR, 10, carried=(CHAIR,)).found
    assert [f.stored.id for f in twice] == [f.stored.id for f in once]
    for a, b in zip(once, twice, strict=True):
        assert b.scores.fused == pytest.approx(a.scores.fused, abs=1e-5)
        assert b.scores.words == pytest.approx(1.5 * a.scores.words, rel=1e-5)


@pytest.mark.parametrize(
    ("question", "carried", "meant"),
    [
        ("what was the remedy?", ("See 99 000 104.", "See 99 000 102."), "99 000 104"),
        ("what was the remedy?", ("See 99 000 102.", "See 99 000 104."), "99 000 102"),
        ("what was the remedy?", ("A plan.", "See 99 000 104."), "99 000 104"),
        ("what was it in 99 000 110?", ("See 99 000 104.",), "99 000 110"),
    ],
)
def test_the_decision_that_was_named_last_is_the_one_spoken_of(
    sample_answerer: Answerer, question: str, carried: tuple[str, ...], meant: str
) -> None:
    names_decide = msgspec.structs.replace(WEIGHTS, named=10.0)
    retriever = replace(sample_answerer.retriever, weights=names_decide)
    found = retriever.search(question, 5, carried=carried).found
    assert [f.stored.decision.reference for f in found] == [meant] * 5


def test_a_conversation_about_nothing_here_is_not_answered(sample_answerer: Answerer) -> None:
    history = (
        Turn(role="user", content="How do I make a lasagne without an oven?"),
        Turn(role="assistant", content="Simmer pasta sheets with tomato sauce."),
    )
    answer = sample_answerer.answer(Question(question="and with cheese?", history=history))
    assert answer.status is Status.NOTHING_RELEVANT
    assert (answer.matches, answer.quotations) == ((), ())
