"""Reading routes: the decisions over HTTP; what a reader has already is not sent again."""

import hashlib
import logging
from datetime import date
from typing import Annotated

from anyio import to_thread
from litestar import Request, Response, Router, get
from litestar.datastructures import CacheControlHeader, Headers, MutableScopeHeaders, State
from litestar.di import NamedDependency, Provide
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import PathParameter, QueryParameter, SkipValidation
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from litestar.types.asgi_types import HTTPResponseStartEvent

from corpus.model import Outcome
from corpus.publishers import publishers
from index.catalogue import DamagedDecision, Sort
from index.narrowing import Narrowing
from service import reading
from service.desk import Desk
from service.errors import PROBLEM, Problem, problem_responses
from service.questions import MAX_FILTER
from service.reading import DEFAULT_LIMIT, MAX_LIMIT, MAX_OFFSET, Gone, Listing, NotHere
from service.shown import DecisionList, DecisionRead, OneParagraph

log = logging.getLogger(__name__)

_REFERENCE = f"^(?:{'|'.join(publisher.reference for publisher in publishers().values())})$"


class Revalidation(ASGIMiddleware):
    """Tags each response by its content, and sends none that the client has already."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Hold the head of the response until its body is there to be tagged."""
        known = {
            tag.strip().removeprefix("W/")
            for tag in Headers.from_scope(scope).get("if-none-match", "").split(",")
        }
        head: HTTPResponseStartEvent | None = None

        async def tagging(message: Message) -> None:
            nonlocal head
            if message["type"] == "http.response.start" and message["status"] == 200:
                head = message
                return
            if head is not None and message["type"] == "http.response.body":
                # Weak: what stands between may compress it.
                tag = f'"{hashlib.sha256(message["body"]).hexdigest()[:32]}"'
                headers = MutableScopeHeaders.from_message(head)
                headers["etag"] = f"W/{tag}"
                if known & {tag, "*"}:
                    head["status"] = 304
                    del headers["content-length"], headers["content-type"]
                    message["body"] = b""
                await send(head)
                head = None
            await send(message)

        await next_app(scope, receive, tagging)


def listing(
    authority: Annotated[
        str | None,
        QueryParameter(
            description="Words of the name of the body complained about, case ignored.",
            examples=[Example(value="Exampleshire")],
            max_length=MAX_FILTER,
        ),
    ] = None,
    outcome: Annotated[
        Outcome | None,
        QueryParameter(description="Only this outcome.", examples=[Example(value="upheld")]),
    ] = None,
    category: Annotated[
        str | None,
        QueryParameter(
            description="Words of the category path, case ignored; its parts are joined by ' > '.",
            examples=[Example(value="Education > School transport")],
            max_length=MAX_FILTER,
        ),
    ] = None,
    decided_from: Annotated[
        date | None,
        QueryParameter(
            description="Earliest date of decision.", examples=[Example(value="2024-01-01")]
        ),
    ] = None,
    decided_to: Annotated[
        date | None,
        QueryParameter(
            description="Latest date of decision.", examples=[Example(value="2024-12-31")]
        ),
    ] = None,
    reference: Annotated[
        str | None,
        QueryParameter(
            description="Only this case reference, in any spelling.",
            examples=[Example(value="99 000 101")],
            pattern=_REFERENCE,
        ),
    ] = None,
    publisher: Annotated[
        str | None,
        QueryParameter(
            description="Only decisions of this publisher: what stands before the slash in their "
            "ids.",
            examples=[Example(value="upheld-sample")],
            max_length=MAX_FILTER,
        ),
    ] = None,
    sort: Annotated[
        Sort,
        QueryParameter(description="In which order.", examples=[Example(value="newest")]),
    ] = Sort.NEWEST,
    offset: Annotated[
        int,
        QueryParameter(
            description="How many to leave out before the first; see `next` in the response.",
            examples=[Example(value=20)],
            ge=0,
            le=MAX_OFFSET,
        ),
    ] = 0,
    limit: Annotated[
        int,
        QueryParameter(
            description="The most that are wanted.",
            examples=[Example(value=20)],
            ge=1,
            le=MAX_LIMIT,
        ),
    ] = DEFAULT_LIMIT,
) -> Listing:
    """The list that the query asks for."""
    return Listing(
        narrowing=Narrowing(
            authority=authority,
            outcome=outcome,
            category=category,
            decided_from=decided_from,
            decided_to=decided_to,
            reference=reference,
            publisher=publisher,
        ),
        sort=sort,
        offset=offset,
        limit=limit,
    )


