"""Exemplifying: makes the examples of the bundled encoder from pairs that we wrote."""

from collections.abc import Sequence

import numpy as np

from eval.pairs import Item
from index.examples import Examples, packed, shortlisted
from index.protocols import Encoder
from index.vectors import unit


def make_examples(encoder: Encoder, items: Sequence[Item]) -> Examples:
    """The items that are not held out, each with the mean of its questions and its answer."""
    seen = [item for item in items if not item.held_out]
    asked = [question for item in seen for question in item.asked]
    firsts = np.cumsum([0, *(len(item.asked) for item in seen)])[:-1]
    return Examples(
        questions=shortlisted(
            unit(np.add.reduceat(encoder.encode_questions(asked), firsts, axis=0))
        ),
        answers=packed(encoder.encode_passages([item.answer for item in seen])),
    )
