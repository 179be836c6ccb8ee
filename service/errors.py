"""Errors: what goes wrong, and the HTTP problem (RFC 9457) that each becomes."""

import logging
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.plugins.problem_details import (
    ProblemDetailsConfig,
    ProblemDetailsException,
    ProblemDetailsPlugin,
)

from service.questions import BadQuestion

log = logging.getLogger(__name__)

PROBLEM = "application/problem+json"


class Overloaded(RuntimeError):
    """More questions are waiting than may wait."""


def problems() -> ProblemDetailsPlugin:
    """Makes a problem of every error that a request can run into, and never repeats its words."""
    return ProblemDetailsPlugin(
        ProblemDetailsConfig(
            enable_for_all_http_exceptions=True,
            exception_to_problem_detail_map={
                ValidationException: _invalid,
                BadQuestion: _bad_question,
                Overloaded: _overloaded,
            },
        )
    )


def unexpected(_: Request[Any, Any, Any], error: Exception) -> Response[dict[str, object]]:
    """An error of ours: told as one, logged by its type alone, since its text may hold a question.

    Litestar asks this for whatever no other handler takes.
    """
    if isinstance(error, HTTPException):
        raise error
    trace, where = error.__traceback__, "unknown"
    while trace:
        where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    log.error("%s at %s", type(error).__name__, where)
    return Response(
        {
            "status": 500,
            "title": "Internal Server Error",
            "detail": "Something went wrong here. It does not mean that nothing was found.",
        },
        status_code=500,
        media_type=PROBLEM,
    )


_SAFE = ("Expected ", "Object missing required field")
"""How messages begin that name our own fields and types, and no word of the request."""


def _invalid(error: ValidationException) -> ProblemDetailsException:
    """Which fields are wrong, without what stood in them."""
    found = error.extra if isinstance(error.extra, list) else []
    extra = [
        {
            "key": str(item.get("key", "")),
            "message": message
            if (message := str(item.get("message", ""))).startswith(_SAFE)
            else "Not a value or field that is known here",
        }
        for item in found
    ]
    return ProblemDetailsException(
        status_code=400,
        title="Bad request",
        detail="The request is not of the form that is wanted; see the contract at /schema.",
        extra=extra,
    )


def _bad_question(error: BadQuestion) -> ProblemDetailsException:
    return ProblemDetailsException(status_code=400, title="Bad question", detail=str(error))


def _overloaded(error: Overloaded) -> ProblemDetailsException:
    return ProblemDetailsException(
        status_code=503,
        title="Busy",
        detail=str(error),
        headers={"Retry-After": "2"},
    )
