"""Sweeping: the ranking's weights tried in combination, and what choosing among them is worth."""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from sklearn.model_selection import KFold

from eval.gold import BadGold, GoldQuestion
from eval.metrics import MEASURES, Estimate, estimate, score
from eval.runner import ask_all
from index.fusion import WEIGHTS, Weights
from index.protocols import Encoder, Vectors
from service.answering import Answerer

CHOSEN_BY = "nDCG@10"
_FOLDS = 10
_SEED = 7

GRID: Mapping[str, tuple[float, ...]] = {
    "sentence": (0.3, 0.5, 0.7),
    "words": (0.1, 0.2, 0.3),
    "held": (0.0, 0.15, 0.3),
    "decision": (0.0, 0.2, 0.4),
}
"""What is tried where nothing else is asked for; the other weights stay as they are."""


class BadGrid(ValueError):
    """A weight that there is not, or a value that is no number."""


class Tried(Struct, frozen=True, kw_only=True):
    """One setting.

    Attributes:
        setting: The weights that were varied.
        measures: Mean of each measure over all questions: fitted, so too good.
    """

    setting: dict[str, float]
    measures: dict[str, float]


class Swept(Struct, frozen=True, kw_only=True):
    """What a sweep found.

    Attributes:
        tried: Every setting, best first.
        now: What the present weights reach.
        cross_validated: Each measure where the questions of each tenth are ranked with the setting
            that is best on the other nine: what choosing is worth on questions not seen.
        chosen: How many tenths chose each setting, by its place in `tried`.
    """

    tried: tuple[Tried, ...]
    now: dict[str, Estimate]
    cross_validated: dict[str, Estimate]
    chosen: dict[int, int]


@dataclass(frozen=True, slots=True)
class _Remembering:
    """An encoder that encodes each question once, however often it is asked."""

    encoder: Encoder
    known: dict[str, Vectors] = field(default_factory=dict)

    def __getattr__(self, name: str) -> object:
        return getattr(self.encoder, name)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        for text in texts:
            if text not in self.known:
                self.known[text] = self.encoder.encode_questions([text])
        return np.vstack([self.known[text] for text in texts])


def read_grid(options: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """The values to try of each weight.

    >>> read_grid(["words=0.2,0.3"])
    {'words': (0.2, 0.3)}

    Raises:
        BadGrid: One of them cannot be tried.
    """
    grid: dict[str, tuple[float, ...]] = {}
    known = [name for name in Weights.__struct_fields__ if name != "role"]
    for option in options:
        name, _, values = option.partition("=")
        if name not in known:
            raise BadGrid(f"there is no weight {name!r}: choose from {', '.join(known)}")
        if name in grid:
            raise BadGrid(f"{name} is given twice")
        try:
            grid[name] = tuple(float(value) for value in values.split(","))
        except ValueError as error:
            raise BadGrid(f"{option}: wanted numbers after the sign, by commas") from error
        if not all(map(math.isfinite, grid[name])):
            raise BadGrid(f"{option}: wanted finite numbers")
    return grid or dict(GRID)


def sweep(
    answerer: Answerer,
    questions: Sequence[GoldQuestion],
    grid: Mapping[str, Sequence[float]],
    relevant_from: int = 2,
) -> Swept:
    """Ask every question that something answers under every combination of the grid's values.

    Raises:
        eval.gold.BadGold: There are too few questions to cross-validate.
    """
    asked = [q for q in questions if q.answerable]
    if len(asked) < _FOLDS:
        raise BadGold(f"wanted {_FOLDS} questions that something answers, found {len(asked)}")
    encoder = cast("Encoder", _Remembering(answerer.retriever.encoder))
    retriever = replace(answerer.retriever, encoder=encoder)

    def values(weights: Weights) -> NDArray[np.float64]:
        """Each measure of each question, shape ``(questions, measures)``."""
        found = list(ask_all(Answerer.over(replace(retriever, weights=weights)), asked))
        per_question = score(asked, found, relevant_from).per_question
        return np.array([[per_question[q.id][m] for m in MEASURES] for q in asked])

    settings = [
        dict(zip(grid, combination, strict=True))
        for combination in itertools.product(*grid.values())
    ]
    results = [values(msgspec.structs.replace(WEIGHTS, **setting)) for setting in settings]
    column = MEASURES.index(CHOSEN_BY)
    order = sorted(range(len(settings)), key=lambda i: -results[i][:, column].mean())
    held_out = np.zeros_like(results[0])
    chosen: dict[int, int] = {}
    for train, test in KFold(_FOLDS, shuffle=True, random_state=_SEED).split(asked):
        best = max(order, key=lambda i: float(results[i][train, column].mean()))
        held_out[test] = results[best][test]
        chosen[order.index(best)] = chosen.get(order.index(best), 0) + 1
    return Swept(
        tried=tuple(
            Tried(
                setting=settings[i],
                measures=dict(zip(MEASURES, map(float, results[i].mean(axis=0)), strict=True)),
            )
            for i in order
        ),
        now=_estimates(values(WEIGHTS)),
        cross_validated=_estimates(held_out),
        chosen=dict(sorted(chosen.items())),
    )


def lines(swept: Swept) -> Iterator[str]:
    """A sweep for a person."""
    for place, tried in enumerate(swept.tried):
        setting = " ".join(f"{name}={value:g}" for name, value in tried.setting.items())
        told = "  ".join(f"{name} {mean:.3f}" for name, mean in tried.measures.items())
        yield f"{setting:44} {told}  chosen {swept.chosen.get(place, 0)} of {_FOLDS}"
    for title, estimates in (("now", swept.now), ("cross-validated", swept.cross_validated)):
        told = "  ".join(
            f"{m} {e.mean:.3f} ({e.low:.3f} to {e.high:.3f})" for m, e in estimates.items()
        )
        yield f"{title}: {told}"


def _estimates(values: NDArray[np.float64]) -> dict[str, Estimate]:
    return {m: estimate([float(v) for v in values[:, i]]) for i, m in enumerate(MEASURES)}
