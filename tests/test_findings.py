"""Findings are read sentence by sentence, with denials and a party's word told apart."""

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.findings import (
    FindingRule,
    compiled,
    findings_of,
    injustice_in,
    verdict,
    wording,
)
from corpus.model import Decision, Paragraph, Role, Voice
from corpus.records import Finding, FindingKind
from tests.published import one_section

FAULT, NO, NOT = FindingKind.FAULT, FindingKind.NO_FAULT, FindingKind.NOT_INVESTIGATED


def decision_of(*paragraphs: tuple[Role, str], heading: str = "Analysis") -> Decision:
    made = tuple(
        Paragraph(number=number, text=text, role=role, voice=Voice.OMBUDSMAN)
        for number, (role, text) in enumerate(paragraphs, 1)
    )
    return one_section(heading, made)


def found(text: str, heading: str = "Analysis") -> list[Finding]:
    return list(findings_of(decision_of((Role.FINDING, text), heading=heading)))


@pytest.mark.parametrize(
    ("kind", "example"), [(rule.finding, e) for rule in wording().rule for e in rule.examples]
)
def test_every_example_of_a_finding_is_found_so(kind: FindingKind, example: str) -> None:
    saying = verdict(example)
    assert saying is not None
    assert saying[0] is kind


@pytest.mark.parametrize("rule", wording().rule, ids=lambda rule: rule.examples[0])
@settings(max_examples=30, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_words_that_fit_a_pattern_have_one_of_its_needs(
    rule: FindingRule, data: st.DataObject
) -> None:
    ascii_letters = st.characters(codec="ascii")
    text = data.draw(st.from_regex(compiled(rule.pattern), alphabet=ascii_letters))
    assert not rule.needs.isdisjoint(re.findall(r"\w+", text))


@pytest.mark.parametrize(
    "words",
    ["the council will pay ", "the council was not at fault and ", "it was at fault but ", "at "],
)
@pytest.mark.parametrize("role", [Role.FINDING, Role.METHOD])
def test_a_sentence_without_end_is_judged_at_once(words: str, role: Role) -> None:
    decision = decision_of((role, words * (100_000 // len(words))))
    list(findings_of(decision_of((role, "It was fault."))))  # Compiles the patterns.
    start = time.process_time()
    list(findings_of(decision))
    assert time.process_time() - start < 10, "a hang, not a matter of speed"


def test_letters_that_grow_in_small_do_not_shift_an_issue() -> None:
    (finding,) = found("İİİ wrote, and there was no fault in the İstanbul survey.")
    assert finding.issue == "the İstanbul survey"


@pytest.mark.parametrize(
    ("says", "example"), [(rule.says, e) for rule in wording().injustice for e in rule.examples]
)
def test_every_example_of_injustice_is_told_so(says: bool, example: str) -> None:
    assert injustice_in(example) is says


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("I do not think this can be called fault.", NO),
        ("There was no fault, but the letter could have been kinder.", NO),
        ("We have decided this does not amount to a failing.", NO),
        ("I have seen no evidence that the delay was fault.", NO),
        ("Not sending the leaflet to Mr Q before the auction was fault.", FAULT),
        ("I saw no record of a call, and this was fault.", FAULT),
        ("The Trust accepted it was at fault for the lost key.", FAULT),
        ("The allotment committee is better placed to decide who owns the shed.", NOT),
    ],
)
def test_a_denial_is_told_from_a_finding(text: str, kind: FindingKind) -> None:
    saying = verdict(text)
    assert saying is not None
    assert saying[0] is kind


@pytest.mark.parametrize(
    "text",
    [
        "Mr Q says the Trust was at fault.",
        "If there was fault we ask what harm it did.",
        "I considered whether there was fault in the auction.",
        "It said it was entitled to close the gate.",
        "There is no evidence that the Council considered the letter.",
        "The hedge was cut in May.",
    ],
)
def test_a_partys_word_a_supposition_and_an_event_find_nothing(text: str) -> None:
    assert verdict(text) is None


def test_a_sentence_that_only_points_back_adds_no_finding() -> None:
    text = "We do not think that the porter unreasonably shut the gate. This is not fault."
    assert [(f.finding, f.issue) for f in found(text)] == [
        (NO, "the porter unreasonably shut the gate")
    ]


def test_two_issues_in_one_paragraph_are_two_findings() -> None:
    text = (
        "There was no fault in the choice of paint. "
        "There is no evidence that the foreman hid the invoice."
    )
    assert [f.issue for f in found(text)] == ["the choice of paint", "the foreman hid the invoice"]


def test_several_faults_listed_in_one_sentence_are_findings_each() -> None:
    text = "The Trust accepted fault in terms of its letters, signposting, and a lost parcel."
    assert [(f.finding, f.issue) for f in found(text)] == [
        (FAULT, "its letters"),
        (FAULT, "signposting"),
        (FAULT, "lost parcel"),
    ]


def test_what_a_bare_finding_is_about_stands_in_the_heading() -> None:
    assert [f.issue for f in found("This was fault.", heading="The broken gate")] == [
        "The broken gate"
    ]


@pytest.mark.parametrize(
    ("after", "injustice"),
    [
        ("It caused Mr Q distress.", True),
        ("However, there was no lasting injustice to Mr Q.", False),
        ("The gate is green.", None),
    ],
)
def test_injustice_is_what_the_paragraph_says_of_it(after: str, injustice: bool | None) -> None:
    assert [f.injustice for f in found(f"The lost form was fault. {after}")] == [injustice]


def test_the_decision_is_heard_only_on_what_was_not_said_before() -> None:
    decision = decision_of(
        (Role.FINDING, "There was no fault in the choice of paint."),
        (Role.DECISION, "There was no fault. We cannot investigate the tribunal’s ruling."),
    )
    assert [(f.paragraph, f.finding, f.issue) for f in findings_of(decision)] == [
        (1, NO, "the choice of paint"),
        (2, NOT, "the tribunal’s ruling"),
    ]


def test_what_was_not_looked_into_is_found_where_it_is_said() -> None:
    decision = decision_of(
        (Role.METHOD, "I have not investigated the colour of the gate."),
        (Role.POWERS, "We cannot investigate complaints about courts."),
    )
    assert [(f.paragraph, f.finding) for f in findings_of(decision)] == [(1, NOT)]


texts = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            "there was no fault in the gate . I do not uphold this , and it caused injustice find "
            "not investigated whether evidence that Council at fault We or : ; \n amounts to "
            "in terms of a, b, and c is upheld satisfied accepted".split(" ")
        ),
        max_size=40,
    ).map(" ".join),
)


@given(text=texts, heading=texts, role=st.sampled_from(Role))
def test_any_words_yield_only_exact_pieces(text: str, heading: str, role: Role) -> None:
    for finding in findings_of(decision_of((role, text), heading=heading)):
        piece = text[finding.span.start : finding.span.end]
        assert piece.strip()
        assert 0 <= finding.span.start < finding.span.end <= len(text)
        assert finding.issue.strip()
        assert finding.issue in text or finding.issue == heading
