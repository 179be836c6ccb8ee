"""Quotation marks: which of them open and close quotations, and which are apostrophes."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from corpus.model import Span


class Kind(Enum):
    """Marks that close one another. A straight double mark may close a curly one."""

    DOUBLE = auto()
    ANGLE = auto()
    CURLY_SINGLE = auto()
    STRAIGHT_SINGLE = auto()


OPENING = {
    "“": Kind.DOUBLE,
    "„": Kind.DOUBLE,
    '"': Kind.DOUBLE,
    "«": Kind.ANGLE,
    "‘": Kind.CURLY_SINGLE,
    "'": Kind.STRAIGHT_SINGLE,
}
"""Marks that can open a quotation."""

_CLOSING = {
    "”": Kind.DOUBLE,
    '"': Kind.DOUBLE,
    "»": Kind.ANGLE,
    "’": Kind.CURLY_SINGLE,
    "'": Kind.STRAIGHT_SINGLE,
}
_MARK = re.compile("[“„”\"«»‘’']")

_DECADE = re.compile(r"\d0s\b")

_AHEAD = 30
"""Marks after an apostrophe such as that of "the parents’ view" that are looked at."""


@dataclass(slots=True)
class Marks:
    """What the quotation marks of one paragraph make.

    Attributes:
        closed: The words between two marks, in order; the outermost only.
        open: Marks that open and are never closed, with their kind.
        stray: Marks that close and were never opened, with their kind.
        opens_first: Of each kind, whether its first mark opens.
    """

    closed: list[Span] = field(default_factory=list)
    open: list[tuple[Kind, int]] = field(default_factory=list)
    stray: list[tuple[Kind, int]] = field(default_factory=list)
    opens_first: dict[Kind, bool] = field(default_factory=dict)
    _depth: Counter[Kind] = field(default_factory=Counter)

    def is_open(self, kind: Kind) -> bool:
        """Whether a quotation in such marks has begun and not ended."""
        return self._depth[kind] > 0

    def begin(self, kind: Kind, at: int) -> None:
        """A mark opens."""
        self.opens_first.setdefault(kind, True)
        self.open.append((kind, at))
        self._depth[kind] += 1

    def end(self, kind: Kind, at: int) -> None:
        """A mark closes the last of its kind; whatever was opened since is forgotten."""
        self.opens_first.setdefault(kind, False)
        if not self.is_open(kind):
            self.stray.append((kind, at))
            return
        opened = None
        while opened != kind:
            opened, start = self.open.pop()
            self._depth[opened] -= 1
        while self.closed and self.closed[-1].start > start:
            self.closed.pop()
        self.closed.append(Span(start + 1, at))


def marks_in(text: str, span: Span) -> Marks:
    """The quotations between marks within a span of a text, which is one paragraph.

    A mark after a letter opens nothing, and a single one before a letter closes nothing: that is
    an apostrophe. A straight mark that could do either closes where a quotation is open.

    >>> marks_in("the chair’s ‘own view’", Span(0, 22)).closed
    [Span(start=13, end=21)]
    """
    found = Marks()
    places = [m.start() for m in _MARK.finditer(text, span.start, span.end)]
    singles = [at for at in places if text[at] in "‘’'"]
    for at in places:
        mark = text[at]
        opens, closes = _may_open(text, at, span), _may_close(text, at, span)
        if mark in "’'":
            _single(found, text, at, opens and mark == "'", closes, singles)
        elif mark in _CLOSING and (found.is_open(_CLOSING[mark]) or not opens) and closes:
            # Six inches are written with a straight mark that ends nothing.
            if found.is_open(_CLOSING[mark]) or not (mark == '"' and text[at - 1].isdigit()):
                found.end(_CLOSING[mark], at)
        elif mark in OPENING and opens:
            found.begin(OPENING[mark], at)
    return found


def _single(
    found: Marks, text: str, at: int, opens: bool, closes: bool, singles: Sequence[int]
) -> None:
    """A single mark that may be an apostrophe: it closes only what is innermost."""
    kind = _CLOSING[text[at]]
    innermost = found.open[-1][0] if found.open else None
    if closes and innermost is kind:
        if not _is_plural(text, at, singles):
            found.end(kind, at)
    elif opens:
        found.begin(kind, at)


def _may_open(text: str, at: int, span: Span) -> bool:
    before = text[at - 1] if at > span.start else " "
    after = text[at + 1] if at + 1 < span.end else " "
    if text[at] in "‘'" and _DECADE.match(text, at + 1):
        return False
    return not after.isspace() and (text[at] in "“„«" or not before.isalnum())


def _may_close(text: str, at: int, span: Span) -> bool:
    before = text[at - 1] if at > span.start else " "
    after = text[at + 1] if at + 1 < span.end else " "
    return text[at] in "”»" or not (before.isspace() or after.isalnum())


def _is_plural(text: str, at: int, singles: Sequence[int]) -> bool:
    """Whether the quotation goes on after "the parents’ view": a later mark still closes it."""
    if text[at - 1] not in "sS" or not text[at + 2 : at + 3].isalpha():
        return False
    whole = Span(0, len(text))
    first = bisect_right(singles, at)
    for other in singles[first : first + _AHEAD]:
        if text[other] == text[at] and _may_close(text, other, whole):
            return True
        if _may_open(text, other, whole) and text[other] != "’":
            return False
    return False
