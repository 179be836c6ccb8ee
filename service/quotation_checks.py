"""Quotation checks: whether a pasted quotation stands where the text says, word for word."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from corpus.citation import cite
from corpus.model import Decision, Numbering, Role, Span, Voice
from corpus.roles import reports_a_party
from corpus.sentences import sentence_spans
from service.attribution import Attribution
from service.collection import Collection, Held
from service.differences import (
    Difference,
    DifferenceKind,
    differences,
    extent,
    nearest,
    rough_likeness,
)
from service.placed_words import Words
from service.verification import (
    AttributedTo,
    QuotationCheck,
    QuotedPlace,
    Standing,
    VerifyStatus,
)
from service.verification_words import explain_quotation
from service.wording import caveat, introduce

LIKE_ENOUGH = ((5, 0.8), (10, 0.7), (None, 0.6))
"""From which likeness on a quotation of up to so many words is held to be one of a passage; below,
it is none of it. Short ones are like some passage by chance; see ADR 0009."""

SHOWN = 10
"""The most places shown of one quotation; how many there are is told."""

_REPORTING = frozenset({Role.FACTS, Role.FINDING, Role.DECISION})
"""Roles of which a sentence may report what a party said."""

_RIGHT = (None, Standing.THERE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand: a paragraph, and the place within its words."""

    held: Held
    span: Span

    @property
    def decision(self) -> Decision:
        """Whose paragraph it is."""
        return self.held.stored.decision

    @property
    def number(self) -> int:
        """The paragraph's."""
        return self.held.stored.paragraph.number


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check finds, before it is told.

    Attributes:
        exact: Whether the places have the quotation's very words.
        places: Where it stands, or the one that it comes closest to.
        differences: Of the words.
        standing: Whether that is where the text says, if it says.
    """

    exact: bool
    places: Sequence[Place]
    differences: tuple[Difference, ...] = ()
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class QuotationChecker:
    """Checks the quotations of one text.

    Attributes:
        text: As sent.
        collection: What they are checked against.
    """

    text: str
    collection: Collection

    def check(self, span: Span, said: Attribution, *, lined: bool) -> QuotationCheck:
        """Check one quotation.

        Args:
            span: Its place in the text.
            said: Where the text says that it stands.
            lined: Whether it is a block quotation, each line of it after a ``>``.

        Raises:
            service.quotations.NotWordForWord: A stored paragraph was altered.
        """
        quoted = Words.of(self.text, span, lined=lined)
        named = self._decisions(said)
        found = _settled(self._find(quoted, said, named), said, named)
        places = tuple(_told(place) for place in found.places[:SHOWN])
        amiss = (*self._misplaced(found, said), *self._misheard(places, said))
        status = _status(found)
        if status is VerifyStatus.EXACT and amiss:
            status = VerifyStatus.DIFFERS
        check = QuotationCheck(
            text=self.text[span.start : span.end],
            start=span.start,
            end=span.end,
            status=status,
            words_are_exact=found.exact,
            places=places,
            places_found=len(found.places),
            differences=found.differences + amiss,
            differs_in=extent(found.differences),
            attributed_to=_attributed(said, found.standing),
            explanation="",
        )
        return msgspec.structs.replace(check, explanation=explain_quotation(check))

    def _decisions(self, said: Attribution) -> tuple[Decision, ...]:
        named = said.decision
        if named is None:
            return ()
        return self.collection.decisions(named.reference, is_file=named.is_file)

    def _find(self, quoted: Words, said: Attribution, named: Sequence[Decision]) -> Checked:
        """Where the words stand: in the decision that is named, or in any; or what is nearest."""
        own = self.collection.within(named) if named else []
        if exact := _exact(quoted, own):
            return Checked(True, exact)
        others = self.collection.like(quoted.line)
        if exact := _exact(quoted, others):
            return Checked(True, exact)
        if said.decision and not named:
            return Checked(False, ())
        return _nearest(quoted, own) or _nearest(quoted, others) or Checked(False, ())

    def _misplaced(self, found: Checked, said: Attribution) -> tuple[Difference, ...]:
        """The decision or paragraph that the text has wrong."""
        if not found.places:
            return ()
        if found.standing is Standing.ELSEWHERE and said.decision:
            first = found.places[0].decision
            kind, span = DifferenceKind.DECISION, said.decision.span
            published = first.reference or first.source.file
        elif found.standing in (Standing.OTHER_PARAGRAPH, Standing.UNNUMBERED) and said.paragraphs:
            kind, span = DifferenceKind.PARAGRAPH, said.paragraphs.span
            numbers = dict.fromkeys(p.number for p in found.places)
            known = found.standing is Standing.OTHER_PARAGRAPH
            published = ", ".join(map(str, numbers)) if known else ""
        else:
            return ()
        return (self._difference(kind, span, published),)

    def _misheard(self, places: Sequence[QuotedPlace], said: Attribution) -> tuple[Difference, ...]:
        """What the text calls a finding, and what is a party's word."""
        if said.found is None or not places or not all(place.is_a_partys for place in places):
            return ()
        return (self._difference(DifferenceKind.VOICE, said.found, places[0].introduction),)

    def _difference(self, kind: DifferenceKind, span: Span, published: str) -> Difference:
        yours = self.text[span.start : span.end]
        return Difference(
            kind=kind, yours=yours, published=published, start=span.start, end=span.end
        )


