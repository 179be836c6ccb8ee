"""Single vectors read from a store's file."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.faiss_store import FaissStore, write_store
from index.protocols import Vectors

COUNT = 50


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    made = np.random.default_rng(5).standard_normal((COUNT, 16)).astype(np.float32)
    unit: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
    return unit


@pytest.fixture(scope="module")
def store(vectors: Vectors, tmp_path_factory: pytest.TempPathFactory) -> FaissStore:
    path = tmp_path_factory.mktemp("stored") / "v.faiss"
    write_store(path, 16, [vectors[:20], vectors[20:]])
    opened = FaissStore.read(path)
    path.unlink()
    return opened


@given(rows=st.lists(st.integers(0, COUNT - 1), max_size=30))
def test_rows_are_read_in_the_order_asked_for_as_faiss_reads_them(
    store: FaissStore, vectors: Vectors, rows: list[int]
) -> None:
    wanted = np.array(rows, np.int64)
    read = store.vectors(wanted)
    np.testing.assert_allclose(read, vectors[wanted], atol=1e-3)
    if rows:
        np.testing.assert_array_equal(read, store.exact.reconstruct_batch(wanted))


@pytest.mark.parametrize("row", [-1, COUNT])
def test_a_row_that_is_not_there_is_an_error(store: FaissStore, row: int) -> None:
    with pytest.raises(IndexError, match=f"of {COUNT}"):
        store.vectors(np.array([3, row]))
