"""Facts kept as data prove themselves by their own examples."""

import re

import pytest

from corpus.boilerplate import Kind, is_boilerplate, kinds
from corpus.headings import (
    Hint,
    KnownHeading,
    Stage,
    hinted_stage,
    hints,
    known_heading,
    known_headings,
    looks_like_heading,
)
from corpus.model import Role, Voice
from corpus.numbering import Draft, Part
from corpus.parties import Parties, parties_of
from corpus.publishers import BadReference, normal_reference, publisher_of, publishers, slug
from corpus.roles import Judgement, Rule, judge, reports_a_party, rules
from corpus.signs import Sign, counts, signs
from corpus.speakers import Nouns, speakers
from corpus.stages import places
from corpus.voices import utterances


@pytest.mark.parametrize("key", publishers())
def test_a_publishers_pattern_fits_its_examples_and_nothing_else(key: str) -> None:
    publisher = publishers()[key]
    for example in publisher.examples:
        assert re.fullmatch(publisher.reference, example)
        assert publisher_of("", f"Some Council ({example})") == key
    for other in publisher.counter_examples:
        assert not re.fullmatch(publisher.reference, other)


@pytest.mark.parametrize(
    ("heading", "example"),
    [(h, e) for p in publishers().values() for h in p.headings for e in h.examples],
)
def test_a_publishers_own_heading_is_known_by_its_examples(
    heading: KnownHeading, example: str
) -> None:
    assert heading.fits(example)


def test_one_publisher_is_the_default() -> None:
    assert [key for key, p in publishers().items() if p.default] == ["lgsco"]


@pytest.mark.parametrize(
    ("known", "example"), [(k, e) for k in known_headings() for e in k.examples]
)
def test_a_heading_is_known_by_its_examples(known: KnownHeading, example: str) -> None:
    assert known.fits(example)
    first = next(k for k in known_headings() if k.fits(example))
    assert first.stage == known.stage
    assert looks_like_heading(example)


@pytest.mark.parametrize(("hint", "example"), [(h, e) for h in hints() for e in h.examples])
def test_a_hint_tells_the_stage_of_its_examples(hint: Hint, example: str) -> None:
    assert hint.fits(example)
    first = next(h for h in hints() if h.fits(example))
    assert first.stage == hint.stage
    assert not set(hint.unless_in) & {hint.stage}


def test_a_hint_changes_no_stage_that_it_cannot_leave() -> None:
    assert hinted_stage("May to October 2023", Stage.FOUND) is Stage.CHRONOLOGY
    assert hinted_stage("May to October 2023", Stage.ANALYSIS) is None
    assert hinted_stage("The boundary wall", Stage.LAW) is None


@pytest.mark.parametrize(
    ("heading", "stage"),
    [
        ("How we considered Mrs X's complaint", Stage.METHOD),
        ("How the complaint has been considered", Stage.METHOD),
        ("The way the panel works", None),
        ("The rules about fences", Stage.LAW),
        ("What took place at the depot", Stage.CHRONOLOGY),
        ("Whether the fee was due", Stage.ANALYSIS),
        ("Discussion", Stage.ANALYSIS),
        ("What the Company will do", Stage.REMEDY),
        ("Hedges", None),
    ],
)
def test_a_heading_in_other_words_is_known_by_what_it_says(
    heading: str, stage: Stage | None
) -> None:
    known = known_heading(heading)
    assert (known.stage if known else None) is stage


@pytest.mark.parametrize(("sign", "example"), [(s, e) for s in signs() for e in s.examples])
def test_a_sign_is_found_in_its_examples(sign: Sign, example: str) -> None:
    assert counts(example)[signs().index(sign)] > 0


LAW = (
    "A council must empty every bin once a fortnight. (Waste Act 2031, section 4)",
    "Residents may ask for a second bin, and the council should answer within ten days.",
)
EVENTS = (
    "On 4 May 2031 Mrs X rang the Council. The crew came the next day and emptied two bins.",
    "Mrs X complained on 9 June. An officer visited on 12 June and photographed the lane.",
)
ANALYSIS = (
    "There is no reason to think that the crew could not have reached the bin. It should have "
    "emptied it, and the failure to do so was poor.",
    "I do not accept that the lane was too narrow. Even so, the delay caused no injustice.",
)


@pytest.mark.parametrize("headings", [("Bins", "The lane", "The second bin"), ("Bins",) * 3])
def test_sections_under_unknown_headings_are_judged_by_their_paragraphs(
    headings: tuple[str, ...],
) -> None:
    parts = [
        Part(("What I found", heading), Stage.FOUND, [Draft(1, text) for text in texts], 1)
        for heading, texts in zip(headings, (LAW, EVENTS, ANALYSIS), strict=True)
    ]
    assert [[place.leans for place in found] for found in places(parts, Parties())] == [
        [Stage.LAW] * 2,
        [Stage.CHRONOLOGY] * 2,
        [Stage.ANALYSIS] * 2,
    ]


def test_a_rule_among_the_events_is_law_where_no_analysis_follows() -> None:
    texts = (EVENTS[0], *LAW, EVENTS[1])
    part = Part(("What happened",), Stage.CHRONOLOGY, [Draft(1, text) for text in texts])
    (found,) = places([part], Parties())
    assert {place.leans for place in found} == {Stage.CHRONOLOGY}
    assert judge(LAW[0], found[1].stage, leans=found[1].leans).role is Role.LAW


