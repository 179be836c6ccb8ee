"""Pasted texts: which words are quotations, and where the text says that they are from."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.attribution import Attributor
from service.pasted import FindingPattern, PinpointPattern, named_in, patterns, pinpoints_in
from service.quoted import read_quoted


def quoted_in(text: str) -> list[str]:
    return [text[q.span.start : q.span.end] for q in read_quoted(text).quoted]


def attributed(text: str) -> list[tuple[str, str | None, tuple[int, ...]]]:
    """Each quotation with the decision and the paragraphs that the text says it is from."""
    reading = read_quoted(text)
    named = named_in(text)
    attributor = Attributor.of(text, reading, named, pinpoints_in(text, named))
    return [
        (
            text[quoted.span.start : quoted.span.end],
            said.decision.reference if said.decision else None,
            said.paragraphs.numbers if said.paragraphs else (),
        )
        for quoted, said in zip(
            reading.quoted, attributor.attributions(reading.quoted), strict=True
        )
    ]


@pytest.mark.parametrize("pattern", patterns().pinpoint, ids=lambda p: p.why[:20])
def test_a_paragraph_is_named_in_the_examples_and_in_none_of_the_others(
    pattern: PinpointPattern,
) -> None:
    for shown in pattern.examples:
        assert [numbers for _, numbers in pattern.numbers_in(shown.text)] == [shown.numbers]
    for other in pattern.counter_examples:
        assert not list(pattern.numbers_in(other))


@pytest.mark.parametrize("pattern", patterns().finding, ids=lambda p: p.why[:20])
def test_a_finding_is_claimed_in_the_examples_and_in_none_of_the_others(
    pattern: FindingPattern,
) -> None:
    assert all(re.search(pattern.pattern, text) for text in pattern.examples)
    assert not any(re.search(pattern.pattern, text) for text in pattern.counter_examples)


@pytest.mark.parametrize(
    "marks", ["“{}”", '"{}"', "‘{}’", "'{}'", "«{}»", "„{}”", '**"{}"**', '("{}")', "“{}”,", "> {}"]
)
def test_words_in_any_kind_of_marks_are_a_quotation(marks: str) -> None:
    assert quoted_in(marks.format("the chair decides alone")) == ["the chair decides alone"]


@pytest.mark.parametrize(
    "text",
    [
        "The chair’s view and the parents’ view weren't the same.",
        "The chair's view and the parents' view weren't the same.",
        'a 6" pipe and an 8" pipe of the same make',
        "in the ‘90s a mother’s word was",
        "It was “late” and ‘not good’.",
    ],
)
def test_apostrophes_inches_and_single_words_make_no_quotation(text: str) -> None:
    assert quoted_in(text) == []


def test_an_apostrophe_within_single_marks_closes_nothing() -> None:
    assert quoted_in("It said ‘the parents’ view wasn’t the chair’s’ and left.") == [
        "the parents’ view wasn’t the chair’s"
    ]
    assert quoted_in("‘all of the delays’ and ‘some of the others’") == [
        "all of the delays",
        "some of the others",
    ]


def test_a_quotation_within_a_quotation_belongs_to_it() -> None:
    assert quoted_in("“the notes say ‘a plan was made’ and no more”") == [
        "the notes say ‘a plan was made’ and no more"
    ]
    assert quoted_in('"the notes say "a plan was made" and no more"') == [
        'the notes say "a plan was made" and no more'
    ]


def test_a_mark_that_is_never_closed_swallows_nothing_and_is_told() -> None:
    text = "It said “nothing. Later it said “the plan was late” and no more."
    reading = read_quoted(text)
    assert quoted_in(text) == ["the plan was late"]
    assert [text[at] for at in reading.unpaired] == ["“"]
    assert text.index("“") == reading.unpaired[0]


def test_a_quotation_over_two_paragraphs_is_one_for_each() -> None:
    parts = ["The first part was late.", "The second part was later."]
    assert quoted_in("“{}\n\n“{}”".format(*parts)) == parts
    assert quoted_in('"{}\n\n{}"'.format(*parts)) == parts
    assert read_quoted("“{}\n\n“{}”".format(*parts)).unpaired == ()


def test_a_block_quotation_is_its_lines_without_the_source() -> None:
    text = "See:\n\n> The chair decides\n> what it is.\n> — Some Council (99 000 101)\n\nBye."
    assert quoted_in(text) == ["The chair decides\n> what it is."]


def test_a_block_quotation_in_marks_is_what_stands_in_them() -> None:
    assert quoted_in('> "The chair decides it" (99 000 101)') == ["The chair decides it"]


@given(
    st.text(
        st.one_of(st.sampled_from("“”\"'‘’«»>\n .,(s1"), st.characters(codec="utf-8")), max_size=300
    )
)
@example("“" * 40 + "a b c”")
@example("> a b c\n\n“a b c\n\n> d e f”")
def test_quotations_stand_in_order_apart_and_within_the_text(text: str) -> None:
    end = 0
    for quoted in read_quoted(text).quoted:
        assert end <= quoted.span.start < quoted.span.end <= len(text)
        cut = text[quoted.span.start : quoted.span.end]
        assert cut == cut.strip()
        end = quoted.span.end


@pytest.mark.parametrize(
    "unit", ['"', "“", "‘", "“‘", "s' a", "‘s’ a", "“a\n\n", "> a\n", "'a b c' ", "«»", ">", "(*"]
)
def test_hostile_characters_are_read_in_time_that_grows_with_their_number(unit: str) -> None:
    text = (unit * 400_000)[:400_000]
    started = time.process_time()
    read_quoted(text)
    assert time.process_time() - started < 30, "a hang, not a matter of speed"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "In 99 000 101 it said “one two three”, and in 99 000 102 “four five six”.",
            [("99 000 101", ()), ("99 000 102", ())],
        ),
        (
            "It said “one two three” (99 000 101, paragraph 13) and “four five six” (99 000 102).",
            [("99 000 101", (13,)), ("99 000 102", ())],
        ),
        (
            "It said “one two three” (99 000 101; see also 99 000 103, paragraph 9).",
            [("99 000 101", ())],
        ),
        ("At paragraph 13 of 99-000-101: “one two three”.", [("99 000 101", (13,))]),
        ("“One two three.” That was said in 99 000 104.", [("99 000 104", ())]),
        ("See 99 000 101. It was late. “One two three”, at [27].", [("99 000 101", (27,))]),
        ("Case 99 000 101 was closed. Well.\n\nThey wrote “one two three”.", [(None, ())]),
        ("In 99 000 101 the Ombudsman said:\n\n“One two three.”", [("99 000 101", ())]),
        (
            "“One two three.\n\n“Four five six.” (99 000 101, paras 13-14)",
            [("99 000 101", (13, 14)), ("99 000 101", (13, 14))],
        ),
        (
            "**Case 99 000 101**\n\n- “one two three” (paragraph 13)\n- “four five six” (para 15)",
            [("99 000 101", (13,)), ("99 000 101", (15,))],
        ),
        (
            "> one two three\n\n— Some Council (99 000 101), 1 May 2024, Upheld, paragraph 13",
            [("99 000 101", (13,))],
        ),
        ("“one two three” (file 004_x.txt)", [("004_x.txt", ())]),
    ],
)
def test_a_quotation_is_from_where_the_text_says_most_closely(
    text: str, expected: list[tuple[str | None, tuple[int, ...]]]
) -> None:
    assert [(reference, numbers) for _, reference, numbers in attributed(text)] == expected


def test_a_reference_within_a_quotation_is_not_its_source() -> None:
    assert attributed("“as in 99 000 101 it was late”") == [
        ("as in 99 000 101 it was late", None, ())
    ]
