"""Reader view: a decision made ready to be shown, each paragraph with whose word it is in words."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct

from corpus.model import Numbering, Outcome, Role, Span, Voice
from service.annotated import Line, Link, Note, Noted, annotated_lines, links_to_paragraphs
from service.reader_notes import Notes, noted_of, notes
from service.shown import DecisionRead, ParagraphRead, ReferenceRead
from service.text_fragment import at_words, is_publishers

_ROLES = {
    Role.COMPLAINT: "The complaint",
    Role.POWERS: "Powers",
    Role.METHOD: "How it was considered",
    Role.LAW: "Law and guidance",
    Role.FACTS: "What happened",
    Role.RESPONSE: "Response",
    Role.FINDING: "Finding",
    Role.REMEDY: "Putting it right",
    Role.DECISION: "Decision",
}
_PARTIES = {
    Voice.COMPLAINANT: "What the complainant said",
    Voice.AUTHORITY: "What the organisation said",
    Voice.THIRD_PARTY: "What somebody else said",
    Voice.MIXED: "What several people said",
}
_NUMBERING = {
    Numbering.PRINTED: "",
    Numbering.CONTINUED: "Our copy of this decision does not show all of its running numbers, so "
    "its paragraphs were counted through, as the publisher counts them.",
    Numbering.NONE: "Our copy of this decision shows no paragraph numbers. Those in square "
    "brackets are our own count, and not the publisher’s.",
}


class Heading(Struct, frozen=True, kw_only=True):
    """A heading of a decision, its level on the page and its anchor."""

    text: str
    level: int
    anchor: str


class ShownParagraph(Struct, frozen=True, kw_only=True):
    """A paragraph ready to be shown.

    Attributes:
        number: Its number.
        label: What it does and whose word it is, to stand in the margin.
        is_party: Whether it is an account of somebody other than the Ombudsman.
        role: What it does.
        boilerplate: Whether it is a standard paragraph.
        cited: Whether the address names it.
        text: Its words before any list.
        items: Its list items.
        after: The citation of a law that stands after them.
        noted: What is found or agreed in it, in words.
        citation: Its citation in one line.
        published: The publisher's page, opened at its words.
    """

    number: int
    label: str
    is_party: bool
    role: Role
    boilerplate: bool
    cited: bool
    text: Line
    items: tuple[Line, ...]
    after: Line | None
    noted: tuple[str, ...]
    citation: str
    published: str | None


class ShownSection(Struct, frozen=True, kw_only=True):
    """Headings that are new, and the paragraphs below them."""

    headings: tuple[Heading, ...]
    paragraphs: tuple[ShownParagraph, ...]


class ShownDecision(Struct, frozen=True, kw_only=True):
    """A decision ready to be shown.

    Attributes:
        numbering: What has to be said of its paragraph numbers, if anything.
        sections: In order.
        notes: What a caseworker would note of it.
        cases: Those mentioned that are in this collection, by reference.
        published: The publisher's page, opened at the words quoted.
        citation: Of the paragraph that the address names.
    """

    numbering: str
    sections: tuple[ShownSection, ...]
    notes: Notes
    cases: Mapping[str, ReferenceRead]
    published: str | None
    citation: str | None


def shown(decision: DecisionRead, cited: int | None, quoted: Span | None) -> ShownDecision:
    """A decision ready to be shown.

    Args:
        decision: As it was read.
        cited: Number of the paragraph that the address names.
        quoted: The words of that paragraph that are quoted.
    """
    published = decision.url if is_publishers(decision.url) else None
    paragraphs = {p.number: p for s in decision.sections for p in s.paragraphs}
    everything = "\n".join(p.words for p in paragraphs.values())
    opened = paragraphs[cited].words[quoted.start : quoted.end] if cited and quoted else ""
    show = partial(_paragraph, decision, published, everything)
    return ShownDecision(
        numbering=_NUMBERING[decision.numbering],
        sections=tuple(
            ShownSection(
                headings=headings,
                paragraphs=tuple(
                    show(p, cited=p.number == cited, quoted=quoted if p.number == cited else None)
                    for p in section.paragraphs
                ),
            )
            for section, headings in zip(decision.sections, _headings(decision), strict=True)
        ),
        notes=notes(decision.casework),
        cases={r.reference: r for r in decision.casework.references if r.decisions},
        published=published and at_words(published, opened, everything),
        citation=paragraphs[cited].citation.label if cited is not None else None,
    )


def label(role: Role, voice: Voice, outcome: Outcome) -> str:
    """What a paragraph does and whose word it is.

    >>> label(Role.FINDING, Voice.OMBUDSMAN, Outcome.UPHELD)
    'Finding – the Ombudsman'
    >>> label(Role.FACTS, Voice.COMPLAINANT, Outcome.UPHELD)
    'What the complainant said'
    """
    if role is Role.LAW:
        return {
            Voice.AUTHORITY: "The organisation’s own policy",
            Voice.MIXED: "Law and guidance, as several people put it",
        }.get(voice, _ROLES[role])
    if voice in _PARTIES:
        return _PARTIES[voice]
    if role is Role.FINDING and outcome is Outcome.NOT_INVESTIGATED:
        return "View – the Ombudsman, without investigating"
    return f"{_ROLES[role]} – the Ombudsman"


def _headings(decision: DecisionRead) -> Iterator[tuple[Heading, ...]]:
    """The headings that stand above each section and not above the one before it."""
    before: tuple[str, ...] = ()
    count = 0
    for section in decision.sections:
        path = section.heading_path
        shared = 0
        while shared < min(len(path) - 1, len(before)) and path[shared] == before[shared]:
            shared += 1
        new = path[shared:]
        yield tuple(
            Heading(text=text, level=min(2 + shared + i, 6), anchor=f"s{count + i + 1}")
            for i, text in enumerate(new)
        )
        count += len(new)
        before = path


def _paragraph(
    decision: DecisionRead,
    published: str | None,
    everything: str,
    paragraph: ParagraphRead,
    *,
    cited: bool,
    quoted: Span | None,
) -> ShownParagraph:
    lines = (paragraph.text, *paragraph.items)
    text, *items = annotated_lines(
        lines, _noted(decision, paragraph, quoted), _links(decision, paragraph)
    )
    has_after = len(lines) > 1 and lines[-1].startswith("(") and lines[-1].endswith(")")
    return ShownParagraph(
        number=paragraph.number,
        label=label(paragraph.role, paragraph.voice, decision.outcome),
        is_party=paragraph.voice in _PARTIES,
        role=paragraph.role,
        boilerplate=paragraph.boilerplate,
        cited=cited,
        text=text,
        items=tuple(items[:-1] if has_after else items),
        after=items[-1] if has_after else None,
        noted=noted_of(decision.casework, paragraph.number),
        citation=paragraph.citation.label,
        published=published and at_words(published, paragraph.words, everything),
    )


def _noted(
    decision: DecisionRead, paragraph: ParagraphRead, quoted: Span | None
) -> Sequence[Noted]:
    casework, number = decision.casework, paragraph.number
    return [
        *(Noted(f.span, Note.FINDING) for f in casework.findings if f.paragraph == number),
        *(Noted(r.span, Note.REMEDY) for r in casework.remedies if r.paragraph == number),
        *([Noted(quoted, Note.QUOTED)] if quoted else []),
    ]


def _links(decision: DecisionRead, paragraph: ParagraphRead) -> Sequence[Link]:
    casework, number = decision.casework, paragraph.number
    return [
        *(
            link
            for mention in casework.cross_references
            if mention.paragraph == number
            for link in links_to_paragraphs(paragraph.words, mention)
        ),
        *(
            Link(case.span, others[0])
            for case in casework.references
            if case.paragraph == number
            and (others := [d.page for d in case.decisions if d.page != decision.page])
        ),
    ]
