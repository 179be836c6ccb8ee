"""Verifying: a pasted letter or reply, each case reference and quotation in it checked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from msgspec import Meta, Struct
from msgspec.structs import replace

from corpus.citation import page_of
from corpus.model import Decision
from index.hybrid import HybridRetriever
from service.answer import SnapshotInfo
from service.attribution import Attributor
from service.collection import Collection
from service.notices import notice
from service.pasted import Named, Pinpoint, named_in, pinpoints_in
from service.quotation_checks import QuotationChecker
from service.quoted import Quoted, Reading, read_quoted
from service.verification import (
    DecisionNamed,
    QuotationCheck,
    ReferenceCheck,
    Unchecked,
    UncheckedCount,
    Verdict,
    Verification,
    VerifyStatus,
)
from service.verification_words import counts, explain_reference, summarise

MAX_TEXT = 50_000
"""Characters of a pasted text: some fifteen pages."""

MOST_QUOTATIONS = 200
MOST_REFERENCES = 200
LONGEST_QUOTATION = 6_000
"""Characters. The longest published paragraph that we have seen has 2,200."""


class Pasted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text to be checked.

    Attributes:
        text: A letter, a chatbot's reply, or anything that quotes decisions. It is not kept.
    """

    text: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=MAX_TEXT,
            description="A letter, a chatbot's reply, or anything that quotes decisions.",
            examples=[
                "In 99 000 101 the Ombudsman said “the chair decides what the conference’s "
                "conclusion is and records it” (paragraph 13)."
            ],
        ),
    ]


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks pasted texts against one snapshot; may be used from several threads.

    Attributes:
        retriever: Of the snapshot.
    """

    retriever: HybridRetriever = field(repr=False)

    def verify(self, pasted: Pasted) -> Verification:
        """Check each case reference and each quotation in a text.

        Raises:
            service.quotations.NotWordForWord: A stored paragraph was altered since the snapshot
                was built, so that nothing can be said.
        """
        text = pasted.text
        reading = read_quoted(text)
        named = named_in(text)
        pinpoints = pinpoints_in(text, named)
        collection = Collection(self.retriever)
        references = tuple(
            _check_reference(text, one, pinpoints, collection) for one in named[:MOST_REFERENCES]
        )
        checkable = [q for q in reading.quoted if not _is_too_long(q)]
        attributor = Attributor.of(text, reading, named, pinpoints)
        said = attributor.attributions(checkable[:MOST_QUOTATIONS])
        checker = QuotationChecker(text, collection)
        quotations = tuple(
            checker.check(one.span, attribution, lined=reading.blocks[one.block].lined)
            for one, attribution in zip(checkable[:MOST_QUOTATIONS], said, strict=True)
        )
        unchecked = _unchecked(reading, checkable, named)
        verdict = _verdict(references, quotations, unchecked)
        manifest = self.retriever.snapshot.manifest
        return Verification(
            status=verdict,
            summary=summarise(verdict, references, quotations, unchecked),
            references=references,
            quotations=quotations,
            reference_counts=counts(references),
            quotation_counts=counts(quotations),
            unchecked=unchecked,
            snapshot=SnapshotInfo.of(manifest),
            notice=notice(
                (held.stored.decision.publisher for held in collection.read.values()),
                sample=manifest.sample,
            ),
        )


def _unchecked(
    reading: Reading, checkable: Sequence[Quoted], named: Sequence[Named]
) -> tuple[UncheckedCount, ...]:
    places = {
        Unchecked.TOO_SHORT: [span.start for span in reading.brief],
        Unchecked.TOO_LONG: [q.span.start for q in reading.quoted if _is_too_long(q)],
        Unchecked.TOO_MANY: [
            *(q.span.start for q in checkable[MOST_QUOTATIONS:]),
            *(n.span.start for n in named[MOST_REFERENCES:]),
        ],
        Unchecked.UNPAIRED_MARK: list(reading.unpaired),
    }
    return tuple(
        UncheckedCount(reason=reason, count=len(starts), first=min(starts))
        for reason, starts in places.items()
        if starts
    )


def _is_too_long(quoted: Quoted) -> bool:
    return quoted.span.end - quoted.span.start > LONGEST_QUOTATION


def _check_reference(
    text: str, named: Named, pinpoints: Sequence[Pinpoint], collection: Collection
) -> ReferenceCheck:
    decisions = collection.decisions(named.reference, is_file=named.is_file)
    missing = _missing(decisions, (p for p in pinpoints if p.of == named))
    if not decisions:
        status = VerifyStatus.NOT_IN_THIS_COLLECTION
    elif len(decisions) > 1:
        status = VerifyStatus.AMBIGUOUS
    else:
        status = VerifyStatus.DIFFERS if missing else VerifyStatus.EXACT
    check = ReferenceCheck(
        text=text[named.span.start : named.span.end],
        start=named.span.start,
        end=named.span.end,
        reference=named.reference,
        status=status,
        decisions=tuple(_named(decision) for decision in decisions),
        missing_paragraphs=missing,
        explanation="",
    )
    return replace(check, explanation=explain_reference(check))


def _missing(decisions: Sequence[Decision], pinpoints: Iterable[Pinpoint]) -> tuple[int, ...]:
    """The paragraphs that are named of a decision and that none of those meant has."""
    if not decisions:
        return ()
    there = {p.number for decision in decisions for _, p in decision.paragraphs()}
    numbers = dict.fromkeys(n for pinpoint in pinpoints for n in pinpoint.numbers)
    return tuple(number for number in numbers if number not in there)


def _named(decision: Decision) -> DecisionNamed:
    return DecisionNamed(
        decision_id=decision.decision_id,
        bodies=decision.bodies,
        reference=decision.reference,
        outcome=decision.outcome,
        outcome_text=decision.outcome_text,
        decided=decision.decided,
        url=decision.url,
        page=page_of(decision.decision_id),
    )


def _verdict(
    references: Sequence[ReferenceCheck],
    quotations: Sequence[QuotationCheck],
    unchecked: Sequence[UncheckedCount],
) -> Verdict:
    """Success is said only of a text in which all is exact, rightly placed and checked."""
    left = any(u.reason is not Unchecked.TOO_SHORT for u in unchecked)
    if not references and not quotations and not left:
        return Verdict.NOTHING_TO_CHECK
    statuses = {r.status for r in references} | {q.status for q in quotations}
    if left or statuses - {VerifyStatus.EXACT}:
        return Verdict.NOT_ALL_EXACT
    return Verdict.ALL_EXACT if quotations else Verdict.REFERENCES_ONLY
