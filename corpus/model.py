"""The nouns: what a decision, a section and a paragraph are."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NewType

from msgspec import Struct

DecisionId = NewType("DecisionId", str)
"""Publisher and reference, unique and safe in an address: ``lgsco/18-019-617``."""


class Span(Struct, frozen=True, order=True):
    """Characters ``start`` up to, not including, ``end`` of a paragraph's words."""

    start: int
    end: int


class Role(StrEnum):
    """What a paragraph does in its decision."""

    COMPLAINT = "complaint"
    POWERS = "powers"
    METHOD = "method"
    LAW = "law"
    FACTS = "facts"
    RESPONSE = "response"
    FINDING = "finding"
    REMEDY = "remedy"
    DECISION = "decision"


class Voice(StrEnum):
    """Whose word a paragraph is."""

    OMBUDSMAN = "ombudsman"
    COMPLAINANT = "complainant"
    AUTHORITY = "authority"
    THIRD_PARTY = "third_party"
    LAW = "law"
    MIXED = "mixed"


class Outcome(StrEnum):
    """What became of the complaint, in one vocabulary for all publishers."""

    UPHELD = "upheld"
    NOT_UPHELD = "not_upheld"
    NOT_INVESTIGATED = "not_investigated"
    UNKNOWN = "unknown"


class Numbering(StrEnum):
    """Where the paragraph numbers come from.

    ``printed``: the file shows the running numbers. ``continued``: the file marks paragraphs but
    restarts or drops the numbers, so they were counted through. ``none``: the file has no marks;
    the numbers are ordinals, and a citation must not claim that they are official.
    """

    PRINTED = "printed"
    CONTINUED = "continued"
    NONE = "none"


class LineKind(StrEnum):
    """What a line of a source file became."""

    HEADER = "header"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    FURNITURE = "furniture"


class SourceLine(Struct, frozen=True, kw_only=True):
    """What became of one line of a source file, so that nothing is lost unseen.

    Attributes:
        kind: See `LineKind`.
        start: Offset of its first character in the file's text.
        end: Offset after its last character.
        paragraph: Number of the paragraph that it belongs to.
    """

    kind: LineKind
    start: int
    end: int
    paragraph: int | None = None


class Paragraph(Struct, frozen=True, kw_only=True):
    """One paragraph as published.

    Attributes:
        number: Its place in the decision's running count, from 1.
        text: Its words, white space collapsed, otherwise unaltered.
        items: Its list items in order, and a citation that stands after them, nesting flattened.
        role: What it does.
        voice: Whose word it is.
        boilerplate: Whether it stands nearly word for word in most decisions.
        reason: The rule by which role and voice were judged.
    """

    number: int
    text: str
    items: tuple[str, ...] = ()
    role: Role
    voice: Voice
    boilerplate: bool = False
    reason: str = ""

    @property
    def words(self) -> str:
        """Text and items, a line each: the string that every quotation is an exact span of."""
        return "\n".join((self.text, *self.items))


class Section(Struct, frozen=True, kw_only=True):
    """A run of paragraphs under one heading.

    Attributes:
        heading_path: Headings from the outermost to its own; empty before the first heading.
        paragraphs: In order.
    """

    heading_path: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]

    @property
    def heading(self) -> str:
        """Its own heading, or nothing."""
        return self.heading_path[-1] if self.heading_path else ""


class Source(Struct, frozen=True, kw_only=True):
    """The file that a decision was read from.

    Attributes:
        file: Its name, without folders.
        sha256: Digest of its bytes, hexadecimal.
    """

    file: str
    sha256: str


class Decision(Struct, frozen=True, kw_only=True):
    """One published decision statement. What its file does not say is None or empty, never guessed.

    Attributes:
        decision_id: See `DecisionId`.
        publisher: Key in ``publishers.toml``.
        reference: As the publisher prints it: ``18 019 617``.
        bodies: Those complained about.
        category: From the general to the particular.
        outcome: In our vocabulary.
        outcome_text: In the publisher's own words.
        outcome_parts: In our vocabulary for each part of the complaint, where each has its own.
        decided: Date of the decision.
        summary: The publisher's summary, which is not the decision and is never quoted as one.
        url: Page at the publisher's.
        numbering: Where the paragraph numbers come from.
        sections: In order.
        source: The file.
        lines: What became of each line of its text; empty for a record without lines.
    """

    decision_id: DecisionId
    publisher: str
    reference: str | None
    bodies: tuple[str, ...]
    category: tuple[str, ...]
    outcome: Outcome
    outcome_text: str | None
    decided: date | None
    summary: str | None
    url: str | None
    numbering: Numbering
    sections: tuple[Section, ...]
    source: Source
    lines: tuple[SourceLine, ...] = ()
    outcome_parts: tuple[Outcome, ...] = ()

    def paragraphs(self) -> Iterator[tuple[Section, Paragraph]]:
        """Each paragraph with its section, in order."""
        for section in self.sections:
            for paragraph in section.paragraphs:
                yield section, paragraph
