"""Verifying: what is said of each reference and quotation in a pasted text."""

from pathlib import Path

import msgspec
import pytest

from corpus.model import Decision, DecisionId, Numbering, Paragraph, Role, Source, Voice
from index.build import build
from index.hashing_encoder import HashingEncoder
from service.differences import DifferenceExtent, DifferenceKind
from service.verification import (
    QuotationCheck,
    Standing,
    Verdict,
    VerifyStatus,
)
from service.verifying import Verifier
from tests.published import one_section
from tests.verified import HEARD, checked, opened

ALLEGED = "wrongly overruled the other professionals"
"""Words of paragraph 1 of 99 000 101, which says what the complaint was."""


@pytest.fixture(scope="module")
def verifier(sample_data: Path) -> Verifier:
    return opened(sample_data)


def only(verifier: Verifier, text: str) -> QuotationCheck:
    (quotation,) = checked(verifier, text).quotations
    return quotation


def made(reference: str | None, *texts: str, name: str = "a.txt") -> Decision:
    """A fictional decision of findings."""
    paragraphs = tuple(
        Paragraph(number=n, text=text, role=Role.FINDING, voice=Voice.OMBUDSMAN)
        for n, text in enumerate(texts, start=1)
    )
    return msgspec.structs.replace(
        one_section("What I found", paragraphs),
        decision_id=DecisionId(f"test/{name}"),
        reference=reference,
        source=Source(file=name, sha256=""),
    )


def over(data: Path, *decisions: Decision) -> Verifier:
    build(decisions, HashingEncoder(), data)
    return opened(data)


def test_a_true_quotation_of_a_true_reference_is_all_exact(verifier: Verifier) -> None:
    found = checked(verifier, f"In 99 000 101 it said “{HEARD}” (paragraph 13).")
    assert found.status is Verdict.ALL_EXACT
    (reference,), (quotation,) = found.references, found.quotations
    assert (reference.reference, reference.status) == ("99 000 101", VerifyStatus.EXACT)
    assert reference.decisions[0].bodies == ("Exampleshire County Council",)
    assert reference.decisions[0].page == "/decisions/upheld-sample/99-000-101"
    assert quotation.status is VerifyStatus.EXACT
    assert quotation.attributed_to is not None
    assert quotation.attributed_to.standing is Standing.THERE
    assert quotation.places[0].citation.paragraph == 13
    assert quotation.places[0].published == HEARD
    assert quotation.places[0].in_full.startswith(HEARD + " and records it")
    assert quotation.differences == ()
    assert found.snapshot.sample
    assert found.summary.endswith("was not checked. 1 reference: 1 exact. 1 quotation: 1 exact.")
    assert "fictional" in found.notice


def test_a_line_that_a_letter_wraps_differs_in_nothing(verifier: Verifier) -> None:
    wrapped = HEARD.replace("the chair", "the\n    chair")
    assert only(verifier, f"“{wrapped}”").status is VerifyStatus.EXACT
    lined = HEARD.replace("the chair", "the\n> chair")
    assert only(verifier, f"> {lined}").status is VerifyStatus.EXACT


def test_a_straight_apostrophe_differs_in_punctuation_only(verifier: Verifier) -> None:
    quotation = only(verifier, f"“{HEARD.replace('’', chr(39))}”")
    assert quotation.status is VerifyStatus.DIFFERS
    assert not quotation.words_are_exact
    assert quotation.differs_in is DifferenceExtent.PUNCTUATION
    assert [(d.kind, d.yours, d.published) for d in quotation.differences] == [
        (DifferenceKind.CHANGED, "conference's", "conference’s")
    ]
    assert "Only punctuation" in quotation.explanation


def test_what_was_left_out_with_an_ellipsis_is_shown(verifier: Verifier) -> None:
    quotation = only(verifier, "“[T]he chair decides … and records it”")
    assert quotation.status is VerifyStatus.DIFFERS
    assert quotation.differs_in is DifferenceExtent.MARKED
    assert [(d.kind, d.yours, d.published) for d in quotation.differences] == [
        (DifferenceKind.CHANGED, "[T]he", "the"),
        (DifferenceKind.LEFT_OUT, "…", "what the conference’s conclusion is"),
    ]


def test_a_word_put_in_left_out_or_changed_is_shown(verifier: Verifier) -> None:
    text = "“Once everybody has been heard, the chair never decides what conference’s view is”"
    quotation = only(verifier, text)
    assert quotation.status is VerifyStatus.DIFFERS
    assert quotation.differs_in is DifferenceExtent.WORDS
    assert [(d.kind, d.yours, d.published) for d in quotation.differences] == [
        (DifferenceKind.ADDED, "never", ""),
        (DifferenceKind.LEFT_OUT, "", "the"),
        (DifferenceKind.CHANGED, "view", "conclusion"),
    ]
    assert quotation.places[0].published == HEARD


def test_true_words_said_of_another_decision_are_no_success(verifier: Verifier) -> None:
    found = checked(verifier, f"In 99 000 102 it said “{HEARD}”.")
    (quotation,) = found.quotations
    assert found.status is Verdict.NOT_ALL_EXACT
    assert quotation.words_are_exact
    assert quotation.status is VerifyStatus.DIFFERS
    assert quotation.attributed_to is not None
    assert quotation.attributed_to.standing is Standing.ELSEWHERE
    assert [(d.kind, d.yours, d.published) for d in quotation.differences] == [
        (DifferenceKind.DECISION, "99 000 102", "99 000 101")
    ]


def test_true_words_said_of_another_paragraph_differ(verifier: Verifier) -> None:
    quotation = only(verifier, f"“{HEARD}” (99 000 101, paragraph 14)")
    assert quotation.status is VerifyStatus.DIFFERS
    assert [(d.kind, d.yours, d.published) for d in quotation.differences] == [
        (DifferenceKind.PARAGRAPH, "paragraph 14", "13")
    ]


