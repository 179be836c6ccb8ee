"""Reading: decisions listed, read whole, and read by the paragraph, each as it was stored."""

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlencode

from msgspec import Struct
from msgspec.structs import asdict, replace

from corpus.casework import casework
from corpus.citation import cite, day, page_of
from corpus.model import Decision, Paragraph, Section
from corpus.publishers import normal_reference
from index.catalogue import Catalogue, Sort
from index.narrowing import Narrowing
from index.snapshot import Snapshot
from service.answer import SnapshotInfo
from service.notices import notice
from service.shown import (
    CaseworkRead,
    DecisionList,
    DecisionRead,
    DecisionSummary,
    LinkedDecision,
    OneParagraph,
    ParagraphRead,
    ReferenceRead,
    SectionRead,
    Summary,
)
from service.wording import introduce

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
MAX_OFFSET = 10_000_000


class NotHere(LookupError):
    """What is asked for is not in this collection; the message does not repeat it."""


class Gone(NotHere):
    """What is asked for was withdrawn; the message says when, and does not repeat what it is."""

    def __init__(self, since: date) -> None:
        super().__init__(f"This decision was withdrawn from this collection on {day(since)}.")


class Listing(Struct, frozen=True, kw_only=True):
    """Which part of which list is wanted.

    Attributes:
        narrowing: What is listed.
        sort: In which order.
        offset: How many are left out before the first.
        limit: The most that are wanted.
    """

    narrowing: Narrowing = Narrowing()
    sort: Sort = Sort.NEWEST
    offset: int = 0
    limit: int = DEFAULT_LIMIT


def list_decisions(snapshot: Snapshot, listing: Listing) -> DecisionList:
    """A part of the list of decisions.

    Raises:
        corpus.publishers.BadReference: The reference to look for is none.
        index.catalogue.DamagedDecision: One of them is not as it was stored.
    """
    listed = Catalogue(snapshot.tables.path).page(
        _settled(listing.narrowing), sort=listing.sort, offset=listing.offset, limit=listing.limit
    )
    after = replace(listing, offset=listing.offset + listing.limit)
    return DecisionList(
        total=listed.total,
        decisions=tuple(map(head, listed.decisions)),
        facets=listed.facets,
        next=address(after) if after.offset < listed.total else None,
        snapshot=SnapshotInfo.of(snapshot.manifest),
        notice=_notice(listed.decisions, snapshot),
    )


def read_decision(snapshot: Snapshot, decision_id: str) -> DecisionRead:
    """A whole decision.

    Raises:
        NotHere: There is none of this id.
        Gone: It was withdrawn.
        index.catalogue.DamagedDecision: It is not as it was stored.
    """
    decision = _decision(snapshot, decision_id)
    return DecisionRead(
        **asdict(head(decision)),
        outcome_parts=decision.outcome_parts,
        numbering=decision.numbering,
        sections=tuple(
            SectionRead(
                heading_path=section.heading_path,
                paragraphs=tuple(_paragraph(decision, section, p) for p in section.paragraphs),
            )
            for section in decision.sections
        ),
        casework=_casework(decision, Catalogue(snapshot.tables.path)),
        source=decision.source,
        snapshot=SnapshotInfo.of(snapshot.manifest),
        notice=_notice([decision], snapshot),
    )


def read_paragraph(snapshot: Snapshot, decision_id: str, number: int) -> OneParagraph:
    """One paragraph of a decision.

    Raises:
        NotHere: There is no decision of this id, or no paragraph of this number in it.
        Gone: The decision was withdrawn.
        index.catalogue.DamagedDecision: The decision is not as it was stored.
    """
    decision = _decision(snapshot, decision_id)
    paragraphs = list(decision.paragraphs())
    numbers = [paragraph.number for _, paragraph in paragraphs]
    if number not in numbers:
        raise NotHere(
            "this decision has no paragraph of this number: read it whole for those it has"
        )
    at = numbers.index(number)
    section, paragraph = paragraphs[at]
    return OneParagraph(
        **asdict(_paragraph(decision, section, paragraph)),
        heading_path=section.heading_path,
        previous=numbers[at - 1] if at else None,
        next=numbers[at + 1] if at + 1 < len(numbers) else None,
        snapshot=SnapshotInfo.of(snapshot.manifest),
        notice=_notice([decision], snapshot),
    )


def address(listing: Listing) -> str:
    """The address of a list, without what is as usual.

    >>> address(Listing(narrowing=Narrowing(authority="Exampleshire"), offset=20))
    '/v1/decisions?authority=Exampleshire&offset=20'
    """
    asked = asdict(listing.narrowing) | {
        "sort": None if listing.sort is Sort.NEWEST else listing.sort,
        "offset": listing.offset or None,
        "limit": None if listing.limit == DEFAULT_LIMIT else listing.limit,
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return "/v1/decisions" + (f"?{query}" if query else "")


def _settled(narrowing: Narrowing) -> Narrowing:
    if not narrowing.reference:
        return narrowing
    return replace(narrowing, reference=normal_reference(narrowing.reference))


def _decision(snapshot: Snapshot, decision_id: str) -> Decision:
    catalogue = Catalogue(snapshot.tables.path)
    # Ids are written in small ASCII letters; some references that they are made of are not.
    plain = decision_id.lower() if decision_id.isascii() else ""
    if found := catalogue.decision(plain):
        return found
    if since := catalogue.gone_since(plain):
        raise Gone(since)
    raise NotHere("no decision of this id is in this collection: /v1/decisions lists them")


def head(decision: Decision) -> DecisionSummary:
    """What stands at the head of a decision."""
    return DecisionSummary(
        decision_id=decision.decision_id,
        publisher=decision.publisher,
        reference=decision.reference,
        bodies=decision.bodies,
        category=decision.category,
        outcome=decision.outcome,
        outcome_text=decision.outcome_text,
        decided=decision.decided,
        summary=Summary(text=decision.summary) if decision.summary else None,
        url=decision.url,
        page=page_of(decision.decision_id),
    )


def _paragraph(decision: Decision, section: Section, paragraph: Paragraph) -> ParagraphRead:
    return ParagraphRead(
        number=paragraph.number,
        text=paragraph.text,
        items=paragraph.items,
        words=paragraph.words,
        role=paragraph.role,
        voice=paragraph.voice,
        boilerplate=paragraph.boilerplate,
        introduction=introduce(paragraph.role, paragraph.voice, decision.outcome),
        citation=cite(decision, section, paragraph),
    )


def _casework(decision: Decision, catalogue: Catalogue) -> CaseworkRead:
    noted = casework(decision)
    here = catalogue.of_references([r.reference for r in noted.references])
    return CaseworkRead(
        findings=noted.findings,
        remedies=noted.remedies,
        law=noted.law,
        references=tuple(
            ReferenceRead(
                **asdict(r),
                decisions=tuple(
                    LinkedDecision(decision_id=i, page=page_of(i))
                    for i in here.get(r.reference, ())
                ),
            )
            for r in noted.references
        ),
        cross_references=noted.cross_references,
    )


def _notice(decisions: Iterable[Decision], snapshot: Snapshot) -> str:
    return notice((d.publisher for d in decisions), sample=snapshot.manifest.sample)
