"""Report: the scores of a run, for a person."""

from collections.abc import Iterator, Mapping

from eval.metrics import Estimate, RunScores


def lines(scores: RunScores) -> Iterator[str]:
    """The scores, a line each."""
    yield f"{scores.answerable} answerable questions, {scores.unanswerable} unanswerable"
    yield from measures(scores.measures)
    for group, (number, means) in scores.groups.items():
        told = "  ".join(f"{name} {mean:.3f}" for name, mean in means.items())
        yield f"  {group:24} {number:4}  {told}"
    if scores.abstention:
        a = scores.abstention
        yield (
            f"abstention: area {a.area:.3f} (length of the question alone {a.length_area:.3f}), "
            f"false answers at 5% false refusals {a.false_answers:.3f}"
        )
        for kind, (number, area, length_area) in a.kinds.items():
            yield f"  {kind:24} {number:4}  area {area:.3f} (length {length_area:.3f})"
        yield (
            f"  in this run: unanswerable answered {a.answered_wrongly:.3f}, "
            f"answerable refused {a.refused_wrongly:.3f}"
        )
    yield (
        f"first five: allegations {scores.allegations_in_first_five:.3f}, "
        f"boilerplate {scores.boilerplate_in_first_five:.3f}"
    )
    yield (
        f"quotations: {scores.quotations}, not word for word {scores.quotations_inexact}, "
        f"of allegations {scores.allegations_quoted}, right {scores.quotations_right:.3f}"
    )
    yield "ms: " + ", ".join(f"{stage} {ms:.1f}" for stage, ms in scores.milliseconds.items())


def measures(values: Mapping[str, Estimate]) -> Iterator[str]:
    """Each measure with its interval, a line each."""
    for name, value in values.items():
        yield f"  {name:12} {value.mean:.3f}  (95%: {value.low:.3f} to {value.high:.3f})"
