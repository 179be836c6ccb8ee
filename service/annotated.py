"""Annotated: a paragraph's words, cut into pieces where something is quoted, found or linked.

The pieces of a line, put together again, are the line, whatever overlaps.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby, pairwise

from msgspec import Struct
from msgspec.structs import replace

from corpus.model import Span
from corpus.records import CrossReference


class Note(StrEnum):
    """What is noted of some words."""

    QUOTED = "quoted"
    FINDING = "finding"
    REMEDY = "remedy"


class Noted(Struct, frozen=True):
    """Words of which something is noted."""

    span: Span
    note: Note


class Link(Struct, frozen=True):
    """Words that lead somewhere: to another paragraph, or to another decision."""

    span: Span
    address: str


class Piece(Struct, frozen=True):
    """Words that are alike in all that is noted of them."""

    text: str
    notes: frozenset[Note]


class Run(Struct, frozen=True):
    """Pieces that lead to one address, or that lead nowhere."""

    pieces: tuple[Piece, ...]
    address: str | None


Line = tuple[Run, ...]
"""A paragraph's text, or one of its items."""


def annotated_lines(
    lines: Iterable[str], noted: Sequence[Noted], links: Sequence[Link]
) -> Iterator[Line]:
    """A paragraph's lines, annotated.

    Args:
        lines: Its text and its items.
        noted: Their spans are counted in the paragraph's words; see `Paragraph.words`.
        links: So are theirs.
    """
    start = 0
    for line in lines:
        yield annotated(
            line,
            [replace(n, span=_moved(n.span, start)) for n in noted],
            [replace(link, span=_moved(link.span, start)) for link in links],
        )
        start += len(line) + 1


def annotated(words: str, noted: Sequence[Noted], links: Sequence[Link]) -> Line:
    """Some words, annotated. What reaches beyond them is cut; of links that overlap, one counts.

    >>> [run] = annotated("No fault.", [Noted(Span(3, 8), Note.FINDING)], [])
    >>> [(piece.text, *piece.notes) for piece in run.pieces]
    [('No ',), ('fault', <Note.FINDING: 'finding'>), ('.',)]
    """
    leading = list(_apart(links))
    spans = [n.span for n in noted] + [link.span for link in leading]
    inside = {at for span in spans for at in (span.start, span.end) if 0 < at < len(words)}
    borders = sorted({0, *inside, len(words)})
    pieces = [
        (
            next((link for link in leading if _covers(link.span, start, end)), None),
            Piece(
                words[start:end],
                frozenset(n.note for n in noted if _covers(n.span, start, end)),
            ),
        )
        for start, end in pairwise(borders)
    ]
    return tuple(
        Run(tuple(piece for _, piece in run), link.address if link else None)
        for link, run in groupby(pieces, key=lambda pair: pair[0])
    )


def links_to_paragraphs(words: str, mention: CrossReference) -> Iterator[Link]:
    """The links of a mention of other paragraphs: one for each number that is written in digits.

    >>> mention = CrossReference(paragraph=9, span=Span(4, 22), targets=(3, 5))
    >>> for link in links_to_paragraphs("See paragraphs 3 and 5.", mention):
    ...     print(link.span, link.address)
    Span(start=4, end=16) #p3
    Span(start=21, end=22) #p5
    """
    span, first = mention.span, mention.targets[0]
    written = [
        (Span(span.start + m.start(), span.start + m.end()), int(m[0]))
        for m in re.finditer(r"\d{1,3}", words[span.start : span.end])
        if int(m[0]) in mention.targets
    ]
    if len(mention.targets) == 1 or not written:
        yield Link(span, f"#p{first}")
        return
    # The word "paragraphs" belongs to the first.
    starts = [span.start, *(place.start for place, _ in written[1:])]
    for start, (place, number) in zip(starts, written, strict=True):
        yield Link(Span(start, place.end), f"#p{number}")


def _apart(links: Iterable[Link]) -> Iterator[Link]:
    """The links that do not begin within an earlier one."""
    last: Link | None = None
    for link in sorted(links, key=lambda link: link.span):
        if last is None or link.span.start >= last.span.end:
            yield link
            last = link


def _moved(span: Span, by: int) -> Span:
    return Span(span.start - by, span.end - by)


def _covers(span: Span, start: int, end: int) -> bool:
    return span.start <= start and end <= span.end
