"""Errors: what goes wrong, and the HTTP problem (RFC 9457) that each becomes."""

import logging
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.plugins.problem_details import (
    ProblemDetailsConfig,
    ProblemDetailsException,
    ProblemDetailsPlugin,
)
from msgspec import Struct

from service.questions import BadQuestion
from service.unavailable import Unavailable

log = logging.getLogger(__name__)

PROBLEM = "application/problem+json"


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


def problem_responses(descriptions: dict[int, str]) -> dict[int, ResponseSpec]:
    """Problems as the contract describes them, by their status."""
    return {
        status: ResponseSpec(
            Problem,
            description=told,
            media_type=PROBLEM,
            generate_examples=False,
            examples=[
                Example(
                    value=Problem(status=status, title=HTTPStatus(status).phrase, detail=told),
                )
            ],
        )
        for status, told in descriptions.items()
    }


def problems() -> ProblemDetailsPlugin:
    """Makes a problem of every error that a request can run into, and never repeats its words."""
    return ProblemDetailsPlugin(
        ProblemDetailsConfig(
            enable_for_all_http_exceptions=True,
            exception_to_problem_detail_map={
                ValidationException: _invalid,
                BadQuestion: _bad_question,
                Unavailable: _unavailable,
            },
        )
    )


UNEXPECTED = Problem(
    status=500,
    title="Internal Server Error",
    detail="Something went wrong here. It does not mean that nothing was found.",
)
"""What is said of an error of ours."""


def unexpected(_: Request[Any, Any, Any], error: Exception) -> Response[Problem]:
    """An error of ours: told as one, and logged without its text, which may hold a question.

    Litestar asks this for whatever no other handler takes.
    """
    if isinstance(error, HTTPException):
        raise error
    report(error)
    return Response(UNEXPECTED, status_code=UNEXPECTED.status, media_type=PROBLEM)


def report(error: Exception) -> None:
    """Log an error by its type and place alone, since its text may hold a question."""
    log.error("unexpected", exc_info=error)


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


def _unavailable(error: Unavailable) -> ProblemDetailsException:
    return ProblemDetailsException(
        status_code=503,
        title=error.title,
        detail=str(error),
        headers={"Retry-After": str(error.retry_after)},
    )
