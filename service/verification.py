"""Verification: what is told of each reference and quotation in a pasted text."""

from datetime import date
from enum import StrEnum

from msgspec import Struct

from corpus.citation import Citation
from corpus.model import DecisionId, Outcome, Role, Voice
from service.answer import SnapshotInfo
from service.differences import Difference, DifferenceExtent


class VerifyStatus(StrEnum):
    """What became of one reference or quotation.

    ``exact``: it is here; a quotation word for word, and where the text says. ``differs``: it
    differs from what was published, or stands elsewhere than the text says.
    ``not_in_this_collection``: it is not here, which is not to say that it was never published.
    ``ambiguous``: it is here in several decisions, and the text does not say which is meant.
    """

    EXACT = "exact"
    DIFFERS = "differs"
    NOT_IN_THIS_COLLECTION = "not_in_this_collection"
    AMBIGUOUS = "ambiguous"


class Verdict(StrEnum):
    """What became of the whole text.

    ``all_exact``: every reference and quotation is, and there is a quotation. ``references_only``:
    every reference is, but nothing is quoted, so nothing that is said of them was checked.
    ``not_all_exact``: something is not, or was not checked. ``nothing_to_check``: there is neither.
    """

    ALL_EXACT = "all_exact"
    REFERENCES_ONLY = "references_only"
    NOT_ALL_EXACT = "not_all_exact"
    NOTHING_TO_CHECK = "nothing_to_check"


class Standing(StrEnum):
    """Whether a quotation stands where the text says.

    ``there``: it does, whether word for word or nearly. ``other_paragraph``: in that decision, but
    in another paragraph. ``elsewhere``: in another decision only. ``nowhere``: in none here.
    ``unnumbered``: in that decision, whose copy here shows no paragraph numbers.
    ``not_in_this_collection``: that decision is not here, so it cannot be told.
    """

    THERE = "there"
    OTHER_PARAGRAPH = "other_paragraph"
    ELSEWHERE = "elsewhere"
    NOWHERE = "nowhere"
    UNNUMBERED = "unnumbered"
    NOT_IN_THIS_COLLECTION = "not_in_this_collection"


class Unchecked(StrEnum):
    """Why something was not checked.

    ``too_short``: fewer than three words in quotation marks. ``too_long``: longer than any
    paragraph. ``too_many``: beyond the most that are checked at once. ``unpaired_mark``: a
    quotation mark without its other half, so that no one can tell what is quoted.
    """

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    UNPAIRED_MARK = "unpaired_mark"


class UncheckedCount(Struct, frozen=True, kw_only=True):
    """What was not checked for one reason.

    Attributes:
        reason: Why.
        count: How many.
        first: Where the first begins, in characters (Unicode code points).
    """

    reason: Unchecked
    count: int
    first: int


class DecisionNamed(Struct, frozen=True, kw_only=True):
    """A decision that a reference means.

    Attributes:
        decision_id: See `corpus.model.DecisionId`.
        bodies: Those complained about.
        reference: The publisher's.
        outcome: In our vocabulary.
        outcome_text: In the publisher's own words.
        decided: Date of the decision.
        url: Its page at its publisher's.
        page: Its page in this service.
    """

    decision_id: DecisionId
    bodies: tuple[str, ...]
    reference: str | None
    outcome: Outcome
    outcome_text: str | None
    decided: date | None
    url: str | None
    page: str


class ReferenceCheck(Struct, frozen=True, kw_only=True):
    """A case reference in the text.

    Attributes:
        text: As it stands there.
        start: Where, in characters (Unicode code points) of the text as sent.
        end: Where it ends.
        reference: As its publisher writes it, or the name of the file that is cited.
        status: ``differs`` where the text names a paragraph that the decision does not have.
        decisions: Those that it means.
        missing_paragraphs: Those that the text names and the decision does not have.
        explanation: The status in words.
    """

    text: str
    start: int
    end: int
    reference: str
    status: VerifyStatus
    decisions: tuple[DecisionNamed, ...]
    missing_paragraphs: tuple[int, ...]
    explanation: str


class QuotedPlace(Struct, frozen=True, kw_only=True):
    """Where a quotation stands, or what it comes closest to.

    Attributes:
        published: The words exactly as published.
        start: Where they begin in the paragraph's words, in characters (Unicode code points).
        end: Where they end there.
        in_full: The whole sentences that they are cut from.
        role: What the paragraph does in its decision.
        voice: Whose word it is.
        introduction: Whose word it is, in a few words to stand before it.
        caveat: What has to be said beside it; None where nothing has.
        is_a_partys: Whether it is a party's account or allegation, and thus no finding.
        boilerplate: Whether it is a standard paragraph.
        citation: The paragraph.
    """

    published: str
    start: int
    end: int
    in_full: str
    role: Role
    voice: Voice
    introduction: str
    caveat: str | None
    is_a_partys: bool
    boilerplate: bool
    citation: Citation


class AttributedTo(Struct, frozen=True, kw_only=True):
    """Where the text says that a quotation stands.

    Attributes:
        reference: Of the decision that it names, if it names one.
        paragraphs: Those that it names.
        standing: Whether the quotation stands there.
    """

    reference: str | None
    paragraphs: tuple[int, ...]
    standing: Standing


class QuotationCheck(Struct, frozen=True, kw_only=True):
    """A quotation in the text.

    Attributes:
        text: As it stands there, without its quotation marks.
        start: Where, in characters (Unicode code points) of the text as sent.
        end: Where it ends.
        status: ``exact`` only where the words are, and where the text says, and no party's where
            the text says that they were found.
        words_are_exact: Whether its words stand somewhere here, character for character, white
            space aside.
        places: Where it stands word for word, or else what it comes closest to.
        places_found: How many were found, of which the first few are shown. The paragraphs with
            the most words in common are searched, so there may be more.
        differences: In what it differs, in order.
        differs_in: How far its words differ; None where they do not.
        attributed_to: Where the text says that it stands, if it says so.
        explanation: The status in words.
    """

    text: str
    start: int
    end: int
    status: VerifyStatus
    words_are_exact: bool
    places: tuple[QuotedPlace, ...]
    places_found: int
    differences: tuple[Difference, ...]
    differs_in: DifferenceExtent | None
    attributed_to: AttributedTo | None
    explanation: str


class StatusCounts(Struct, frozen=True, kw_only=True):
    """How many have each status."""

    exact: int
    differs: int
    not_in_this_collection: int
    ambiguous: int


class Verification(Struct, frozen=True, kw_only=True):
    """What is told of a pasted text.

    Attributes:
        status: The verdict on the whole.
        summary: The same in words, with all that is not exact or was not checked.
        references: Each case reference, in order.
        quotations: Each quotation, in order.
        reference_counts: The references by status.
        quotation_counts: The quotations by status.
        unchecked: What was not checked, and why.
        snapshot: What was searched.
        notice: The publishers' acknowledgement, and what this is and is not.
    """

    status: Verdict
    summary: str
    references: tuple[ReferenceCheck, ...]
    quotations: tuple[QuotationCheck, ...]
    reference_counts: StatusCounts
    quotation_counts: StatusCounts
    unchecked: tuple[UncheckedCount, ...]
    snapshot: SnapshotInfo
    notice: str