Publisher = Annotated[
    str,
    PathParameter(
        description="Of a decision's id, what stands before the slash.",
        examples=[Example(value="upheld-sample")],
    ),
]
Slug = Annotated[
    str,
    PathParameter(
        description="Of a decision's id, what stands after the slash.",
        examples=[Example(value="99-000-101")],
    ),
]
Number = Annotated[
    int,
    PathParameter(
        description="The paragraph's number, as its citation has it.",
        examples=[Example(value=29)],
    ),
]

_KEPT = CacheControlHeader(no_cache=True)
_ANY = {
    304: ResponseSpec(None, description="What the header If-None-Match names is what there is."),
    **problem_responses(
        {
            400: "The request is not of the form that is wanted.",
            401: "The key is not known, or was revoked.",
            403: "The key may not be used from there.",
            429: "Too many requests; the header Retry-After says when to come back.",
            500: "What is stored is damaged and is not shown, or something else went wrong.",
            503: "Keys cannot be checked; the header Retry-After says for how long.",
        }
    ),
}


_GONE = "The decision was withdrawn from this collection; the detail says when."


@get(
    "/v1/decisions",
    operation_id="list_decisions",
    summary="List decisions",
    cache_control=_KEPT,
    dependencies={"listing": Provide(listing, sync_to_thread=False)},
    responses=_ANY,
)
async def list_decisions(
    desk: NamedDependency[SkipValidation[Desk]], listing: NamedDependency[Listing]
) -> DecisionList:
    """The decisions of this collection, a part at a time, and what they can be narrowed to.

    Each facet is counted under all filters but its own, so it tells what choosing another value
    would bring.
    """
    return await to_thread.run_sync(
        reading.list_decisions, desk.answerer.retriever.snapshot, listing
    )


@get(
    "/v1/decisions/{publisher:str}/{slug:str}",
    operation_id="read_decision",
    summary="Read a decision",
    cache_control=_KEPT,
    responses=problem_responses({404: "No such decision is in this collection.", 410: _GONE})
    | _ANY,
    mcp_tool="read_decision",
    mcp_description="Read one published decision whole: every paragraph word for word with its "
    "number, its role and whose voice it is, and what was found and agreed. The two parts of an id "
    "such as lgsco/18-019-617 are given apart. A paragraph in the complainant's or the body's "
    "voice is their account and no finding.",
)
async def read_decision(
    desk: NamedDependency[SkipValidation[Desk]], publisher: Publisher, slug: Slug
) -> DecisionRead:
    """One decision, every paragraph word for word, with whose word it is and how to cite it."""
    return await to_thread.run_sync(
        reading.read_decision, desk.answerer.retriever.snapshot, f"{publisher}/{slug}"
    )


@get(
    "/v1/decisions/{publisher:str}/{slug:str}/paragraphs/{number:int}",
    operation_id="read_paragraph",
    summary="Read a paragraph",
    cache_control=_KEPT,
    responses=problem_responses({404: "No such paragraph is in this collection.", 410: _GONE})
    | _ANY,
    mcp_tool="read_paragraph",
    mcp_description="Read one numbered paragraph of a published decision word for word, with its "
    "citation, its role and whose voice it is: what a citation names can be checked so. The two "
    "parts of an id such as lgsco/18-019-617 are given apart.",
)
async def read_paragraph(
    desk: NamedDependency[SkipValidation[Desk]], publisher: Publisher, slug: Slug, number: Number
) -> OneParagraph:
    """One paragraph, word for word, with whose word it is and how to cite it."""
    return await to_thread.run_sync(
        reading.read_paragraph, desk.answerer.retriever.snapshot, f"{publisher}/{slug}", number
    )


def _not_here(_: Request[object, object, State], error: NotHere) -> Response[Problem]:
    return _problem(404, "Not in this collection", str(error))


def _gone(_: Request[object, object, State], error: Gone) -> Response[Problem]:
    return _problem(410, "Withdrawn", str(error))


def _damaged(*_: object) -> Response[Problem]:
    # Not which one: that is what somebody reads. The doctor finds it.
    log.error("a stored decision is damaged and was not shown: run 'upheld doctor'")
    return _problem(
        500,
        "Stored decision damaged",
        "What is stored here is not as it was when the collection was built, so it is not shown.",
    )


def _problem(status: int, title: str, detail: str) -> Response[Problem]:
    return Response(
        Problem(status=status, title=title, detail=detail), status_code=status, media_type=PROBLEM
    )


reading_router = Router(
    "/",
    route_handlers=[list_decisions, read_decision, read_paragraph],
    middleware=[Revalidation()],
    exception_handlers={
        Gone: _gone,
        NotHere: _not_here,
        DamagedDecision: _damaged,
    },
)
