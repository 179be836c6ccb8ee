"""Quotations: the sentences that answer, as exact spans, and the check that each one is exact."""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from corpus.model import Role, Span, Voice
from corpus.roles import reports_a_party
from index.digests import digest
from index.found import Found, SentenceHit
from index.tables import Stored

MOST = 4
"""The most quotations in one answer."""

_PER_DECISION = 2
_LONGEST = 600
"""Characters beyond which a quotation is not extended to its neighbours."""

_NEIGHBOUR = 0.8
"""A neighbouring sentence joins when its cosine is at least this share of the best one's."""

_WEAKEST = 0.9
"""A further match is quoted when its best sentence has this share of the first's cosine."""

_LEANS_BACK = re.compile(
    r"(it|this|that|these|those|they|he|she|however|therefore|so|also|again|in that|as such"
    r"|but|and|even so|instead|for this reason|because of this)\b",
    re.IGNORECASE,
)

AUTHORITATIVE = frozenset({Role.FINDING, Role.LAW, Role.REMEDY, Role.DECISION, Role.POWERS})
"""Roles that can carry an answer on their own."""


class Quotation(Struct, frozen=True, kw_only=True):
    """Words that answer, exactly as published.

    Attributes:
        text: The words.
        start: Where they begin in the match's text, in characters (Unicode code points).
        end: Where they end.
        match: Which of the answer's matches they stand in, from 0.
    """

    text: str
    start: int
    end: int
    match: int


class NotWordForWord(Exception):
    """A quotation that does not stand in its paragraph, or a paragraph that was altered."""


def choose(found: Sequence[Found]) -> list[Quotation]:
    """At most `MOST` quotations from what was found, best first.

    Findings, law, remedies, decisions and powers are quoted, and the Ombudsman's own account of
    events; only where none of these was found, what a body or a third party said. What a
    complainant alleged is never quoted, nor a sentence of a finding that reports an allegation.
    """
    for quotable in (_is_the_ombudsmans, _is_anothers):
        chosen = list(_choose([(i, f) for i, f in enumerate(found) if quotable(f)]))
        if chosen:
            return chosen
    return []


def verify(quotation: Quotation, stored: Stored) -> None:
    """See that a quotation is byte for byte in its stored paragraph, and that one unaltered.

    Raises:
        NotWordForWord: It is not.
    """
    words = stored.paragraph.words
    where = f"{stored.decision.decision_id} paragraph {stored.paragraph.number}"
    if digest(words) != stored.sha256:
        raise NotWordForWord(f"{where}: the stored words do not fit their digest")
    cut = words[quotation.start : quotation.end] if quotation.start >= 0 else ""
    if not quotation.text or cut.encode() != quotation.text.encode():
        raise NotWordForWord(f"{where}: no such words from {quotation.start} to {quotation.end}")


def _is_the_ombudsmans(found: Found) -> bool:
    paragraph = found.stored.paragraph
    return paragraph.voice is not Voice.COMPLAINANT and (
        paragraph.role in AUTHORITATIVE
        or (paragraph.role is Role.FACTS and paragraph.voice is Voice.OMBUDSMAN)
    )


def _is_anothers(found: Found) -> bool:
    return found.stored.paragraph.voice not in (Voice.COMPLAINANT, Voice.OMBUDSMAN)


def _choose(found: Sequence[tuple[int, Found]]) -> Iterator[Quotation]:
    taken: dict[str, int] = {}
    floor: float | None = None
    count = 0
    for number, match in found:
        decision = match.stored.decision.decision_id
        span, cosine = _best_span(match)
        if span is None or taken.get(decision, 0) >= _PER_DECISION:
            continue
        floor = cosine * _WEAKEST if floor is None else floor
        if cosine < floor:
            continue
        taken[decision] = taken.get(decision, 0) + 1
        count += 1
        words = match.stored.paragraph.words
        yield Quotation(
            text=words[span.start : span.end], start=span.start, end=span.end, match=number
        )
        if count == MOST:
            return


def _best_span(found: Found) -> tuple[Span | None, float]:
    """The sentence most like the question, with the neighbours that belong to it."""
    words = found.stored.paragraph.words
    reporting = found.stored.paragraph.role in AUTHORITATIVE
    sentences = found.sentences
    usable = [
        not (reporting and reports_a_party(words[s.span.start : s.span.end])) for s in sentences
    ]
    candidates = [i for i, ok in enumerate(usable) if ok]
    if not candidates:
        return None, 0.0
    best = max(candidates, key=lambda i: (sentences[i].cosine, -i))
    first = last = best

    def joins(i: int) -> bool:
        return usable[i] and _length(sentences, min(i, first), max(i, last)) <= _LONGEST

    while (
        last + 1 < len(sentences)
        and joins(last + 1)
        and (sentences[last + 1].cosine >= _NEIGHBOUR * sentences[best].cosine)
    ):
        last += 1
    while (
        first > 0
        and joins(first - 1)
        and (
            sentences[first - 1].cosine >= _NEIGHBOUR * sentences[best].cosine
            or _LEANS_BACK.match(words[sentences[first].span.start :])
            or _is_item(words, sentences[first].span)
        )
    ):
        first -= 1
    return Span(sentences[first].span.start, sentences[last].span.end), sentences[best].cosine


def _length(sentences: Sequence[SentenceHit], first: int, last: int) -> int:
    return sentences[last].span.end - sentences[first].span.start


def _is_item(words: str, span: Span) -> bool:
    """Whether the sentence is a list item right below the line that opens the list."""
    return span.start > 0 and words[span.start - 2 : span.start] == ":\n"
