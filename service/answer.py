"""The answer: what is sent back to who asked."""

from enum import StrEnum

from msgspec import Struct

from corpus.citation import Citation, cite
from corpus.model import Role, Voice
from index.found import FoundRanks, FoundScores
from index.manifest import Manifest
from index.tables import Stored
from service.personal_details import PersonalDetails
from service.quotations import Quotation
from service.screening import Refusal
from service.signposts import NextStep, Urgent
from service.wording import caveat, introduce


class Status(StrEnum):
    """What became of a question.

    ``answered``: passages were found that bear on it. ``nothing_relevant``: the decisions do not
    answer it. ``refused``: it is not answered on principle.
    """

    ANSWERED = "answered"
    NOTHING_RELEVANT = "nothing_relevant"
    REFUSED = "refused"


class CitedParagraph(Struct, frozen=True, kw_only=True):
    """A paragraph as it is shown: never without whose word it is and where it stands.

    Attributes:
        text: The whole paragraph as published, items on lines of their own.
        role: What it does in its decision.
        voice: Whose word it is.
        introduction: Whose word it is, in a few words to stand before it.
        caveat: What has to be said beside it; None where nothing has.
        boilerplate: Whether it is a standard paragraph.
        citation: Where it stands.
    """

    text: str
    role: Role
    voice: Voice
    introduction: str
    caveat: str | None
    boilerplate: bool
    citation: Citation

    @classmethod
    def of(cls, stored: Stored) -> "CitedParagraph":
        """A stored paragraph, to be shown."""
        paragraph, decision = stored.paragraph, stored.decision
        return CitedParagraph(
            text=paragraph.words,
            role=paragraph.role,
            voice=paragraph.voice,
            introduction=introduce(paragraph.role, paragraph.voice, decision.outcome),
            caveat=caveat(decision.outcome),
            boilerplate=paragraph.boilerplate,
            citation=cite(decision, stored.section, paragraph),
        )


class Match(CitedParagraph, frozen=True, kw_only=True):
    """A paragraph that was found.

    Attributes:
        rank: From 1.
        scores: Each kind of evidence apart.
        ranks: Its place in each search.
        also_in: Where else the same words stand.
    """

    rank: int
    scores: FoundScores
    ranks: FoundRanks
    also_in: tuple[Citation, ...]


class OtherSide(CitedParagraph, frozen=True, kw_only=True):
    """A finding the other way on the same point, in another decision.

    Attributes:
        quotation: Its words; ``match`` is its own place in ``other_side``.
        likeness: Mean cosine of the finding with the question and with what was quoted.
    """

    quotation: Quotation
    likeness: float


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
        refusal: With ``refused``, why; published passages may still stand beside it.
        urgent: Where to turn first, when the question speaks of danger. It replaces nothing.
        question: As asked.
        standalone_question: As searched: misspelt words put right, abbreviations beside what they
            stand for, and what a follow-up leans on.
        confidence: How likely it is that the decisions answer, 0 to 1; calibrated on questions
            that nothing answers, too.
        quotations: The words that answer.
        matches: The paragraphs found, best first.
        nearest: With ``nothing_relevant``, what came closest.
        other_side: Findings the other way in other decisions, each with its own quotation.
        next_steps: What can be done, where the decisions found say so.
        personal_details: A warning, where the question holds some.
        snapshot: What was searched.
        timings_ms: How long each stage took.
        notice: The publishers' acknowledgement, and what this is and is not.
    """

    status: Status
    refusal: Refusal | None
    urgent: Urgent | None
    question: str
    standalone_question: str
    confidence: float
    quotations: tuple[Quotation, ...]
    matches: tuple[Match, ...]
    nearest: tuple[Match, ...]
    other_side: tuple[OtherSide, ...]
    next_steps: tuple[NextStep, ...]
    personal_details: PersonalDetails | None
    snapshot: SnapshotInfo
    timings_ms: Timings
    notice: str
