"""Quoted: which words of a pasted text are quotations."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import msgspec
from msgspec import Struct

from corpus.model import Span
from service.quotation_marks import OPENING, Kind, Marks, marks_in

LEAST_WORDS = 3
"""Fewer words in quotation marks are a title, a term or irony, and stand in any decision."""

_LEAD = re.compile(r"[\s>]{0,40}(?:[-*•]\s{1,4}|\d{1,3}[.)]\s{1,4})?[*_]{0,3}")
_SOURCE = re.compile(r"\n[\s>]{0,40}(?:—|–|--|\()[^\n]{0,400}\s{0,4}\Z")
_TELLING = frozenset(Kind) - {Kind.STRAIGHT_SINGLE}
"""Kinds whose marks come in pairs; a straight single one may be any apostrophe."""

_ENDED = re.compile(r"[^\w\s]{0,5}[ \t]{0,4}(?:[\r\n(\[—–-]|\Z)")


class Quoted(Struct, frozen=True):
    """Words said to be another's.

    Attributes:
        span: Where they stand in the text, without their quotation marks.
        block: Number of the block that they stand in.
    """

    span: Span
    block: int


class Block(Struct, frozen=True):
    """Lines without an empty one between; ``lined`` where each of them begins with ``>``."""

    span: Span
    lined: bool


class Reading(Struct, frozen=True, kw_only=True):
    """The quotations of a text.

    Attributes:
        blocks: Its blocks, in order.
        quoted: In order; none lies within another.
        brief: Those of fewer than `LEAST_WORDS`.
        unpaired: Where quotation marks stand that have no other half.
    """

    blocks: tuple[Block, ...]
    quoted: tuple[Quoted, ...]
    brief: tuple[Span, ...]
    unpaired: tuple[int, ...]


def read_quoted(text: str) -> Reading:
    """The quotations of a text: in curly, straight, single or angle marks, or in lines with ``>``.

    One that runs on over paragraphs is a quotation for each of them. A mark without its other half
    opens nothing, so it swallows nothing; it is told of.

    >>> text = "The chair’s view was ‘wrong’. It said: “Nothing was late.”"
    >>> [text[q.span.start : q.span.end] for q in read_quoted(text).quoted]
    ['Nothing was late.']
    """
    blocks = tuple(_blocks(text))
    marks = [marks_in(text, block.span) for block in blocks]
    running, joined = _running_on(text, blocks, marks)
    found = [*running]
    unpaired: set[int] = set()
    for number, (block, made) in enumerate(zip(blocks, marks, strict=True)):
        spans = _lined(text, block.span, made) if block.lined else made.closed
        found.extend(Quoted(span, number) for span in spans)
        if not block.lined:
            unpaired.update(at for kind, at in (*made.open, *made.stray) if kind in _TELLING)
    trimmed = [msgspec.structs.replace(q, span=_trim(text, q.span)) for q in _outermost(found)]
    return Reading(
        blocks=blocks,
        quoted=tuple(q for q in trimmed if _count(text, q.span) >= LEAST_WORDS),
        brief=tuple(q.span for q in trimmed if 0 < _count(text, q.span) < LEAST_WORDS),
        unpaired=tuple(sorted(unpaired - joined)),
    )


def _blocks(text: str) -> Iterator[Block]:
    start, lined, at = -1, False, 0
    for line in text.splitlines(keepends=True):
        empty, quoting = not line.strip(" \t\r\n>"), line.lstrip().startswith(">")
        if start >= 0 and (empty or quoting != lined):
            yield Block(Span(start, at), lined)
            start = -1
        if start < 0 and not empty:
            start, lined = at, quoting
        at += len(line)
    if start >= 0:
        yield Block(Span(start, at), lined)


def _lined(text: str, span: Span, made: Marks) -> Iterable[Span]:
    """A block quotation without the line that names its source, or what it has in marks."""
    words = text[span.start : span.end]
    start = span.start + _lead(words)
    if (
        made.closed
        and made.closed[0].start == start + 1
        and _ENDED.match(text, made.closed[0].end + 1, span.end)
    ):
        return made.closed
    source = _SOURCE.search(words)
    return [Span(start, span.start + source.start() if source else span.end)]


def _lead(words: str) -> int:
    lead = _LEAD.match(words)
    return lead.end() if lead else 0


def _running_on(
    text: str, blocks: Sequence[Block], marks: Sequence[Marks]
) -> tuple[list[Quoted], set[int]]:
    """Quotations that run over the end of a paragraph, and the marks that are thereby told of.

    Either the next paragraph begins with an opening mark again, as is the custom, or the first
    mark in it is the closing one.
    """
    found: list[Quoted] = []
    joined: set[int] = set()
    for number, (made, after) in enumerate(pairwise(marks)):
        here, below = blocks[number].span, blocks[number + 1].span
        kind, at = next((o for o in made.open if o[0] in _TELLING), (None, 0))
        if kind is None or blocks[number].lined or blocks[number + 1].lined:
            continue
        begins = below.start + _lead(text[below.start : below.end])
        first = text[begins : begins + 1]
        if OPENING.get(first) is kind:
            found.append(Quoted(Span(at + 1, here.end), number))
            joined.add(at)
        elif after.opens_first.get(kind) is False:
            end = next(stray for k, stray in after.stray if k is kind)
            found.append(Quoted(Span(at + 1, here.end), number))
            found.append(Quoted(Span(below.start, end), number + 1))
            joined.update((at, end))
    return found, joined


def _outermost(found: Iterable[Quoted]) -> Iterator[Quoted]:
    end = -1
    for quoted in sorted(found, key=lambda q: (q.span.start, -q.span.end)):
        if quoted.span.start >= end:
            yield quoted
            end = quoted.span.end


def _trim(text: str, span: Span) -> Span:
    words = text[span.start : span.end]
    end = span.start + len(words.rstrip())
    return Span(min(end, span.start + len(words) - len(words.lstrip())), end)


def _count(text: str, span: Span) -> int:
    return sum(any(map(str.isalnum, word)) for word in text[span.start : span.end].split())
