"""Signals: raw evidence of whether what was found answers, comparable from search to search."""

import numpy as np
from msgspec import Struct

from index.fusion import Values

_FEW, _MANY = 3, 10


class Signals(Struct, frozen=True, kw_only=True):
    """What is known of one search as a whole.

    Attributes:
        nearest: Mean of the three best cosines.
        lead: The best cosine less the mean of the nine after it.
        words: The best BM25 score, as a share of the most that the question's words can give.
        judged: The best log odds that the judge gives one of the first matches; nought where the
            encoder has no judge.
        familiar: Cosine of the question and its nearest example; nought where the encoder has
            none. Where it was taught much, all cosines are higher.
    """

    nearest: float
    lead: float
    words: float
    judged: float
    familiar: float


NOTHING = Signals(nearest=-1.0, lead=0.0, words=0.0, judged=0.0, familiar=0.0)
"""Of a search that found nothing at all."""


def signals(
    *, cosines: Values, words: Values, most_words: float, judged: float, familiar: float
) -> Signals:
    """The signals of a search.

    Args:
        cosines: Of each candidate, in any order; at least one.
        words: BM25 of each candidate.
        most_words: The most that the question's words can score.
        judged: See `Signals`.
        familiar: See `Signals`.
    """
    best = np.sort(cosines)[::-1]
    return Signals(
        nearest=float(best[:_FEW].mean()),
        lead=float(best[0] - best[1:_MANY].mean()) if len(best) > 1 else 0.0,
        words=max(float(words.max()), 0.0) / most_words if most_words > 0 else 0.0,
        judged=judged,
        familiar=familiar,
    )
