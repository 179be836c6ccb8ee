"""Attribution: which decision and paragraph a pasted text says that a quotation is from."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeVar

from msgspec import Struct

from corpus.model import Span
from service.pasted import SENTENCE_BREAK, Named, Pinpoint, said_to_be_found
from service.quoted import Quoted, Reading

_BRACKET = re.compile(r"[^\w(\[—–]{0,12}(?:[(\[—–]|- )[^)\]]*\Z")
_LOOKS_BACK = re.compile(r"[^\w]{0,8}\s(?:That|This|These|Those|It)\b")
_LEADS_IN = re.compile(r"[^.!?;,\s*_][*_\s]{0,8}\Z")
_SOURCE_LINE = re.compile(r"\s{0,9}[*_]{0,3}(?:—|–|--|\()")

_REACH = 1200
"""Characters beyond which what is named is not taken for a quotation's source."""

_SENTENCE = 300
"""Characters before a quotation in which its sentence may say that this was found."""

_LOOKED_AT = 6
"""How many names on each side of a quotation are weighed, and how many paragraphs before it."""


_Named = TypeVar("_Named", Named, Pinpoint)
_Placed = TypeVar("_Placed", Named, Pinpoint, Quoted)


class Attribution(Struct, frozen=True):
    """What a text says of where a quotation stands.

    Attributes:
        decision: The decision that it names.
        paragraphs: The paragraphs that it names.
        found: Where it says before the quotation, in the same sentence, that this was found.
    """

    decision: Named | None = None
    paragraphs: Pinpoint | None = None
    found: Span | None = None


class _Tie(IntEnum):
    """How a quotation and what is named near it belong together, the closest first."""

    IN_BRACKETS_AFTER = 1
    BEFORE = 2
    AFTER = 3
    SENTENCE_AFTER = 4
    PARAGRAPH_BEFORE = 5


