"""Stored vectors: single rows of a store, read from its file rather than mapped."""

import os
import weakref
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.protocols import Rows, Vectors

_HALF = np.dtype("<f2")
_KEPT_BITS = np.uint32(0x8FFFE000).view(np.int32)
"""Sign, exponent and fraction of a number of half precision, moved to where single has them."""

_EXPONENT = np.float32(2.0**112)
"""From where the exponents of half precision begin, 15, to those of single, 127."""

_CLOSE = 8
"""Rows whose numbers differ by no more are read at once, with those between them: a call costs more
than these."""

_ANNOUNCES = hasattr(os, "posix_fadvise")
"""Whether the system can be told what will be read."""


@dataclass(frozen=True, slots=True, weakref_slot=True)
class StoredVectors:
    """The vectors at the end of a file, at half precision; may be read from several threads.

    A row that is read where a file is mapped brings its neighbours into the process's memory, some
    forty of them; one that is read from the file stays in the system's.

    The file is kept open, so that it may be deleted underneath, and closed with the last reference.

    Attributes:
        path: The file.
        count: How many vectors there are.
        dim: Length of each.

    Raises:
        OSError: There is no such file.
    """

    path: Path
    count: int
    dim: int
    _file: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        file = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        object.__setattr__(self, "_file", file)
        weakref.finalize(self, os.close, file)

    def read(self, rows: Rows) -> Vectors:
        """The vectors of these rows, in their order.

        Raises:
            IndexError: There is no such row.
        """
        if len(rows) == 0:
            return np.empty((0, self.dim), np.float32)
        if rows.min() < 0 or rows.max() >= self.count:
            raise IndexError(f"rows {rows.min()} to {rows.max()} of {self.count}")
        size = self.dim * _HALF.itemsize
        first = os.fstat(self._file).st_size - self.count * size
        steps = np.diff(rows)
        apart = (steps < 1) | (steps > _CLOSE)
        begins, ends = rows[np.append(True, apart)], rows[np.append(apart, True)] + 1
        parts = list(
            zip(((ends - begins) * size).tolist(), (first + begins * size).tolist(), strict=True)
        )
        if _ANNOUNCES:
            # For all before any, so that the disk is waited for once, and not for each.
            for length, place in parts:
                os.posix_fadvise(self._file, place, length, os.POSIX_FADV_WILLNEED)
        content = b"".join(os.pread(self._file, length, place) for length, place in parts)
        # Among what was read, each row lies as far from the one before as in the file, or next.
        read = np.append(0, np.where(apart, 1, steps)).cumsum()
        return _single(np.frombuffer(content, "<i2").reshape(-1, self.dim)[read])


def _single(halves: NDArray[np.int16]) -> Vectors:
    """Finite numbers of half precision, given by their bits, in single precision, as they are.

    NumPy's own conversion goes through them one by one, which takes twice as long.
    """
    bits = halves.astype(np.int32)
    # Exponent and fraction to their places; the sign is in all the bits from its own upwards.
    bits <<= 13
    bits &= _KEPT_BITS
    numbers = bits.view(np.float32)
    numbers *= _EXPONENT
    return numbers
