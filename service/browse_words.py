"""Browse words: the decisions with a paragraph that holds the words looked for."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.model import DecisionId
from index.hybrid import HybridRetriever
from index.words import stems
from service.answer import CitedParagraph
from service.quotations import verify_stored

MOST_LETTERS = 200
MOST_WORDS = 20


class BadWords(ValueError):
    """Words that cannot be looked for; the message does not repeat them."""


@dataclass(frozen=True, slots=True)
class WordsFound:
    """Where words were found.

    Attributes:
        words: Those looked for, common ones such as "the" left out.
        decisions: Those with a paragraph that holds enough of them, the best first.
        best: Row of each one's best paragraph.
        holds: Whether each word is in each paragraph, shape ``(words, paragraphs)``.
    """

    words: tuple[str, ...]
    decisions: tuple[DecisionId, ...]
    best: Mapping[DecisionId, int]
    holds: NDArray[np.bool_]

    def lacking(self, decision_id: DecisionId) -> tuple[str, ...]:
        """The words that a decision's best paragraph does not hold."""
        there = self.holds[:, self.best[decision_id]]
        return tuple(word for word, held in zip(self.words, there, strict=True) if not held)


def find_words(retriever: HybridRetriever, text: str) -> WordsFound:
    """The decisions of a snapshot with a paragraph that holds the words, in any of their forms.

    A paragraph's headings, and the names of the bodies and topics of its decision, count as its
    words. All of up to three words have to be there; of more, three quarters. More of them come
    first, then those that are rarer.

    Raises:
        BadWords: There are too many, or none that tells decisions apart.
    """
    words = _words(text)
    index, columns = retriever.snapshot.words, retriever.snapshot.columns
    holds = np.zeros((len(words), len(columns)), dtype=np.bool_)
    for row, word in enumerate(words):
        holds[row, columns.passage_paragraph[index.holding(word)]] = True
    holds &= columns.role >= 0
    held = holds.sum(axis=0)
    enough = held >= _enough(len(words))
    passages = np.flatnonzero(enough[columns.passage_paragraph])
    scores = np.zeros(len(held), dtype=np.float32)
    np.maximum.at(
        scores,
        columns.passage_paragraph[passages],
        index.scores([(" ".join(words), 1.0)], passages),
    )
    rows = np.flatnonzero(enough)
    rows = rows[np.lexsort((rows, -scores[rows], -held[rows]))]
    numbers, first = np.unique(columns.decision[rows], return_index=True)
    ids = retriever.snapshot.tables.ids(numbers.tolist())
    order = np.argsort(first)
    best = {
        ids[number]: int(rows[at])
        for number, at in zip(numbers[order].tolist(), first[order].tolist(), strict=True)
    }
    return WordsFound(words=words, decisions=tuple(best), best=best, holds=holds)


def best_paragraphs(
    retriever: HybridRetriever, found: WordsFound, decisions: tuple[DecisionId, ...]
) -> dict[DecisionId, CitedParagraph]:
    """The best paragraph of each of these decisions.

    Raises:
        service.quotations.NotWordForWord: One is not as it was stored.
    """
    shown: dict[DecisionId, CitedParagraph] = {}
    for stored in retriever.snapshot.tables.stored([found.best[d] for d in decisions]):
        verify_stored(stored)
        shown[stored.decision.decision_id] = CitedParagraph.of(stored)
    return shown


def _words(text: str) -> tuple[str, ...]:
    if len(text) > MOST_LETTERS:
        raise BadWords(f"Type at most {MOST_LETTERS} letters.")
    # Two forms of one word count once.
    by_stems = {tuple(next(iter(stems([word])))): word for word in reversed(text.split())}
    words = tuple(word for known, word in reversed(by_stems.items()) if known)
    if not words:
        raise BadWords("Type a word that tells decisions apart, such as “transport”.")
    if len(words) > MOST_WORDS:
        raise BadWords(f"Type at most {MOST_WORDS} words.")
    return words


def _enough(words: int) -> int:
    """How many of the words a paragraph has to hold.

    >>> [_enough(n) for n in (1, 2, 3, 4, 5, 8)]
    [1, 2, 3, 3, 4, 6]
    """
    return -(-words * 3 // 4) if words > 3 else words
