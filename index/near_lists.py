"""Lists of near vectors: where in a large store to look, without looking at every vector."""

import math
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from index.protocols import Vectors
from index.vectors import mapped

_LISTS = 4
"""Lists for each square root of the number of vectors."""

_TRAINED_ON = 64
"""Vectors a list that its place is learnt from."""

_TURNED = 192
"""Directions, those in which vectors differ most, that are kept of them."""

_GROWN = 1.5
"""How many times as many vectors, or as few, the places of lists still fit."""


def learnt(exact: faiss.Index) -> faiss.IndexPreTransform:
    """Lists, empty, for the vectors of a store (Jégou et al. 2011).

    Of each vector they keep its most telling directions, 8 bits a number: what is found in them is
    to be ranked again by the vectors themselves.
    """
    count = round(_LISTS * math.sqrt(exact.ntotal))
    sample = np.random.default_rng(0).choice(
        exact.ntotal, min(exact.ntotal, count * _TRAINED_ON), replace=False
    )
    vectors = exact.reconstruct_batch(np.sort(sample))
    turning = _turning(vectors, min(_TURNED, exact.d))
    lists = _lists(turning, faiss.IndexFlatIP(turning.d_out), count)
    lists.train(vectors)
    return lists


def _lists(
    turning: faiss.VectorTransform, places: faiss.Index, count: int
) -> faiss.IndexPreTransform:
    """So many lists at these places, or at places to be learnt where there are none."""
    coarse = faiss.IndexIVFScalarQuantizer(
        places,
        turning.d_out,
        count,
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
    )
    return faiss.IndexPreTransform(turning, coarse)


def _turning(vectors: Vectors, kept: int) -> faiss.LinearTransform:
    """Turns vectors so that the first of their numbers tell most of their products.

    These are principal components, but of the vectors as they are, not of what they differ from
    their mean by: so products stay products.
    """
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    turning = faiss.LinearTransform(vectors.shape[1], kept, False)
    faiss.copy_array_to_vector(
        np.ascontiguousarray(directions[:, ::-1][:, :kept].T, np.float32).ravel(), turning.A
    )
    turning.is_trained = True
    return turning


def emptied(before: Path, count: int) -> faiss.Index | None:
    """The lists in a file, without what is in them; None where they do not fit so many vectors."""
    try:
        filled: Any = mapped(before)
    except RuntimeError:
        return None
    coarse: Any = faiss.downcast_index(filled.index)
    # As many as there were when they were learnt, which later builds do not change.
    learnt_from = (coarse.nlist / _LISTS) ** 2
    if not 1 / _GROWN <= count / learnt_from <= _GROWN:
        return None
    places = faiss.IndexFlatIP(coarse.d)
    places.add(coarse.quantizer.reconstruct_n(0, coarse.nlist))
    turning = faiss.LinearTransform(filled.d, coarse.d, False)
    old: Any = faiss.downcast_VectorTransform(filled.chain.at(0))
    faiss.copy_array_to_vector(faiss.vector_to_array(old.A), turning.A)
    turning.is_trained = True
    lists = _lists(turning, places, coarse.nlist)
    empty: Any = faiss.downcast_index(lists.index)
    faiss.copy_array_to_vector(faiss.vector_to_array(coarse.sq.trained), empty.sq.trained)
    empty.is_trained = lists.is_trained = True
    return lists
