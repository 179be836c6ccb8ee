"""Metrics: what a run is worth, with how sure we are of it."""

from collections.abc import Iterable, Sequence

import ir_measures
import numpy as np
from ir_measures import RR, R, ScoredDoc, Success, nDCG
from msgspec import Struct
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from eval.gold import GoldQuestion
from eval.runner import Asked

MEASURES = ("nDCG@10", "success@1", "recall@5", "recall@10", "RR")
"""nDCG's gains are 2^grade - 1; for the others a paragraph counts from a grade that is given."""

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
        kinds: Area and its control for each kind of unanswerable question, against all answerable
            ones: how many, area, length area.
        false_answers: Share of unanswerable questions answered if 5% of the answerable ones may
            be turned away.
        answered_wrongly: Share of unanswerable questions that were answered in this run.
        refused_wrongly: Share of answerable questions that were not.
    """

    area: float
    length_area: float
    kinds: dict[str, tuple[int, float, float]]
    false_answers: float
    answered_wrongly: float
    refused_wrongly: float


class RunScores(Struct, frozen=True, kw_only=True):
    """What a run is worth.

    Attributes:
        answerable: How many questions that something answers were scored.
        unanswerable: How many that nothing answers were asked.
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

    answerable: int
    unanswerable: int
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


def score(
    questions: Sequence[GoldQuestion], asked: Sequence[Asked], relevant_from: int = 2
) -> RunScores:
    """Score a run. A question without a result counts as nought."""
    scored = [(q, a) for q, a in zip(questions, asked, strict=True) if q.answerable]
    per_question = _per_question(scored, relevant_from)
    groups: dict[str, tuple[int, dict[str, float]]] = {}
    for name, of in _groups([q for q, _ in scored]):
        groups[name] = (
            len(of),
            {m: float(np.mean([per_question[i][m] for i in of])) for m in MEASURES},
        )
    first = [f for _, a in scored for f in a.found[:_DEEP]]
    graded = {q.id: {r.place: r.grade for r in q.relevant} for q, _ in scored}
    quoted = [graded[q.id].get(place, 0) >= relevant_from for q, a in scored for place in a.quoted]
    return RunScores(
        answerable=len(scored),
        unanswerable=len(questions) - len(scored),
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


def _per_question(
    scored: Sequence[tuple[GoldQuestion, Asked]], relevant_from: int
) -> dict[str, dict[str, float]]:
    # The program behind nDCG with exponential gains takes only digits for a question's id, and no
    # white space in a document's.
    names = {str(n): q.id for n, (q, _) in enumerate(scored)}
    places = {r.place for q, _ in scored for r in q.relevant}
    places |= {found.place for _, a in scored for found in a.found}
    numbers = {place: str(n) for n, place in enumerate(sorted(places))}
    qrels = [
        ir_measures.Qrel(str(n), numbers[r.place], r.grade)
        for n, (q, _) in enumerate(scored)
        for r in q.relevant
    ]
    run = [
        ScoredDoc(str(n), numbers[found.place], -float(place))
        for n, (_, a) in enumerate(scored)
        for place, found in enumerate(a.found)
    ]
    values = {q.id: dict.fromkeys(MEASURES, 0.0) for q, _ in scored}
    measures = (
        nDCG(dcg="exp-log2") @ 10,
        Success(rel=relevant_from) @ 1,
        R(rel=relevant_from) @ 5,
        R(rel=relevant_from) @ 10,
        RR(rel=relevant_from),
    )
    labels = dict(zip(measures, MEASURES, strict=True))
    for metric in ir_measures.iter_calc(measures, qrels, run):
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
    lengths = np.array([len(q.question) for q in questions], dtype=np.float64)
    threshold = np.quantile(confidence[answerable], _REFUSALS_ALLOWED)
    kinds: dict[str, tuple[int, float, float]] = {}
    for kind in sorted({q.kind for q in questions if not q.answerable}):
        of_kind = np.array([not q.answerable and q.kind == kind for q in questions])
        either = answerable | of_kind
        kinds[kind] = (
            int(of_kind.sum()),
            _area(answerable[either], confidence[either]),
            _either_way(_area(answerable[either], lengths[either])),
        )
    return Abstention(
        area=_area(answerable, confidence),
        length_area=_either_way(_area(answerable, lengths)),
        kinds=kinds,
        false_answers=float((confidence[~answerable] >= threshold).mean()),
        answered_wrongly=float(answered[~answerable].mean()),
        refused_wrongly=float((~answered[answerable]).mean()),
    )


def _area(answerable: NDArray[np.bool_], values: NDArray[np.float64]) -> float:
    return float(roc_auc_score(answerable, values))


def _either_way(area: float) -> float:
    """A control may point either way."""
    return max(area, 1 - area)


def _share(flags: Iterable[bool]) -> float:
    listed = list(flags)
    return sum(listed) / len(listed) if listed else 0.0
