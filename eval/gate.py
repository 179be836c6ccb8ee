"""Gate: stops a change that makes answers worse than the committed baseline."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import Struct

from eval.compare import Change, change, per_question
from eval.runs import Run
from index.digests import digest

BASELINE = Path(__file__).parent / "data" / "baseline.json"
SIGNIFICANT = 0.05
"""A drop is held to be real where chance gives one as bad less often than this."""


class Level(Struct, frozen=True, kw_only=True):
    """What one set of questions reached: the values of each measure by the question's id.

    Attributes:
        questions: Digest of the questions, their judgements and the least grade that counts.
        values: By measure, then by question.
    """

    questions: str
    values: dict[str, dict[str, float]]


class BadBaseline(ValueError):
    """The baseline cannot be used; the message says what to do."""


class Verdict(Struct, frozen=True, kw_only=True):
    """Whether a run may pass.

    Attributes:
        name: The set of questions.
        changes: Every measure against the baseline.
        faults: Why it may not; empty where it may.
    """

    name: str
    changes: tuple[Change, ...]
    faults: tuple[str, ...]


def level(run: Run) -> Level:
    """What a run reached, to be committed as the baseline; it holds no words of a question."""
    values = per_question(run)
    asked = sorted(run.questions, key=lambda q: q.id)
    return Level(
        questions=digest(msgspec.json.encode((run.relevant_from, asked)).decode()),
        values={m: {key: round(v, 6) for key, v in of.items()} for m, of in values.items()},
    )


def read_baseline(path: Path) -> dict[str, Level]:
    """The committed levels by the name of their set; none where there is no file.

    Raises:
        BadBaseline: It cannot be read.
    """
    if not path.exists():
        return {}
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Level])
    except msgspec.MsgspecError as error:
        raise BadBaseline(f"{path}: {error}") from error


def write_baseline(levels: dict[str, Level], path: Path) -> None:
    """Write the levels, a question a line, so that a change of them can be read."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(levels, order="deterministic")))


def judge(name: str, run: Run, baseline: Level) -> Verdict:
    """Hold a run against its baseline.

    It fails on a drop of any measure that chance seldom gives, and on any quotation that is not
    word for word or that is of what was alleged.

    Raises:
        BadBaseline: It is of other questions.
    """
    now = level(run)
    if (now.questions, now.values.keys()) != (baseline.questions, baseline.values.keys()):
        raise BadBaseline(
            f"the baseline of {name} is of other questions or measures: "
            "look at what changed with 'upheld-eval compare', then take the new level "
            "with 'upheld-eval gate --accept'"
        )
    changes = tuple(change(m, baseline.values[m], now.values[m]) for m in now.values)
    faults = [
        f"{c.measure} fell from {c.before:.3f} to {c.after:.3f} (p {c.p_lower:.3f})"
        for c in changes
        if c.difference.mean < 0 and c.p_lower < SIGNIFICANT
    ]
    for count, what in (
        (sum(a.inexact for a in run.asked), "not word for word"),
        (sum(a.allegations_quoted for a in run.asked), "of what was alleged"),
    ):
        if count:
            faults.append(f"quotations {what}: {count}")
    return Verdict(name=name, changes=changes, faults=tuple(faults))


def lines(verdict: Verdict) -> Iterator[str]:
    """A verdict for a person."""
    yield f"{verdict.name}: {'FAILED' if verdict.faults else 'passed'}"
    for c in verdict.changes:
        yield f"  {c.measure:24} {c.before:.3f} -> {c.after:.3f}  (p of a drop {c.p_lower:.3f})"
    for fault in verdict.faults:
        yield f"  {fault}"
