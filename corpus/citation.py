"""Citations: what an adviser repeats so that anyone can find the paragraph."""

from datetime import date

from msgspec import Struct

from corpus.model import Decision, DecisionId, Numbering, Outcome, Paragraph, Section
from corpus.publishers import publishers

OUTCOME_WORDS = {
    Outcome.UPHELD: "Upheld",
    Outcome.NOT_UPHELD: "Not upheld",
    Outcome.NOT_INVESTIGATED: "Not investigated",
    Outcome.UNKNOWN: "Outcome unknown",
}


class Citation(Struct, frozen=True, kw_only=True):
    """Where a paragraph stands.

    Attributes:
        decision_id: See `corpus.model.DecisionId`.
        bodies: Those complained about.
        reference: The publisher's.
        decided: Date of the decision.
        outcome: In our vocabulary.
        outcome_text: In the publisher's own words.
        section: The heading that the paragraph stands under.
        paragraph: Its number.
        numbering: Whether that number is official; see `corpus.model.Numbering`.
        label: All of it in one line.
        url: The decision's page at its publisher's.
        page: The decision's page in this service, at the paragraph.
    """

    decision_id: DecisionId
    bodies: tuple[str, ...]
    reference: str | None
    decided: date | None
    outcome: Outcome
    outcome_text: str | None
    section: str
    paragraph: int
    numbering: Numbering
    label: str
    url: str | None
    page: str


def cite(decision: Decision, section: Section, paragraph: Paragraph) -> Citation:
    """The citation of one paragraph."""
    return Citation(
        decision_id=decision.decision_id,
        bodies=decision.bodies,
        reference=decision.reference,
        decided=decision.decided,
        outcome=decision.outcome,
        outcome_text=decision.outcome_text,
        section=section.heading,
        paragraph=paragraph.number,
        numbering=decision.numbering,
        label=label(decision, paragraph.number),
        url=decision.url,
        page=f"{page_of(decision.decision_id)}#p{paragraph.number}",
    )


def page_of(decision_id: str) -> str:
    """Where a decision is read in this service.

    >>> page_of("lgsco/18-019-617")
    '/decisions/lgsco/18-019-617'
    """
    return f"/decisions/{decision_id}"


def day(value: date | None) -> str:
    """A date as it is read aloud.

    >>> day(date(2024, 3, 12)), day(None)
    ('12 March 2024', 'date unknown')
    """
    return f"{value.day} {value:%B %Y}" if value else "date unknown"


def label(decision: Decision, number: int) -> str:
    """A citation in one line; what is unknown is said to be.

    Where the file shows no numbering, the paragraph is called an ordinal in the file, since no
    official number is known.
    """
    who = ", ".join(decision.bodies) or f"{publishers()[decision.publisher].name}, body unknown"
    which = f"({decision.reference})" if decision.reference else f"(file {decision.source.file})"
    where = (
        f"{ordinal(number)} paragraph (unnumbered in our copy)"
        if decision.numbering is Numbering.NONE
        else f"paragraph {number}"
    )
    outcome = decision.outcome_text or OUTCOME_WORDS[decision.outcome]
    return f"{who} {which}, {day(decision.decided)}, {outcome}, {where}"


def ordinal(number: int) -> str:
    """The number as an ordinal.

    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 22, 101, 111)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '22nd', '101st', '111th']
    """
    tail = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10)
    return f"{number}{tail or 'th'}"
