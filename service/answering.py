"""Answering: from a question to quotations with citations, or to an honest nothing."""

import time
from dataclasses import dataclass

import msgspec
from msgspec.structs import asdict

from corpus.citation import cite
from index.found import Found
from index.hybrid import HybridRetriever
from service.answer import Answer, CitedParagraph, Match, OtherSide, SnapshotInfo, Status, Timings
from service.both_sides import BothSides, FoundOtherwise
from service.confidence import calibration_of
from service.notices import notice
from service.personal_details import personal_details
from service.questions import Question, settled, standalone
from service.quotations import NotWordForWord, Quotation, choose, verify, verify_stored
from service.screening import Refusal, screen
from service.signposts import Signposts
from service.withheld import report_withheld


class Damaged(RuntimeError):
    """What was found is not what was stored, so nothing can be shown."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions from one snapshot; may be used from several threads.

    Attributes:
        retriever: Finds the passages.
        signposts: Where else to turn.
        both_sides: Looks for findings the other way.
    """

    retriever: HybridRetriever
    signposts: Signposts
    both_sides: BothSides

    @classmethod
    def over(cls, retriever: HybridRetriever, signposts: Signposts | None = None) -> "Answerer":
        """An answerer over what a retriever searches, with the bundled signposts or others."""
        return cls(retriever, signposts or Signposts.load(), BothSides.of(retriever))

    @property
    def snapshot(self) -> SnapshotInfo:
        """What is searched."""
        return SnapshotInfo.of(self.retriever.snapshot.manifest)

    def answer(self, asked: Question) -> Answer:
        """Answer one question.

        Raises:
            service.questions.BadQuestion: It is empty or too long.
            Damaged: Everything that was found was altered since it was stored.
        """
        started = time.perf_counter()
        question = settled(asked.question)
        refusal = screen(question)
        if refusal and not refusal.shows_passages:
            return self._refused(question, refusal, started)
        alone = standalone(question, asked.history)
        searched = self.retriever.search(
            alone.question, asked.k, asked.filters, alone.carried, alone.before
        )
        alone = msgspec.structs.replace(alone, question=searched.read_as)
        begun = time.perf_counter()
        found = _intact(searched.found)
        calibration = calibration_of(self.retriever.encoder.name)
        confidence = round(calibration.confidence(searched.signals), 4) if found else 0.0
        enough = bool(found) and confidence >= calibration.threshold
        matches = tuple(_match(i, f) for i, f in enumerate(found, start=1))
        quotations = _verified(choose(found, alone.question), found) if enough else ()
        other = self.both_sides.other_side(searched.vector, found, quotations, asked.filters)
        next_steps = self.signposts.next_steps(alone.told, found) if enough else ()
        ended = time.perf_counter()
        return Answer(
            status=_status(refusal, enough=enough),
            refusal=refusal,
            urgent=self.signposts.urgent(question),
            question=question,
            standalone_question=alone.told,
            confidence=confidence,
            quotations=quotations,
            matches=matches if enough else (),
            nearest=() if enough or refusal else matches,
            other_side=(_other(other),) if other else (),
            next_steps=next_steps,
            personal_details=personal_details(question),
            snapshot=self.snapshot,
            timings_ms=Timings(
                encode=round(searched.encode_ms, 2),
                search=round(searched.search_ms, 2),
                rank=round(searched.rank_ms, 2),
                answer=round((ended - begun) * 1000, 2),
                total=round((ended - started) * 1000, 2),
            ),
            notice=notice(
                (f.stored.decision.publisher for f in found), sample=self.snapshot.sample
            ),
        )

    def _refused(self, question: str, refusal: Refusal, started: float) -> Answer:
        """An answer to what is not even searched for."""
        took = round((time.perf_counter() - started) * 1000, 2)
        return Answer(
            status=Status.REFUSED,
            refusal=refusal,
            urgent=self.signposts.urgent(question),
            question=question,
            standalone_question=question,
            confidence=0.0,
            quotations=(),
            matches=(),
            nearest=(),
            other_side=(),
            next_steps=(),
            personal_details=personal_details(question),
            snapshot=self.snapshot,
            timings_ms=Timings(encode=0, search=0, rank=0, answer=took, total=took),
            notice=notice((), sample=self.snapshot.sample),
        )


def _status(refusal: Refusal | None, *, enough: bool) -> Status:
    if refusal:
        return Status.REFUSED
    return Status.ANSWERED if enough else Status.NOTHING_RELEVANT


def _intact(everything: tuple[Found, ...]) -> tuple[Found, ...]:
    """What was found and is still as it was stored; what is not is withheld and reported.

    Raises:
        Damaged: None of it is: that must not look like "nothing found".
    """
    good = tuple(f for f in everything if _is_intact(f))
    if everything and not good:
        raise Damaged("nothing that was found is as it was stored: run 'upheld doctor'")
    return good


def _is_intact(found: Found) -> bool:
    try:
        for stored in (found.stored, *found.also):
            verify_stored(stored)
    except NotWordForWord as error:
        report_withheld(error)
        return False
    return True


def _match(rank: int, found: Found) -> Match:
    return Match(
        **asdict(CitedParagraph.of(found.stored)),
        rank=rank,
        scores=found.scores,
        ranks=found.ranks,
        also_in=tuple(cite(s.decision, s.section, s.paragraph) for s in found.also),
    )


def _other(found: FoundOtherwise) -> OtherSide:
    return OtherSide(
        **asdict(CitedParagraph.of(found.stored)),
        quotation=found.quotation,
        likeness=found.likeness,
    )


def _verified(chosen: list[Quotation], found: tuple[Found, ...]) -> tuple[Quotation, ...]:
    """The quotations that are word for word; one that is not is withheld and reported."""
    good: list[Quotation] = []
    for quotation in chosen:
        try:
            verify(quotation, found[quotation.match].stored)
        except NotWordForWord as error:
            report_withheld(error)
        else:
            good.append(quotation)
    return tuple(good)
