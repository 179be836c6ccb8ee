"""Contrary findings: where another decision found the other way on a point that is alike."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from msgspec import Struct

from corpus.model import Span
from corpus.records import FindingKind
from index.protocols import Mask, Rows, Vectors
from index.snapshot import Snapshot
from index.tables import FindingRow


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
        findings: In the order of the text.
        vectors: Of the paragraph that each stands in, or its slice.
        paragraphs: Row of each one's paragraph.
        decision_of: Number of each one's decision.
        fault: Whether each is one of fault.
    """

    findings: tuple[FindingRow, ...]
    vectors: Vectors
    paragraphs: Rows
    decision_of: Rows
    fault: Mask

    @classmethod
    def of(cls, snapshot: Snapshot) -> "ContraryFindings":
        """The findings of a snapshot."""
        findings = tuple(snapshot.tables.findings())
        _, decision_of = np.unique(snapshot.tables.decision_of(), return_inverse=True)
        slices: dict[int, list[tuple[Span, int]]] = {}
        for row, passage in enumerate(snapshot.tables.spans("passage")):
            slices.setdefault(passage.paragraph, []).append((passage.span, row))
        rows = np.array([_slice(slices[f.paragraph], f.span) for f in findings], dtype=np.int64)
        paragraphs = np.array([f.paragraph for f in findings], dtype=np.int64)
        return cls(
            findings=findings,
            vectors=snapshot.passages.vectors(rows),
            paragraphs=paragraphs,
            decision_of=decision_of[paragraphs].astype(np.int64),
            fault=np.array([f.finding is FindingKind.FAULT for f in findings], dtype=np.bool_),
        )

    def quoted(self, paragraph: int, span: Span) -> int | None:
        """Row of the finding that a quotation from a paragraph says or leads up to.

        None where there is none, or where one of fault and one of no fault come into question.

        Args:
            paragraph: Its row.
            span: The quotation's place in it.
        """
        there = [(int(i), self.findings[i]) for i in np.flatnonzero(self.paragraphs == paragraph)]
        said = [i for i, f in there if f.span.start < span.end and span.start < f.span.end]
        next_said = [i for i, f in there if f.span.start >= span.end][:1]
        rows = said or next_said or [i for i, _ in there]
        return rows[0] if len({self.findings[i].finding for i in rows}) == 1 else None

    def contrary_to(self, row: int, allowed: Mask, least: float) -> Iterator[Contrary]:
        """Findings the other way in other decisions, the likest first.

        A decision counts by its likest finding alone: one that found the same there does not
        contradict, whatever else it found.

        Args:
            row: The finding, by its row.
            allowed: Which paragraphs may be shown, shape ``(paragraphs,)``.
            least: The least likeness.
        """
        likeness = np.round(self.vectors @ self.vectors[row], 6)
        candidates = np.flatnonzero((likeness >= least) & allowed[self.paragraphs])
        same = self.fault[candidates] == self.fault[row]
        heard = {int(self.decision_of[row])}
        # Of two findings of one paragraph, which are equally like, the contrary one comes first.
        for i in candidates[np.lexsort((same, -likeness[candidates]))]:
            if (decision := int(self.decision_of[i])) in heard:
                continue
            heard.add(decision)
            if self.fault[i] != self.fault[row]:
                yield Contrary(int(i), self.findings[i], float(likeness[i]))


def _slice(slices: list[tuple[Span, int]], span: Span) -> int:
    """The passage of a paragraph in which a sentence begins."""
    return next((row for part, row in slices if part.start <= span.start < part.end), slices[0][1])