def test_true_words_of_a_decision_that_is_not_here_cannot_be_confirmed(verifier: Verifier) -> None:
    found = checked(verifier, f"“{HEARD}” (20 001 002)")
    assert found.references[0].status is VerifyStatus.NOT_IN_THIS_COLLECTION
    assert found.quotations[0].status is VerifyStatus.NOT_IN_THIS_COLLECTION
    assert found.quotations[0].places[0].citation.reference == "99 000 101"
    assert "The same words stand in" in found.quotations[0].explanation


def test_words_that_nobody_published_are_not_in_this_collection(verifier: Verifier) -> None:
    found = checked(verifier, "In 99 000 101: “purple elephants may never chair a conference”.")
    (quotation,) = found.quotations
    assert quotation.status is VerifyStatus.NOT_IN_THIS_COLLECTION
    assert quotation.places == ()
    assert quotation.attributed_to is not None
    assert quotation.attributed_to.standing is Standing.NOWHERE


def test_an_allegation_is_shown_as_one_and_never_passes_for_a_finding(verifier: Verifier) -> None:
    told = only(verifier, f"Mrs X complained that the chair “{ALLEGED}” (99 000 101).")
    assert told.status is VerifyStatus.EXACT
    assert (told.places[0].role, told.places[0].voice) == (Role.COMPLAINT, Voice.COMPLAINANT)
    assert told.places[0].introduction == "The complainant said"
    assert told.places[0].is_a_partys
    claimed = checked(verifier, f"In 99 000 101 the Ombudsman found that she “{ALLEGED}”.")
    assert claimed.status is Verdict.NOT_ALL_EXACT
    assert claimed.quotations[0].status is VerifyStatus.DIFFERS
    assert [(d.kind, d.yours, d.published) for d in claimed.quotations[0].differences] == [
        (DifferenceKind.VOICE, "Ombudsman found", "The complainant said")
    ]
    assert "1 quotation is what a party said" in claimed.summary


def test_a_standard_paragraph_without_a_reference_is_ambiguous(verifier: Verifier) -> None:
    standard = "We look for fault in the way it was made."
    alone = only(verifier, f"“{standard}”")
    assert alone.status is VerifyStatus.AMBIGUOUS
    assert alone.places_found >= len(alone.places) > 1
    assert len({p.citation.decision_id for p in alone.places}) > 1
    named = only(verifier, f"“{standard}” (99 000 102)")
    assert named.status is VerifyStatus.EXACT
    assert [p.citation.reference for p in named.places] == ["99 000 102"]


def test_a_reference_of_two_decisions_is_ambiguous(tmp_path: Path) -> None:
    joint = over(
        tmp_path,
        made("20 001 002", "The council mended the gate too late.", name="a.txt"),
        made("20 001 002", "The hospital wrote no letter at all.", name="b.txt"),
    )
    found = checked(joint, "“The council mended the gate” (20 001 002)")
    assert found.references[0].status is VerifyStatus.AMBIGUOUS
    assert [d.decision_id for d in found.references[0].decisions] == ["test/a.txt", "test/b.txt"]
    assert found.quotations[0].status is VerifyStatus.EXACT
    assert found.status is Verdict.NOT_ALL_EXACT


def test_a_decision_without_a_reference_is_known_by_its_file(tmp_path: Path) -> None:
    one = over(tmp_path, made(None, "The council mended the gate too late.", name="004_x.txt"))
    found = checked(one, "“mended the gate too late” (file 004_x.txt)")
    assert found.status is Verdict.ALL_EXACT
    assert found.references[0].decisions[0].reference is None


def test_a_paragraph_of_a_copy_without_numbers_cannot_be_confirmed(tmp_path: Path) -> None:
    unnumbered = msgspec.structs.replace(
        made("20 001 002", "The council mended the gate too late."), numbering=Numbering.NONE
    )
    found = checked(over(tmp_path, unnumbered), "“mended the gate” (20 001 002, paragraph 1)")
    assert found.status is Verdict.NOT_ALL_EXACT
    assert found.quotations[0].attributed_to is not None
    assert found.quotations[0].attributed_to.standing is Standing.UNNUMBERED


def test_a_paragraph_that_the_decision_does_not_have_is_told(verifier: Verifier) -> None:
    (reference,) = checked(verifier, "See 99-000-101, paragraph 412.").references
    assert reference.status is VerifyStatus.DIFFERS
    assert reference.missing_paragraphs == (412,)
    assert reference.explanation == "The decision is here, but it has no paragraph 412."


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Dear Sir, it was late.", Verdict.NOTHING_TO_CHECK),
        ("The “chair” was late.", Verdict.NOTHING_TO_CHECK),
        ("The council was at fault (99 000 101).", Verdict.REFERENCES_ONLY),
        (f"“{HEARD}”, and “never closed", Verdict.NOT_ALL_EXACT),
        (f"“{HEARD}”, and “chair” alone", Verdict.ALL_EXACT),
    ],
)
def test_the_whole_passes_only_where_all_was_checked_and_exact(
    verifier: Verifier, text: str, verdict: Verdict
) -> None:
    assert checked(verifier, text).status is verdict


@pytest.mark.parametrize("cut", ["ayments of £1", "500 for the delay", "fault and the non"])
def test_words_cut_within_a_word_or_a_sum_are_not_exact(tmp_path: Path, cut: str) -> None:
    one = over(
        tmp_path,
        made("20 001 002", "Payments of £1,500 for the delay, a fault and the non-payment."),
    )
    assert only(one, f"“{cut}”").status is not VerifyStatus.EXACT
