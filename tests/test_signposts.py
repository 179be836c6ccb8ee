"""Signposts: who is sent where, and what bears it out."""

import json
import logging
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.files import read_file
from corpus.model import Decision, Paragraph, Role
from index.digests import digest, digest_of_decision
from index.found import Found, FoundRanks, FoundScores
from index.tables import Stored
from service.answering import Answerer
from service.signpost_file import Emergency, Step, plain_sentences
from service.signposts import MOST, Signposts

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "corpus" / "samples"
BUNDLED = Signposts.load()
ENTRIES: list[Emergency | Step] = [*BUNDLED.emergencies, *BUNDLED.steps]
CRISIS = [json.loads(line) for line in (ROOT / "eval/data/crisis.jsonl").read_text().splitlines()]
DECISIONS = [read_file(path) for path in sorted(SAMPLES.glob("*.txt"))]


def found(*decisions: Decision) -> list[Found]:
    """The first paragraph of each decision, as a search would bring it."""
    return [
        Found(
            stored=Stored(
                id=0,
                decision=decision,
                section=section,
                paragraph=paragraph,
                sha256=digest(paragraph.words),
                decision_sha256=digest_of_decision(decision),
            ),
            scores=FoundScores(cosine=0, words=0, fused=0),
            ranks=FoundRanks(dense=1, lexical=1),
            sentences=(),
            also=(),
        )
        for decision in decisions
        for section, paragraph in [next(decision.paragraphs())]
    ]


def sample(start: str) -> Decision:
    """The sample whose file begins so."""
    return next(d for d in DECISIONS if d.source.file.startswith(start))


def keys(question: str, decisions: Sequence[Found]) -> list[str]:
    return [step.key for step in BUNDLED.next_steps(question, decisions)]


def test_every_kind_of_danger_names_999_first() -> None:
    assert {made.entry.contacts[0].phone for made in BUNDLED.emergencies} == {"999"}


def test_nearly_all_crisis_questions_are_noticed_and_no_other_is() -> None:
    noticed = {row["id"]: BUNDLED.urgent(row["question"]) for row in CRISIS}
    wanted = [row["id"] for row in CRISIS if row["expected"]]
    missed = [i for i in wanted if noticed[i] is None]
    alarms = [row["id"] for row in CRISIS if not row["expected"] and noticed[row["id"]]]
    assert len(CRISIS) >= 100
    assert len({row["id"] for row in CRISIS}) == len(CRISIS)
    assert alarms == []
    assert len(missed) <= 0.02 * len(wanted)


def test_the_kind_of_danger_that_crisis_questions_expect_is_one_of_the_file() -> None:
    known = {made.entry.key for made in BUNDLED.emergencies}
    assert {row["expected"] for row in CRISIS} == known | {None}


def test_marks_capitals_and_curly_apostrophes_change_nothing() -> None:
    for words in (
        "I can’t find my daughter.",
        "i cant find my daughter",
        "I CAN'T FIND MY DAUGHTER!",
    ):
        urgent = BUNDLED.urgent(words)
        assert urgent is not None
        assert urgent.key == "missing"


def test_danger_in_one_sentence_is_noticed_beside_a_fair_question_in_another() -> None:
    urgent = BUNDLED.urgent("My husband hits me. Was the council at fault in 2019?")
    assert urgent is not None
    assert urgent.key == "domestic-abuse"
    assert "National Domestic Abuse Helpline" in [c.name for c in urgent.contacts]


def test_only_the_first_two_thousand_characters_are_read() -> None:
    assert BUNDLED.urgent("x " * 990 + "I am suicidal") is not None
    assert BUNDLED.urgent("x " * 1000 + "I am suicidal") is None


def test_a_step_carries_the_sentence_that_says_so() -> None:
    question = "They refused to assess my son for an EHCP. Can I appeal?"
    (step,) = BUNDLED.next_steps(question, found(sample("04")))
    assert step.key == "send-tribunal"
    assert step.support.text == (
        "When the final plan is sent the council must tell them of their right to appeal to the "
        "First-tier Tribunal about the needs described, the provision and the school."
    )
    assert (step.support.citation.reference, step.support.citation.paragraph) == ("99 000 104", 14)


def test_a_sentence_that_leans_back_comes_with_the_one_before() -> None:
    (step,) = BUNDLED.next_steps("Which ombudsman does housing repairs?", found(sample("08")))
    assert step.key == "housing-ombudsman"
    assert step.support.text == (
        "We cannot investigate complaints about what a housing association does as a landlord. "
        "Those go to the Housing Ombudsman."
    )


def test_a_step_that_no_decision_found_supports_is_not_shown() -> None:
    question = "They refused my planning application. Can I appeal?"
    assert any(made.is_called_for_by(plain_sentences(question)) for made in BUNDLED.steps)
    assert keys(question, found(*DECISIONS)) == []
    assert keys("How do I appeal a parking ticket?", found(sample("04"))) == []
    assert keys("How do I appeal a parking ticket?", []) == []


def test_a_question_that_asks_for_no_step_gets_none() -> None:
    for question in ("can a chair overrule the conference?", "was the council at fault?"):
        assert keys(question, found(*DECISIONS)) == []


