"""Comparing: what one run gained and lost against another, question by question."""

from collections.abc import Iterator, Mapping

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from scipy.stats import permutation_test

from eval.metrics import MEASURES, Estimate, estimate
from eval.runs import Run

RIGHTLY_SILENT = "right to answer or not"
"""The share of all questions that were answered if and only if something answers them."""

_RESAMPLES = 9999
_SEED = 7


class Change(Struct, frozen=True, kw_only=True):
    """How one measure changed over the questions that both runs asked.

    Attributes:
        measure: Its name.
        questions: How many there are.
        before: Mean of the first run.
        after: Mean of the second.
        difference: Mean of the differences, with its interval.
        p_lower: How likely differences at least as bad are if the two runs were alike: one-sided
            permutation test of paired samples, signs flipped (Fisher 1935; scipy's).
        p_either: The same for differences at least as large, either way.
    """

    measure: str
    questions: int
    before: float
    after: float
    difference: Estimate
    p_lower: float
    p_either: float


class Moved(Struct, frozen=True, kw_only=True):
    """A question whose ranking is worth more or less than before, by nDCG@10."""

    id: str
    question: str
    before: float
    after: float


class Comparison(Struct, frozen=True, kw_only=True):
    """What became of each measure, and of each question.

    Attributes:
        changes: Every measure.
        gained: Questions that do better, the most first.
        lost: Questions that do worse, the most first.
        only_before: Ids that only the first run asked; they are not compared.
        only_after: Ids that only the second run asked.
    """

    changes: tuple[Change, ...]
    gained: tuple[Moved, ...]
    lost: tuple[Moved, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]


def per_question(run: Run) -> dict[str, dict[str, float]]:
    """Each measure's value for each question that it is defined for, by measure and by id."""
    values = run.scores.per_question
    return {m: {key: v[m] for key, v in values.items()} for m in MEASURES} | {
        RIGHTLY_SILENT: {
            q.id: float(q.answerable == a.answered)
            for q, a in zip(run.questions, run.asked, strict=True)
        }
    }


def change(measure: str, before: Mapping[str, float], after: Mapping[str, float]) -> Change:
    """How a measure changed over the questions that both have, and whether that may be chance."""
    both = sorted(before.keys() & after.keys())
    old = np.array([before[key] for key in both], dtype=np.float64)
    new = np.array([after[key] for key in both], dtype=np.float64)
    return Change(
        measure=measure,
        questions=len(both),
        before=float(old.mean()) if both else 0.0,
        after=float(new.mean()) if both else 0.0,
        difference=estimate([float(d) for d in new - old]),
        p_lower=_p(new - old, "less"),
        p_either=_p(new - old, "two-sided"),
    )


def compare(before: Run, after: Run) -> Comparison:
    """Compare two runs over the questions that both asked."""
    old = per_question(before)
    new = per_question(after)
    words = {q.id: q.question for q in after.questions}
    first, second = old["nDCG@10"], new["nDCG@10"]
    moved = [
        Moved(id=key, question=words[key], before=first[key], after=second[key])
        for key in sorted(first.keys() & second.keys())
        if not np.isclose(first[key], second[key])
    ]
    asked_before, asked_after = {q.id for q in before.questions}, words.keys()
    return Comparison(
        changes=tuple(change(measure, old[measure], new[measure]) for measure in old),
        gained=tuple(
            sorted((m for m in moved if m.after > m.before), key=lambda m: m.before - m.after)
        ),
        lost=tuple(
            sorted((m for m in moved if m.after < m.before), key=lambda m: m.after - m.before)
        ),
        only_before=tuple(sorted(asked_before - asked_after)),
        only_after=tuple(sorted(asked_after - asked_before)),
    )


def lines(comparison: Comparison) -> Iterator[str]:
    """A comparison for a person."""
    for c in comparison.changes:
        yield (
            f"{c.measure:24} {c.before:.3f} -> {c.after:.3f}  {c.difference.mean:+.3f} "
            f"(95%: {c.difference.low:+.3f} to {c.difference.high:+.3f}, p {c.p_either:.3f}, "
            f"{c.questions} questions)"
        )
    for title, moved in (("gained", comparison.gained), ("lost", comparison.lost)):
        yield f"{title}: {len(moved)}"
        for m in moved:
            yield f"  {m.before:.3f} -> {m.after:.3f}  {m.id}  {m.question}"
    for title, ids in (("before", comparison.only_before), ("after", comparison.only_after)):
        if ids:
            yield f"asked only {title}, not compared: {', '.join(ids)}"


def _p(differences: NDArray[np.float64], alternative: str) -> float:
    if not differences.any():
        return 1.0
    if len(differences) == 1:
        # One pair has two signs; scipy wants two observations.
        return 0.5 if alternative == "less" and differences[0] < 0 else 1.0
    result = permutation_test(
        (differences,),
        lambda sample, axis: np.mean(sample, axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=_RESAMPLES,
        alternative=alternative,
        rng=np.random.default_rng(_SEED),
    )
    return float(result.pvalue)
