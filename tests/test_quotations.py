"""Quotations: which sentences are chosen, and that an altered decision's are refused."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace as with_

from corpus.model import Paragraph, Role, Voice
from corpus.sentences import sentence_spans
from index.digests import digest, digest_of_decision
from index.found import Found, FoundRanks, FoundScores, SentenceHit
from index.tables import Stored
from service.answering import Answerer
from service.quotations import MOST, NotWordForWord, choose, verify


@pytest.fixture(scope="module")
def stored(sample_answerer: Answerer) -> Stored:
    return sample_answerer.retriever.snapshot.tables.stored([30])[0]


def match(
    stored: Stored,
    text: str,
    fused: float = 1.0,
    role: Role = Role.FINDING,
    voice: Voice = Voice.OMBUDSMAN,
    decision: str | None = None,
    cosines: Sequence[float] = (),
) -> Found:
    paragraph = Paragraph(number=1, text=text, role=role, voice=voice)
    spans = list(sentence_spans(text))
    return Found(
        stored=with_(
            stored,
            paragraph=paragraph,
            sha256=digest(text),
            decision=with_(stored.decision, decision_id=decision or f"sample/{digest(text)}"),
        ),
        scores=FoundScores(cosine=0.5, words=1.0, fused=fused),
        ranks=FoundRanks(dense=1, lexical=1),
        sentences=tuple(
            SentenceHit(span, cosine)
            for span, cosine in zip(spans, cosines or [0.5] * len(spans), strict=True)
        ),
        also=(),
    )


def quoted(found: Sequence[Found], question: str = "") -> list[str]:
    return [q.text for q in choose(found, question)]


def test_a_match_far_behind_the_best_is_not_quoted(stored: Stored) -> None:
    found = [
        match(stored, "The chair was entitled to decide.", fused=1.0),
        match(stored, "The report came in time.", fused=0.9),
        match(stored, "The bins were missed.", fused=0.8),
    ]
    assert quoted(found) == ["The chair was entitled to decide.", "The report came in time."]


def test_what_was_quoted_already_is_not_quoted_again(stored: Stored) -> None:
    found = [
        match(stored, "A council must send the report two working days before."),
        match(stored, "The council must send its report two working days before the meeting."),
        match(stored, "Parents may bring a supporter."),
    ]
    assert quoted(found) == [found[0].stored.paragraph.text, found[2].stored.paragraph.text]


def test_one_decision_is_quoted_twice_and_an_answer_has_four_quotations(stored: Stored) -> None:
    animals = "badger heron otter weasel ferret marten".split()
    one = [match(stored, f"The {a} was found.", decision="sample/one") for a in animals]
    assert len(choose(one, "")) == 2
    assert len(choose([match(stored, f"The {a} was found.") for a in animals], "")) == MOST == 4


def test_the_sentence_with_the_words_asked_for_is_chosen_of_two_as_alike(stored: Stored) -> None:
    found = [match(stored, "The hedge was cut in May. The bailiff charged a fee of £75.")]
    assert quoted(found, "how much may a bailiff charge?") == ["The bailiff charged a fee of £75."]


def test_a_sentence_that_reports_an_allegation_is_passed_over(stored: Stored) -> None:
    text = "Mr Z says the Council hid the letter. I saw the letter in the file."
    assert quoted([match(stored, text, cosines=(0.9, 0.3))]) == ["I saw the letter in the file."]
    assert quoted([match(stored, text, role=Role.FACTS, cosines=(0.9, 0.3))]) == [
        "I saw the letter in the file."
    ]


def test_what_a_complainant_alleged_is_never_quoted(stored: Stored) -> None:
    said = "The Council hid the letter."
    for role in Role:
        assert quoted([match(stored, said, role=role, voice=Voice.COMPLAINANT)]) == []
    assert quoted([match(stored, said, role=Role.COMPLAINT, voice=Voice.MIXED)]) == []


def test_a_party_is_quoted_only_where_the_ombudsman_says_nothing_as_near(stored: Stored) -> None:
    council = match(stored, "We wrote to him.", role=Role.RESPONSE, voice=Voice.AUTHORITY)
    near = match(stored, "The Council wrote in May.", fused=0.9)
    far = match(stored, "The gate is green.", fused=0.5)
    assert quoted([council, near]) == ["The Council wrote in May."]
    assert quoted([council, far]) == ["We wrote to him."]


def test_a_quotation_from_an_altered_decision_is_refused(stored: Stored) -> None:
    quotation = choose([match(stored, "The report came in time.")], "")[0]
    paragraph = match(stored, "The report came in time.").stored
    with pytest.raises(NotWordForWord, match="decision does not fit"):
        verify(quotation, paragraph)
    verify(quotation, with_(paragraph, decision_sha256=digest_of_decision(paragraph.decision)))
