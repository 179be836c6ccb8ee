"""Dates: which decisions a question means by when they were made."""

from datetime import date

import msgspec
import pytest

from corpus.model import Decision, DecisionId, Paragraph, Role, Voice
from index.build import build
from index.dates import Decided, decided_in
from index.hashing_encoder import HashingEncoder
from index.hybrid import HybridRetriever
from index.question import decisions_meant
from index.snapshot import open_current
from tests.published import one_section

JANUARY, DECEMBER = (1, 1), (12, 31)


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("decisions since 2023 about delay", 2023, None),
        ("what do decisions made after 2023 say", 2024, None),
        ("cases before 2020", None, 2019),
        ("rulings published until 2020", None, 2020),
        ("what was found in decisions from 2019?", 2019, 2019),
        ("Decisions of 2019, please", 2019, 2019),
        ("and the 2024 one?", 2024, 2024),
        ("did the 2024 decision say so", 2024, 2024),
        ("decisions between 2019 and 2021", 2019, 2021),
        ("cases decided from 2021 to 2019", 2019, 2021),
    ],
)
def test_years_that_are_said_of_decisions_are_when_these_were_made(
    question: str, first: int | None, last: int | None
) -> None:
    assert decided_in(question) == Decided(
        None if first is None else date(first, *JANUARY),
        None if last is None else date(last, *DECEMBER),
    )


@pytest.mark.parametrize(
    "question",
    [
        "i have been waiting since 2023",
        "section 47 of the Children Act 1989",
        "the 2014 Act and the 2019 guidance",
        "my complaint from 2021",
        "our case in 2021",
        "decisions under the Care Act 2014",
        "decisions since 23",
        "who won in 2019",
        "P-2019",
    ],
)
def test_a_year_of_anything_else_is_none_of_decisions(question: str) -> None:
    assert decided_in(question) is None


def decision(number: int, body: str, decided: date | None) -> Decision:
    text = f"The fence was repaired {number} weeks late, in {body}."
    made = one_section(
        "What I found",
        (Paragraph(number=1, text=text, role=Role.FINDING, voice=Voice.OMBUDSMAN),),
    )
    return msgspec.structs.replace(
        made, decision_id=DecisionId(f"test/{number}"), bodies=(body,), decided=decided
    )


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    data = tmp_path_factory.mktemp("dates")
    decisions = [
        decision(0, "Dorset Council", date(2019, 11, 25)),
        decision(1, "Dorset Council", date(2024, 3, 1)),
        decision(2, "Lambeth Council", date(2024, 5, 1)),
        decision(3, "Barnet Council", None),
    ]
    build(decisions, HashingEncoder(), data)
    return HybridRetriever.open(open_current(data), HashingEncoder())


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("the fence in decisions from 2024", [1, 2]),
        ("the fence in Dorset, in decisions from 2024", [1]),
        ("the fence in Barnet, in decisions from 2024", [3]),
        ("the fence in decisions from 2001", []),
        ("the fence in Dorset", [0, 1]),
        ("the fence", []),
    ],
)
def test_a_date_narrows_what_is_named_and_alone_it_names(
    retriever: HybridRetriever, question: str, numbers: list[int]
) -> None:
    assert sorted(decisions_meant(question, retriever.snapshot.tables)) == numbers


def test_decisions_of_that_time_come_first_and_the_others_stay(
    retriever: HybridRetriever,
) -> None:
    found = retriever.search("was the fence late in decisions before 2020?", 10).found
    assert found[0].stored.decision.decision_id == "test/0"
    assert len(found) == 4
