"""Sentences: exact spans of a paragraph's words; passages and quotations are made of them."""

from collections.abc import Iterator

import sentencex
from msgspec import Struct


class Span(Struct, frozen=True, order=True):
    """Characters ``start`` up to, not including, ``end`` of a paragraph's words."""

    start: int
    end: int


def sentence_spans(words: str) -> Iterator[Span]:
    r"""The sentences of a paragraph in order; none crosses a line, so each list item stands alone.

    >>> [(s.start, s.end) for s in sentence_spans("One. Two.\nan item;")]
    [(0, 4), (5, 9), (10, 18)]
    """
    offset = 0
    for line in words.split("\n"):
        for found in sentencex.get_sentence_boundaries("en", line):
            text = line[found["start_index"] : found["end_index"]]
            start = offset + found["start_index"] + len(text) - len(text.lstrip())
            end = offset + found["start_index"] + len(text.rstrip())
            if end > start:
                yield Span(start, end)
        offset += len(line) + 1
