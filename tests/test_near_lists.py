"""Lists of near vectors: what they find beside all vectors, and filled again by the next build."""

import sys
from pathlib import Path

import numpy as np
import pytest

from corpus.files import read_files
from corpus.model import Decision
from index import faiss_store
from index.build import build
from index.faiss_store import FaissStore, Selection, write_store
from index.hashing_encoder import HashingEncoder
from index.near_lists import emptied
from index.protocols import Vectors
from index.read_ahead import read_ahead
from index.snapshot import current_folder
from index.vectors import unit
from tests.conftest import SAMPLES
from tests.locked import locked_bytes

COUNT, DIM, K = 12_000, 256, 10


@pytest.fixture(autouse=True)
def of_few_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    """As though these were many."""
    monkeypatch.setattr(faiss_store, "EXACT_TO", 1_000)
    monkeypatch.setattr(faiss_store, "GATHERED_TO", 100)


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """Near some hundreds of places, in all directions but most in the first, as texts are."""
    random = np.random.default_rng(3)
    spread = 1 / np.sqrt(1 + np.arange(DIM))
    places = random.standard_normal((300, DIM)) * spread
    near = places[random.integers(0, 300, COUNT)]
    made = near + 0.4 * spread * random.standard_normal((COUNT, DIM))
    return unit(made.astype(np.float32))


@pytest.fixture
def store(vectors: Vectors, tmp_path: Path) -> Path:
    path = tmp_path / "vectors.faiss"
    write_store(path, DIM, [vectors[:5_000], vectors[5_000:]])
    return path


def lists_of(path: Path) -> bytes:
    return path.with_suffix(".lists.faiss").read_bytes()


def recall(store: FaissStore, questions: Vectors, selection: Selection | None = None) -> float:
    """The share of the ten best of all that are found."""
    every = store.vectors(np.arange(len(store)))
    shares = []
    for question in questions:
        cosines = every @ question
        if selection is not None:
            allowed = np.unpackbits(selection.bits, bitorder="little", count=len(store))
            cosines[allowed == 0] = -1
        found, scores = store.search(question[None], K, selection)
        np.testing.assert_allclose(scores, cosines[found], atol=1e-5)
        shares.append(len(set(np.argsort(-cosines)[:K]) & set(found)) / K)
    return float(np.mean(shares))


@pytest.fixture
def questions(vectors: Vectors) -> Vectors:
    random = np.random.default_rng(4)
    made = vectors[::400] + 0.02 * random.standard_normal((len(vectors[::400]), DIM))
    return unit(made.astype(np.float32))


@pytest.mark.parametrize("share", [None, 0.9, 0.3, 0.005])
def test_nearly_all_of_the_nearest_are_found_and_with_their_own_cosines(
    store: Path, questions: Vectors, share: float | None
) -> None:
    mask = np.random.default_rng(5).random(COUNT) < (share or 1)
    opened = FaissStore.read(store)
    assert opened.lists is not None
    assert recall(opened, questions, Selection.of(mask) if share else None) >= 0.98


def test_the_same_vectors_in_lists_of_before_make_the_same_file(
    store: Path, vectors: Vectors
) -> None:
    again = store.with_name("again.faiss")
    write_store(again, DIM, [vectors], before=store)
    assert lists_of(again) == lists_of(store)


def test_other_vectors_are_found_as_well_in_lists_of_before(
    store: Path, vectors: Vectors, questions: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(6)
    moved = vectors[:3_000] + 0.01 * random.standard_normal((3_000, DIM))
    added = unit(moved.astype(np.float32))
    monkeypatch.setattr(faiss_store, "learnt", None)
    again = store.with_name("again.faiss")
    write_store(again, DIM, [vectors[100:], added], before=store)
    opened = FaissStore.read(again)
    assert len(opened) == COUNT + 2_900
    assert recall(opened, questions) >= 0.98


@pytest.mark.parametrize(
    ("count", "fit"),
    [(COUNT, True), (17_000, True), (9_000, True), (19_000, False), (7_000, False)],
)
def test_lists_do_again_until_there_are_half_as_many_more_or_fewer(
    store: Path, count: int, fit: bool
) -> None:
    lists = emptied(store.with_suffix(".lists.faiss"), count)
    assert (lists is not None) == fit
    assert lists is None or lists.ntotal == 0


@pytest.mark.parametrize("content", [None, b"", b"no lists at all"])
def test_lists_that_cannot_be_read_are_learnt_anew(
    store: Path, vectors: Vectors, content: bytes | None
) -> None:
    wanted = lists_of(store)
    lists = store.with_suffix(".lists.faiss")
    lists.unlink()
    if content is not None:
        lists.write_bytes(content)
    again = store.with_name("again.faiss")
    write_store(again, DIM, [vectors], before=store)
    assert lists_of(again) == wanted


def test_the_next_build_learns_no_lists_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decisions = [d for d in read_files([SAMPLES]) if isinstance(d, Decision)]
    build(decisions, HashingEncoder(), tmp_path)
    first = current_folder(tmp_path)
    # Whatever learns lists now fails.
    monkeypatch.setattr(faiss_store, "learnt", None)
    build(decisions[1:], HashingEncoder(), tmp_path)
    folder = current_folder(tmp_path)
    assert folder != first
    assert folder is not None
    assert FaissStore.read(folder / "sentences.faiss").lists is not None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells what is locked")
def test_lists_that_are_open_stay_in_memory(store: Path) -> None:
    before = locked_bytes()
    opened = FaissStore.read(store)
    read_ahead(store.parent)
    assert opened.lists is not None
    assert locked_bytes() - before >= store.with_suffix(".lists.faiss").stat().st_size
