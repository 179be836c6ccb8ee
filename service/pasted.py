"""Pasted: which decisions and paragraphs a pasted text names."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from corpus.case_references import references_in
from corpus.model import Span

_FILE = re.compile(r"\bfile (?P<name>[\w.-]{1,100}\.(?:txt|html?|pdf))\b")
_ABBREVIATED = r"(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bDr)(?<!\bNo)(?<!\bno)(?<!\bv)(?<!\bpara)"
SENTENCE_BREAK = re.compile(
    rf"{_ABBREVIATED}[.!?][^\w\s]{{0,4}}\s{{1,9}}[^\w\s]{{0,3}}[A-Z]|\n\s{{0,9}}(?:[-*•]|\d{{1,3}}[.)])\s"
)
"""Where a sentence or a list's item ends and another begins."""

_NUMBERS = re.compile(r"(?P<to>(?:-|–|to)\s{0,2})?(?P<number>\d{1,3})")
_OF = re.compile(r"\s{1,3}(?:of|in)\b")

_NEAR = 80
"""Characters between a reference and the paragraph that is said to be its."""


class Named(Struct, frozen=True):
    """A decision that a text names.

    Attributes:
        span: Where.
        reference: As its publisher writes it, or the name of its file.
        is_file: Whether it is the name of a file, as Upheld cites a decision without a reference.
    """

    span: Span
    reference: str
    is_file: bool = False


class Pinpoint(Struct, frozen=True):
    """Paragraphs that a text names.

    Attributes:
        span: Where.
        numbers: The paragraphs.
        of: The decision whose they are, where the text says so.
    """

    span: Span
    numbers: tuple[int, ...]
    of: Named | None = None


class PinpointPattern(Struct, frozen=True, kw_only=True):
    """A pattern of ``pasted.toml`` with its examples."""

    class Example(Struct, frozen=True):
        """A text and the paragraphs that it names."""

        text: str
        numbers: tuple[int, ...]

    why: str
    pattern: str
    examples: tuple[Example, ...]
    counter_examples: tuple[str, ...]

    def numbers_in(self, text: str) -> Iterator[tuple[Span, tuple[int, ...]]]:
        """The paragraphs that a text names by this pattern, each group with its place."""
        for match in re.finditer(self.pattern, text):
            numbers = [int(match["first"])]
            for more in _NUMBERS.finditer(match["rest"]):
                number = int(more["number"])
                first = numbers[-1] + 1 if more["to"] and number > numbers[-1] else number
                numbers.extend(range(first, number + 1))
            yield Span(*match.span()), tuple(dict.fromkeys(numbers))


class FindingPattern(Struct, frozen=True, kw_only=True):
    """A pattern of ``pasted.toml`` by which a text says that something was found."""

    why: str
    pattern: str
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


class Patterns(Struct, frozen=True):
    """What stands in ``pasted.toml``."""

    pinpoint: tuple[PinpointPattern, ...]
    finding: tuple[FindingPattern, ...]


@cache
def patterns() -> Patterns:
    """The patterns of ``pasted.toml``."""
    content = files("service").joinpath("pasted.toml").read_bytes()
    return msgspec.toml.decode(content, type=Patterns)


def named_in(text: str) -> list[Named]:
    """The decisions that a text names, in order.

    >>> [n.reference for n in named_in("18-019-617, and the one in file 004_x.txt")]
    ['18 019 617', '004_x.txt']
    """
    found = [Named(span, reference) for span, reference in references_in(text)]
    found += [Named(Span(*m.span("name")), m["name"], True) for m in _FILE.finditer(text)]
    return sorted(found, key=lambda n: n.span)


def pinpoints_in(text: str, named: Sequence[Named]) -> list[Pinpoint]:
    """The paragraphs that a text names, in order, each with the decision whose it says they are."""
    found = [
        Pinpoint(span, numbers, _owner(text, span, named))
        for pattern in patterns().pinpoint
        for span, numbers in pattern.numbers_in(text)
    ]
    return sorted(found, key=lambda p: p.span)


def said_to_be_found(text: str, span: Span) -> Span | None:
    """Where a part of a text says that what follows was found, if it does.

    >>> said_to_be_found("The Ombudsman found that", Span(0, 24))
    Span(start=4, end=19)
    """
    for pattern in patterns().finding:
        for match in re.finditer(pattern.pattern, text[span.start : span.end]):
            return Span(span.start + match.start(), span.start + match.end())
    return None


def _owner(text: str, span: Span, named: Sequence[Named]) -> Named | None:
    """The decision named right after ("paragraph 9 of ..."), or before in the same sentence."""
    at = bisect_left(named, span.start, key=lambda n: n.span.start)
    for after in named[at : at + 1]:
        gap = text[span.end : after.span.start]
        if len(gap) <= _NEAR and _OF.match(gap) and not SENTENCE_BREAK.search(gap):
            return after
    for before in named[max(0, at - 1) : at]:
        gap = text[before.span.end : span.start]
        if len(gap) <= _NEAR and not SENTENCE_BREAK.search(gap):
            return before
    return None