def test_a_body_is_known_by_the_name_that_the_decision_gives_it() -> None:
    part = Part(
        ("The complaint",),
        Stage.COMPLAINT,
        [Draft(1, "Mr B is a tenant of Invented Homes Limited (IHL).")],
    )
    parties = parties_of([part], ["Invented Homes Limited"])
    assert parties.complainants == {"Mr B"}
    assert parties.plainly("IHL wrote. Then IHL's agent rang.") == (
        "The Council wrote. Then the Council's agent rang."
    )


def test_every_rule_has_a_reason_and_an_example_and_every_role_and_voice_has_a_rule() -> None:
    assert all(rule.why and rule.examples for rule in rules())
    assert len({rule.why for rule in rules()}) == len(rules())
    assert {rule.role for rule in rules()} == set(Role)
    assert {rule.voice for rule in rules()} == set(Voice)


def before(rule: Rule) -> Judgement | None:
    """A judgement such as the rule wants of the paragraph before it."""
    if rule.after is None:
        return None
    voice = rule.after_voice or Voice.OMBUDSMAN
    return Judgement(role=rule.after, voice=voice, reason="")


@pytest.mark.parametrize(("rule", "example"), [(r, e) for r in rules() for e in r.examples])
def test_an_example_is_judged_by_its_own_rule(rule: Rule, example: str) -> None:
    stages = [Stage(s) if s else None for s in rule.stage] or [*Stage, None]
    judged = [judge(example, stage, leans=rule.leans, before=before(rule)) for stage in stages]
    reasons = [j.reason.partition(";")[0] for j in judged]
    assert rule.why in reasons
    found = judged[reasons.index(rule.why)]
    assert found.role is rule.role
    assert rule.hearing is not None or found.voice is rule.voice


@pytest.mark.parametrize("stage", [*Stage, None])
def test_every_stage_has_a_rule_for_any_words(stage: Stage | None) -> None:
    for words in ("", "x", "One.\ntwo;\nthree.", "(", "Mr B", "“"):
        assert judge(words, stage).reason


PARTIES = {
    "complainant": (speakers().complainant, Voice.COMPLAINANT),
    "authority": (speakers().authority, Voice.AUTHORITY),
    "staff": (speakers().staff, Voice.AUTHORITY),
    "third_person": (speakers().third_person, Voice.THIRD_PARTY),
    "third_body": (speakers().third_body, Voice.THIRD_PARTY),
    "record": (speakers().record, Voice.AUTHORITY),
}


@pytest.mark.parametrize("name", PARTIES)
def test_each_party_is_heard_in_its_examples(name: str) -> None:
    table: Nouns
    table, voice = PARTIES[name]
    for example in table.examples:
        (heard,) = utterances(example)
        assert (heard.party, heard.said) == (voice, True), example
        assert heard.record is (name == "record")
        assert reports_a_party(example) is (name != "record")


def test_a_name_that_is_not_the_complainants_is_a_third_partys() -> None:
    (heard,) = utterances("Mr Y said the fence was his.", frozenset({"Mrs X"}))
    assert heard.party is Voice.THIRD_PARTY


def test_he_she_and_it_are_those_named_before() -> None:
    words = "Her GP wrote to Mrs X. He said she was ill. The Trust met. It said no bed was free."
    assert [u.party for u in utterances(words)] == [
        Voice.THIRD_PARTY,
        Voice.THIRD_PARTY,
        Voice.AUTHORITY,
        Voice.AUTHORITY,
    ]


@pytest.mark.parametrize(
    ("words", "voice"),
    [
        ("The Council wrote to Mrs X on 4 May. She moved in June.", Voice.OMBUDSMAN),
        ("Mrs X rang the Council. She said the lift was broken.", Voice.COMPLAINANT),
        ("The school said he was late. Mrs X says he was early.", Voice.MIXED),
        ("The note says he agreed. Mrs X says he did not.", Voice.MIXED),
        ("The police told the Council that no crime was found.", Voice.THIRD_PARTY),
        ("The Trust told Mrs X the ward was full. It said a bed was free.", Voice.AUTHORITY),
        ("He came. She left. They met. A van came. Mrs X said so.", Voice.OMBUDSMAN),
    ],
)
def test_an_account_is_the_word_of_whoever_speaks_in_most_of_it(words: str, voice: Voice) -> None:
    judged = judge(words, Stage.CHRONOLOGY, complainants=frozenset({"Mrs X"}))
    assert (judged.role, judged.voice) == (Role.FACTS, voice)


@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.name)
def test_standard_paragraphs_are_known_and_others_are_not(kind: Kind) -> None:
    role = kind.roles[0]
    assert all(is_boilerplate(example, role) for example in kind.examples)
    assert not any(is_boilerplate(example, role) for example in kind.counter_examples)
    assert not any(is_boilerplate(example, Role.FINDING) for example in kind.examples)


@pytest.mark.parametrize("text", ["18 019 617", "18-019-617", "18019617", " 18 019 617 "])
def test_every_spelling_of_a_reference_is_normalised(text: str) -> None:
    assert normal_reference(text) == "18 019 617"


@pytest.mark.parametrize("text", ["", "18 019 61", "18 019 6178", "paragraph 18", "18 019 617ab"])
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(BadReference):
        normal_reference(text)


def test_an_address_is_lower_case_with_hyphens() -> None:
    assert publishers()["lgsco"].address_of(
        "18 019 617", ("Children's care services", "Child protection")
    ) == ("https://www.lgo.org.uk/decisions/children-s-care-services/child-protection/18-019-617")
    assert slug("Adult care services") == "adult-care-services"


def test_an_address_is_unknown_where_its_parts_are() -> None:
    assert publishers()["lgsco"].address_of(None, ("Planning",)) is None
    assert publishers()["lgsco"].address_of("18 019 617", ()) is None
