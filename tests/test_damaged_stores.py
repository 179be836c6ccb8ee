"""Damaged stores: whatever is wrong with a snapshot, no altered word ever gets out."""

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

from corpus.files import read_files
from corpus.model import Decision
from index.columns import Columns
from index.faiss_store import FaissStore
from index.hybrid import HybridRetriever
from index.snapshot import (
    ALIKE,
    FINDINGS,
    PASSAGES,
    SENTENCES,
    TABLES,
    WORDS,
    NoSnapshot,
    Snapshot,
    open_snapshot,
)
from index.tables import Tables
from service import both_sides
from service.answering import Answerer
from service.questions import Question
from tests.conftest import SAMPLES
from tests.stores import store_of

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
    'UPDATE findings SET start = start - :n % 50, "end" = "end" - :n % 20',
    "UPDATE findings SET finding = CASE finding WHEN 'fault' THEN 'no_fault' ELSE 'fault' END",
)
COLUMNS_ALTERED: dict[str, Callable[[Columns, int], Columns]] = {
    "places moved": lambda c, n: _placed(c, n % 50, n % 50),
    "places begun before": lambda c, n: _placed(c, -(n % 50), 0),
    "places ended beyond": lambda c, n: _placed(c, 0, 5000),
    "places of other paragraphs": lambda c, n: replace(
        c,
        passage_paragraph=(c.passage_paragraph + n) % len(c),
        sentence_paragraph=(c.sentence_paragraph + n) % len(c),
    ),
    "other roles": lambda c, n: replace(c, role=np.roll(c.role, n)),
    "other decisions": lambda c, n: replace(c, decision=np.roll(c.decision, n)),
    "wordings taken for one": lambda c, n: replace(c, wording=c.wording % (n + 1)),
}


def _placed(columns: Columns, start: int, end: int) -> Columns:
    return replace(
        columns,
        passage_start=columns.passage_start + start,
        passage_end=columns.passage_end + end,
        sentence_start=columns.sentence_start + start,
        sentence_end=columns.sentence_end + end,
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


@pytest.mark.parametrize("statement", STATEMENTS)
def test_every_damage_to_the_tables_is_done(
    sample_answerer: Answerer, tmp_path: Path, statement: str
) -> None:
    path = tmp_path / TABLES
    shutil.copy(sample_answerer.retriever.snapshot.folder / TABLES, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, {"n": 7})
        assert connection.total_changes


def _shuffled(store: FaissStore, seed: int | None, path: Path) -> FaissStore:
    if seed is None:
        return store
    rows = np.random.default_rng(seed).permutation(len(store))
    return store_of(path, store.vectors(rows))


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
    columns=st.none() | st.sampled_from(sorted(COLUMNS_ALTERED)),
    n=st.integers(1, 400),
    passages=st.none() | st.integers(0, 99),
    sentences=st.none() | st.integers(0, 99),
    findings=st.none() | st.integers(0, 99),
    question=st.sampled_from(QUESTIONS),
)
def test_however_a_store_is_damaged_no_altered_word_is_quoted(
    sample_answerer: Answerer,
    published: dict[str, Decision],
    ready_to_contradict: None,
    tmp_path_factory: pytest.TempPathFactory,
    damage: list[Damage],
    columns: str | None,
    n: int,
    passages: int | None,
    sentences: int | None,
    findings: int | None,
    question: str,
) -> None:
    snapshot = sample_answerer.retriever.snapshot
    folder = tmp_path_factory.mktemp("damaged")
    shutil.copy(snapshot.folder / TABLES, folder)
    damaged = replace(
        snapshot,
        columns=COLUMNS_ALTERED[columns](snapshot.columns, n) if columns else snapshot.columns,
        passages=_shuffled(snapshot.passages, passages, folder / "passages.faiss"),
        sentences=_shuffled(snapshot.sentences, sentences, folder / "sentences.faiss"),
        findings=_shuffled(snapshot.findings, findings, folder / "findings.faiss"),
    )
    try:
        for alter in damage:
            alter(folder / TABLES)
        damaged = replace(damaged, tables=Tables(folder / TABLES))
        sent = _sent(damaged, sample_answerer, question)
    # Whatever error is raised, nothing was sent.
    except Exception:
        sent = []
    _assert_word_for_word(sent, published)


@pytest.mark.parametrize("kept", [0, 40, 0.5, 0.99])
@pytest.mark.parametrize(
    "file",
    [
        *(PASSAGES, SENTENCES, FINDINGS, ALIKE),
        *(f"{WORDS}/{name}" for name in ("stems.json", "starts.npy", "rows.npy", "worth.npy")),
    ],
)
def test_a_snapshot_with_a_file_cut_short_is_refused(
    sample_answerer: Answerer, tmp_path: Path, file: str, kept: float
) -> None:
    shutil.copytree(sample_answerer.retriever.snapshot.folder, tmp_path / "copy")
    path = tmp_path / "copy" / file
    whole = path.read_bytes()
    path.write_bytes(whole[: int(kept if kept > 1 else kept * len(whole))])
    with pytest.raises(NoSnapshot, match="run 'upheld build' again"):
        open_snapshot(tmp_path / "copy")
