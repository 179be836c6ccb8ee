"""Metrics: how often, how fast and with what outcome, for Prometheus; no word of any request."""

import os
from pathlib import Path

import msgspec
from litestar import Response, get
from litestar.datastructures import CacheControlHeader
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from service.answer import Answer

_SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder through which worker processes add up; set before this module is imported."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_REQUESTS = Counter("upheld_requests", "Requests that ended.", ["route", "method", "status"])
_REQUEST_SECONDS = Histogram(
    "upheld_request_seconds", "From a request to its last byte.", ["route"], buckets=_SECONDS
)
_ANSWERS = Counter("upheld_answers", "Questions by what became of them.", ["status"])
_STAGE_SECONDS = Histogram(
    "upheld_stage_seconds", "What each stage of an answer took.", ["stage"], buckets=_SECONDS
)
_WITHHELD = Counter("upheld_quotations_withheld", "Quotations that were not word for word.")
_SHED = Counter("upheld_shed", "Questions turned away because too many were waiting.")
_INSIDE = Gauge("upheld_questions_inside", "Worked on or waiting now.", multiprocess_mode="livesum")
_READY = Gauge("upheld_ready", "Processes that take questions now.", multiprocess_mode="livesum")
_SNAPSHOT = Gauge(
    "upheld_snapshot_info",
    "1 for a snapshot that a worker has open.",
    ["id"],
    multiprocess_mode="livemax",
)


def known_method(method: str) -> str:
    """The method, or ``other``: a client may send any word as one.

    >>> known_method("GET"), known_method("SHOUT")
    ('GET', 'other')
    """
    return method if method in _METHODS else "other"


def count_request(*, route: str, method: str, status: int, seconds: float) -> None:
    """Count a request that ended.

    Args:
        route: The template of its route, never its path.
        method: As `known_method` gives it.
        status: The HTTP status.
        seconds: How long it took.
    """
    _REQUESTS.labels(route, method, status).inc()
    _REQUEST_SECONDS.labels(route).observe(seconds)


def count_answer(answer: Answer) -> None:
    """Count an answer by its status, and the time of its stages."""
    _ANSWERS.labels(answer.status).inc()
    for stage, milliseconds in msgspec.structs.asdict(answer.timings_ms).items():
        _STAGE_SECONDS.labels(stage).observe(milliseconds / 1000)


def count_withheld() -> None:
    """Count a quotation that was withheld because it was not word for word."""
    _WITHHELD.inc()


def count_shed() -> None:
    """Count a question that was turned away because too many were waiting."""
    _SHED.inc()


def set_inside(questions: int) -> None:
    """Say how many questions this process works on or lets wait now."""
    _INSIDE.set(questions)


def set_ready(ready: bool) -> None:
    """Say whether this process takes questions."""
    _READY.set(ready)


def set_snapshot(current: str, before: str | None = None) -> None:
    """Say which snapshot this process has open, and which one no more."""
    if before is not None:
        _SNAPSHOT.labels(before).set(0)
    _SNAPSHOT.labels(current).set(1)


def exposition() -> bytes:
    """All metrics as Prometheus reads them: of all workers, where there are several."""
    if _SHARED not in os.environ:
        return generate_latest(REGISTRY)
    _forget_the_dead(Path(os.environ[_SHARED]))
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


@get(
    "/metrics",
    include_in_schema=False,
    sync_to_thread=True,
    cache_control=CacheControlHeader(no_store=True),
)
def metrics() -> Response[bytes]:
    """The metrics of the service."""
    return Response(exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _forget_the_dead(folder: Path) -> None:
    """Drop what workers that ended said of the present; what they counted stays."""
    for file in folder.glob("gauge_live*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not _alive(pid):
            mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
