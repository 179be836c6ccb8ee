"""Both sides: a finding the other way on the same point in another decision, with its words."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import Struct

from corpus.model import Role, Span, Voice
from corpus.roles import reports_a_party
from corpus.sentences import sentence_spans
from index.contrary import Contrary, ContraryFindings
from index.found import Found
from index.hybrid import HybridRetriever
from index.protocols import Vectors
from index.tables import Filters, Stored
from service.quotations import NotWordForWord, Quotation, leans_back, verify
from service.withheld import report_withheld

_FIRST = 2
"""How many of an answer's quotations may call for the other side."""

_ALIKE = 0.45
"""The least cosine of the two findings' paragraphs."""

_TO_THE_POINT = 0.48
"""The least mean of that cosine and the one of question and finding; see ADR 0011."""

_PLAIN = 100
"""Characters below which a finding's sentence ("That was fault.") wants those before it."""

_LONGEST = 400
"""Characters beyond which it is not extended to them."""


class FoundOtherwise(Struct, frozen=True, kw_only=True):
    """A finding the other way.

    Attributes:
        stored: The paragraph that it stands in.
        quotation: Its words, verified; ``match`` is 0.
        likeness: Mean cosine of the finding with the question and with what was quoted.
    """

    stored: Stored
    quotation: Quotation
    likeness: float


@dataclass(frozen=True, slots=True)
class BothSides:
    """Looks for the other side of what is quoted; may be used from several threads.

    Attributes:
        retriever: What found the passages.
        contrary: All findings of its snapshot.
    """

    retriever: HybridRetriever
    contrary: ContraryFindings

    @classmethod
    def of(cls, retriever: HybridRetriever) -> "BothSides":
        """Over what a retriever searches."""
        return cls(retriever, ContraryFindings.of(retriever.snapshot))

    def other_side(
        self,
        asked: Vectors,
        found: Sequence[Found],
        quotations: Sequence[Quotation],
        filters: Filters | None = None,
    ) -> FoundOtherwise | None:
        """Where the Ombudsman found the other way on the point that an answer quotes first.

        Nothing, where the answer quotes no finding among its first two quotations, and wherever
        it is in doubt: another point set beside this one would mislead.

        Args:
            asked: The question's vector, shape ``(1, dim)``.
            found: The matches that the quotations stand in.
            quotations: The answer's, best first.
            filters: What the question was narrowed to; by role alone it is not narrowed here.
        """
        quoted = [
            row
            for q in quotations[:_FIRST]
            if (row := self.contrary.quoted(found[q.match].stored.id, Span(q.start, q.end)))
            is not None
        ]
        if not quoted:
            return None
        allowed = self.retriever.allowed(filters or Filters(), tuple(Role))
        for row in quoted:
            for other in self.contrary.contrary_to(row, allowed, _ALIKE):
                likeness = (other.likeness + self.contrary.cosine(asked, other.row)) / 2
                if likeness >= _TO_THE_POINT and (said := self._quote(other)):
                    stored, quotation = said
                    return FoundOtherwise(
                        stored=stored, quotation=quotation, likeness=round(likeness, 4)
                    )
        return None

    def _quote(self, other: Contrary) -> tuple[Stored, Quotation] | None:
        """The words of a finding, where they are the Ombudsman's own and exact."""
        stored = self.retriever.snapshot.tables.stored([other.finding.paragraph])[0]
        paragraph = stored.paragraph
        span = _with_what_leads_to_it(paragraph.words, other.finding.span)
        if (
            paragraph.role is not Role.FINDING
            or paragraph.voice is not Voice.OMBUDSMAN
            or paragraph.boilerplate
            or span is None
        ):
            return None
        quotation = Quotation(
            text=paragraph.words[span.start : span.end], start=span.start, end=span.end, match=0
        )
        try:
            verify(quotation, stored)
        except NotWordForWord as error:
            report_withheld(error)
            return None
        return stored, quotation


def _with_what_leads_to_it(words: str, finding: Span) -> Span | None:
    """A finding's sentence, with those before it where it says little or leans on them.

    None where it reports what a party said; and no sentence that does is added.

    >>> words = "Mr B says it was late. It came in May. It was due in April. That was fault."
    >>> span = _with_what_leads_to_it(words, Span(60, 75))
    >>> words[span.start : span.end]
    'It came in May. It was due in April. That was fault.'
    """
    if reports_a_party(words[finding.start : finding.end]):
        return None
    span = finding
    for before in reversed([s for s in sentence_spans(words) if s.end <= finding.start]):
        if (
            (span.end - span.start >= _PLAIN and not leans_back(words, span))
            or span.end - before.start > _LONGEST
            or reports_a_party(words[before.start : before.end])
        ):
            break
        span = Span(before.start, span.end)
    return span
