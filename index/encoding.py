"""Encoding: texts to vectors, each text once, and none whose vector is kept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from corpus.model import Decision
from index.kept import Kept, Kind
from index.prepared import Prepared, Texts, prepare
from index.protocols import Encoder, Vectors
from index.vectors import unit

_AT_ONCE = 512
"""Texts handed to the encoder in one call: what a build that is killed has to do again."""

_WINDOW = 4096
"""Texts gathered before they are encoded, so that those of like length go together."""

_MOST_ROWS = 16_384
"""Vectors held at once: at half precision some 13 MB."""

_BATCH = 4096
_HALF = np.dtype("<f2")


@dataclass(slots=True)
class VectorFile:
    """Vectors at half precision in a file, in the order of their rows.

    Half precision is a third of a thousandth: far below what tells two passages apart, and kept
    vectors take half the room. All vectors go through it, so that those that were kept give the
    same snapshot as those just made.

    Attributes:
        path: The file, which is not there yet.
        dim: Length of a vector.
        rows: How many there are.
    """

    path: Path
    dim: int
    rows: int = field(default=0, init=False)

    def append(self, rows: list[bytes]) -> None:
        """Add these vectors."""
        with self.path.open("ab") as file:
            file.write(b"".join(rows))
        self.rows += len(rows)

    def batches(self) -> Iterator[Vectors]:
        """All vectors in order, some at a time, each of length 1."""
        with self.path.open("rb") as file:
            while content := file.read(_BATCH * self.dim * _HALF.itemsize):
                vectors = np.frombuffer(content, _HALF).reshape(-1, self.dim).astype(np.float32)
                yield unit(vectors)


@dataclass(slots=True)
class Encoding:
    """Gathers the vectors of a snapshot that is being made, decision by decision.

    Attributes:
        encoder: Makes those that are not kept.
        kept: Where vectors are kept by their text.
        passages: Where those of passages go.
        sentences: Where those of sentences go.
        told: Told after each call of the encoder how many texts are encoded.
        encoded: How many that is.
        reused: Texts whose vector was there already.
    """

    encoder: Encoder
    kept: Kept
    passages: VectorFile
    sentences: VectorFile
    told: Callable[[int], None]
    encoded: int = field(default=0, init=False)
    reused: int = field(default=0, init=False)
    _rows: tuple[list[bytes], list[bytes]] = field(default_factory=lambda: ([], []), init=False)
    _known: dict[bytes, bytes] = field(default_factory=dict, init=False)
    _missing: dict[bytes, str] = field(default_factory=dict, init=False)

    def add(self, decision: Decision, part: Prepared, texts: Texts | None) -> None:
        """Add a decision's vectors.

        Args:
            decision: Itself.
            part: What was prepared of it.
            texts: What to encode of it, where that is at hand.
        """
        new = [k for k in set(part.keys()) if k not in self._known and k not in self._missing]
        size = self.encoder.dim * _HALF.itemsize
        found = {
            key: vector
            for key, vector in self.kept.get_many(Kind.VECTOR, new).items()
            if len(vector) == size
        }
        self._known.update(found)
        self.reused += len(found)
        if len(found) < len(new):
            texts = texts or prepare(decision, self.encoder)[1]
            for key, text in zip(part.keys(), [*texts.passages, *texts.sentences], strict=True):
                if key not in self._known:
                    self._missing[key] = text
        for rows, places in zip(
            self._rows,
            ([p.passages for p in part.paragraphs], [p.sentences for p in part.paragraphs]),
            strict=True,
        ):
            rows.extend(place.key for some in places for place in some)
        if len(self._missing) >= _WINDOW or sum(map(len, self._rows)) >= _MOST_ROWS:
            self.flush()

    def flush(self) -> None:
        """Encode what is gathered and write its vectors."""
        wanted = sorted(self._missing.items(), key=lambda item: len(item[1]))
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            vectors = self.encoder.encode_passages([text for _, text in some])
            for (key, _), vector in zip(some, vectors.astype(_HALF), strict=True):
                self._known[key] = vector.tobytes()
                self.kept.put(Kind.VECTOR, key, self._known[key])
            self.kept.commit()
            self.encoded += len(some)
            self.told(self.encoded)
        self.kept.commit()
        for rows, file in zip(self._rows, (self.passages, self.sentences), strict=True):
            file.append([self._known[key] for key in rows])
            rows.clear()
        self._known.clear()
        self._missing.clear()
