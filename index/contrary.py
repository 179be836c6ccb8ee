"""Contrary findings: where another decision found the other way on a point that is alike."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from msgspec import Struct

from corpus.model import Span
from index.columns import Column, Columns
from index.faiss_store import FaissStore, Selection, write_store
from index.protocols import Mask, Rows, Scores, Vectors
from index.snapshot import Snapshot
from index.tables import FindingRow

_LOOKED_AT = 200
"""How many findings, the likest, are looked through for one that is contrary."""

_AT_ONCE = 4096
"""Vectors that are copied from a store at a time, so that memory is bounded."""


class Contrary(Struct, frozen=True):
    """A finding the other way.

    Attributes:
        row: Its own row among the findings.
        finding: Itself.
        likeness: Cosine of the two paragraphs, -1 to 1.
    """

    row: int
    finding: FindingRow
    likeness: float


@dataclass(frozen=True, slots=True)
class ContraryFindings:
    """All faults found and not found in one snapshot; may be used from several threads.

    Attributes:
        snapshot: What they stand in.
        rows: Row of each, ascending.
        paragraphs: Row of each one's paragraph.
        fault: Whether each is one of fault.
    """

    snapshot: Snapshot
    rows: Rows
    paragraphs: Column
    fault: Mask

    @classmethod
    def of(cls, snapshot: Snapshot) -> "ContraryFindings":
        """The findings of a snapshot."""
        rows, paragraphs, fault = snapshot.tables.judged()
        return cls(snapshot, rows, paragraphs, fault)

    def quoted(self, paragraph: int, span: Span) -> int | None:
        """Row of the finding that a quotation from a paragraph says or leads up to.

        None where there is none, or where one of fault and one of no fault come into question.

        Args:
            paragraph: Its row.
            span: The quotation's place in it.
        """
        first, last = np.searchsorted(self.paragraphs, np.array([paragraph, paragraph + 1], "i"))
        there = self.snapshot.tables.findings(self.rows[first:last].tolist())
        said = [i for i, f in there.items() if f.span.start < span.end and span.start < f.span.end]
        next_said = [i for i, f in there.items() if f.span.start >= span.end][:1]
        rows = said or next_said or list(there)
        return rows[0] if len({there[i].finding for i in rows}) == 1 else None

    def contrary_to(self, row: int, allowed: Mask, least: float) -> Iterator[Contrary]:
        """Findings the other way in other decisions, the likest first.

        A decision counts by its likest finding alone: one that found the same there does not
        contradict, whatever else it found.

        Args:
            row: The finding, by its row.
            allowed: Which paragraphs may be shown, shape ``(paragraphs,)``.
            least: The least likeness.
        """
        store, decision_of = self.snapshot.findings, self.snapshot.columns.decision
        may = np.zeros(len(store), dtype=np.bool_)
        may[self.rows[allowed[self.paragraphs]]] = True
        vector = store.vectors(np.array([row]))
        found, likeness = store.search(vector, _LOOKED_AT, Selection.of(may))
        near = np.round(likeness, 6) >= least
        found, likeness = found[near], np.round(likeness[near], 6)
        places = np.searchsorted(self.rows, found)
        own = int(np.searchsorted(self.rows, row))
        same = self.fault[places] == self.fault[own]
        heard = {int(decision_of[self.paragraphs[own]])}
        # Of two findings of one paragraph, which are equally like, the contrary one comes first.
        for i in np.lexsort((found, same, -likeness)):
            if (decision := int(decision_of[self.paragraphs[places[i]]])) in heard:
                continue
            heard.add(decision)
            if not same[i]:
                other = int(found[i])
                finding = self.snapshot.tables.findings([other])[other]
                yield Contrary(other, finding, float(likeness[i]))

    def cosine(self, question: Vectors, row: int) -> float:
        """The cosine of a question and a finding's paragraph."""
        cosines: Scores = self.snapshot.findings.cosines(question, np.array([row]))
        return float(cosines[0])


def write_findings(path: Path, tables: Path, columns: Columns, passages: FaissStore) -> None:
    """Write the vectors of all findings: of the passage of the paragraph in which each begins.

    Args:
        path: The store's file.
        tables: Of the snapshot; see `index.table_schema`.
        columns: Of the snapshot.
        passages: Of the snapshot.

    Raises:
        RuntimeError: The file cannot be written.
    """
    with closing(sqlite3.connect(tables)) as connection:
        places = connection.execute("SELECT paragraph, start FROM findings ORDER BY row").fetchall()
    wanted = np.array(places, np.int64).reshape(-1, 2)
    # Passages are sorted by paragraph and place: the last that begins before the finding does.
    keys = columns.passage_paragraph.astype(np.int64) << 32 | columns.passage_start
    rows = np.searchsorted(keys, wanted[:, 0] << 32 | wanted[:, 1], "right") - 1
    write_store(
        path,
        passages.dim,
        (passages.vectors(rows[i : i + _AT_ONCE]) for i in range(0, len(rows), _AT_ONCE)),
    )
