"""Judging: fits the judge of the bundled encoder's vectors to pairs that we wrote."""

from collections.abc import Iterator, Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from eval.pairs import Item, sentences
from index.judge import Judge, features
from index.protocols import Encoder, Vectors

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
    paragraphs = [(i, item.answer) for i, item in enumerate(items)]
    paragraphs += [(i, near) for i, item in enumerate(items) for near in item.near]
    asked = [(i, True, question) for i, item in enumerate(items) for question in item.questions]
    asked += [(i, False, question) for i, item in enumerate(items) for question in item.beside]
    parts = [sentences(text) for _, text in paragraphs]
    ends = np.cumsum([0, *map(len, parts)])
    by_sentence = encoder.encode_passages([text for part in parts for text in part])
    whole = encoder.encode_passages([text for _, text in paragraphs])
    questions = encoder.encode_questions([question for *_, question in asked])
    pairs = list(_pairs(questions, [i for i, *_ in asked], whole, [i for i, _ in paragraphs]))
    rows = np.empty((len(pairs), 2 * encoder.dim), np.float32)
    for row, (question, paragraph) in enumerate(pairs):
        vector = questions[question : question + 1]
        own = by_sentence[ends[paragraph] : ends[paragraph + 1]]
        best = own[[(own @ vector[0]).argmax()]]
        rows[row] = features(vector, whole[[paragraph]], best)[0]
    # The first paragraphs are the items' answers, in the items' order.
    answered = [
        asked[question][1] and paragraph == asked[question][0] for question, paragraph in pairs
    ]
    return rows, np.array(answered)


def _pairs(
    questions: Vectors, question_of: Sequence[int], whole: Vectors, paragraph_of: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Each question with the paragraphs of its item, and with the nearest of another item."""
    items = np.array(paragraph_of)
    for start in range(0, len(questions), _AT_ONCE):
        nearness = questions[start : start + _AT_ONCE] @ whole.T
        for question, near in enumerate(nearness, start=start):
            own = np.flatnonzero(items == question_of[question])
            near[own] = -1
            for paragraph in (*own.tolist(), int(near.argmax())):
                yield question, paragraph
