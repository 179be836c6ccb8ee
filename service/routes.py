"""Routes: decode, call, encode."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from anyio import CapacityLimiter, to_thread
from litestar import Router, get, post
from litestar.datastructures import CacheControlHeader
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Body, JSONBody
from msgspec import Meta, Struct

from service.answering import Answer, Answerer, SnapshotInfo
from service.errors import PROBLEM, Overloaded
from service.questions import Question


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An error, as RFC 9457 has it.

    Attributes:
        status: The HTTP status.
        title: What kind of error.
        detail: What was found, what was wanted and what to do.
        extra: Which fields of the request are wrong, where they are.
    """

    status: int
    title: str
    detail: str
    extra: list[dict[str, str]] = []


class Health(Struct, frozen=True, kw_only=True):
    """That the service is well."""

    status: Annotated[
        Literal["ok"], Meta(description="Always ``ok``: otherwise a problem is sent.")
    ]


class Ready(Struct, frozen=True, kw_only=True):
    """That the service can answer, and from which snapshot."""

    status: Literal["ready"]
    snapshot: SnapshotInfo


@dataclass(slots=True)
class Desk:
    """Takes questions to the answerer on worker threads, a few at a time.

    Attributes:
        answerer: Answers them.
        limiter: How many are worked on at once.
        max_waiting: How many more may wait.
        inside: How many are worked on or wait.
    """

    answerer: Answerer
    limiter: CapacityLimiter
    max_waiting: int
    inside: int = field(default=0, init=False)

    async def answer(self, question: Question) -> Answer:
        """Answer on a worker thread; the event loop goes on meanwhile.

        Raises:
            Overloaded: Too many are waiting.
        """
        if self.inside >= self.limiter.total_tokens + self.max_waiting:
            raise Overloaded("too many questions are waiting: try again in a moment")
        self.inside += 1
        try:
            return await to_thread.run_sync(
                self.answerer.answer, question, limiter=self.limiter, abandon_on_cancel=False
            )
        finally:
            self.inside -= 1


def _problem(description: str) -> ResponseSpec:
    return ResponseSpec(Problem, description=description, media_type=PROBLEM)


@post(
    "/v1/ask",
    operation_id="ask",
    summary="Ask a question",
    status_code=200,
    cache_control=CacheControlHeader(no_store=True),
    raises=[],
    responses={
        400: _problem("The question is empty, too long, or not of the form that is wanted."),
        500: _problem("Something went wrong on our side."),
        503: _problem("Too many questions are waiting."),
    },
)
async def ask(
    data: JSONBody[Annotated[Question, Body(description="The question.")]],
    desk: NamedDependency[Desk],
) -> Answer:
    """Passages of published decisions that answer a question, quoted word for word and cited."""
    return await desk.answer(data)


@get(
    "/health/live",
    operation_id="live",
    summary="Is the process alive?",
    cache_control=CacheControlHeader(no_store=True),
)
async def live() -> Health:
    """Answers as long as the event loop turns."""
    return Health(status="ok")


@get(
    "/health/ready",
    operation_id="ready",
    summary="Can questions be answered?",
    cache_control=CacheControlHeader(no_store=True),
)
async def ready(desk: NamedDependency[Desk]) -> Ready:
    """Names the snapshot that is searched. The server takes no request before it is loaded."""
    return Ready(status="ready", snapshot=desk.answerer.snapshot)


router = Router("/", route_handlers=[ask, live, ready])
