"""Remedies are read clause by clause, with sums, payees and dates only as they are written."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.model import Decision, Paragraph, Role, Voice
from corpus.records import Remedy, RemedyKind
from corpus.remedies import remedies_of
from corpus.remedy_words import (
    KindRule,
    compiled,
    deadline_in,
    done_rules,
    kind_of,
    sum_in,
    wording,
)
from tests.published import one_section

A, P, S, T, R, O = (  # noqa: E741
    RemedyKind.APOLOGY,
    RemedyKind.PAYMENT,
    RemedyKind.SERVICE_IMPROVEMENT,
    RemedyKind.TRAINING,
    RemedyKind.RECORDS,
    RemedyKind.OTHER,
)


def decision_of(
    *paragraphs: tuple[str, ...], role: Role = Role.REMEDY, heading: str = "Agreed action"
) -> Decision:
    """A decision of one section; each tuple is a paragraph's text and its items."""
    made = tuple(
        Paragraph(number=number, text=text, items=tuple(items), role=role, voice=Voice.OMBUDSMAN)
        for number, (text, *items) in enumerate(paragraphs, 1)
    )
    return one_section(heading, made)


def agreed(*paragraphs: tuple[str, ...], heading: str = "Agreed action") -> list[Remedy]:
    return [r for r in remedies_of(decision_of(*paragraphs, heading=heading)) if not r.done]


def done(text: str, role: Role = Role.FACTS) -> list[Remedy]:
    return [r for r in remedies_of(decision_of((text,), role=role)) if r.done]


def words(remedy: Remedy, *lines: str) -> str:
    return "\n".join(lines)[remedy.span.start : remedy.span.end]


@pytest.mark.parametrize(
    ("rule", "example"), [(rule, e) for rule in wording().kind for e in rule.examples]
)
def test_every_example_of_a_kind_is_told_by_its_rule(rule: object, example: str) -> None:
    assert kind_of(example) is rule


@pytest.mark.parametrize(
    ("pattern", "example"), [(rule.pattern, e) for rule in wording().done for e in rule.examples]
)
def test_every_example_of_what_was_done_fits_its_rule(pattern: str, example: str) -> None:
    assert compiled(pattern).search(example)


