"""The vector store over FAISS: the rows whose unit vectors have the highest cosine."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.near_lists import emptied, learnt
from index.protocols import Mask, Rows, Scores, Vectors
from index.stored_vectors import StoredVectors
from index.vectors import mapped

EXACT_TO = 200_000
"""Vectors up to which every one is looked at; beyond, lists of near ones are; see ADR 0017."""

GATHERED_TO = 50_000
"""Rows up to which those that a filter lets through are all looked at, however many others."""

_PROBED = 96
"""Lists that are looked at; the more, the more is found."""

_SURPLUS = 2
"""Rows taken from the lists, whose vectors are coarse, for each that is wanted."""

_AT_ONCE = 65_536


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows of a store that may be found.

    Attributes:
        rows: Of which a mask says so, shape ``(n,)``; ascending.
        bits: The same as a bitmap, as FAISS reads it.
        share: Of all rows.
    """

    rows: Rows | None
    bits: NDArray[np.uint8]
    share: float

    @classmethod
    def of(cls, mask: Mask) -> "Selection":
        """Those for which a mask over all rows is true."""
        count = int(np.count_nonzero(mask))
        return cls(
            rows=np.flatnonzero(mask) if count <= GATHERED_TO else None,
            bits=np.packbits(mask, bitorder="little"),
            share=count / max(len(mask), 1),
        )


@dataclass(frozen=True, slots=True)
class FaissStore:
    """Unit vectors in files that are mapped into memory, read only.

    FAISS would abort the process if anything were added, or a file changed.

    Attributes:
        exact: All vectors, in half precision.
        lists: Those of a large store again, shorter and coarser, in lists of near ones.
        stored: The vectors of `exact` again, to read single ones.
    """

    exact: faiss.Index
    lists: faiss.Index | None
    stored: StoredVectors

    @classmethod
    def read(cls, path: Path) -> "FaissStore":
        """Open a store; processes that open the same one share its memory.

        Raises:
            RuntimeError: A file is missing or damaged.
        """
        exact, lists = mapped(path), _lists_of(path)
        return cls(
            exact=exact,
            lists=mapped(lists) if lists.exists() else None,
            stored=StoredVectors(path, exact.ntotal, exact.d),
        )

    def __len__(self) -> int:
        return int(self.exact.ntotal)

    @property
    def dim(self) -> int:
        """Length of its vectors."""
        return int(self.exact.d)

    def search(
        self, question: Vectors, k: int, selection: Selection | None = None
    ) -> tuple[Rows, Scores]:
        k = min(k, len(self))
        if k == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if selection and selection.rows is not None and 10 * len(selection.rows) < len(self):
            rows = selection.rows
        elif self.lists is None or (selection and selection.rows is not None):
            return self._scan(question, k, selection)
        else:
            rows = _near(self.lists, question, _SURPLUS * k, selection)
        scores = self.cosines(question, rows)
        best = np.lexsort((rows, -scores))[:k]
        return rows[best], scores[best]

    def _scan(self, question: Vectors, k: int, selection: Selection | None) -> tuple[Rows, Scores]:
        """Look at every vector that may be found."""
        parameters = faiss.SearchParameters()
        selector = _select(parameters, selection)
        scores, rows = self.exact.search(question, k, params=parameters)
        del selector
        found = rows[0] >= 0
        order = np.lexsort((rows[0][found], -scores[0][found]))
        return rows[0][found][order], scores[0][found][order]

    def cosines(self, question: Vectors, rows: Rows) -> Scores:
        if len(rows) == 0:
            return np.empty(0, np.float32)
        result: Scores = self.vectors(rows) @ question[0]
        return result

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of these rows."""
        return self.stored.read(rows)


def write_store(
    path: Path, dim: int, batches: Iterable[Vectors], before: Path | None = None
) -> None:
    """Write a store of vectors, in their order, into a file; into two where there are many.

    Args:
        path: The file.
        dim: Length of the vectors.
        batches: The vectors, a part at a time.
        before: A store of the same encoder's vectors, most of which are the same. Where its lists
            fit, they are filled again rather than worked out anew.

    Raises:
        RuntimeError: A file cannot be written.
    """
    exact = faiss.IndexScalarQuantizer(
        dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    for batch in batches:
        exact.add(batch)
    faiss.write_index(exact, str(path))
    if exact.ntotal > EXACT_TO:
        lists = emptied(_lists_of(before), exact.ntotal) if before else None
        lists = lists or learnt(exact)
        for start in range(0, exact.ntotal, _AT_ONCE):
            lists.add(exact.reconstruct_n(start, min(_AT_ONCE, exact.ntotal - start)))
        faiss.write_index(lists, str(_lists_of(path)))


def _lists_of(path: Path) -> Path:
    return path.with_suffix(".lists.faiss")


def _near(lists: faiss.Index, question: Vectors, k: int, selection: Selection | None) -> Rows:
    """Rows that are near by their coarse vectors, in no order."""
    parameters = faiss.SearchParametersIVF()
    # A filter that leaves few rows in each list wants more lists.
    parameters.nprobe = round(_PROBED / max(selection.share, 0.1)) if selection else _PROBED
    selector = _select(parameters, selection)
    turned = faiss.SearchParametersPreTransform()
    turned.index_params = parameters
    _, rows = lists.search(question, k, params=turned)
    del selector
    near: Rows = rows[0][rows[0] >= 0]
    return near


def _select(parameters: faiss.SearchParameters, selection: Selection | None) -> object:
    """Narrow a search to a selection; what is given back must outlive the search."""
    if selection is None:
        return None
    selector = faiss.IDSelectorBitmap(len(selection.bits), faiss.swig_ptr(selection.bits))
    parameters.sel = selector
    return selector
