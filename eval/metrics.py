"""Metrics: what a run is worth, with how sure we are of it."""

from collections.abc import Callable, Iterable, Sequence

import ir_measures
import numpy as np
from ir_measures import RR, R, ScoredDoc, Success, nDCG
from msgspec import Struct
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from eval.gold import GoldQuestion
from eval.runner import Asked

MEASURES = {
    "nDCG@10": nDCG(dcg="exp-log2") @ 10,
    "success@1": Success(rel=2) @ 1,
    "recall@5": R(rel=2) @ 5,
    "RR": RR(rel=2),
}
"""Gains are 2^grade - 1; for the others a paragraph counts from grade 2."""

_RESAMPLES = 2000
_SEED = 7
_DEEP = 5
_REFUSALS_ALLOWED = 0.05


class Estimate(Struct, frozen=True):
    """A mean, and the middle 95% of what resampled questions give (percentile bootstrap)."""

    mean: float
    low: float
    high: float


class Abstention(Struct, frozen=True, kw_only=True):
    """How well the confidence tells questions that are answered from those that are not.

    Attributes:
        area: Under the receiver operating curve; 0.5 is chance.
        length_area: The same for the mere length of the question, as a control.
        false_answers: Share of unanswerable questions answered if 5% of the answerable ones may
            be turned away.
        answered_wrongly: Share of unanswerable questions that were answered in this run.
        refused_wrongly: Share of answerable questions that were not.
    """

    area: float
    length_area: float
    false_answers: float
    answered_wrongly: float
    refused_wrongly: float


class RunScores(Struct, frozen=True, kw_only=True):
    """What a run is worth.

    Attributes:
        questions: How many answerable questions were scored.
        measures: Each measure over all of them.
        groups: Each measure by persona and by kind: name, how many, means.
        per_question: Each measure of each question.
        abstention: None where all questions are answerable.
        allegations_in_first_five: Share of the first five that are complaints.
        boilerplate_in_first_five: Share of the first five that are standard paragraphs.
        quotations: How many were given.
        quotations_inexact: How many were not word for word.
        allegations_quoted: How many were of what was alleged.
        quotations_right: Share of quoted paragraphs of grade 2 and above.
        milliseconds: Median of each stage.
    """

    questions: int
    measures: dict[str, Estimate]
    groups: dict[str, tuple[int, dict[str, float]]]
    per_question: dict[str, dict[str, float]]
    abstention: Abstention | None
    allegations_in_first_five: float
    boilerplate_in_first_five: float
    quotations: int
    quotations_inexact: int
    allegations_quoted: int
    quotations_right: float
    milliseconds: dict[str, float]


def score(questions: Sequence[GoldQuestion], asked: Sequence[Asked]) -> RunScores:
    """Score a run. A question without a result counts as nought."""
    scored = [(q, a) for q, a in zip(questions, asked, strict=True) if q.answerable]
    per_question = _per_question(scored)
    groups: dict[str, tuple[int, dict[str, float]]] = {}
    for name, of in _groups([q for q, _ in scored]):
        groups[name] = (
            len(of),
            {m: float(np.mean([per_question[i][m] for i in of])) for m in MEASURES},
        )
    first = [f for _, a in scored for f in a.found[:_DEEP]]
    graded = {q.id: {f"{r.file}#{r.paragraph}": r.grade for r in q.relevant} for q, _ in scored}
    quoted = [graded[q.id].get(place, 0) >= 2 for q, a in scored for place in a.quoted]
    return RunScores(
        questions=len(scored),
        measures={m: estimate([v[m] for v in per_question.values()]) for m in MEASURES},
        groups=groups,
        per_question=per_question,
        abstention=_abstention(questions, asked),
        allegations_in_first_five=_share(f.allegation for f in first),
        boilerplate_in_first_five=_share(f.boilerplate for f in first),
        quotations=sum(len(a.quoted) for a in asked),
        quotations_inexact=sum(a.inexact for a in asked),
        allegations_quoted=sum(a.allegations_quoted for a in asked),
        quotations_right=_share(quoted),
        milliseconds={
            stage: float(np.median([a.milliseconds[stage] for a in asked]))
            for stage in (asked[0].milliseconds if asked else ())
        },
    )


def _per_question(scored: Sequence[tuple[GoldQuestion, Asked]]) -> dict[str, dict[str, float]]:
    # The program behind nDCG with exponential gains takes only digits for a question's id.
    names = {str(n): q.id for n, (q, _) in enumerate(scored)}
    qrels = [
        ir_measures.Qrel(str(n), f"{r.file}#{r.paragraph}", r.grade)
        for n, (q, _) in enumerate(scored)
        for r in q.relevant
    ]
    run = [
        ScoredDoc(str(n), found.place, -float(place))
        for n, (_, a) in enumerate(scored)
        for place, found in enumerate(a.found)
    ]
    values = {q.id: dict.fromkeys(MEASURES, 0.0) for q, _ in scored}
    labels = {measure: label for label, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), qrels, run):
        values[names[metric.query_id]][labels[metric.measure]] = float(metric.value)
    return values


def _groups(questions: Iterable[GoldQuestion]) -> list[tuple[str, list[str]]]:
    found: dict[str, list[str]] = {}
    for q in questions:
        found.setdefault(f"persona {q.persona}", []).append(q.id)
        found.setdefault(f"kind {q.kind}", []).append(q.id)
    return sorted(found.items())


def estimate(values: Sequence[float]) -> Estimate:
    """The mean with its interval, from resamples of a fixed seed."""
    if not values:
        return Estimate(0.0, 0.0, 0.0)
    generator = np.random.default_rng(_SEED)
    array = np.asarray(values, dtype=np.float64)
    means = generator.choice(array, size=(_RESAMPLES, len(array))).mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Estimate(float(array.mean()), float(low), float(high))


def _abstention(questions: Sequence[GoldQuestion], asked: Sequence[Asked]) -> Abstention | None:
    answerable = np.array([q.answerable for q in questions], dtype=np.bool_)
    if answerable.all() or not answerable.any():
        return None
    confidence = np.array([a.confidence for a in asked])
    answered = np.array([a.answered for a in asked], dtype=np.bool_)
    threshold = np.quantile(confidence[answerable], _REFUSALS_ALLOWED)
    area: Callable[[NDArray[np.bool_], NDArray[np.float64]], float] = roc_auc_score
    lengths = np.array([len(q.question) for q in questions], dtype=np.float64)
    length_area = float(area(answerable, lengths))
    return Abstention(
        area=float(area(answerable, confidence)),
        length_area=max(length_area, 1 - length_area),
        false_answers=float((confidence[~answerable] >= threshold).mean()),
        answered_wrongly=float(answered[~answerable].mean()),
        refused_wrongly=float((~answered[answerable]).mean()),
    )


def _share(flags: Iterable[bool]) -> float:
    listed = list(flags)
    return sum(listed) / len(listed) if listed else 0.0
