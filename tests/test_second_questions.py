"""The second questions over the real decisions: what they name is there, and nothing is copied."""

import re
from pathlib import Path

import pytest

from corpus.files import read_files
from corpus.model import Decision
from eval.gold import GoldQuestion, read_questions

QUESTIONS = Path(__file__).parent.parent / "eval" / "data" / "second_questions.jsonl"
COPIED = 8
"""Words in a row that a question and a decision share by more than chance."""


@pytest.fixture(scope="module")
def questions() -> tuple[GoldQuestion, ...]:
    return read_questions(QUESTIONS)


@pytest.fixture(scope="module")
def decisions(shared: Path) -> list[Decision]:
    return [d for d in read_files([shared / "decisions"]) if isinstance(d, Decision)]


def test_every_paragraph_that_they_name_is_there(
    questions: tuple[GoldQuestion, ...], decisions: list[Decision]
) -> None:
    places = {f"{d.source.file}#{p.number}" for d in decisions for _, p in d.paragraphs()}
    named = [r for q in questions for r in q.relevant]
    assert {r.place for r in named} <= places
    assert {r.grade for r in named} == {1, 2, 3}


def test_those_that_are_answered_name_what_answers_and_the_others_nothing(
    questions: tuple[GoldQuestion, ...],
) -> None:
    assert len({q.question for q in questions}) == len(questions) == 160
    assert sum(q.answerable for q in questions) == 115
    for question in questions:
        assert any(r.grade >= 2 for r in question.relevant) is question.answerable


def test_none_is_in_the_words_of_a_decision(
    questions: tuple[GoldQuestion, ...], decisions: list[Decision]
) -> None:
    told = {run for d in decisions for _, p in d.paragraphs() for run in in_a_row(p.words)}
    assert [q.id for q in questions if told & set(in_a_row(q.question))] == []


def in_a_row(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return [tuple(words[at : at + COPIED]) for at in range(len(words) - COPIED + 1)]
