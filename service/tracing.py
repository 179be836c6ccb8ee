"""Tracing: one OpenTelemetry span a request, with a child for each stage of its answer."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from service.answer import Answer
from service.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

_STAGES = ("encode", "search", "rank", "answer")
_EXPORT_WITHIN = 5
"""Seconds that the collector has to take a batch, and so the longest that stopping waits for it."""

_tracer: ContextVar["Tracer | None"] = ContextVar("tracer", default=None)
"""What traces the request that is being served."""


class TracingUnavailable(RuntimeError):
    """Traces are wanted, and what makes them is not installed."""


@dataclass(frozen=True, slots=True)
class Tracing:
    """Sends traces to a collector in the background.

    A span holds a method, a route's template, statuses and times: no address, query, body, or text
    of an error, and of a client's headers only the ``traceparent``, which has room for no word.

    Attributes:
        provider: Makes the spans and sends them.
    """

    provider: "TracerProvider"

    @classmethod
    def open(cls, settings: Settings) -> "Tracing | None":
        """Begin to trace, where the settings say whereto; None where they do not.

        Raises:
            TracingUnavailable: The packages for it are not installed.
        """
        if settings.otlp_endpoint is None:
            return None
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError:
            raise TracingUnavailable(
                "UPHELD_OTLP_ENDPOINT is set, but OpenTelemetry is not installed: "
                "run 'pip install upheld[tracing]', or unset it"
            ) from None
        provider = TracerProvider(
            resource=Resource.create(
                {"service.name": "upheld", "service.version": version("upheld")}
            )
        )
        exporter = OTLPSpanExporter(traces_address(settings.otlp_endpoint), timeout=_EXPORT_WITHIN)
        provider.add_span_processor(BatchSpanProcessor(exporter))
        return cls(provider)

    @contextmanager
    def request(self, method: str, traceparent: str | None) -> Iterator[Callable[[str, int], None]]:
        """The span of one request; gives what to tell its route's template and status, at its end.

        Args:
            method: As `service.metrics.known_method` gives it.
            traceparent: The header of that name, by which a caller's trace goes on.
        """
        from opentelemetry.trace import SpanKind, Status, StatusCode
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        tracer = self.provider.get_tracer("upheld")
        # The header tracestate is left behind: it is free text.
        carrier = {"traceparent": traceparent} if traceparent else {}
        with tracer.start_as_current_span(
            method,
            context=TraceContextTextMapPropagator().extract(carrier),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": method},
            record_exception=False,
            set_status_on_exception=False,
        ) as span:

            def ended(route: str, status: int) -> None:
                span.update_name(f"{method} {route}")
                span.set_attribute("http.route", route)
                span.set_attribute("http.response.status_code", status)
                if status >= 500:
                    span.set_status(Status(StatusCode.ERROR))

            token = _tracer.set(tracer)
            try:
                yield ended
            finally:
                _tracer.reset(token)

    def close(self) -> None:
        """Send what is left, and stop; may block for some seconds, so not for the event loop."""
        self.provider.shutdown()


def trace_answer(answer: Answer) -> None:
    """Add an answer's status and stages to the span of the request that it answers, if any."""
    tracer = _tracer.get()
    if tracer is None:
        return
    from opentelemetry.trace import get_current_span

    get_current_span().set_attribute("upheld.status", answer.status.value)
    timings = answer.timings_ms
    begun = time.time_ns() - _nanoseconds(timings.total)
    for stage in _STAGES:
        ended = begun + _nanoseconds(getattr(timings, stage))
        tracer.start_span(stage, start_time=begun).end(ended)
        begun = ended


def traces_address(endpoint: str) -> str:
    """Where traces are sent: the endpoint itself, or its usual path where it has none.

    >>> traces_address("http://collector.example:4318")
    'http://collector.example:4318/v1/traces'
    >>> traces_address("https://traces.example/in")
    'https://traces.example/in'
    """
    return endpoint if urlsplit(endpoint).path.strip("/") else f"{endpoint.rstrip('/')}/v1/traces"


def _nanoseconds(milliseconds: float) -> int:
    return round(milliseconds * 1_000_000)
