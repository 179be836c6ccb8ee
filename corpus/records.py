"""Records: what was found, agreed, cited and referred to, each tied to its exact words."""

from enum import StrEnum

from msgspec import Struct

from corpus.model import Span


class FindingKind(StrEnum):
    """What the Ombudsman found of one issue."""

    FAULT = "fault"
    NO_FAULT = "no_fault"
    NOT_INVESTIGATED = "not_investigated"


class Finding(Struct, frozen=True, kw_only=True):
    """What was found of one issue.

    Attributes:
        paragraph: Number of the paragraph that says so.
        span: The sentence that says so, in the paragraph's words.
        issue: What it is about, as an exact piece of the paragraph or its heading.
        finding: Fault, no fault, or not investigated.
        injustice: Whether it caused injustice; None where the paragraph does not say.
    """

    paragraph: int
    span: Span
    issue: str
    finding: FindingKind
    injustice: bool | None


class RemedyKind(StrEnum):
    """What kind of thing is to put matters right."""

    APOLOGY = "apology"
    PAYMENT = "payment"
    SERVICE_IMPROVEMENT = "service_improvement"
    TRAINING = "training"
    RECORDS = "records"
    OTHER = "other"


class Remedy(Struct, frozen=True, kw_only=True):
    """One thing that was agreed, or done already, to put matters right.

    Attributes:
        paragraph: Number of the paragraph that says so.
        span: The words that say so, in the paragraph's words.
        kind: See `RemedyKind`.
        amount_pence: What is paid, in pence; None where no sum is written.
        to: Who is paid, apologised to or trained, or what is corrected, in the text's own words.
        deadline: By when, in the text's own words: ``within one month``.
        done: Whether it was done before the decision; otherwise it was agreed.
    """

    paragraph: int
    span: Span
    kind: RemedyKind
    amount_pence: int | None
    to: str | None
    deadline: str | None
    done: bool


class CaseReference(Struct, frozen=True, kw_only=True):
    """A case reference in the text.

    Attributes:
        paragraph: Number of the paragraph.
        span: Where in its words.
        reference: Normalised: ``18 019 617``.
    """

    paragraph: int
    span: Span
    reference: str


class LawKind(StrEnum):
    """What sort of rule is cited."""

    ACT = "act"
    REGULATIONS = "regulations"
    GUIDANCE = "guidance"


class LawCited(Struct, frozen=True, kw_only=True):
    """A statute, regulations or guidance cited in the text.

    Attributes:
        paragraph: Number of the paragraph.
        span: Where in its words, title and provision together.
        kind: See `LawKind`.
        title: As it is called, with its year: ``Children Act 1989``, ``Working Together 2018``.
        provision: Normalised: ``section 26(1)``, ``regulation 5``; None for the whole.
    """

    paragraph: int
    span: Span
    kind: LawKind
    title: str
    provision: str | None


class CrossReference(Struct, frozen=True, kw_only=True):
    """A mention of other paragraphs of the same decision.

    Attributes:
        paragraph: Number of the paragraph that mentions them.
        span: Where in its words.
        targets: Numbers of the paragraphs meant, ascending; each exists.
    """

    paragraph: int
    span: Span
    targets: tuple[int, ...]
