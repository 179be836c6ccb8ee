"""Quotations: the sentences that answer, as exact spans, and the check that each one is exact."""

import re
from collections import Counter
from collections.abc import Sequence
from math import log

from msgspec import Struct

from corpus.model import Role, Span, Voice
from corpus.roles import reports_a_party
from index.digests import digest, digest_of_decision
from index.found import Found, SentenceHit
from index.tables import Stored
from index.words import stems_of

MOST = 4
"""The most quotations in one answer."""

_PER_DECISION = 2
_LONGEST = 600
"""Characters beyond which a quotation is not extended to its neighbours."""

_WEAKEST = 0.89
"""A match is quoted when its fused score has this share of the best's that could be quoted."""

_SHARED_WORDS = 0.6
"""What the question's words in a sentence count for, all of them, beside its cosine."""

_NEIGHBOUR = 0.8
"""A neighbouring sentence joins when its score is at least this share of the best one's."""

_SAID_ALREADY = 0.7
"""A quotation adds nothing that shares this many of its words, or the other's, with one before."""

_LEANS_BACK = re.compile(
    r"(it|this|that|these|those|they|he|she|however|therefore|so|also|again|in that|as such"
    r"|but|and|even so|instead|for this reason|because of this)\b",
    re.IGNORECASE,
)

AUTHORITATIVE = frozenset({Role.FINDING, Role.LAW, Role.REMEDY, Role.DECISION, Role.POWERS})
"""Roles that can carry an answer on their own."""

_OWN_ACCOUNT = frozenset({Role.FACTS, Role.METHOD})
"""Roles that carry an answer in the Ombudsman's own voice."""


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


def choose(found: Sequence[Found], question: str) -> list[Quotation]:
    """At most `MOST` quotations from what was found, best first.

    Findings, law, remedies, decisions and powers are quoted, and the Ombudsman's own account of
    events and of what was looked into; only where none of these is nearly as good as the best
    match, what a body or a third party said. What a complainant alleged is never quoted, nor a
    sentence that reports an allegation among the Ombudsman's own.

    Args:
        found: Best first.
        question: Whose words help to choose among a paragraph's sentences.
    """
    quotable = [(i, f) for i, f in enumerate(found) if _is_the_ombudsmans(f) or _is_anothers(f)]
    weakest = _WEAKEST * max((f.scores.fused for _, f in quotable), default=0.0)
    near = [(i, f) for i, f in quotable if f.scores.fused >= weakest]
    scores = _sentence_scores(found, question)
    for kind in (_is_the_ombudsmans, _is_anothers):
        chosen = _choose([(i, f) for i, f in near if kind(f)], scores)
        if chosen:
            return chosen
    return []


def verify(quotation: Quotation, stored: Stored) -> None:
    """See that a quotation is byte for byte in its stored paragraph, and that one unaltered.

    Its decision must be unaltered too, since the citation is made of it.

    Raises:
        NotWordForWord: It is not.
    """
    verify_stored(stored)
    words = stored.paragraph.words
    cut = words[quotation.start : quotation.end] if quotation.start >= 0 else ""
    if not quotation.text or cut.encode() != quotation.text.encode():
        raise NotWordForWord(
            f"{_place(stored)}: no such words from {quotation.start} to {quotation.end}"
        )


def verify_stored(stored: Stored) -> None:
    """See that a stored paragraph and its decision are as they were when they were stored.

    Raises:
        NotWordForWord: They are not.
    """
    verify_words(stored)
    if digest_of_decision(stored.decision) != stored.decision_sha256:
        raise NotWordForWord(f"{_place(stored)}: the stored decision does not fit its digest")


def verify_words(stored: Stored) -> None:
    """See that a stored paragraph's words are as they were when they were stored.

    Raises:
        NotWordForWord: They are not.
    """
    if digest(stored.paragraph.words) != stored.sha256:
        raise NotWordForWord(f"{_place(stored)}: the stored words do not fit their digest")


def _place(stored: Stored) -> str:
    return f"{stored.decision.decision_id} paragraph {stored.paragraph.number}"


