"""Calibrating: fits the confidence to questions, those that nothing answers among them."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from eval.gold import BadGold, GoldQuestion
from index.hybrid import HybridRetriever
from index.signals import Signals
from service.confidence import CALIBRATION, Calibration, calibrations
from service.questions import settled, standalone

_FOLDS = 10
_SEED = 7
_DEPTH = 10
_STRENGTH = 0.3
"""Inverse of the penalty on the weights: few questions, so a strong one."""

_REFUSALS_ALLOWED = 0.1


def calibrate(
    retriever: HybridRetriever, questions: Sequence[GoldQuestion], fitted_on: str
) -> tuple[Calibration, float]:
    """Fit the likelihood that a question is answered to the signals of its search.

    The threshold turns away one in ten of the questions that something answers, which still get
    the nearest passages under that name: a wrong answer does more harm.

    Returns:
        The calibration, and the cross-validated area under the curve.

    Raises:
        eval.gold.BadGold: There are too few questions of either sort.
    """
    least = min(sum(q.answerable for q in questions), sum(not q.answerable for q in questions))
    if least < _FOLDS:
        raise BadGold(
            f"{fitted_on}: wanted {_FOLDS} questions that something answers and {_FOLDS} that "
            f"nothing answers, found {least} of one sort"
        )
    values = np.array([_values(retriever, q) for q in questions])
    answerable = np.array([q.answerable for q in questions], dtype=np.bool_)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    held_out: NDArray[np.float64] = cross_val_predict(
        _model(), values, answerable, cv=folds, method="predict_proba"
    )[:, 1]
    model = _model().fit(values, answerable)
    scaler, regression = model[0], model[-1]
    weights = regression.coef_[0] / scaler.scale_
    by_name = dict(zip(Signals.__struct_fields__, map(float, weights), strict=True))
    calibration = Calibration(
        fitted_on=fitted_on,
        intercept=float(regression.intercept_[0] - weights @ scaler.mean_),
        threshold=round(float(np.quantile(held_out[answerable], _REFUSALS_ALLOWED)), 4),
        **by_name,
    )
    return calibration, float(roc_auc_score(answerable, held_out))


def _model() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=_STRENGTH))


def _values(retriever: HybridRetriever, question: GoldQuestion) -> list[float]:
    asked = standalone(settled(question.question), question.history)
    signals = retriever.search(
        asked.question, _DEPTH, carried=asked.carried, before=asked.before
    ).signals
    return [getattr(signals, name) for name in Signals.__struct_fields__]


def keep(encoder: str, calibration: Calibration) -> None:
    """Write a calibration beside those of other encoders, where the service reads it."""
    path = Path(str(CALIBRATION))
    kept = calibrations() if path.exists() else {}
    path.write_bytes(
        msgspec.json.format(
            msgspec.json.encode(kept | {encoder: calibration}, order="deterministic")
        )
    )
    calibrations.cache_clear()
