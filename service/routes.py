"""Routes: decode, call, encode."""

from typing import Annotated, Literal

from litestar import Router, get, post
from litestar.datastructures import CacheControlHeader
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Body, JSONBody, SkipValidation
from litestar.response import ServerSentEvent
from msgspec import Meta, Struct

from service.answer import Answer, SnapshotInfo
from service.desk import Desk
from service.errors import problem_responses
from service.questions import Question, settled
from service.streaming import ServerEvent, events
from service.switch import require_on
from service.unavailable import SwitchedOff
from service.verification import Verification
from service.verifying import Pasted, Verifier


class Health(Struct, frozen=True, kw_only=True):
    """That the service is well."""

    status: Annotated[
        Literal["ok"], Meta(description="Always ``ok``: otherwise a problem is sent.")
    ]


class Ready(Struct, frozen=True, kw_only=True):
    """That the service can answer, and from which snapshot.

    Attributes:
        status: Always ``ready``: otherwise a problem is sent.
        answering: Whether answering is switched on; reading always is.
        snapshot: What is searched.
    """

    status: Literal["ready"]
    answering: bool
    snapshot: SnapshotInfo


_NOT_STORED = CacheControlHeader(no_store=True)
_TURNED_AWAY = problem_responses(
    {
        400: "The request is not of the form that is wanted.",
        401: "The key is not known, or was revoked.",
        403: "The key may not be used from there.",
        408: "The request did not arrive in time.",
        413: "The request is too large.",
        415: "The request is not JSON.",
        429: "Too many requests; the header Retry-After says when to come back.",
        500: "Something went wrong on our side.",
        503: "Too busy, or switched off; the header Retry-After says for how long.",
    }
)


@post(
    "/v1/ask",
    operation_id="ask",
    summary="Ask a question",
    status_code=200,
    cache_control=_NOT_STORED,
    responses=_TURNED_AWAY,
    mcp_tool="ask",
)
async def ask(
    data: JSONBody[Annotated[Question, Body(description="The question.")]],
    desk: NamedDependency[SkipValidation[Desk]],
) -> Answer:
    """Passages of published decisions that answer a question, quoted word for word and cited."""
    return await desk.answer(data)


@post(
    "/v1/ask/stream",
    operation_id="ask_stream",
    summary="Ask a question, and be told of the answer piece by piece",
    status_code=200,
    cache_control=_NOT_STORED,
    responses={
        200: ResponseSpec(
            ServerEvent,
            description="Server-sent events: `status`, each `match`, the whole `answer` (as `ask` "
            "sends it) and `done`; or `error` with a problem.",
            media_type="text/event-stream",
            generate_examples=False,
        ),
        **_TURNED_AWAY,
    },
)
async def ask_stream(
    data: JSONBody[Annotated[Question, Body(description="The question.")]],
    desk: NamedDependency[SkipValidation[Desk]],
) -> ServerSentEvent:
    """The same as ``ask``; what goes wrong later comes as an event, without ``done``."""
    settled(data.question)
    desk.require_room()
    return ServerSentEvent(events(desk, data))


@post(
    "/v1/verify",
    operation_id="verify",
    summary="Check a letter's references and quotations",
    status_code=200,
    cache_control=_NOT_STORED,
    responses=_TURNED_AWAY,
    mcp_tool="verify",
)
async def verify(
    data: JSONBody[Annotated[Pasted, Body(description="The text to check.")]],
    desk: NamedDependency[SkipValidation[Desk]],
) -> Verification:
    """Each case reference and quotation in a text: what it resolves to, and whether exactly."""
    desk.require_room()
    return await desk.run(Verifier(desk.answerer.retriever).verify, data)


@get(
    "/health/live",
    operation_id="live",
    summary="Is the process alive?",
    cache_control=_NOT_STORED,
)
async def live() -> Health:
    """Answers as long as the event loop turns."""
    return Health(status="ok")


@get(
    "/health/ready",
    operation_id="ready",
    summary="Can questions be answered?",
    cache_control=_NOT_STORED,
    responses=problem_responses({503: "The service cannot answer now, or is about to stop."}),
)
async def ready(desk: NamedDependency[SkipValidation[Desk]]) -> Ready:
    """Asks the snapshot for one of its own paragraphs, and names it."""
    await desk.require_ready()
    return Ready(status="ready", answering=_is_on(desk), snapshot=desk.answerer.snapshot)


def _is_on(desk: Desk) -> bool:
    try:
        require_on(desk.folder)
    except SwitchedOff:
        return False
    return True


router = Router("/", route_handlers=[ask, ask_stream, verify, live, ready])
