"""Confidence: how likely it is that what was found answers, from raw evidence."""

import math
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from index.signals import Signals

CALIBRATION = files("service").joinpath("confidence.json")


class Calibration(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A logistic regression on the signals of a search, fitted by ``upheld-eval calibrate``.

    Attributes:
        fitted_on: To which questions.
        intercept: Of the log odds.
        nearest: Weight of `index.signals.Signals.nearest`.
        lead: Weight of its ``lead``.
        words: Weight of its ``words``.
        judged: Weight of its ``judged``.
        familiar: Weight of its ``familiar``.
        threshold: The least confidence with which a question counts as answered.
    """

    fitted_on: str
    intercept: float
    nearest: float
    lead: float
    words: float
    judged: float
    familiar: float
    threshold: float

    def confidence(self, signals: Signals) -> float:
        """The likelihood that the question is one that the decisions answer, 0 to 1."""
        odds = (
            self.intercept
            + self.nearest * signals.nearest
            + self.lead * signals.lead
            + self.words * signals.words
            + self.judged * signals.judged
            + self.familiar * signals.familiar
        )
        return 1 / (1 + math.exp(-odds))


@cache
def calibrations() -> dict[str, Calibration]:
    """Each encoder's calibration, by its name."""
    return msgspec.json.decode(CALIBRATION.read_bytes(), type=dict[str, Calibration])


def calibration_of(encoder: str) -> Calibration:
    """The calibration for an encoder; for one that has none, that of the official weights."""
    return calibrations().get(encoder) or calibrations()["all-MiniLM-L6-v2"]