@dataclass(frozen=True, slots=True)
class Attributor:
    """Says of each quotation of one text where the text says it is from.

    The text names it in brackets after the quotation; or before it in the same sentence, or after
    it; or in the next sentence ("That was ..."); or earlier in the paragraph; or in the paragraph
    before that leads in to it ("the Ombudsman said:"); or in a line of its own below.

    Attributes:
        text: The text.
        reading: Its quotations.
        named: The decisions that it names, outside its quotations.
        pinpoints: The paragraphs that it names, outside its quotations.
        taken: Places of what stands in brackets after a quotation, and so belongs to no later one.
    """

    text: str
    reading: Reading
    named: tuple[Named, ...]
    pinpoints: tuple[Pinpoint, ...]
    taken: frozenset[int]

    @classmethod
    def of(
        cls, text: str, reading: Reading, named: Sequence[Named], pinpoints: Sequence[Pinpoint]
    ) -> "Attributor":
        """Ready to attribute the quotations of a text."""
        free_named = tuple(n for n in named if not _is_inside(n, reading.quoted))
        free_pinpoints = tuple(p for p in pinpoints if not _is_inside(p, reading.quoted))
        alone = cls(text, reading, free_named, free_pinpoints, frozenset())
        taken = {
            there.span.start
            for quoted in reading.quoted
            for among in (_around(quoted, free_named), _around(quoted, free_pinpoints))
            for there in among
            if alone.tie(quoted, there) is _Tie.IN_BRACKETS_AFTER
        }
        return cls(text, reading, free_named, free_pinpoints, frozenset(taken))

    def attributions(self, quoted: Sequence[Quoted]) -> list[Attribution]:
        """What the text says of these quotations, in their order."""
        found: list[Attribution] = []
        later: tuple[Quoted, Attribution] | None = None
        for one in reversed(quoted):
            said = self._within(one)
            if said.decision is None:
                said = self._beyond(one, said, later)
            later = one, said
            found.append(Attribution(said.decision, said.paragraphs, self._said_to_be_found(one)))
        return found[::-1]

    def _within(self, quoted: Quoted) -> Attribution:
        """What the quotation's own paragraph says."""
        decision = self._closest(quoted, self.named, _Tie.PARAGRAPH_BEFORE)
        fitting = [
            p
            for p in _around(quoted, self.pinpoints)
            if p.of is None or decision is None or p.of.reference == decision.reference
        ]
        return Attribution(decision, self._closest(quoted, fitting, _Tie.AFTER))

    def _beyond(
        self, quoted: Quoted, said: Attribution, later: tuple[Quoted, Attribution] | None
    ) -> Attribution:
        """What the paragraphs around say, where the quotation's own names no decision."""
        block = self.reading.blocks[quoted.block].span
        if later and later[0].block == quoted.block + 1 and quoted.span.end >= block.end - 2:
            return later[1]  # It runs on over the paragraph's end.
        around = self._leading_in(quoted.block) or self._source_line(quoted.block + 1)
        if around is None:
            return said
        return Attribution(around.decision, said.paragraphs or around.paragraphs)

    def _said_to_be_found(self, quoted: Quoted) -> Span | None:
        """Where the sentence says so, after any quotation before this one."""
        start = max(self.reading.blocks[quoted.block].span.start, quoted.span.start - _SENTENCE)
        for before in _around(quoted, self.reading.quoted):
            if before.span.end <= quoted.span.start:
                start = max(start, before.span.end)
        for match in SENTENCE_BREAK.finditer(self.text, start, quoted.span.start):
            start = match.end() - 1
        return said_to_be_found(self.text, Span(start, quoted.span.start))

    def _leading_in(self, block: int) -> Attribution | None:
        """What the paragraph says that leads in; others with quotations may stand between."""
        for number in range(block - 1, max(-1, block - 1 - _LOOKED_AT), -1):
            span = self.reading.blocks[number].span
            named = [n for n in _inside(span, self.named) if n.span.start not in self.taken]
            if named:
                leads = _LEADS_IN.search(self.text[max(span.start, span.end - 12) : span.end])
                return self._said(named[-1], span) if leads else None
            if not _inside(span, self.reading.quoted):
                return None
        return None

    def _source_line(self, block: int) -> Attribution | None:
        """What a line below a quotation says that begins with a dash or a bracket."""
        if block >= len(self.reading.blocks):
            return None
        span = self.reading.blocks[block].span
        named = _inside(span, self.named)
        if not named or not _SOURCE_LINE.match(self.text, span.start, span.end):
            return None
        return self._said(named[0], span)

    def _said(self, decision: Named, span: Span) -> Attribution:
        """A decision, and the paragraphs that are named as its within the span."""
        own = [p for p in _inside(span, self.pinpoints) if p.of == decision]
        return Attribution(decision, own[0] if own else None)

    def _closest(self, quoted: Quoted, among: Sequence[_Named], weakest: _Tie) -> _Named | None:
        """What is tied to a quotation most closely, then what is nearest."""
        tied = [(self.tie(quoted, there), there) for there in _around(quoted, among)]
        fitting = [(t, _gap(quoted, there), there) for t, there in tied if t and t <= weakest]
        return min(fitting, key=lambda f: f[:2])[2] if fitting else None

    def tie(self, quoted: Quoted, there: Named | Pinpoint) -> _Tie | None:
        """How a quotation and what is named near it belong together, if they do."""
        block = self.reading.blocks[quoted.block].span
        if not block.start <= there.span.start < block.end:
            return None
        if there.span.end <= quoted.span.start:
            if there.span.start in self.taken:
                return None
            gap = self.text[there.span.end : quoted.span.start + 1]
            return _Tie.PARAGRAPH_BEFORE if SENTENCE_BREAK.search(gap) else _Tie.BEFORE
        if _between(self.reading.quoted, quoted.span.end, there.span.start):
            return None
        gap = self.text[quoted.span.end : there.span.start]
        if _BRACKET.match(gap):
            return _Tie.IN_BRACKETS_AFTER
        # A full stop within the marks ends a sentence, too.
        gap = self.text[quoted.span.end - 1 : there.span.start + 1]
        broken = SENTENCE_BREAK.search(gap)
        if not broken:
            return _Tie.AFTER
        looks_back = _LOOKS_BACK.match(gap)
        return _Tie.SENTENCE_AFTER if looks_back else None


def _gap(quoted: Quoted, there: Named | Pinpoint | Quoted) -> int:
    return max(quoted.span.start - there.span.end, there.span.start - quoted.span.end)


def _around(quoted: Quoted, among: Sequence[_Placed]) -> Sequence[_Placed]:
    """What is named next to a quotation, within reach."""
    at = bisect_left(among, quoted.span.start, key=_start)
    near = among[max(0, at - _LOOKED_AT) : at + _LOOKED_AT]
    return [there for there in near if _gap(quoted, there) <= _REACH]


def _inside(span: Span, among: Sequence[_Placed]) -> Sequence[_Placed]:
    first, last = (bisect_left(among, at, key=_start) for at in (span.start, span.end))
    return among[first:last]


def _is_inside(there: Named | Pinpoint, quoted: Sequence[Quoted]) -> bool:
    at = bisect_left(quoted, there.span.end, key=_start)
    return at > 0 and quoted[at - 1].span.end > there.span.start


def _between(quoted: Sequence[Quoted], start: int, end: int) -> bool:
    return bisect_left(quoted, start, key=_start) < bisect_left(quoted, end, key=_start)


def _start(placed: Named | Pinpoint | Quoted) -> int:
    return placed.span.start
