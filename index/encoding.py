"""Encoding: texts to vectors, each text once, and none whose vector is known."""

from collections.abc import Callable, Iterator

import numpy as np
from msgspec import Struct

from index.manifest import StaleSnapshot
from index.protocols import Encoder, Vectors
from index.snapshot import Snapshot
from index.tables import SpanRow

_BATCH = 256
Progress = Callable[[int, int], None]
"""Told how many texts are encoded, and how many there are."""


def silently(_done: int, _total: int) -> None:
    """Show no progress."""


class Texts(Struct, frozen=True):
    """What is embedded, and where each text stands."""

    texts: list[str]
    rows: list[SpanRow]


def known_vectors(before: Snapshot | None, encoder: Encoder) -> dict[str, Vectors]:
    """Vectors by the digest of their text, from a snapshot that this encoder made."""
    if before is None:
        return {}
    try:
        before.manifest.require(encoder)
    except StaleSnapshot:
        return {}
    old: dict[str, Vectors] = {}
    for kind, store in (("passage", before.passages), ("sentence", before.sentences)):
        vectors = store.vectors(np.arange(len(store)))
        for row, place in enumerate(before.tables.spans(kind)):
            old[place.digest] = vectors[row]
    return old


class EncodingCache:
    """Vectors by the digest of their text: equal texts are encoded once, known ones not at all."""

    def __init__(self, encoder: Encoder, known: dict[str, Vectors], progress: Progress) -> None:
        self._encoder = encoder
        self._vectors = known
        self._progress = progress
        self.encoded = 0

    def fill(self, *groups: Texts) -> None:
        """Encode what is not known yet."""
        wanted = {
            row.digest: text
            for group in groups
            for row, text in zip(group.rows, group.texts, strict=True)
            if row.digest not in self._vectors
        }
        for batch in _batches(list(wanted.items())):
            vectors = self._encoder.encode_passages([text for _, text in batch])
            self._vectors.update({key: vectors[i] for i, (key, _) in enumerate(batch)})
            self.encoded += len(batch)
            self._progress(self.encoded, len(wanted))

    def vectors(self, group: Texts) -> Vectors:
        """The vectors of these texts, in their order."""
        stacked: Vectors = np.stack([self._vectors[row.digest] for row in group.rows])
        return stacked


def _batches(items: list[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """Batches of texts of like length, so that little is padded."""
    items.sort(key=lambda item: len(item[1]))
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]
