"""Answering: from a question to quotations with citations, or to an honest nothing."""

import logging
import time
from dataclasses import dataclass
from enum import StrEnum

from msgspec import Struct

from corpus.citation import Citation, cite
from corpus.model import Role, Voice
from corpus.publishers import publishers
from index.found import Found, FoundRanks, FoundScores
from index.hybrid import HybridRetriever
from index.manifest import Manifest
from index.tables import Stored
from service.confidence import calibration_of
from service.questions import Question, settled, standalone
from service.quotations import NotWordForWord, Quotation, choose, verify

log = logging.getLogger(__name__)

SAMPLE_NOTICE = (
    "These decisions are fictional samples that come with Upheld: no such body, person or "
    "complaint exists. To ask real ones, run 'upheld build FOLDER' with a folder of saved "
    "decisions."
)


class Status(StrEnum):
    """What became of a question.

    ``answered``: passages were found that bear on it. ``nothing_relevant``: the decisions do not
    answer it. ``refused``: it is not answered on principle.
    """

    ANSWERED = "answered"
    NOTHING_RELEVANT = "nothing_relevant"
    REFUSED = "refused"


class Match(Struct, frozen=True, kw_only=True):
    """A paragraph that was found.

    Attributes:
        rank: From 1.
        text: The whole paragraph as published, items on lines of their own.
        role: What it does in its decision.
        voice: Whose word it is.
        boilerplate: Whether it is a standard paragraph.
        citation: Where it stands.
        scores: Each kind of evidence apart.
        ranks: Its place in each search.
        also_in: Where else the same words stand.
    """

    rank: int
    text: str
    role: Role
    voice: Voice
    boilerplate: bool
    citation: Citation
    scores: FoundScores
    ranks: FoundRanks
    also_in: tuple[Citation, ...]


class SnapshotInfo(Struct, frozen=True, kw_only=True):
    """What was searched."""

    id: str
    decisions: int
    passages: int
    encoder: str
    built: str
    sample: bool

    @classmethod
    def of(cls, manifest: Manifest) -> "SnapshotInfo":
        """What a manifest says of its snapshot."""
        return cls(
            id=manifest.snapshot,
            decisions=manifest.decisions,
            passages=manifest.passages,
            encoder=manifest.encoder,
            built=manifest.built.isoformat(timespec="seconds"),
            sample=manifest.sample,
        )


class Timings(Struct, frozen=True, kw_only=True):
    """How long each stage took, in milliseconds."""

    encode: float
    search: float
    rank: float
    answer: float
    total: float


class Answer(Struct, frozen=True, kw_only=True):
    """What is sent back.

    Attributes:
        status: What became of the question.
        question: As asked.
        standalone_question: As searched, with what a follow-up leans on.
        confidence: How likely it is that the decisions answer, 0 to 1; calibrated on questions
            that nothing answers, too.
        quotations: The words that answer.
        matches: The paragraphs found, best first.
        nearest: With ``nothing_relevant``, what came closest.
        other_side: A finding the other way, where there is one.
        snapshot: What was searched.
        timings_ms: How long each stage took.
        notice: The publishers' acknowledgement, and what this is and is not.
    """

    status: Status
    question: str
    standalone_question: str
    confidence: float
    quotations: tuple[Quotation, ...]
    matches: tuple[Match, ...]
    nearest: tuple[Match, ...]
    other_side: tuple[Match, ...]
    snapshot: SnapshotInfo
    timings_ms: Timings
    notice: str


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions from one snapshot; may be used from several threads.

    Attributes:
        retriever: Finds the passages.
    """

    retriever: HybridRetriever

    @property
    def snapshot(self) -> SnapshotInfo:
        """What is searched."""
        return SnapshotInfo.of(self.retriever.snapshot.manifest)

    def answer(self, asked: Question) -> Answer:
        """Answer one question.

        Raises:
            service.questions.BadQuestion: It is empty or too long.
        """
        started = time.perf_counter()
        question = settled(asked.question)
        alone = standalone(question, asked.history)
        searched = self.retriever.search(alone.question, asked.k, asked.filters, alone.carried)
        found = searched.found
        calibration = calibration_of(self.retriever.encoder.name)
        confidence = round(calibration.confidence(searched.signals), 4) if found else 0.0
        enough = bool(found) and confidence >= calibration.threshold
        begun = time.perf_counter()
        matches = tuple(_match(i, f) for i, f in enumerate(found, start=1))
        quotations = _verified(choose(found), found) if enough else ()
        ended = time.perf_counter()
        return Answer(
            status=Status.ANSWERED if enough else Status.NOTHING_RELEVANT,
            question=question,
            standalone_question=alone.told,
            confidence=confidence,
            quotations=quotations,
            matches=matches if enough else (),
            nearest=() if enough else matches,
            other_side=(),
            snapshot=self.snapshot,
            timings_ms=Timings(
                encode=round(searched.encode_ms, 2),
                search=round(searched.search_ms, 2),
                rank=round(searched.rank_ms, 2),
                answer=round((ended - begun) * 1000, 2),
                total=round((ended - started) * 1000, 2),
            ),
            notice=_notice(found, sample=self.retriever.snapshot.manifest.sample),
        )


def _match(rank: int, found: Found) -> Match:
    paragraph = found.stored.paragraph
    return Match(
        rank=rank,
        text=paragraph.words,
        role=paragraph.role,
        voice=paragraph.voice,
        boilerplate=paragraph.boilerplate,
        citation=_cite(found.stored),
        scores=found.scores,
        ranks=found.ranks,
        also_in=tuple(_cite(s) for s in found.also),
    )


def _cite(stored: Stored) -> Citation:
    return cite(stored.decision, stored.section, stored.paragraph)


def _verified(chosen: list[Quotation], found: tuple[Found, ...]) -> tuple[Quotation, ...]:
    """The quotations that are word for word; one that is not is withheld and reported."""
    good: list[Quotation] = []
    for quotation in chosen:
        try:
            verify(quotation, found[quotation.match].stored)
        except NotWordForWord as error:
            log.error("quotation withheld: %s", error)
        else:
            good.append(quotation)
    return tuple(good)


def _notice(found: tuple[Found, ...], *, sample: bool) -> str:
    if sample:
        return SAMPLE_NOTICE
    known = publishers()
    keys = dict.fromkeys(f.stored.decision.publisher for f in found)
    sources = " ".join(known[key].notice for key in keys)
    return (
        f"{sources} Upheld finds and quotes passages of published decisions; it gives no advice, "
        "and each decision turns on its own facts."
    ).strip()