def _is_the_ombudsmans(found: Found) -> bool:
    paragraph = found.stored.paragraph
    return paragraph.voice is not Voice.COMPLAINANT and (
        paragraph.role in AUTHORITATIVE
        or (paragraph.role in _OWN_ACCOUNT and paragraph.voice is Voice.OMBUDSMAN)
    )


def _is_anothers(found: Found) -> bool:
    paragraph = found.stored.paragraph
    return paragraph.role is not Role.COMPLAINT and paragraph.voice not in (
        Voice.COMPLAINANT,
        Voice.OMBUDSMAN,
    )


def _sentence_scores(found: Sequence[Found], question: str) -> list[list[float]]:
    """How well each sentence of each match answers: its cosine, and the question's words in it.

    A word counts the more, the rarer it is among these sentences: ``ln(1 + N / n)`` for N
    sentences of which n have it, as a share of the sum for all words that any has.
    """
    asked = _words(question)
    shared = [[_words(_text(f, hit.span)) & asked for hit in f.sentences] for f in found]
    counts = Counter(word for sentences in shared for words in sentences for word in words)
    total = sum(map(len, shared))
    rarity = {word: log(1 + total / n) for word, n in counts.items()}
    most = sum(rarity.values()) or 1.0
    return [
        [
            hit.cosine + _SHARED_WORDS * sum(rarity[word] for word in words) / most
            for hit, words in zip(f.sentences, sentences, strict=True)
        ]
        for f, sentences in zip(found, shared, strict=True)
    ]


def _choose(
    found: Sequence[tuple[int, Found]], scores: Sequence[Sequence[float]]
) -> list[Quotation]:
    chosen: list[Quotation] = []
    taken: Counter[str] = Counter()
    for number, match in found:
        decision = match.stored.decision.decision_id
        if taken[decision] == _PER_DECISION or not (span := _best_span(match, scores[number])):
            continue
        text = _text(match, span)
        if any(_says_the_same(text, before.text) for before in chosen):
            continue
        taken[decision] += 1
        chosen.append(Quotation(text=text, start=span.start, end=span.end, match=number))
        if len(chosen) == MOST:
            break
    return chosen


def _best_span(found: Found, scores: Sequence[float]) -> Span | None:
    """The sentence that answers best, with the neighbours that belong to it."""
    words, sentences = found.stored.paragraph.words, found.sentences
    order = sorted(range(len(sentences)), key=lambda i: (-scores[i], i))
    best = next((i for i in order if _may_be_quoted(found, sentences[i])), None)
    if best is None:
        return None
    first = last = best

    def joins(i: int) -> bool:
        length = sentences[max(i, last)].span.end - sentences[min(i, first)].span.start
        return length <= _LONGEST and _may_be_quoted(found, sentences[i])

    def is_near(i: int) -> bool:
        return scores[i] >= _NEIGHBOUR * scores[best]

    while last + 1 < len(sentences) and is_near(last + 1) and joins(last + 1):
        last += 1
    while (
        first > 0
        and (is_near(first - 1) or leans_back(words, sentences[first].span))
        and joins(first - 1)
    ):
        first -= 1
    return Span(sentences[first].span.start, sentences[last].span.end)


def leans_back(words: str, span: Span) -> bool:
    """Whether a sentence is not understood without the one before it.

    So is a list item right below the line that opens the list.

    >>> leans_back("It was late. This was fault.", Span(13, 28))
    True
    """
    is_item = span.start > 0 and words[span.start - 2 : span.start] == ":\n"
    return is_item or _LEANS_BACK.match(words[span.start :]) is not None


def _may_be_quoted(found: Found, hit: SentenceHit) -> bool:
    return not (_is_the_ombudsmans(found) and reports_a_party(_text(found, hit.span)))


def _text(found: Found, span: Span) -> str:
    return found.stored.paragraph.words[span.start : span.end]


def _words(text: str) -> set[str]:
    return set(stems_of(text))


def _says_the_same(one: str, other: str) -> bool:
    a, b = _words(one), _words(other)
    return len(a & b) >= _SAID_ALREADY * min(len(a), len(b))
