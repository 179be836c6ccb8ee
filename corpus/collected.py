"""Collected: decisions of the Parliamentary and Health Service Ombudsman as JSON records.

A record holds the text with its paragraphs run together: headings end with a colon on lines of
their own, numbers and bullets stand inside the running text, and the count begins wherever the
cover page left off.
"""

import re
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from corpus.headings import KnownHeading
from corpus.lines import Unreadable, collapse
from corpus.model import Span
from corpus.numbering import Draft, Part
from corpus.sentences import sentence_spans

_NUMBER = re.compile(r"(?:(?<=\s)|^)(\d{1,3})\. (?=[A-Z‘“'\"(])")
_BULLET = re.compile(r"\s*[•◦▪●]\s*")
_ENDED = (".", "?", "!", ":", ";", ",", "’", "”", "'", '"', ")")
_HEADING_LENGTH = 120
_HEADING_WORDS = 12


class Record(Struct, frozen=True, kw_only=True):
    """One decision as it was collected.

    Attributes:
        case_reference: The publisher's: ``P-004648``.
        title: Reference and bodies.
        organisation: The bodies complained about, with commas between.
        date: Of the decision, in ISO form.
        outcome: One for each part of the complaint, with semicolons between.
        text: Headings and paragraphs.
    """

    case_reference: str
    title: str
    organisation: str
    date: str
    outcome: str
    text: str


def read_record(content: bytes) -> Record:
    """Read a record.

    Raises:
        Unreadable: It is no such record.
    """
    try:
        return msgspec.json.decode(content, type=Record)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable("no record of a decision in it: it has not the fields of one") from error


def parts_of(text: str, headings: tuple[KnownHeading, ...]) -> list[Part]:
    """The sections of a record's text, with their paragraphs as numbered there.

    Args:
        text: The record's text.
        headings: The publisher's own headings, which open its sections.
    """
    parts: list[Part] = []
    path: tuple[str, ...] = ()
    stage = None
    expected: int | None = None
    for line in text.split("\n"):
        words = collapse(line)
        if not words:
            continue
        if words.endswith(":") and len(words) <= _HEADING_LENGTH and not _NUMBER.match(words):
            heading = words.rstrip(" :")
            known = next((k for k in headings if k.fits(heading)), None)
            path = (heading,) if known else (*path[:1], heading)
            stage = known.stage if known else stage
            expected = None if known else expected
            parts.append(Part(path, stage))
            continue
        if not parts:
            parts.append(Part((), None))
        for number, paragraph in _split(words, expected):
            body, below = _trailing_heading(paragraph, number)
            blocks = [block for block in _BULLET.split(body) if block]
            if number is None and parts[-1].paragraphs:
                parts[-1].paragraphs[-1].items.extend(blocks)
            elif blocks:
                parts[-1].paragraphs.append(Draft(number or 1, blocks[0], blocks[1:]))
            expected = number + 1 if number is not None else expected
            if below:
                parts.append(Part((*path[:1], below), stage))
    return [part for part in parts if part.paragraphs]


def _trailing_heading(paragraph: str, number: int | None) -> tuple[str, str | None]:
    """Part a paragraph from the sub-heading of the next one, which stands unmarked at its end."""
    *before, last = [*sentence_spans(paragraph)] or [Span(0, 0)]
    words = paragraph[last.start : last.end]
    is_heading = (
        (before or number is None)
        and words[:1].isupper()
        and not words.endswith(_ENDED)
        and len(words.split()) <= _HEADING_WORDS
        and "•" not in paragraph[last.start - 2 : last.end]
    )
    return (paragraph[: last.start].strip(), words) if is_heading else (paragraph, None)


def _split(words: str, expected: int | None) -> Iterator[tuple[int | None, str]]:
    """Cut a running text where the numbers that are due stand; a number that is not due is words.

    Yields:
        Each paragraph's number, or None before the first, and its words.
    """
    start, number = 0, None
    for match in _NUMBER.finditer(words):
        found = int(match[1])
        due = number + 1 if number is not None else expected
        if due is not None and found != due:
            continue
        if match.start() > start:
            yield number, words[start : match.start()].strip()
        start, number = match.end(), found
    yield number, words[start:].strip()
