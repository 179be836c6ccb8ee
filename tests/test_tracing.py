"""Tracing: spans at a real collector, with statuses and times and without a request's words."""

import sys
import time
import warnings
from itertools import pairwise

import msgspec
import pytest
from litestar import Litestar, post
from litestar.params import JSONBody
from litestar.testing import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from service.answer import Answer, Timings
from service.answering import Answerer
from service.logs import Observed
from service.questions import Question
from service.settings import Settings
from service.tracing import Tracing, TracingUnavailable, trace_answer
from tests.collecting import collector
from tests.observed import CANARY, DOCUMENTATION, observed

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"


def opened(address: str) -> Tracing:
    tracing = Tracing.open(Settings(otlp_endpoint=address))
    assert tracing is not None
    return tracing


def spans(bodies: list[bytes]) -> dict[str, Span]:
    return {
        span.name: span
        for body in bodies
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    }


def attributes(span: Span) -> dict[str, str | int]:
    return {a.key: a.value.string_value or a.value.int_value for a in span.attributes}


@pytest.fixture
def answer(sample_answerer: Answerer) -> Answer:
    found = sample_answerer.answer(Question(question=f"{CANARY} child protection conference"))
    timings = Timings(encode=8.0, search=4.0, rank=2.0, answer=1.0, total=16.0)
    return msgspec.structs.replace(found, timings_ms=timings)


def test_a_request_is_a_span_that_goes_on_a_callers_trace_with_its_stages_below(
    answer: Answer,
) -> None:
    @post("/v1/ask", status_code=200)
    async def ask(data: JSONBody[dict[str, str]]) -> str:
        trace_answer(answer)
        return data["question"]

    with collector() as (address, bodies):
        tracing = opened(address)
        app = Litestar([ask], logging_config=None)
        app.asgi_handler = Observed(app.asgi_handler, tracing)
        began = time.time_ns()
        with TestClient(app) as client:
            client.post(
                f"/v1/ask?q={CANARY}",
                json={"question": CANARY},
                headers={
                    "traceparent": f"00-{TRACE}-{PARENT}-01",
                    "tracestate": f"{CANARY}={CANARY}",
                    "baggage": f"{CANARY}={CANARY}",
                    "user-agent": CANARY,
                },
            )
        tracing.close()
    found = spans(bodies)
    assert set(found) == {"POST /v1/ask", "encode", "search", "rank", "answer"}
    request = found["POST /v1/ask"]
    assert request.trace_id.hex() == TRACE
    assert request.parent_span_id.hex() == PARENT
    assert request.kind == Span.SPAN_KIND_SERVER
    assert attributes(request) == {
        "http.request.method": "POST",
        "http.route": "/v1/ask",
        "http.response.status_code": 200,
        "upheld.status": answer.status.value,
    }
    assert all(f"`{name}`" in DOCUMENTATION for name in attributes(request))
    assert began <= request.start_time_unix_nano <= request.end_time_unix_nano
    stages = [found[name] for name in ("encode", "search", "rank", "answer")]
    assert [s.end_time_unix_nano - s.start_time_unix_nano for s in stages] == [
        8_000_000,
        4_000_000,
        2_000_000,
        1_000_000,
    ]
    assert {(s.trace_id, s.parent_span_id) for s in stages} == {(request.trace_id, request.span_id)}
    assert all(
        one.end_time_unix_nano == other.start_time_unix_nano for one, other in pairwise(stages)
    )
    assert CANARY.encode() not in b"".join(bodies).lower()


def test_what_goes_wrong_is_told_by_status_alone() -> None:
    with collector() as (address, bodies):
        tracing = opened(address)
        with warnings.catch_warnings(), TestClient(observed(tracing)) as client:
            warnings.simplefilter("ignore")
            client.post("/v1/ask", json={"question": CANARY})
            client.get(f"/{CANARY}")
            client.request(CANARY.upper(), f"/v1/decisions/{CANARY}")
        tracing.close()
    found = spans(bodies)
    assert set(found) == {"POST /v1/ask", "GET unmatched", "other unmatched"}
    failed = found["POST /v1/ask"]
    assert attributes(failed)["http.response.status_code"] == 500
    assert (failed.status.code, failed.status.message) == (2, "")
    assert list(failed.events) == []
    assert attributes(found["GET unmatched"])["http.response.status_code"] == 404
    assert found["GET unmatched"].status.code == 0
    assert CANARY.encode() not in b"".join(bodies).lower()


def test_a_collector_that_is_away_costs_no_request_and_does_not_keep_the_service_from_stopping(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with collector() as (address, _):
        pass
    tracing = opened(address)
    with TestClient(observed(tracing)) as client:
        assert client.get(f"/v1/decisions/{CANARY}").status_code == 200
    began = time.monotonic()
    tracing.close()
    assert time.monotonic() - began < 10
    assert CANARY not in caplog.text.replace(f"http://testserver.local/v1/decisions/{CANARY}", "")


def test_nothing_is_traced_unless_a_deployment_says_whereto(answer: Answer) -> None:
    assert Tracing.open(Settings()) is None
    trace_answer(answer)


def test_what_is_missing_for_tracing_is_said_at_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(TracingUnavailable, match=r"run 'pip install upheld\[tracing\]', or unset"):
        Tracing.open(Settings(otlp_endpoint="http://127.0.0.1:1"))
