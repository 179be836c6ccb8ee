"""Differences: what a quotation is most like, and how it differs from that."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct
from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from corpus.model import Span
from service.placed_words import EDGES, Words

_ELLIPSIS = re.compile(r"…|\.\.\.")
_BRACKETED = re.compile(r"\[[^\[\]]*\]")
_SPELT = re.compile(r"[£$€]?\w+(?:[.,:/]\d+)*%?")
_WIDER = 40
"""Words by which the passage that was found is tried longer and shorter at each end."""


class DifferenceKind(StrEnum):
    """In what a quotation differs: its words, or what the text says of where they are from.

    ``decision`` and ``paragraph``: it stands elsewhere; ``voice``: the text says that it was found,
    but it is what a party said or complained of.
    """

    CHANGED = "changed"
    LEFT_OUT = "left_out"
    ADDED = "added"
    DECISION = "decision"
    PARAGRAPH = "paragraph"
    VOICE = "voice"


class DifferenceExtent(StrEnum):
    """How far the words differ.

    ``punctuation``: only in marks and capitals; ``marked``: what was left out or put in is shown by
    an ellipsis or square brackets; ``words``: otherwise.
    """

    PUNCTUATION = "punctuation"
    MARKED = "marked"
    WORDS = "words"


class Difference(Struct, frozen=True, kw_only=True):
    """One difference between a pasted quotation and what was published.

    Attributes:
        kind: Of what kind.
        yours: What the pasted text has; empty where something was left out.
        published: What was published; empty where something was added.
        start: Where it stands in the pasted text, in characters (Unicode code points).
        end: Where it ends there; ``start`` where something was left out.
    """

    kind: DifferenceKind
    yours: str
    published: str
    start: int
    end: int


class Nearest(Struct, frozen=True, kw_only=True):
    """The words of a paragraph that are most like a quotation.

    Attributes:
        likeness: 0 to 1: twice the words in common, in order, by the words of both.
        first: Number of the first of the paragraph's words.
        last: Number after the last.
    """

    likeness: float
    first: int
    last: int


def rough_likeness(quoted: Words, paragraph: Words) -> float:
    """How like a quotation the most like part of a paragraph is, 0 to 1; quicker than `nearest`."""
    if not quoted.words or not paragraph.words:
        return 0.0
    return fuzz.partial_ratio(quoted.keys, paragraph.keys) / 100


def nearest(quoted: Words, paragraph: Words) -> Nearest:
    """The part of a paragraph most like a quotation.

    The parts between the quotation's ellipses are sought in their order, and what lies between
    them does not count against it.
    """
    keys = paragraph.keys
    found: list[Nearest] = []
    parts = list(_parts(quoted))
    for part in parts:
        start = found[-1].last if found else 0
        if start < len(keys):
            found.append(_window(part, keys, start))
    if not found:
        return Nearest(likeness=0.0, first=0, last=0)
    weights = [len(part) for part in parts]
    alike = sum(n.likeness * weight for n, weight in zip(found, weights, strict=False))
    return Nearest(likeness=alike / sum(weights), first=found[0].first, last=found[-1].last)


def differences(quoted: Words, paragraph: Words, there: Nearest) -> tuple[Difference, ...]:
    """How a quotation differs from the part of a paragraph that it is most like, word by word."""
    published = paragraph.words[there.first : there.last]
    pairs: list[tuple[Span, Span]] = []
    for op in Indel.opcodes(quoted.keys, paragraph.keys[there.first : there.last]):
        if op.tag != "equal":
            pairs.append((Span(op.src_start, op.src_end), Span(op.dest_start, op.dest_end)))
            continue
        for i, j in zip(
            range(op.src_start, op.src_end), range(op.dest_start, op.dest_end), strict=True
        ):
            first, last = i == 0, i == len(quoted.words) - 1
            if not _is_same(quoted.words[i], published[j], first=first, last=last):
                pairs.append((Span(i, i + 1), Span(j, j + 1)))
    at = there.first
    return tuple(
        _difference(quoted, ours, paragraph, Span(at + theirs.start, at + theirs.end))
        for ours, theirs in _joined(pairs)
    )


def extent(found: Sequence[Difference]) -> DifferenceExtent | None:
    """How far the words differ; None where they do not."""
    if not found:
        return None
    if all(_spelt(d.yours) == _spelt(d.published) for d in found):
        return DifferenceExtent.PUNCTUATION
    if all(_spelt(d.yours) == _spelt(d.published) or _is_marked(d) for d in found):
        return DifferenceExtent.MARKED
    return DifferenceExtent.WORDS


def _parts(quoted: Words) -> Iterator[list[str]]:
    part: list[str] = []
    for word, key in zip(quoted.words, quoted.keys, strict=True):
        if not _ELLIPSIS.search(word):
            part.append(key)
            continue
        opens = word.startswith(("…", "..."))
        if any(map(str.isalnum, word)) and not opens:
            part.append(key)
        if part:
            yield part
        part = [key] if any(map(str.isalnum, word)) and opens else []
    if part:
        yield part


def _window(part: list[str], keys: list[str], start: int) -> Nearest:
    """The run of words from ``start`` on that is most like a part of a quotation."""
    rest = keys[start:]
    found = fuzz.partial_ratio_alignment(part, rest)
    first, last = (found.dest_start, found.dest_end) if found else (0, len(rest))

    def alike(low: int, high: int) -> tuple[float, int]:
        return Indel.normalized_similarity(part, rest[low:high]), low - high

    ends = range(max(first + 1, last - _WIDER), min(len(rest), last + _WIDER) + 1)
    last = max(ends, key=lambda end: alike(first, end), default=last)
    starts = range(max(0, first - _WIDER), min(last - 1, first + _WIDER) + 1)
    first = max(starts, key=lambda begin: alike(begin, last), default=first)
    return Nearest(likeness=alike(first, last)[0], first=start + first, last=start + last)


def _is_same(yours: str, published: str, *, first: bool, last: bool) -> bool:
    """Whether two words are the same; at its ends a quotation may leave marks around them out."""
    if first and published.endswith(yours):
        published = published if published[: -len(yours)].strip(EDGES) else yours
    if last and published.startswith(yours):
        published = published if published[len(yours) :].strip(EDGES) else yours
    return yours == published


def _joined(pairs: Sequence[tuple[Span, Span]]) -> Iterator[tuple[Span, Span]]:
    """Differences next to one another made one."""
    held: tuple[Span, Span] | None = None
    for ours, theirs in pairs:
        if held and held[0].end == ours.start and held[1].end == theirs.start:
            held = Span(held[0].start, ours.end), Span(held[1].start, theirs.end)
            continue
        if held:
            yield held
        held = ours, theirs
    if held:
        yield held


def _difference(quoted: Words, ours: Span, paragraph: Words, theirs: Span) -> Difference:
    yours = _cut(quoted, ours)
    published = _cut(paragraph, theirs)
    start = quoted.spans[ours.start].start if yours else quoted.spans[max(0, ours.start - 1)].end
    end = quoted.spans[ours.end - 1].end if yours else start
    left_out = not any(map(str.isalnum, yours)) and (not yours or _ELLIPSIS.search(yours))
    if published:
        kind = DifferenceKind.LEFT_OUT if left_out else DifferenceKind.CHANGED
    else:
        kind = DifferenceKind.ADDED
    return Difference(kind=kind, yours=yours, published=published, start=start, end=end)


def _cut(words: Words, of: Span) -> str:
    """The text from the first to the last of these words, exactly as it stands."""
    if of.start >= of.end:
        return ""
    return words.text[words.spans[of.start].start : words.spans[of.end - 1].end]


def _spelt(text: str) -> list[str]:
    return _SPELT.findall(text.lower().replace("’", "").replace("'", ""))


def _is_marked(difference: Difference) -> bool:
    """Whether an ellipsis or square brackets own up to the difference."""
    yours, published = difference.yours, _spelt(difference.published)
    if "[" in yours and _spelt(yours.replace("[", "").replace("]", "")) == published:
        return True
    plain = _BRACKETED.sub(" ", yours)
    if plain == yours and not _ELLIPSIS.search(yours):
        return False
    if published and not _ELLIPSIS.search(yours) and not _spelt(plain):
        return True
    rest = iter(published)
    return all(word in rest for word in _spelt(plain))
