"""Reader: from a published file's bytes to a decision, or to the reason why there is none."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from corpus.boilerplate import is_boilerplate
from corpus.headings import Stage, known_heading
from corpus.lines import Unreadable, decode, lines_of
from corpus.model import Decision, DecisionId, Paragraph, Section, Source
from corpus.numbering import Draft, Part, number_paragraphs
from corpus.page import Header, Page, outcome_of, take_apart
from corpus.publishers import normal_reference, publisher_of, publishers, slug
from corpus.roles import judge

MAX_BYTES = 10_000_000
"""A decision's page is some 50 kB; a file beyond this is no decision."""


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


class Reading(Struct, frozen=True):
    """All that was read: the decisions, and what was set aside with its reason."""

    decisions: tuple[Decision, ...]
    set_aside: tuple[ParseError, ...]


def find_files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those below the folders named, in order of path."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and p.name[0] != ".")
        else:
            yield path


def read_files(paths: Sequence[Path]) -> Iterator[Decision | ParseError]:
    """Each file's decision, or the reason why it is set aside; never raises for a file's sake."""
    for path in find_files(paths):
        try:
            yield read_file(path)
        except ParseError as error:
            yield error


def read_file(path: Path) -> Decision:
    """Read one published file.

    Raises:
        ParseError: It cannot be read, or holds no decision.
    """
    if path.suffix.lower() != ".txt":
        raise ParseError(str(path), f"'{path.suffix or 'no ending'}' is not read: save it as .txt")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ParseError(str(path), f"larger than {MAX_BYTES:,} bytes: no single decision is")
        content = path.read_bytes()
    except OSError as error:
        raise ParseError(str(path), f"cannot be read: {error.strerror or error}") from error
    return read_decision(content, str(path))


def read_decision(content: bytes, file: str) -> Decision:
    """Read a decision from the bytes of a saved page.

    Raises:
        ParseError: The bytes are no text, or the text is no decision.
    """
    try:
        text = decode(content)
    except Unreadable as error:
        raise ParseError(file, str(error)) from error
    page = take_apart(lines_of(text))
    parts, numbering = number_paragraphs(page.body)
    if not _is_decision(page, parts):
        raise ParseError(file, "no decision in it: the usual headings and header lines are absent")
    header = page.header
    publisher = publisher_of(text, header.title)
    reference = normal_reference(header.reference) if header.reference else None
    return Decision(
        decision_id=_identify(publisher, reference, file),
        publisher=publisher,
        reference=reference,
        bodies=header.bodies,
        category=header.category,
        outcome=outcome_of(header.outcome_text),
        outcome_text=header.outcome_text,
        decided=header.decided,
        summary=header.summary,
        url=publishers()[publisher].address_of(reference, header.category),
        numbering=numbering,
        sections=tuple(_sections(parts)),
        source=Source(file=Path(file).name, sha256=hashlib.sha256(content).hexdigest()),
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
    return len(known) + described >= 2


def _identify(publisher: str, reference: str | None, file: str) -> DecisionId:
    name = slug(reference) if reference else f"file-{slug(Path(file).stem)}"
    return DecisionId(f"{publisher}/{name}")


def _sections(parts: Sequence[Part]) -> Iterator[Section]:
    for part in parts:
        if part.paragraphs:
            yield Section(
                heading_path=part.heading_path,
                paragraphs=tuple(_paragraph(draft, part.stage) for draft in part.paragraphs),
            )


def _paragraph(draft: Draft, stage: Stage | None) -> Paragraph:
    words = "\n".join((draft.text, *draft.items))
    judgement = judge(words, stage)
    return Paragraph(
        number=draft.number,
        text=draft.text,
        items=tuple(draft.items),
        role=judgement.role,
        voice=judgement.voice,
        boilerplate=is_boilerplate(words, judgement.role),
        reason=judgement.reason,
    )
