"""Quotations: which sentences are chosen, and that no altered word ever gets out."""

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as with_

from corpus.files import read_files
from corpus.model import Decision, Paragraph, Role, Voice
from corpus.sentences import sentence_spans
from index.digests import digest, digest_of_decision
from index.faiss_store import FaissStore
from index.found import Found, FoundRanks, FoundScores, SentenceHit
from index.hybrid import HybridRetriever
from index.snapshot import TABLES, Snapshot
from index.tables import Stored, Tables
from service import both_sides
from service.answering import Answerer
from service.questions import Question
from service.quotations import MOST, NotWordForWord, choose, verify

SAMPLES = Path(__file__).parent.parent / "corpus" / "samples"


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


QUESTIONS = (
    "can a chair overrule the conference?",
    "was the report late?",
    "blue badge hidden disability",
    "can bailiffs charge fees?",
)
ALTERATIONS = (
    (b" not ", b" "),
    (b"fault", b"no fault"),
    (b"\xc2\xa3", b"\xc2\xa39"),
    (b'"finding"', b'"law"'),
    (b'"complaint"', b'"finding"'),
    (b'"not_upheld"', b'"upheld"'),
    (b'"number":2', b'"number":1'),
    (b"The ", b"the "),
)
STATEMENTS = (
    "UPDATE decisions SET json = (SELECT json FROM decisions AS d"
    " WHERE d.decision_id != decisions.decision_id LIMIT 1 OFFSET :n % 17)",
    "UPDATE decisions SET sha256 = lower(hex(:n))",
    "UPDATE paragraphs SET sha256 = (SELECT sha256 FROM paragraphs WHERE id = :n)",
    "UPDATE paragraphs SET number = number + 1000 WHERE id % 2 = :n % 2",
    'UPDATE spans SET start = start + :n % 50, "end" = "end" + :n % 50',
    "UPDATE spans SET start = start - :n % 50",
    'UPDATE spans SET "end" = "end" + 5000',
    "UPDATE spans SET paragraph = (paragraph + :n) % (SELECT count(*) FROM paragraphs)",
    'UPDATE findings SET start = start - :n % 50, "end" = "end" - :n % 20',
    "UPDATE findings SET finding = CASE finding WHEN 'fault' THEN 'no_fault' ELSE 'fault' END",
)

Damage = Callable[[Path], None]


def _bytes_flipped(places: Sequence[tuple[float, int]]) -> Damage:
    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes())
        for place, value in places:
            content[int(place * len(content))] ^= value
        path.write_bytes(content)

    return damage


def _words_altered(alteration: tuple[bytes, bytes], first: int) -> Damage:
    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            decisions = connection.execute("SELECT decision_id, json FROM decisions").fetchall()
            for key, json in decisions[first::2]:
                connection.execute(
                    "UPDATE decisions SET json = ? WHERE decision_id = ?",
                    (json.replace(*alteration), key),
                )

    return damage


def _rows_altered(statement: str, n: int) -> Damage:
    def damage(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(statement, {"n": n})

    return damage


damages = st.one_of(
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(1, 255)), min_size=1, max_size=6).map(
        _bytes_flipped
    ),
    st.builds(_words_altered, st.sampled_from(ALTERATIONS), st.integers(0, 9)),
    st.builds(_rows_altered, st.sampled_from(STATEMENTS), st.integers(1, 400)),
)


def _shuffled(store: FaissStore, seed: int | None) -> FaissStore:
    if seed is None:
        return store
    rows = np.random.default_rng(seed).permutation(len(store))
    return FaissStore.of(store.vectors(rows))


@pytest.fixture(scope="module")
def published() -> dict[str, Decision]:
    """The sample decisions as parsed from their files, by their ids."""
    return {d.decision_id: d for d in read_files([SAMPLES]) if isinstance(d, Decision)}


def _sent(snapshot: Snapshot, answerer: Answerer, question: str) -> list[tuple[str, int, str, int]]:
    """Each quotation that gets out: its decision, paragraph, words and where they begin."""
    retriever = HybridRetriever.open(snapshot, answerer.retriever.encoder)
    answer = Answerer.over(retriever).answer(Question(question=question))
    quoted = [(answer.matches[q.match].citation, q) for q in answer.quotations]
    quoted += [(side.citation, side.quotation) for side in answer.other_side]
    return [(c.decision_id, c.paragraph, q.text, q.start) for c, q in quoted]


def _assert_word_for_word(
    sent: list[tuple[str, int, str, int]], published: dict[str, Decision]
) -> None:
    for decision_id, number, text, start in sent:
        words = {p.number: p.words for _, p in published[decision_id].paragraphs()}[number]
        assert text
        assert words[start : start + len(text)] == text


@pytest.fixture
def ready_to_contradict(monkeypatch: pytest.MonkeyPatch) -> None:
    """However unlike two findings are, the one is taken for the other side of the other."""
    monkeypatch.setattr(both_sides, "_ALIKE", -1.0)
    monkeypatch.setattr(both_sides, "_TO_THE_POINT", -1.0)


def test_an_undamaged_store_sends_quotations_and_other_sides(
    sample_answerer: Answerer, published: dict[str, Decision], ready_to_contradict: None
) -> None:
    snapshot = sample_answerer.retriever.snapshot
    for question in QUESTIONS:
        sent = _sent(snapshot, sample_answerer, question)
        assert sent
        _assert_word_for_word(sent, published)
    assert len({s[0] for q in QUESTIONS for s in _sent(snapshot, sample_answerer, q)}) > 3


@settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    damage=st.lists(damages, max_size=3),
    passages=st.none() | st.integers(0, 99),
    sentences=st.none() | st.integers(0, 99),
    question=st.sampled_from(QUESTIONS),
)
def test_however_a_store_is_damaged_no_altered_word_is_quoted(
    sample_answerer: Answerer,
    published: dict[str, Decision],
    ready_to_contradict: None,
    tmp_path_factory: pytest.TempPathFactory,
    damage: list[Damage],
    passages: int | None,
    sentences: int | None,
    question: str,
) -> None:
    snapshot = sample_answerer.retriever.snapshot
    path = tmp_path_factory.mktemp("damaged") / TABLES
    shutil.copy(snapshot.folder / TABLES, path)
    try:
        for alter in damage:
            alter(path)
        damaged = replace(
            snapshot,
            tables=Tables(path),
            passages=_shuffled(snapshot.passages, passages),
            sentences=_shuffled(snapshot.sentences, sentences),
        )
        sent = _sent(damaged, sample_answerer, question)
    # Whatever error is raised, nothing was sent.
    except Exception:
        sent = []
    _assert_word_for_word(sent, published)
