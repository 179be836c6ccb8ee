"""Sentences: exact spans of a paragraph's words; passages and quotations are made of them."""

from collections.abc import Iterator

import sentencex

from corpus.model import Span


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
