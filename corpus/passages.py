"""Passages: the paragraphs, or slices of long ones, that are embedded and found."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from corpus.model import Decision, DecisionId, Paragraph, Span
from corpus.sentences import sentence_spans
from corpus.tokens import TokenCounter

_ADDED = 3
"""The most tokens that an encoder adds to a text: before it, after it, for a space before it."""

_PLAIN = re.compile(r"[\x00-\x7f£‘’“”–—•]*")
"""Characters of which no normal form makes more, or longer ones in UTF-8."""


class Passage(Struct, frozen=True, kw_only=True):
    """What is embedded and found. It never crosses a paragraph.

    Attributes:
        decision_id: Its decision.
        paragraph: Its paragraph's number.
        span: Where in the paragraph's words it stands.
        text: Those words, exactly.
        tokens: How many a language model would read.
    """

    decision_id: DecisionId
    paragraph: int
    span: Span
    text: str
    tokens: int


def passages_of(
    decision: Decision, *, limit: int, count: TokenCounter, tokens: TokenCounter
) -> Iterator[Passage]:
    """A decision's passages in order: whole paragraphs, and slices of those over the limit.

    Args:
        decision: What to cut.
        limit: The most that the encoder reads at once, in its own tokens.
        count: The encoder's tokens; each takes at least one byte, and at most 3 are added.
        tokens: A language model's tokens.
    """
    for _, paragraph in decision.paragraphs():
        words = paragraph.words
        for span in slices(words, limit=limit, count=count):
            text = words[span.start : span.end]
            yield Passage(
                decision_id=decision.decision_id,
                paragraph=paragraph.number,
                span=span,
                text=text,
                tokens=tokens(text),
            )


def slices(words: str, *, limit: int, count: TokenCounter) -> Iterator[Span]:
    """Spans that cover the words in order, each within the limit, cut between sentences.

    A sentence that is itself over the limit is cut between words.
    """
    if not _is_over(words, limit, count):
        yield Span(0, len(words))
        return
    pieces = [
        piece
        for sentence in sentence_spans(words)
        for piece in _within(words, sentence, limit=limit, count=count)
    ]
    start = pieces[0].start
    for before, after in pairwise(pieces):
        if _is_over(words[start : after.end], limit, count):
            yield Span(start, before.end)
            start = after.start
    yield Span(start, pieces[-1].end)


def _within(words: str, span: Span, *, limit: int, count: TokenCounter) -> Iterator[Span]:
    """The span, or pieces of it between words, each within the limit.

    A single word over the limit is cut between characters.
    """
    while _is_over(words[span.start : span.end], limit, count):
        ends = [m.end() for m in re.finditer(r"\S+", words[span.start : span.end])]
        if count(words[span.start : span.start + ends[0]]) > limit:
            ends = list(range(1, ends[0] + 1))
        fitting = bisect_right(
            ends, limit, key=lambda end: count(words[span.start : span.start + end])
        )
        # A limit below one character's tokens cannot be kept; then a character goes alone.
        cut = span.start + ends[max(fitting, 1) - 1]
        yield Span(span.start, cut)
        rest = words[cut : span.end]
        span = Span(cut + len(rest) - len(rest.lstrip()), span.end)
    if span.start < span.end:
        yield span


def sentences_of(
    paragraph: Paragraph, *, limit: int, count: TokenCounter
) -> Iterator[tuple[Span, str]]:
    """Each sentence's span, and the text to embed for it, within the limit.

    A list item says little without the words that open its list, so its text begins with them
    where there is room. A sentence over the limit comes as several pieces.
    """
    words = paragraph.words
    opening = ""
    for sentence in sentence_spans(words):
        for span in _within(words, sentence, limit=limit, count=count):
            text = words[span.start : span.end]
            if span.end <= len(paragraph.text):
                opening = text if text.endswith(":") else ""
                yield span, text
            else:
                opened = f"{opening} {text}".strip()
                yield span, text if _is_over(opened, limit, count) else opened


def _is_over(text: str, limit: int, count: TokenCounter) -> bool:
    """Whether a text has more tokens than the limit, counted only where its length leaves it open.

    Most sentences are so short that they cannot be over it, and counting is what cutting a text
    mostly consists of. A token takes at least one byte of a text's normal form, which for plain
    characters is no longer than the text.
    """
    room = limit - _ADDED
    short = len(text) <= room and _PLAIN.fullmatch(text) and len(text.encode()) <= room
    return not short and count(text) > limit
