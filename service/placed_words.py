"""Placed words: a text as words, each with its place, so that white space tells nothing apart."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from corpus.model import Span

_WORD = re.compile(r"(\S+)")
_LINED_WORD = re.compile(r"^[ \t>]*>|(\S+)", re.MULTILINE)
_WHOLE = re.compile(r"[£$€]?\w+(?:[.,:/'’‑-]\w+)*%?")
"""What may not be cut: a sum without its thousands or a word without its "non-" is another."""

_ALIKE = str.maketrans({"’": "'", "‘": "'", "‑": "-", "\u00ad": "", "\u200b": ""})
EDGES = "…“”„\"'‘’«»()[]{}.,;:!?*_–—-"
"""Marks around a word that do not tell it from another."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text as the words between its white space, each with its place.

    Attributes:
        text: The whole text.
        spans: Place of each word.
        words: The words.
        line: The words with one space between: equal for texts that white space alone tells apart.
        offsets: Where each word begins in the line.
        keys: The words as they are compared for likeness, without capitals and marks around.
    """

    text: str
    spans: tuple[Span, ...]
    words: tuple[str, ...]
    line: str
    offsets: tuple[int, ...]
    keys: list[str]

    @classmethod
    def of(cls, text: str, span: Span | None = None, *, lined: bool = False) -> "Words":
        """The words of a text, or of a span of it.

        Args:
            text: The text.
            span: The part of it that is wanted.
            lined: Whether each line begins with ``>``, which is no word of it.
        """
        within = span or Span(0, len(text))
        found = (_LINED_WORD if lined else _WORD).finditer(text, within.start, within.end)
        spans = tuple(Span(*m.span(1)) for m in found if m[1])
        words = tuple(text[s.start : s.end] for s in spans)
        offsets = tuple(accumulate((len(w) + 1 for w in words[:-1]), initial=0))
        return cls(text, spans, words, " ".join(words), offsets, [_key(word) for word in words])

    def places_of(self, quoted: "Words") -> Iterator[Span]:
        r"""Where in this text quoted words stand, character for character, white space aside.

        >>> text = "It paid £1,500 for\nthe non-payment."
        >>> list(Words.of(text).places_of(Words.of("for the")))
        [Span(start=15, end=22)]
        >>> list(Words.of(text).places_of(Words.of("500 for the")))
        []
        """
        at = self.line.find(quoted.line) if quoted.line else -1
        while at >= 0:
            end = at + len(quoted.line)
            if not self._cuts(at) and not self._cuts(end):
                yield Span(self._place(at), self._place(end - 1) + 1)
            at = self.line.find(quoted.line, end)

    def _word_at(self, at: int) -> int:
        return bisect_right(self.offsets, at) - 1

    def _place(self, at: int) -> int:
        word = self._word_at(at)
        return self.spans[word].start + at - self.offsets[word]

    def _cuts(self, at: int) -> bool:
        """Whether a place in the line lies within a word or a number."""
        word = self._word_at(at)
        inner = at - self.offsets[word]
        return any(m.start() < inner < m.end() for m in _WHOLE.finditer(self.words[word]))


def _key(word: str) -> str:
    plain = word.lower().translate(_ALIKE).strip(EDGES)
    return plain.replace("[", "").replace("]", "") or word
