"""Abbreviations: learnt from the decisions, and set beside what they stand for in a question."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec
import pytest

from corpus.model import Decision, DecisionId, Paragraph, Role, Voice
from index.abbreviations import (
    Abbreviation,
    definitions_in,
    openings_in,
    short_forms_in,
    with_both_forms,
)
from index.build import build
from index.hashing_encoder import HashingEncoder
from index.hybrid import HybridRetriever
from index.question import read_question
from index.snapshot import Snapshot, open_current
from index.withdrawal import withdraw
from tests.published import one_section


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("It told the Local Authority Designated Officer (LADO).", "LADO",
         "local authority designated officer"),
        ("complain to the Information Commissioner’s Office (ICO)", "ICO",
         "information commissioner’s office"),
        ("his Education, Health and Care (EHC) Plan", "EHC", "education, health and care"),
        ("a “Disabled Facilities Grant” (“DFG”)", "DFG", "disabled facilities grant"),
        ("it uses child in need [CiN] plans", "CiN", "child in need"),
        ("two penalty charge notices (PCNs)", "PCN", "penalty charge notice"),
        ("the initial child protection conference (ICPC)", "ICPC",
         "initial child protection conference"),
    ],
)  # fmt: skip
def test_a_short_form_in_brackets_stands_for_the_words_before_it(
    text: str, short: str, long: str
) -> None:
    assert list(definitions_in(text)) == [(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "the Council (see below)",
        "Mr X complained (A)",
        "as the law says (Care Act 2014)",
        "it held a review (NHS)",
        "at the meeting. It (ICPC) was late",
        "the Trust (TR)",
    ],
)
def test_other_words_in_brackets_are_no_short_forms(text: str) -> None:
    assert list(definitions_in(text)) == []


ICPC = Abbreviation("ICPC", "initial child protection conference")
CP = Abbreviation("CP", "child protection")
NICE = Abbreviation("NICE", "national institute for health and care excellence", plain=True)


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("Two icpcs?", "Two icpcs (initial child protection conference)?"),
        ("initial child-protection conferences", "initial child-protection conferences (ICPC)"),
        ("is the CP plan late", "is the CP (child protection) plan late"),
        ("is the cp plan late", "is the cp plan late"),
        ("were they nice to her", "were they nice to her"),
        ("what does NICE say",
         "what does NICE (national institute for health and care excellence) say"),
        ("the ICPC, an initial child protection conference",
         "the ICPC, an initial child protection conference"),
        ("which ICPCX", "which ICPCX"),
    ],
)  # fmt: skip
def test_each_form_is_followed_by_the_other_where_the_question_has_but_one(
    asked: str, read: str
) -> None:
    assert with_both_forms(asked, [CP, NICE, ICPC]) == read


def test_a_form_within_a_longer_one_is_not_explained_again() -> None:
    assert with_both_forms("an initial child protection conference", [CP, ICPC]) == (
        "an initial child protection conference (ICPC)"
    )


def test_what_is_looked_up_is_every_word_and_every_two_stems() -> None:
    assert short_forms_in("The PCNs and a PCN") == ["the", "pcns", "pcn", "and"]
    assert openings_in("penalty charge notices") == ["penalti charg", "charg notic"]


def decision(number: int, *texts: str) -> Decision:
    paragraphs = tuple(
        Paragraph(number=n, text=text, role=Role.FINDING, voice=Voice.OMBUDSMAN)
        for n, text in enumerate(texts, start=1)
    )
    made = one_section("What I found", paragraphs)
    return msgspec.structs.replace(made, decision_id=DecisionId(f"test/{number}"))


DECISIONS = (
    decision(1, "It served a penalty charge notice (PCN).", "The zebra grazed."),
    decision(2, "A penalty charge notice (PCN) was late.", "A zebra was fined."),
    decision(3, "The parking control number (PCN) was wrong.", "The fence was painted (PT)."),
    decision(4, "He has a personal independence payment (PIP).", "An apple has a pip."),
)


def built(decisions: Sequence[Decision], data: Path) -> Snapshot:
    build(decisions, HashingEncoder(), data)
    return open_current(data)


def test_a_build_keeps_what_decisions_say_and_a_search_reads_by_it(tmp_path: Path) -> None:
    snapshot = built(DECISIONS, tmp_path)
    notice = Abbreviation("PCN", "penalty charge notice")
    assert snapshot.tables.abbreviations(["pcn"], []) == [notice]
    assert snapshot.tables.abbreviations([], ["park control"]) == [notice], "as most decisions say"
    assert snapshot.tables.abbreviations(["pip", "zoo"], []) == [
        Abbreviation("PIP", "personal independence payment", plain=True)
    ]
    read = read_question("my pcn was late", snapshot)
    assert read.words == "my pcn was late"
    assert read.meaning == "my pcn (penalty charge notice) was late"
    searched = HybridRetriever.open(snapshot, HashingEncoder()).search("my pcn was late", 3)
    assert searched.read_as == read.meaning


def test_of_a_withdrawn_decision_no_word_and_no_abbreviation_is_left(tmp_path: Path) -> None:
    snapshot = built(DECISIONS, tmp_path)
    assert ("zebra", 2) in snapshot.tables.words_like("z", 5, 5)
    withdraw(tmp_path, ["test/2"], date(2026, 5, 3))
    tables = open_current(tmp_path).tables
    assert tables.words_like("z", 5, 5) == []
    assert {a.long for a in tables.abbreviations(["pcn"], [])} <= {
        "penalty charge notice",
        "parking control number",
    }
    withdraw(tmp_path, ["test/1", "test/4"], date(2026, 5, 3))
    tables = open_current(tmp_path).tables
    assert tables.abbreviations(["pcn", "pip"], []) == [
        Abbreviation("PCN", "parking control number")
    ]
