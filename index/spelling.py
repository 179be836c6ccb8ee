"""Spelling: a question's misspelt words, put right by what the collection writes."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Protocol

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Small letters alone, or the question's first word: names, references and what is joined to
# something else are left as they are.
_WORD = re.compile(r"(?:(?<![\w’'@./-])[a-z]|(?<=\A)[A-Z])[a-z]{4,}(?![\w’'@-])")
_CONTRACTION = re.compile(
    r"(?:i|you|he|she|it|we|they|who|that|there|what|how|where)(?:d|ll|re|ve|s|m)"
    r"|(?:is|are|was|were|do|does|did|has|have|had|would|could|should|must|need|might|ca|wo)"
    r"(?:nt|ve)"
)
_SHORT = 7
"""Letters up to which a word may be one slip away from what was meant; longer ones, two."""

_MOST = 6
"""A question with more such words is not misspelt but in another language, or no language."""


class Vocabulary(Protocol):
    """The words that a collection writes."""

    def knows(self, word: str) -> bool:
        """Whether it writes the word in any form."""
        ...

    def words_like(self, initial: str, shortest: int, longest: int) -> Iterable[tuple[str, int]]:
        """Its words with this first letter and of these lengths, and how many decisions each has.

        Only those that several decisions write without a capital.
        """
        ...


def repaired(question: str, vocabulary: Vocabulary) -> str:
    """The question with each word that is none put right, where the collection has one like it.

    A slip is a letter too many, too few, another, or two that changed places. The first letter is
    taken to be right. Of several words, the nearest is meant, and of those the one that most
    decisions write. A word of ordinary English is never changed, though no decision has it; nor is
    a question of which hardly a word is known.
    """
    wrong = {word for word in _WORD.findall(question) if not _is_right(word.lower(), vocabulary)}
    if not 0 < len(wrong) <= _MOST:
        return question
    meant = {word: _meant(word, vocabulary) for word in wrong}
    return _WORD.sub(lambda match: meant.get(match[0], match[0]), question)


def _is_right(word: str, vocabulary: Vocabulary) -> bool:
    return bool(_CONTRACTION.fullmatch(word)) or vocabulary.knows(word) or _is_english(word)


def _meant(word: str, vocabulary: Vocabulary) -> str:
    low = word.lower()
    slips = 1 if len(low) <= _SHORT else 2
    written = dict(vocabulary.words_like(low[0], len(low) - slips, len(low) + slips))
    like = process.extract(low, list(written), scorer=OSA.distance, score_cutoff=slips, limit=None)
    if not like:
        return word
    meant = min((distance, -written[found], found) for found, distance, _ in like)[2]
    return meant if word == low else meant.capitalize()


def _is_english(word: str) -> bool:
    """Whether it is an ordinary English word, or its plural."""
    return word in _english() or word.removesuffix("s") in _english()


@cache
def _english() -> frozenset[str]:
    """The 82,765 English words, British spellings among them, that come with symspellpy."""
    words = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    lines = words.read_text(encoding="utf-8-sig").splitlines()
    return frozenset(line.split(" ", 1)[0] for line in lines)