def _attributed(said: Attribution, standing: Standing | None) -> AttributedTo | None:
    if standing is None:
        return None
    return AttributedTo(
        reference=said.decision.reference if said.decision else None,
        paragraphs=said.paragraphs.numbers if said.paragraphs else (),
        standing=standing,
    )


def _exact(quoted: Words, among: Sequence[Held]) -> list[Place]:
    return [Place(held, span) for held in among for span in list(held.words.places_of(quoted))[:1]]


def _nearest(quoted: Words, among: Sequence[Held]) -> Checked | None:
    """The passage that a quotation is most like, if it is like enough to be meant."""
    rough = [rough_likeness(quoted, held.words) for held in among]
    if not rough:
        return None
    held = among[rough.index(max(rough))]
    there = nearest(quoted, held.words)
    if there.likeness < _wanted(len(quoted.words)):
        return None
    spans = held.words.spans
    place = Place(held, Span(spans[there.first].start, spans[there.last - 1].end))
    return Checked(False, (place,), differences(quoted, held.words, there))


def _wanted(words: int) -> float:
    return next(likeness for most, likeness in LIKE_ENOUGH if most is None or words <= most)


def _settled(found: Checked, said: Attribution, named: Sequence[Decision]) -> Checked:
    """What was found, narrowed to where the text says, and whether it stands there."""
    if said.decision and not named:
        return Checked(found.exact, found.places, (), Standing.NOT_IN_THIS_COLLECTION)
    places = found.places
    if said.decision is None and said.paragraphs is None:
        return found
    if not places:
        return Checked(False, (), (), Standing.NOWHERE)
    if said.decision:
        here = {d.decision_id for d in named}
        if places[0].decision.decision_id not in here:
            return Checked(found.exact, places, found.differences, Standing.ELSEWHERE)
    if said.paragraphs:
        numbers = said.paragraphs.numbers
        fitting = [p for p in places if p.number in numbers]
        if not fitting:
            return Checked(found.exact, places, found.differences, Standing.OTHER_PARAGRAPH)
        places = fitting
        if all(p.decision.numbering is Numbering.NONE for p in places):
            return Checked(found.exact, places, found.differences, Standing.UNNUMBERED)
    return Checked(found.exact, places, found.differences, Standing.THERE)


def _status(found: Checked) -> VerifyStatus:
    if not found.places or found.standing is Standing.NOT_IN_THIS_COLLECTION:
        return VerifyStatus.NOT_IN_THIS_COLLECTION
    if not found.exact or found.standing not in _RIGHT:
        return VerifyStatus.DIFFERS
    if len({p.decision.decision_id for p in found.places}) > 1:
        return VerifyStatus.AMBIGUOUS
    return VerifyStatus.EXACT


def _told(place: Place) -> QuotedPlace:
    stored = place.held.stored
    paragraph, words = stored.paragraph, stored.paragraph.words
    cut_from = [
        s for s in sentence_spans(words) if s.start < place.span.end and place.span.start < s.end
    ] or [place.span]
    return QuotedPlace(
        published=words[place.span.start : place.span.end],
        start=place.span.start,
        end=place.span.end,
        in_full=words[
            min(cut_from[0].start, place.span.start) : max(cut_from[-1].end, place.span.end)
        ],
        role=paragraph.role,
        voice=paragraph.voice,
        introduction=introduce(paragraph.role, paragraph.voice, stored.decision.outcome),
        caveat=caveat(stored.decision.outcome),
        is_a_partys=_is_a_partys(paragraph.role, paragraph.voice)
        or (
            paragraph.role in _REPORTING
            and any(reports_a_party(words[s.start : s.end]) for s in cut_from)
        ),
        boilerplate=paragraph.boilerplate,
        citation=cite(stored.decision, stored.section, paragraph),
    )


def _is_a_partys(role: Role, voice: Voice) -> bool:
    return (
        role in (Role.COMPLAINT, Role.RESPONSE)
        or voice in (Voice.COMPLAINANT, Voice.AUTHORITY, Voice.THIRD_PARTY)
        or (role is Role.FACTS and voice is Voice.MIXED)
    )
