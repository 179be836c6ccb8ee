"""Streaming: an answer as server-sent events, each as soon as it is known."""

from collections.abc import AsyncIterator
from typing import Literal

import msgspec
from litestar.response import ServerSentEventMessage
from msgspec import Struct

from service.desk import Desk
from service.errors import UNEXPECTED, Problem, report
from service.questions import BadQuestion, Question
from service.unavailable import Unavailable


class ServerEvent(Struct, frozen=True, kw_only=True):
    """One server-sent event, as the contract describes it.

    Attributes:
        event: What it tells.
        data: JSON: a stage, a match, an answer, nothing, or a problem.
    """

    event: Literal["status", "match", "answer", "done", "error"]
    data: str


class Searching(Struct, frozen=True):
    """That the question was taken."""

    stage: str = "searching"


class Done(Struct, frozen=True):
    """That nothing follows."""


async def events(desk: Desk, question: Question) -> AsyncIterator[ServerSentEventMessage]:
    """``status``, each ``match`` that answers, the whole ``answer``, and ``done``.

    What goes wrong once the stream has begun comes as ``error`` with a problem, and then nothing
    follows: a stream without ``done`` is never an answer.
    """
    yield _event("status", Searching())
    try:
        answer = await desk.answer(question)
    except Unavailable as error:
        yield _event("error", Problem(status=503, title=Unavailable.title, detail=str(error)))
    except BadQuestion as error:
        yield _event("error", Problem(status=400, title="Bad question", detail=str(error)))
    except Exception as error:
        report(error)
        yield _event("error", UNEXPECTED)
    else:
        for match in answer.matches:
            yield _event("match", match)
        yield _event("answer", answer)
        yield _event("done", Done())


def _event(name: str, content: Struct) -> ServerSentEventMessage:
    return ServerSentEventMessage(event=name, data=msgspec.json.encode(content))
