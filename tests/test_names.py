"""Names: by which words a question means a decision, and what that does to the ranking."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from corpus.model import Decision, DecisionId, Paragraph, Role, Voice
from index.build import build
from index.fusion import WEIGHTS
from index.hashing_encoder import HashingEncoder
from index.hybrid import HybridRetriever
from index.names import body_words, named_in, plain_words
from index.snapshot import open_current
from index.tables import Filters, Tables
from tests.published import one_section

UNNAMED = msgspec.structs.replace(WEIGHTS, named=0.0)
ALONE = msgspec.structs.replace(UNNAMED, decision=0.0)
"""Each paragraph by itself, whatever else its decision holds."""


def decision(reference: str, bodies: Sequence[str], *texts: str) -> Decision:
    paragraphs = tuple(
        Paragraph(number=n, text=text, role=Role.FINDING, voice=Voice.OMBUDSMAN)
        for n, text in enumerate(texts, start=1)
    )
    return msgspec.structs.replace(
        one_section("What I found", paragraphs),
        decision_id=DecisionId(f"test/{reference.replace(' ', '-')}"),
        reference=reference,
        bodies=tuple(bodies),
    )


DORSET = decision(
    "18 019 617",
    ["Dorset Council"],
    "The old fence by the library reading room fell.",
    "Nobody repaired the fence for months.",
)
READING = decision(
    "19 002 341",
    ["Reading Borough Council"],
    "The fence of the garden was repaired late.",
    "Then somebody painted that fence in green.",
)
LAMBETH = decision(
    "20 001 002",
    ["London Borough of Lambeth", "NHS South West London"],
    "A reading of the gas meter went astray.",
)
COUNCILS = (DORSET, READING, LAMBETH)


def built(decisions: Sequence[Decision], data: Path) -> HybridRetriever:
    build(decisions, HashingEncoder(), data)
    return HybridRetriever.open(open_current(data), HashingEncoder())


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    return built(COUNCILS, tmp_path_factory.mktemp("names"))


@pytest.fixture(scope="module")
def tables(retriever: HybridRetriever) -> Tables:
    return retriever.snapshot.tables


def references(retriever: HybridRetriever, question: str, *before: str) -> list[str | None]:
    """The decisions of what is found, best first."""
    found = retriever.search(question, 10, carried=before).found
    return [f.stored.decision.reference for f in found]


def meant(retriever: HybridRetriever, question: str, *before: str) -> set[str | None]:
    """The decisions whose paragraphs score higher for being named, all by the same."""
    scores = [
        {
            (f.stored.decision.reference, f.stored.id): f.scores.fused
            for f in replace(retriever, weights=weights).search(question, 10, carried=before).found
        }
        for weights in (UNNAMED, WEIGHTS)
    ]
    assert scores[0].keys() == scores[1].keys()
    assert len(scores[0]) == len(retriever.snapshot.columns)
    gains = {key: scores[1][key] - scores[0][key] for key in scores[0]}
    weights = {round(gain, 9) for gain in gains.values()}
    assert weights <= {0, WEIGHTS.named}
    of_decision: dict[str | None, set[bool]] = {}
    for (reference, _), gain in gains.items():
        of_decision.setdefault(reference, set()).add(gain > 0.1)
    assert all(len(higher) == 1 for higher in of_decision.values()), "a decision as a whole"
    return {reference for reference, higher in of_decision.items() if True in higher}


def test_a_body_named_in_the_question_makes_its_paragraphs_come_first(
    retriever: HybridRetriever,
) -> None:
    question = "what happened to the fence in Reading?"
    assert references(retriever, question)[:2] == [READING.reference] * 2
    unnamed = replace(retriever, weights=ALONE)
    assert references(unnamed, question)[0] == DORSET.reference


def test_the_same_word_in_its_plain_sense_does_not(retriever: HybridRetriever) -> None:
    question = "what happened to the fence by the reading room?"
    assert references(retriever, question)[0] == DORSET.reference
    assert meant(retriever, question) == set()


def test_a_decision_named_is_found_however_many_others_are_nearer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = [
        decision(f"20 001 00{n}", ["Elsewhere"], f"The bins were missed {'again ' * n}.")
        for n in range(1, 8)
    ]
    searched = built([*near, DORSET], tmp_path)
    monkeypatch.setattr("index.hybrid.DEPTH", 2)
    assert DORSET.reference not in references(searched, "were the bins missed again?")
    question = "were the bins missed again, as in 18 019 617?"
    assert references(searched, question).count(DORSET.reference) == 2


@pytest.mark.parametrize(
    ("question", "bodies"),
    [
        ("what went wrong in Dorset?", ["18 019 617"]),
        ("what went wrong in dorset?", ["18 019 617"]),
        ("Dorset’s fence", ["18 019 617"]),
        ("did LAMBETH do as Dorset did?", ["18 019 617", "20 001 002"]),
        ("did Reading do wrong?", ["19 002 341"]),
        ("did READING do wrong?", ["19 002 341"]),
        ("is Reading at fault?", ["19 002 341"]),
        ("what went wrong? Reading the meter?", []),
        ("was the reading of the meter wrong?", []),
        ("Reading the meter was wrong?", []),
        ("did a London Borough Council do wrong, or the NHS in the South West?", []),
        ("which council was it?", []),
        ("who repairs dorsetshire fences?", []),
        ("", []),
    ],
)
def test_a_question_names_a_body_by_the_words_that_are_its_own(
    tables: Tables, question: str, bodies: list[str]
) -> None:
    assert tables.named(named_in(question)) == [f"test/{b.replace(' ', '-')}" for b in bodies]


def test_a_word_in_lower_case_names_a_body_where_nobody_writes_it_otherwise(
    tmp_path: Path,
) -> None:
    alone = built([READING], tmp_path).snapshot.tables
    question = named_in("was the reading of the meter wrong?")
    assert alone.named(question) == [READING.decision_id]


def test_the_names_are_the_words_of_bodies_without_the_kinds_of_body() -> None:
    assert [body_words(decision) for decision in COUNCILS] == [["dorset"], ["reading"], ["lambeth"]]


def test_a_build_notes_which_names_the_collection_writes_without_a_capital(
    retriever: HybridRetriever,
) -> None:
    with closing(sqlite3.connect(retriever.snapshot.tables.path)) as connection:
        names = connection.execute("SELECT word, plain FROM names ORDER BY decision_id").fetchall()
    assert names == [("dorset", 0), ("reading", 1), ("lambeth", 0)]


def test_the_end_of_a_word_with_a_capital_is_no_plain_word() -> None:
    written = decision("21 000 001", ["Edale Council"], "Edale was asked, and Bedale too.")
    assert body_words(written) == ["edale"]
    assert plain_words(written) == {"was", "asked", "and", "too"}


@pytest.mark.parametrize(
    "spelling",
    [
        "19 002 341", "19-002-341", "19\u2011002\u2011341", "19\u00a0002\u00a0341", "19002341",
        "(19-002-341)", "case 19002341",
    ],
)  # fmt: skip
def test_a_reference_in_any_spelling_names_its_decision(
    retriever: HybridRetriever, spelling: str
) -> None:
    question = f"what happened to the fence in {spelling}?"
    assert retriever.snapshot.tables.named(named_in(question)) == [READING.decision_id]
    assert meant(retriever, question) == {READING.reference}
    assert references(retriever, question)[:2] == [READING.reference] * 2
    unnamed = replace(retriever, weights=ALONE)
    assert references(unnamed, question)[0] == DORSET.reference


def test_a_reference_goes_before_a_name_and_one_that_is_not_here_does_not(tables: Tables) -> None:
    assert tables.named(named_in("was Lambeth as in 18-019-617?")) == [DORSET.decision_id]
    assert tables.named(named_in("was Lambeth as in 11-111-111?")) == [LAMBETH.decision_id]


def test_all_decisions_of_a_body_are_named_by_it(tmp_path: Path) -> None:
    joint = msgspec.structs.replace(
        LAMBETH, bodies=("Dorset Council", "Lambeth"), decision_id=DecisionId("test/joint")
    )
    several = built([DORSET, joint], tmp_path).snapshot.tables
    assert several.named(named_in("and Dorset?")) == ["test/18-019-617", "test/joint"]
    assert several.named(named_in("and Lambeth?")) == ["test/joint"]


def test_a_question_that_names_nothing_favours_nothing(retriever: HybridRetriever) -> None:
    assert meant(retriever, "how long did the repair take?") == set()
    assert meant(retriever, "how long did it take?", "Was there a fence?", "Hello.") == set()


def test_a_follow_up_without_a_name_takes_the_decision_of_what_was_said_before(
    retriever: HybridRetriever,
) -> None:
    assert meant(retriever, "how long did it take?", "Did Dorset repair it?") == {"18 019 617"}
    assert meant(retriever, "how long?", "Yes.", "What of 19-002-341?") == {"19 002 341"}


def test_a_follow_up_takes_the_latest_that_was_named(retriever: HybridRetriever) -> None:
    before = ("Thank you.", "And did Lambeth?", "Did Dorset repair it?")
    assert meant(retriever, "how long did it take?", *before) == {"20 001 002"}


def test_a_follow_up_that_names_another_leaves_what_was_said_before(
    retriever: HybridRetriever,
) -> None:
    assert meant(retriever, "and in Lambeth?", "Did Dorset repair it?") == {"20 001 002"}
    assert meant(retriever, "and in 19 002 341?", "Did Dorset repair it?") == {"19 002 341"}


def test_a_filter_holds_whatever_the_question_names(retriever: HybridRetriever) -> None:
    only = Filters(authority="Lambeth")
    found = retriever.search("did Dorset repair the fence?", 10, only).found
    assert [f.stored.decision.reference for f in found] == [LAMBETH.reference]


def test_a_complaint_of_the_decision_named_is_left_out_unless_asked_for(tmp_path: Path) -> None:
    first, second = DORSET.sections[0].paragraphs
    alleged = msgspec.structs.replace(first, role=Role.COMPLAINT, voice=Voice.COMPLAINANT)
    section = msgspec.structs.replace(DORSET.sections[0], paragraphs=(alleged, second))
    searched = built([msgspec.structs.replace(DORSET, sections=(section,)), READING], tmp_path)
    question = "how long did Dorset take to repair the fence?"
    found = searched.search(question, 10).found
    assert {f.stored.paragraph.role for f in found} == {Role.FINDING}
    assert len(found) == 3
    asked_for = searched.search(question, 10, Filters(roles=(Role.COMPLAINT,))).found
    assert [f.stored.paragraph.words for f in asked_for] == [alleged.words]