@pytest.mark.parametrize("rule", wording().done, ids=lambda rule: rule.examples[0])
@settings(max_examples=30, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_words_that_fit_a_pattern_have_one_of_its_needs(
    rule: KindRule, data: st.DataObject
) -> None:
    ascii_letters = st.characters(codec="ascii")
    text = data.draw(st.from_regex(compiled(rule.pattern), alphabet=ascii_letters))
    assert rule in [may_fit for may_fit, _ in done_rules(text)]


@pytest.mark.parametrize(
    "words", ["the council will pay ", "the council was not at fault and ", "will pay Mr Q £5 and "]
)
@pytest.mark.parametrize("role", [Role.FINDING, Role.REMEDY])
def test_a_sentence_without_end_is_read_at_once(words: str, role: Role) -> None:
    list(remedies_of(decision_of(("It will pay £5.",), role=role)))  # Compiles the patterns.
    start = time.process_time()
    list(remedies_of(decision_of((words * (100_000 // len(words)),), role=role)))
    assert time.process_time() - start < 10, "a hang, not a matter of speed"


def test_each_item_of_a_list_is_a_remedy_with_the_date_of_its_opening_line() -> None:
    lines = (
        "Within six weeks of my final decision the Trust will:",
        "apologise to Mrs Q for the lost kennel;",
        "pay her £450 for the worry; and",
        "remind its wardens to label each cage.",
    )
    found = agreed(lines)
    assert [(r.kind, r.amount_pence, r.to, r.deadline) for r in found] == [
        (A, None, "Mrs Q", "within six weeks"),
        (P, 45000, "Mrs Q", "within six weeks"),
        (T, None, "its wardens", "within six weeks"),
    ]
    assert words(found[1], *lines) == "pay her £450 for the worry"


def test_a_second_sentence_inside_an_item_is_a_remedy_of_its_own() -> None:
    found = agreed(
        (
            "Within two months the School will:",
            "add this letter to Z’s file. It will also pay Mr Q a further £80.50 for his time;",
        )
    )
    assert [(r.kind, r.amount_pence, r.to) for r in found] == [
        (R, None, "Z’s file"),
        (P, 8050, "Mr Q"),
    ]


def test_two_verbs_of_two_kinds_in_one_sentence_are_two_remedies() -> None:
    found = agreed(("The Council has agreed to apologise to Ms Q and pay her £60.",))
    assert [(r.kind, r.amount_pence, r.to) for r in found] == [
        (A, None, "Ms Q"),
        (P, 6000, "Ms Q"),
    ]


def test_two_sums_for_two_things_are_two_payments_and_their_total_is_none() -> None:
    found = agreed(
        ("The Trust will pay Mr Q £90 for the delay and £40 for his time, £130 in all.",)
    )
    assert [(r.kind, r.amount_pence, r.to) for r in found] == [(P, 9000, "Mr Q"), (P, 4000, "Mr Q")]


def test_the_parts_that_make_up_a_sum_are_not_paid_besides_it() -> None:
    found = agreed(
        ("It should pay Miss Q £500, made up of £300 for the worry and £200 for her trouble.",)
    )
    assert [r.amount_pence for r in found] == [50000]


def test_the_date_set_for_what_follows_holds_in_the_next_paragraphs_but_not_for_proof() -> None:
    found = agreed(
        ("Within three weeks of this decision the Trust will take these steps.",),
        ("It should make a written apology to Mr Q.",),
        ("The Trust should send us evidence of this.",),
    )
    assert [(r.paragraph, r.kind, r.to, r.deadline) for r in found] == [
        (2, A, "Mr Q", "within three weeks"),
        (3, O, "us", None),
    ]


def test_a_later_sentence_about_the_same_proof_sets_only_its_date() -> None:
    found = agreed(
        (
            "The Trust will provide me with evidence of its new rota. "
            "It will provide this evidence within ten weeks of my final decision.",
        )
    )
    assert [(r.kind, r.deadline) for r in found] == [(O, "within ten weeks")]


@pytest.mark.parametrize(
    "text",
    [
        "I cannot recommend that the Council pay Mr Q £900.",
        "The Council should have paid Mr Q £900.",
        "I make no recommendation that the Council should pay him £20.",
        "The Council will take the action below to remedy the injustice.",
    ],
)
def test_what_is_not_undertaken_is_no_remedy(text: str) -> None:
    assert agreed((text,)) == []


def test_should_outside_of_the_part_on_remedies_is_a_standard_and_no_promise() -> None:
    text = ("The council should make enquiries of the schools.",)
    assert agreed(text, heading="Child protection") == []


def test_without_a_part_on_remedies_what_was_agreed_to_is_read_from_the_findings() -> None:
    text = "The Council has agreed to pay Mr Q £75. It will see what can be done."
    decision = decision_of((text,), role=Role.FINDING, heading="My assessment")
    found = list(remedies_of(decision))
    assert [(r.kind, r.amount_pence, r.to, r.done) for r in found] == [(P, 7500, "Mr Q", False)]


@pytest.mark.parametrize(
    ("text", "kind", "pence"),
    [
        ("The Trust apologised to Mr Q for the wait.", A, None),
        ("It has since refunded £31 to Mr Q.", P, 3100),
        ("The officer corrected the minutes in May.", R, None),
        ("The Council has now introduced a checklist for gates.", S, None),
    ],
)
def test_what_was_done_already_is_told_with_its_kind(
    text: str, kind: RemedyKind, pence: int | None
) -> None:
    assert [(r.kind, r.amount_pence, r.done) for r in done(text)] == [(kind, pence, True)]


@pytest.mark.parametrize(
    "text",
    [
        "The Trust should have apologised.",
        "Mr Q apologised for his language.",
        "The Council has not apologised to him.",
        "It refused to refund £31 to Mr Q.",
        "Mr Q paid £31 at the desk.",
        "The Council offered to pay £20.",
    ],
)
def test_what_was_not_done_or_was_done_by_another_is_not(text: str) -> None:
    assert done(text) == []


def test_items_whose_list_marks_stand_in_the_text_or_are_lost_are_read_the_same() -> None:
    marked = agreed(("The Council will:", "a) apologise to Ms Q", "b) pay £75 to Ms Q"))
    lost = agreed(("The Council will:",), ("Apologise to Ms Q.",), ("pay £75 to Ms Q",))
    wanted = [(A, None, "Ms Q"), (P, 7500, "Ms Q")]
    assert [(r.kind, r.amount_pence, r.to) for r in marked] == wanted
    assert [(r.kind, r.amount_pence, r.to) for r in lost] == wanted


def test_a_period_inside_what_is_done_is_not_its_date() -> None:
    assert deadline_in("remind staff of notices expiring within 56 days") is None


texts = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            "the Council will apologise to Mr Q pay him £3 £1,000.50 and within one month of "
            "my decision : ; . , \n £ 45p remind staff it has agreed to has paid corrected "
            "minutes review its policy us £² made up of".split(" ")
        ),
        max_size=40,
    ).map(" ".join),
)


@given(text=texts, items=st.lists(texts, max_size=3), role=st.sampled_from(Role))
def test_any_words_yield_only_exact_pieces_and_sums_that_are_written(
    text: str, items: list[str], role: Role
) -> None:
    whole = "\n".join((text, *items))
    for remedy in remedies_of(decision_of((text, *items), role=role)):
        piece = whole[remedy.span.start : remedy.span.end]
        assert piece.strip()
        assert 0 <= remedy.span.start < remedy.span.end <= len(whole)
        assert remedy.amount_pence is None or remedy.amount_pence == sum_in(piece)
        assert remedy.amount_pence is None or "£" in piece or "p" in piece.lower()
        assert remedy.to is None or remedy.to in whole.replace("’", "'") or remedy.to in whole
