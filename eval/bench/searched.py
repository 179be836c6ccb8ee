"""Searched: how much of the nearest a collection's stores find, and how long it takes them."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
from msgspec import Struct

from index.encoders import open_encoder
from index.faiss_store import FaissStore, Selection
from index.hybrid import DEPTH
from index.protocols import Scores, Vectors
from index.snapshot import open_current

SHARES = (1.0, 0.5, 0.005)
"""Of the rows that a filter lets through."""

_BEST = 10
_SAME = 1e-6


class Found(Struct, frozen=True, kw_only=True):
    """A search of one store, beside one that looks at every vector.

    Attributes:
        store: Of passages or of sentences.
        share: Of its rows that may be found.
        recall: Share of the first ten that are as near as the ten best; of a search for as many as
            a question brings, as equals would otherwise count as missed.
        ms: Median time of a search.
        exact_ms: The same, of one that looks at every vector that may be found.
    """

    store: str
    share: float
    recall: float
    ms: float
    exact_ms: float


def searched(data: Path, questions: Sequence[str]) -> tuple[Found, ...]:
    """Search the stores of a collection, and every vector beside it."""
    snapshot = open_current(data)
    encoder = open_encoder(snapshot.manifest, data)
    asked = [encoder.encode_questions([q]) for q in questions]
    return tuple(
        _compare(name, store, asked, share, depth)
        for name, store, depth in (
            ("passages", snapshot.passages, DEPTH),
            ("sentences", snapshot.sentences, 2 * DEPTH),
        )
        for share in SHARES
    )


def _compare(
    name: str, store: FaissStore, asked: Sequence[Vectors], share: float, depth: int
) -> Found:
    exact = replace(store, lists=None)
    mask = np.random.default_rng(0).random(len(store)) < share
    selection = None if share == 1.0 else Selection.of(mask)
    recalls, times = list[float](), dict[str, list[float]]()
    for question in asked:
        cosines: dict[str, Scores] = {}
        for which, one in (("exact", exact), ("store", store)):
            started = time.perf_counter()
            _, found = one.search(question, depth, selection)
            times.setdefault(which, []).append((time.perf_counter() - started) * 1000)
            cosines[which] = found[:_BEST]
        recalls.append(float(np.mean(cosines["store"] >= cosines["exact"][-1] - _SAME)))
    return Found(
        store=name,
        share=share,
        recall=round(float(np.mean(recalls)), 4),
        ms=round(median(times["store"]), 2),
        exact_ms=round(median(times["exact"]), 2),
    )
