"""Metrics: counted by stage and status, over all workers, without a request's words."""

import os
import re
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest
from litestar.testing import TestClient
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from service.answer import Answer, Status, Timings
from service.answering import Answerer
from service.metrics import (
    count_answer,
    count_shed,
    count_withheld,
    exposition,
    set_inside,
    set_ready,
    set_snapshot,
)
from service.questions import Question
from tests.observed import CANARY, ROOT, observed, server


def sample(text: str, name: str, **labels: str) -> float:
    """One sample of an exposition."""
    (found,) = (
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if (sample.name, sample.labels) == (name, labels)
    )
    return float(found)


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture
def answer(sample_answerer: Answerer) -> Answer:
    return sample_answerer.answer(Question(question=f"{CANARY} child protection conference"))


@pytest.mark.parametrize("status", list(Status))
def test_an_answer_is_counted_by_status_and_its_stages_are_timed_in_seconds(
    answer: Answer, status: Status
) -> None:
    stages = ("encode", "search", "rank", "answer", "total")
    counted = value("upheld_answers_total", status=status)
    sums = {s: value("upheld_stage_seconds_sum", stage=s) for s in stages}
    timings = Timings(encode=8.0, search=4.0, rank=2.0, answer=1.0, total=16.0)
    count_answer(msgspec.structs.replace(answer, status=status, timings_ms=timings))
    assert value("upheld_answers_total", status=status) == counted + 1
    took = {s: value("upheld_stage_seconds_sum", stage=s) - sums[s] for s in stages}
    assert took == pytest.approx(
        {"encode": 0.008, "search": 0.004, "rank": 0.002, "answer": 0.001, "total": 0.016}
    )
    assert CANARY not in exposition().decode()


def test_what_was_withheld_and_turned_away_is_counted() -> None:
    withheld, shed = value("upheld_quotations_withheld_total"), value("upheld_shed_total")
    count_withheld()
    count_shed()
    count_shed()
    assert value("upheld_quotations_withheld_total") == withheld + 1
    assert value("upheld_shed_total") == shed + 2


def test_gauges_say_what_is_so_now() -> None:
    set_inside(3)
    set_ready(True)
    set_snapshot("one")
    set_snapshot("two", before="one")
    assert value("upheld_questions_inside") == 3
    assert value("upheld_ready") == 1
    assert value("upheld_snapshot_info", id="one") == 0
    assert value("upheld_snapshot_info", id="two") == 1
    set_ready(False)
    assert value("upheld_ready") == 0


def test_requests_are_counted_by_template_and_no_label_holds_what_a_client_sent() -> None:
    def counted(route: str, method: str, status: str) -> float:
        return value("upheld_requests_total", route=route, method=method, status=status)

    wanted = [
        ("/v1/decisions/{name}", "GET", "200"),
        ("unmatched", "GET", "404"),
        ("unmatched", "other", "405"),
        ("/v1/ask", "POST", "500"),
    ]
    before = [counted(*each) for each in wanted]
    timed = value("upheld_request_seconds_count", route="/v1/ask")
    with warnings.catch_warnings(), TestClient(observed()) as client:
        warnings.simplefilter("ignore")
        client.get(f"/v1/decisions/{CANARY}?{CANARY}={CANARY}", headers={"x-word": CANARY})
        client.get(f"/{CANARY}")
        client.request(CANARY.upper(), f"/v1/decisions/{CANARY}")
        client.post("/v1/ask", json={"question": CANARY}, headers={"x-request-id": CANARY})
        shown = client.get("/metrics")
    assert [counted(*each) for each in wanted] == [count + 1 for count in before]
    assert value("upheld_request_seconds_count", route="/v1/ask") == timed + 1
    assert shown.headers["content-type"] == "text/plain; version=1.0.0; charset=utf-8"
    assert shown.headers["cache-control"] == "no-store"
    assert sample(
        shown.text,
        "upheld_requests_total",
        route="/v1/decisions/{name}",
        method="GET",
        status="200",
    ) == (before[0] + 1)
    assert CANARY not in shown.text.lower()


def wait_until(so: Callable[[], bool]) -> None:
    """A request is counted once its last byte is sent, so who got that may ask too early."""
    deadline = time.monotonic() + 30
    while not so():
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(0.05)


def run(code: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_what_a_dead_worker_counted_stays_and_what_it_was_is_forgotten(tmp_path: Path) -> None:
    dead = "from service.metrics import *; count_shed(); set_inside(5); set_ready(True)"
    run(dead, tmp_path)
    run(dead, tmp_path)
    alive = (
        "from service.metrics import *; count_shed(); set_inside(1); set_ready(True); "
        "print(exposition().decode())"
    )
    text = run(alive, tmp_path)
    assert sample(text, "upheld_shed_total") == 3
    assert sample(text, "upheld_questions_inside") == 1
    assert sample(text, "upheld_ready") == 1


def test_whichever_worker_is_asked_tells_of_all(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    with server(tmp_path / "output", workers=2, PROMETHEUS_MULTIPROC_DIR=str(folder)) as client:
        address = str(client.base_url)

        def told() -> float:
            # A connection of its own, so that either worker may answer.
            text = httpx.get(f"{address}/metrics").text
            missing = {"route": "unmatched", "method": "GET", "status": "404"}
            return sample(text, "upheld_requests_total", **missing)

        for _ in range(20):
            assert httpx.get(f"{address}/{CANARY}").status_code == 404
        wait_until(lambda: told() == 20)
        assert [told() for _ in range(6)] == [20] * 6
        output = (tmp_path / "output").read_text()
        workers = re.findall(r"Started server process \[(\d+)\]", output)
        assert len(workers) == 2
        os.kill(int(workers[0]), signal.SIGKILL)
        died = f"Child process [{workers[0]}] died"
        wait_until(lambda: died in (tmp_path / "output").read_text())
        assert told() == 20
    assert CANARY not in (tmp_path / "output").read_text()


def test_the_metrics_are_those_that_the_documentation_tells_of() -> None:
    rows = (ROOT / "docs" / "operations.md").read_text().splitlines()
    told = {re.findall("`([a-z_]+)`", row)[0] for row in rows if row.startswith("| `upheld_")}
    found = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in text_string_to_metric_families(exposition().decode())
        if family.name.startswith("upheld_") and not family.name.endswith("_created")
    }
    assert found == told