def test_at_most_three_steps_come_in_the_order_of_the_file() -> None:
    question = (
        "How do I complain about my social worker? Is it too late to complain? "
        "The notes are wrong. Can the ombudsman look at it?"
    )
    order = [made.entry.key for made in BUNDLED.steps]
    got = keys(question, found(*DECISIONS))
    assert got == ["information-commissioner", "children-complaints", "complain-first"]
    assert got == sorted(got, key=order.index)
    assert len(got) == MOST


def edited(decision: Decision, role: Role, text: str) -> Decision:
    """The decision with one paragraph of a role put in other words."""
    section, paragraph = next(p for p in decision.paragraphs() if p[1].role is role)
    changed = msgspec.structs.replace(paragraph, text=text, items=())

    def of(paragraphs: tuple[Paragraph, ...]) -> tuple[Paragraph, ...]:
        return tuple(changed if p == paragraph else p for p in paragraphs)

    return msgspec.structs.replace(
        decision,
        sections=tuple(
            msgspec.structs.replace(s, paragraphs=of(s.paragraphs)) if s == section else s
            for s in decision.sections
        ),
    )


@pytest.mark.parametrize(
    ("role", "shown"), [(Role.POWERS, True), (Role.FINDING, False), (Role.COMPLAINT, False)]
)
def test_only_law_powers_method_and_decision_support_a_step(role: Role, shown: bool) -> None:
    decision = edited(sample("01"), role, "Repairs are for the Housing Ombudsman.")
    got = keys("who can I complain to about council house repairs?", found(decision))
    assert ("housing-ombudsman" in got) is shown


def test_law_before_a_sentence_belongs_to_the_one_before() -> None:
    text = "(Housing Act 1996, section 202(1)) A tenant may go to the Housing Ombudsman."
    decision = edited(sample("01"), Role.POWERS, text)
    steps = BUNDLED.next_steps("which ombudsman for council house repairs?", found(decision))
    assert steps[0].support.text == "A tenant may go to the Housing Ombudsman."
    assert steps[0].support.start == 35


def test_an_altered_decision_bears_out_nothing_and_no_word_of_it_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    real = sample("15")
    question = "How do I appeal a parking ticket?"
    assert keys(question, found(real)) == ["parking-tribunal"]
    forged = edited(real, Role.LAW, "Write to the Traffic Penalty Tribunal at Forged Street.")
    (one,) = found(forged)
    stored = msgspec.structs.replace(one.stored, decision_sha256=digest_of_decision(real))
    with caplog.at_level(logging.ERROR):
        assert keys(question, [msgspec.structs.replace(one, stored=stored)]) == []
    assert real.decision_id in caplog.text
    assert "Forged" not in caplog.text
    assert "parking ticket" not in caplog.text


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.sampled_from([q for made in BUNDLED.steps for q in made.entry.examples]), max_size=6
    ),
    st.lists(st.sampled_from(DECISIONS), max_size=8),
)
def test_every_support_is_word_for_word_in_the_paragraph_it_names(
    questions: list[str], decisions: list[Decision]
) -> None:
    for step in BUNDLED.next_steps(" ".join(questions), found(*decisions)):
        cited = step.support.citation
        decision = next(d for d in decisions if d.decision_id == cited.decision_id)
        paragraph = next(p for _, p in decision.paragraphs() if p.number == cited.paragraph)
        cut = paragraph.words[step.support.start : step.support.end]
        assert cut.encode() == step.support.text.encode()
        assert cut


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=2500))
def test_no_text_makes_a_signpost_fail(text: str) -> None:
    BUNDLED.urgent(text)
    BUNDLED.next_steps(text, [])


def unlucky() -> Iterator[str]:
    """Texts on which a careless pattern takes for ever."""
    yield "a" * 2000
    yield "my " * 666
    words = {w for made in ENTRIES for q in made.entry.examples for w in plain_sentences(q)}
    spread = " ".join(sorted(words))
    yield from (spread[at : at + 2000] for at in range(0, len(spread), 1000))
    for word in ("he hits ", "my daughter ", "how can i ", "told her son ", "is "):
        yield (word * 400)[:2000]


def test_the_unluckiest_question_is_read_without_a_hang() -> None:
    for text in unlucky():
        begun = time.process_time()
        BUNDLED.urgent(text)
        BUNDLED.next_steps(text, [])
        assert time.process_time() - begun < 5, "a hang, not a matter of speed"


def test_the_search_brings_what_a_step_needs(sample_answerer: Answerer) -> None:
    question = "How do I appeal a parking ticket at the tribunal?"
    searched = sample_answerer.retriever.search(question, 8, None, ())
    assert "parking-tribunal" in keys(question, searched.found)


def test_the_file_in_the_documentation_loads_and_works(tmp_path: Path) -> None:
    example = (ROOT / "docs" / "signposts.md").read_text().split("```toml\n")[1].split("```")[0]
    path = tmp_path / "mine.toml"
    path.write_text(example)
    mine = Signposts.load(path)
    urgent = mine.urgent("Help, the water is coming in!")
    assert urgent is not None
    assert (urgent.key, urgent.contacts[0].phone) == ("flood", "999")
    decision = edited(sample("01"), Role.LAW, "A reader may appeal to the library panel at once.")
    (step,) = mine.next_steps("How do I challenge the library?", found(decision))
    assert step.support.text == "A reader may appeal to the library panel at once."
    assert mine.next_steps("How do I challenge the library?", found(sample("01"))) == ()
