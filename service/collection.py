"""Collection: the stored paragraphs that quotations are checked against."""

from collections.abc import Collection as Several
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from corpus.model import Decision
from index.bm25 import Bm25
from index.hybrid import HybridRetriever
from index.names import Named
from index.protocols import Rows
from index.tables import Stored
from service.placed_words import Words
from service.quotations import verify_words

LOOKED_AT = 20
"""How many paragraphs, those most like it by their words, a quotation is looked for in."""

LOOKED_AT_SHORT = 200
"""The same of a short one, whose words stand in many paragraphs."""

SHORT = 8
"""Words up to which a quotation is short."""

_READ_FREELY = 2_000
"""Paragraphs read for one text, after which a short quotation is looked for in `LOOKED_AT`."""


@dataclass(frozen=True, slots=True)
class Held:
    """A stored paragraph, unaltered since the snapshot was built, and its words."""

    stored: Stored
    words: Words


@dataclass(frozen=True, slots=True)
class Collection:
    """Reads the paragraphs that one text is checked against, each once.

    Attributes:
        retriever: Of the snapshot.
        read: Those read so far, by their row.
        named: The decisions looked up so far, by reference or file.
    """

    retriever: HybridRetriever
    read: dict[int, Held] = field(default_factory=dict)
    named: dict[tuple[str, bool], tuple[Decision, ...]] = field(default_factory=dict)

    def decisions(self, reference: str, *, is_file: bool) -> tuple[Decision, ...]:
        """Those that a reference means, or that were read from a file of this name."""
        key = (reference, is_file)
        if key not in self.named:
            tables = self.retriever.snapshot.tables
            if is_file:
                names = [d for d, file in tables.files().items() if file == reference]
            else:
                names = tables.named(Named((), (), (reference,)))
            decisions = (tables.decision(name) for name in sorted(names))
            self.named[key] = tuple(d for d in decisions if d is not None)
        return self.named[key]

    def within(self, decisions: Iterable[Decision]) -> list[Held]:
        """All paragraphs of these decisions.

        Raises:
            NotWordForWord: One was altered since the snapshot was built.
        """
        snapshot = self.retriever.snapshot
        numbers = snapshot.tables.numbers([d.decision_id for d in decisions])
        return self._held(np.flatnonzero(snapshot.columns.of_decisions(numbers)).tolist())

    def like(self, words: str) -> list[Held]:
        """The paragraphs that are most like these words, best first.

        A short text is sought first where all its words stand; a long one by BM25 alone.

        Raises:
            NotWordForWord: One was altered since the snapshot was built.
        """
        snapshot, most = self.retriever.snapshot, LOOKED_AT
        each, index = words.split(), snapshot.words
        passages = index.best([(words, 1.0)], 2 * most)
        if len(each) <= SHORT and len(self.read) < _READ_FREELY:
            most = LOOKED_AT_SHORT
            passages = _with_most_words(index, set(each), words, 2 * most)
        # One that was withdrawn has words, and is not there to be read.
        paragraphs = snapshot.columns.passage_paragraph[passages]
        there = paragraphs[snapshot.columns.role[paragraphs] >= 0]
        return self._held(list(dict.fromkeys(there.tolist()))[:most])

    def _held(self, rows: Sequence[int]) -> list[Held]:
        new = [row for row in rows if row not in self.read]
        for stored in self.retriever.snapshot.tables.stored(new) if new else ():
            verify_words(stored)
            self.read[stored.id] = Held(stored, Words.of(stored.paragraph.words))
        return [self.read[row] for row in rows]


def _with_most_words(index: Bm25, each: Several[str], words: str, most: int) -> Rows:
    """The passages that hold most of these words, and of those the best by BM25."""
    rows, held = np.unique(
        np.concatenate([index.holding(word) for word in each]), return_counts=True
    )
    if len(rows) > most:
        # Only those that may be among them are scored: of common words there are very many.
        enough = held >= np.partition(held, len(held) - most)[len(held) - most]
        rows, held = rows[enough], held[enough]
    best: Rows = rows[np.lexsort((rows, -index.scores([(words, 1.0)], rows), -held))[:most]]
    return best
