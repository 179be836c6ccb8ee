"""Single vectors read from a store's file."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.faiss_store import FaissStore, write_store
from index.protocols import Vectors
from index.stored_vectors import StoredVectors
from tests.stores import random_vectors

COUNT = 50


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return random_vectors(COUNT, 5)


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


def test_every_number_of_half_precision_is_read_as_it_is(tmp_path: Path) -> None:
    numbers = np.arange(2**16, dtype="<u2").view("<f2").reshape(-1, 256)
    path = tmp_path / "numbers"
    path.write_bytes(b"what comes before" + numbers.tobytes())
    read = StoredVectors(path, 256, 256).read(np.arange(256))
    finite = np.isfinite(numbers)
    np.testing.assert_array_equal(
        read[finite].view(np.uint32), numbers.astype(np.float32)[finite].view(np.uint32)
    )


@pytest.mark.parametrize("row", [-1, COUNT])
def test_a_row_that_is_not_there_is_an_error(store: FaissStore, row: int) -> None:
    with pytest.raises(IndexError, match=f"of {COUNT}"):
        store.vectors(np.array([3, row]))
