"""Exemplifying: makes the examples of the bundled encoder from pairs that we wrote."""

from collections.abc import Sequence
from io import BytesIO

import msgspec
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from eval.pairs import Item
from index.examples import Examples, Telling, packed, shortlisted
from index.protocols import Encoder
from index.vectors import unit
from index.words import stems_of

_TOLD_BY = 16
"""Words that tell most of an answer."""


def make_examples(encoder: Encoder, items: Sequence[Item]) -> Examples:
    """The items that are not held out, each with the mean of its questions and its answer."""
    seen = [item for item in items if not item.held_out]
    asked = [question for item in seen for question in item.asked]
    firsts = np.cumsum([0, *(len(item.asked) for item in seen)])[:-1]
    answers = [item.answer for item in seen]
    return Examples(
        questions=shortlisted(
            unit(np.add.reduceat(encoder.encode_questions(asked), firsts, axis=0))
        ),
        answers=packed(encoder.encode_passages(answers)),
        words=telling(answers),
    )


def telling(texts: Sequence[str]) -> Telling:
    """The words that tell most of each text, by the logarithm of their number and their rarity."""
    weigher = TfidfVectorizer(analyzer=stems_of, sublinear_tf=True)
    weighed = weigher.fit_transform(texts)
    numbers = np.zeros((len(texts), _TOLD_BY), np.uint16)
    worth = np.zeros((len(texts), _TOLD_BY), np.float16)
    for row, text in enumerate(weighed):
        best = np.argsort(-text.data, kind="stable")[:_TOLD_BY]
        numbers[row, : len(best)] = text.indices[best]
        worth[row, : len(best)] = text.data[best]
    return Telling(tuple(weigher.get_feature_names_out().tolist()), numbers, worth)


def as_file(words: Telling) -> bytes:
    """Telling words as `index.examples` reads them."""
    file = BytesIO()
    named = np.frombuffer(msgspec.json.encode(words.stems), np.uint8)
    np.savez_compressed(file, stems=named, numbers=words.numbers, worth=words.worth)
    return file.getvalue()
