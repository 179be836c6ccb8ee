"""The judge: its features by hand, its fit on made-up vectors, and what it tells of a search."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import BytesIO

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from eval.judging import as_file, fit_judge
from eval.pairs import Item
from index.hashing_encoder import HashingEncoder
from index.judge import FITTED, Judge, features, judge_of
from index.models import OFFICIAL, TUNED
from index.protocols import Rows, Vectors
from index.ranking import JUDGED
from index.vectors import unit as at_length_1
from service.answering import Answerer

CHAIR = "can a chair overrule the conference?"
TOPICS, SAYS = 24, 1


def unit(numbers: Sequence[Sequence[float] | NDArray[np.float64]]) -> Vectors:
    return at_length_1(np.array(numbers, np.float32))


def test_the_features_are_the_products_and_add_up_to_the_cosines() -> None:
    question, paragraph, sentence = (unit([v]) for v in ([1, 2, 2], [0, 3, 4], [2, 1, 2]))
    got = features(question, paragraph, sentence)
    wanted = np.hstack((question * paragraph, question * sentence)) * np.sqrt(3)
    np.testing.assert_allclose(got, wanted, atol=1e-6)
    cosines = question @ paragraph.T + question @ sentence.T
    assert got.sum() / np.sqrt(3) == pytest.approx(cosines.item(), abs=1e-6)


def test_the_odds_are_the_weighted_features() -> None:
    judge = Judge(weights=np.array([1.0, -2.0, 0.5, 3.0]), intercept=-0.25)
    question, paragraphs, sentences = unit([[3, 4]]), unit([[0, 1], [1, 0]]), unit([[1, 1], [4, 3]])
    by_hand = [
        np.sqrt(2) * (-2 * 0.8 + 0.5 * 0.6 / np.sqrt(2) + 3 * 0.8 / np.sqrt(2)) - 0.25,
        np.sqrt(2) * (1 * 0.6 + 0.5 * 0.6 * 0.8 + 3 * 0.8 * 0.6) - 0.25,
    ]
    np.testing.assert_allclose(judge.odds(question, paragraphs, sentences), by_hand, atol=1e-6)


def test_only_the_tuned_encoder_has_a_judge_and_it_fits_its_vectors() -> None:
    judge = judge_of(TUNED)
    assert judge is not None
    assert judge.weights.shape == (2 * 384,)
    assert np.isfinite(judge.weights).all()
    assert judge_of(OFFICIAL) is None
    assert judge_of(HashingEncoder.NAME) is None


def test_a_judge_is_read_as_it_was_written() -> None:
    made = Judge(weights=np.array([0.5, -1.25]), intercept=0.125)
    with np.load(BytesIO(as_file(made))) as kept:
        np.testing.assert_array_equal(kept["weights"], made.weights)
        assert float(kept["intercept"]) == made.intercept
    assert FITTED.read_bytes()[:2] == b"PK"


@dataclass(frozen=True, slots=True)
class ByTopic:
    """Vectors of a topic, and of what is said of it: told in the text itself as ``7 -1``."""

    name: str = "by topic"
    fingerprint: str = "by topic"
    dim: int = TOPICS + SAYS
    limit: int = 100

    def count_tokens(self, text: str) -> int:
        return len(text)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            topic, says = map(int, text.strip(".").split())
            vectors[row, :TOPICS] = unit([np.random.default_rng(topic).standard_normal(TOPICS)])
            vectors[row, TOPICS] = says
        return unit(vectors.tolist())

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return self.encode_passages(texts)


def test_what_tells_an_answer_from_what_is_near_is_learnt() -> None:
    items = [
        Item(
            id=f"made-{n}", questions=(f"{n} 1",), answer=f"{n} 1.", near=(f"{n} -1.",),
            beside=(f"{n} 0",),
        )
        for n in range(200)
    ]  # fmt: skip
    judge, area = fit_judge(ByTopic(), items)
    assert area > 0.95
    says = [TOPICS, 2 * TOPICS + SAYS]
    assert judge.weights[says].min() > judge.weights.mean()
    random = np.random.default_rng(1)
    mixed = [
        msgspec.structs.replace(made, questions=(f"{n} {random.choice((1, -1))}",), beside=())
        for n, made in enumerate(items)
    ]
    _, by_chance = fit_judge(ByTopic(), mixed)
    assert by_chance < area - 0.1


def test_a_search_tells_the_best_odds_of_its_first_matches(sample_answerer: Answerer) -> None:
    retriever = sample_answerer.retriever
    snapshot, columns = retriever.snapshot, retriever.snapshot.columns
    weights = np.random.default_rng(4).standard_normal(2 * retriever.encoder.dim)
    judge = Judge(weights=weights, intercept=0.5)
    judged = replace(retriever, judge=judge)
    searched = judged.search(CHAIR, JUDGED)
    vector = searched.vector

    def best(store_rows: Rows, vectors: Vectors) -> Vectors:
        return vectors[[int((vectors @ vector[0]).argmax())]]

    odds = []
    for found in searched.found:
        rows = [
            np.flatnonzero(of == found.stored.id)
            for of in (columns.passage_paragraph, columns.sentence_paragraph)
        ]
        stores = (snapshot.passages, snapshot.sentences)
        paragraph, sentence = (
            best(own, store.vectors(own)) for own, store in zip(rows, stores, strict=True)
        )
        odds.append(judge.odds(vector, paragraph, sentence).item())
    assert searched.signals.judged == pytest.approx(max(odds), abs=1e-4)
    assert judged.search(CHAIR, 1).signals == searched.signals
    plain = retriever.search(CHAIR, JUDGED)
    assert plain.signals.judged == 0
    assert [f.stored.id for f in plain.found] == [f.stored.id for f in searched.found]
