"""Reader: from a published file's bytes to a decision, or to the reason why there is none."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from corpus.boilerplate import is_boilerplate
from corpus.collected import parts_of, read_record
from corpus.cross_references import numbering_holds
from corpus.headings import known_heading
from corpus.html_page import html_lines
from corpus.lines import Line, Unreadable, decode, lines_of
from corpus.model import (
    Decision,
    DecisionId,
    LineKind,
    Numbering,
    Paragraph,
    Section,
    Source,
    SourceLine,
)
from corpus.numbering import Part, number_paragraphs
from corpus.page import Header, Page, outcome_of, outcome_parts, read_date, split_bodies, take_apart
from corpus.parties import Parties, parties_of
from corpus.pdf_text import pdf_text
from corpus.publishers import BadReference, Publisher, publisher_of, publishers, slug
from corpus.roles import Judgement, judge
from corpus.stages import Place, places

ENDINGS = (".txt", ".html", ".htm", ".pdf", ".json")
"""The endings of files that a decision can be in."""


class ParseError(ValueError):
    """A file that holds no decision that can be read.

    Attributes:
        file: Its path as given.
        reason: Why, for a person.
    """

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file
        self.reason = reason


def read_decision(content: bytes, file: str) -> Decision:
    """Read a decision from the bytes of a file, by the ending of its name.

    Raises:
        ParseError: The bytes are not what the ending says, or hold no decision.
    """
    ending = PurePath(file).suffix.lower()
    source = Source(file=PurePath(file).name, sha256=hashlib.sha256(content).hexdigest())
    try:
        if ending == ".json":
            return _read_record(content, source)
        return _read_page(*_text_and_lines(content, ending), source)
    except (Unreadable, BadReference) as error:
        raise ParseError(file, str(error)) from error


def _text_and_lines(content: bytes, ending: str) -> tuple[str, list[Line]]:
    if ending in (".html", ".htm"):
        return html_lines(content)
    if ending not in ENDINGS:
        raise Unreadable(f"'{ending or 'no ending'}' is not read, only {', '.join(ENDINGS)}")
    text = pdf_text(content) if ending == ".pdf" else decode(content)
    return text, lines_of(text)


def _read_page(text: str, lines: Sequence[Line], source: Source) -> Decision:
    """A decision from the lines of a page as the publisher of this text lays it out."""
    page = take_apart(lines)
    parts, numbering, became = number_paragraphs(page.body)
    if not _is_decision(page, parts):
        raise Unreadable("no decision in it: the usual headings and header lines are absent")
    header = page.header
    sections = tuple(_sections(parts, header.bodies))
    if not numbering_holds([p for section in sections for p in section.paragraphs]):
        numbering = Numbering.NONE
    key = publisher_of(text, header.title)
    publisher = publishers()[key]
    reference = publisher.normal_form(header.reference) if header.reference else None
    return Decision(
        decision_id=_identify(key, reference, source),
        publisher=key,
        reference=reference,
        bodies=header.bodies,
        category=header.category,
        outcome=outcome_of(header.outcome_text),
        outcome_text=header.outcome_text,
        decided=header.decided,
        summary=header.summary,
        url=publisher.address_of(reference, header.category),
        numbering=numbering,
        sections=sections,
        source=source,
        lines=_source_lines(page, became),
    )


def _read_record(content: bytes, source: Source) -> Decision:
    """A decision from a record of the Parliamentary and Health Service Ombudsman's."""
    record = read_record(content)
    key = publisher_of("", f"({record.case_reference})")
    publisher: Publisher = publishers()[key]
    parts = parts_of(record.text, publisher.headings)
    if not parts:
        raise Unreadable("no decision in it: the text has no paragraph")
    reference = publisher.normal_form(record.case_reference)
    bodies = split_bodies(record.organisation)
    return Decision(
        decision_id=_identify(key, reference, source),
        publisher=key,
        reference=reference,
        bodies=bodies,
        category=(),
        outcome=outcome_of(record.outcome),
        outcome_text=record.outcome,
        outcome_parts=outcome_parts(record.outcome),
        decided=read_date(record.date),
        summary=None,
        url=publisher.address_of(reference, ()),
        numbering=Numbering.PRINTED,
        sections=tuple(_sections(parts, bodies)),
        source=source,
        lines=(),
    )


def _is_decision(page: Page, parts: Sequence[Part]) -> bool:
    """Whether enough of a decision's form is there: two known headings, or one and a header."""
    known = {
        heading
        for part in parts
        for heading in part.heading_path
        if part.paragraphs and (k := known_heading(heading)) and k.depth == 1
    }
    described = page.header != Header(summary=page.header.summary)
    return len(known) + described >= 2 and any(part.paragraphs for part in parts)


def _identify(publisher: str, reference: str | None, source: Source) -> DecisionId:
    name = slug(reference) if reference else f"file-{slug(PurePath(source.file).stem)}"
    return DecisionId(f"{publisher}/{name}")


def _source_lines(
    page: Page, became: Sequence[tuple[LineKind, int | None]]
) -> tuple[SourceLine, ...]:
    """What became of every line of the page, in order."""
    found = [
        *((line, LineKind.HEADER, None) for line in page.header_lines),
        *((line, LineKind.FURNITURE, None) for line in page.furniture),
        *((line, *kind) for line, kind in zip(page.body, became, strict=True)),
    ]
    found.sort(key=lambda item: item[0].start)
    return tuple(
        SourceLine(kind=kind, start=line.start, end=line.end, paragraph=number)
        for line, kind, number in found
    )


def _sections(parts: Sequence[Part], bodies: Sequence[str]) -> Iterator[Section]:
    parties = parties_of(parts, bodies)
    for part, where in zip(parts, places(parts, parties), strict=True):
        if part.paragraphs:
            yield Section(
                heading_path=part.heading_path,
                paragraphs=tuple(_paragraphs(part, where, parties)),
            )


def _paragraphs(part: Part, where: Sequence[Place], parties: Parties) -> Iterator[Paragraph]:
    before: Judgement | None = None
    for draft, place in zip(part.paragraphs, where, strict=True):
        words = parties.plainly(draft.words)
        before = judge(
            words,
            place.stage,
            leans=place.leans,
            complainants=parties.complainants,
            before=before,
        )
        yield Paragraph(
            number=draft.number,
            text=draft.text,
            items=tuple(draft.items),
            role=before.role,
            voice=before.voice,
            boilerplate=is_boilerplate(words, before.role),
            reason=before.reason,
        )
