"""Shown: what is sent of decisions that are listed, read whole, or read by the paragraph."""

from datetime import date

from msgspec import Struct

from corpus.casework import Casework
from corpus.citation import Citation
from corpus.model import DecisionId, Numbering, Outcome, Role, Source, Voice
from corpus.records import CaseReference
from index.catalogue import Facets
from service.answer import SnapshotInfo

SUMMARY_LABEL = (
    "The publisher’s summary. It is not the decision itself, and is not to be quoted as a finding."
)


class Summary(Struct, frozen=True, kw_only=True):
    """The publisher's summary, and what it is not.

    Attributes:
        text: As published.
        label: To be shown with it.
    """

    text: str
    label: str = SUMMARY_LABEL


class DecisionSummary(Struct, frozen=True, kw_only=True):
    """What stands at the head of a decision; what its file does not say is null or empty.

    Attributes:
        decision_id: Unique in this collection.
        publisher: Key of the publisher.
        reference: As the publisher prints it.
        bodies: Those complained about.
        category: From the general to the particular.
        outcome: In our vocabulary.
        outcome_text: In the publisher's own words.
        decided: Date of the decision.
        summary: The publisher's, which is not the decision.
        url: Page at the publisher's.
        page: Page in this service.
    """

    decision_id: DecisionId
    publisher: str
    reference: str | None
    bodies: tuple[str, ...]
    category: tuple[str, ...]
    outcome: Outcome
    outcome_text: str | None
    decided: date | None
    summary: Summary | None
    url: str | None
    page: str


class DecisionList(Struct, frozen=True, kw_only=True):
    """A part of the list of decisions.

    Attributes:
        total: How many decisions the whole list has.
        decisions: Those of this part, in order.
        facets: What the whole list can be narrowed to.
        next: Address of the next part; null with the last.
        snapshot: What was listed. Parts of different snapshots do not fit together.
        notice: The publishers' acknowledgement, and what this is and is not.
    """

    total: int
    decisions: tuple[DecisionSummary, ...]
    facets: Facets
    next: str | None
    snapshot: SnapshotInfo
    notice: str


class ParagraphRead(Struct, frozen=True, kw_only=True):
    """A paragraph, checked to be as it was stored.

    Attributes:
        number: Its place in the decision's running count, from 1.
        text: Its words before any list.
        items: Its list items.
        words: Text and items, a line each: what every span is counted in.
        role: What it does.
        voice: Whose word it is.
        boilerplate: Whether it is a standard paragraph.
        introduction: Whose word it is, to stand before it.
        citation: Where it stands.
    """

    number: int
    text: str
    items: tuple[str, ...]
    words: str
    role: Role
    voice: Voice
    boilerplate: bool
    introduction: str
    citation: Citation


class SectionRead(Struct, frozen=True, kw_only=True):
    """A run of paragraphs under one heading.

    Attributes:
        heading_path: Headings from the outermost to its own.
        paragraphs: In order.
    """

    heading_path: tuple[str, ...]
    paragraphs: tuple[ParagraphRead, ...]


class LinkedDecision(Struct, frozen=True, kw_only=True):
    """A decision of this collection that is referred to."""

    decision_id: DecisionId
    page: str


class ReferenceRead(CaseReference, frozen=True, kw_only=True):
    """A case reference in the text.

    Attributes:
        decisions: Those of this collection that have it; a joint case has several.
    """

    decisions: tuple[LinkedDecision, ...]


class CaseworkRead(Casework, frozen=True, kw_only=True):
    """What a caseworker would note, each with its paragraph and its span of the words.

    Attributes:
        references: Cases mentioned, each with its decisions in this collection.
    """

    references: tuple[ReferenceRead, ...]


class DecisionRead(DecisionSummary, frozen=True, kw_only=True):
    """A whole decision, checked to be as it was stored.

    Attributes:
        outcome_parts: In our vocabulary for each part, where each has its own.
        numbering: Whether the numbers are official; with ``none`` they are ordinals.
        sections: In order.
        casework: What a caseworker would note; read by rules, and no part of the decision.
        source: The file that it was read from.
        snapshot: What it was read from.
        notice: The publisher's acknowledgement, and what this is and is not.
    """

    outcome_parts: tuple[Outcome, ...]
    numbering: Numbering
    sections: tuple[SectionRead, ...]
    casework: CaseworkRead
    source: Source
    snapshot: SnapshotInfo
    notice: str


class OneParagraph(ParagraphRead, frozen=True, kw_only=True):
    """One paragraph, checked to be as it was stored.

    Attributes:
        heading_path: Of its section.
        previous: Number of the paragraph before it; null before the first.
        next: Number of the paragraph after it; null after the last.
        snapshot: What it was read from.
        notice: The publisher's acknowledgement, and what this is and is not.
    """

    heading_path: tuple[str, ...]
    previous: int | None
    next: int | None
    snapshot: SnapshotInfo
    notice: str
