"""Judging: fits the judge of the bundled encoder's vectors to pairs that we wrote."""

from collections.abc import Iterator, Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from eval.pairs import EncodedItems, Item
from index.judge import Judge, features
from index.protocols import Encoder

_STRENGTH = 0.1
"""Inverse of the penalty on the weights, chosen by the samples' questions; see ADR 0019."""

_ITERATIONS = 1000

_AT_ONCE = 500
"""Questions that are compared with all paragraphs at a time."""


def fit_judge(encoder: Encoder, items: Sequence[Item]) -> tuple[Judge, float]:
    """Fit a judge to the items that are not held out.

    It learns to tell each question's answer from the near misses beside it and from the nearest
    paragraph of another item; and, of a question that nothing answers, that none does.

    Returns:
        The judge, and its area under the curve over the items that are held out.
    """
    seen, answers = _examples(encoder, [item for item in items if not item.held_out])
    model = LogisticRegression(C=_STRENGTH, max_iter=_ITERATIONS).fit(seen, answers)
    judge = Judge(weights=model.coef_[0], intercept=float(model.intercept_[0]))
    unseen, answered = _examples(encoder, [item for item in items if item.held_out])
    return judge, float(roc_auc_score(answered, unseen @ judge.weights + judge.intercept))


def as_file(judge: Judge) -> bytes:
    """A judge as `index.judge` reads it."""
    file = BytesIO()
    np.savez(file, weights=judge.weights.astype(np.float32), intercept=judge.intercept)
    return file.getvalue()


def _examples(
    encoder: Encoder, items: Sequence[Item]
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """The features of questions with paragraphs, and whether each is answered by it."""
    encoded = EncodedItems.of(encoder, items)
    pairs = list(_pairs(encoded))
    rows = np.empty((len(pairs), 2 * encoder.dim), np.float32)
    for row, (question, paragraph) in enumerate(pairs):
        vector = encoded.questions[[question]]
        own = encoded.sentences[encoded.starts[paragraph] : encoded.starts[paragraph + 1]]
        best = own[[(own @ vector[0]).argmax()]]
        rows[row] = features(vector, encoded.paragraphs[[paragraph]], best)[0]
    # An item's answer has the item's own number.
    answered = [q < encoded.answered and p == encoded.asked[q] for q, p in pairs]
    return rows, np.array(answered)


def _pairs(encoded: EncodedItems) -> Iterator[tuple[int, int]]:
    """Each question with the paragraphs of its item, and with the nearest of another item."""
    for start in range(0, len(encoded.questions), _AT_ONCE):
        nearness = encoded.questions[start : start + _AT_ONCE] @ encoded.paragraphs.T
        for question, near in enumerate(nearness, start=start):
            own = np.flatnonzero(encoded.told == encoded.asked[question])
            near[own] = -1
            for paragraph in (*own.tolist(), int(near.argmax())):
                yield question, paragraph
