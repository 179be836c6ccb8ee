"""Error pages: what went wrong, told to a person who looks at a page."""

from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, NotFoundException

from service.errors import PROBLEM, UNEXPECTED, Problem, report
from service.page import page
from service.protection import is_api
from service.questions import BadQuestion
from service.reading import Gone, NotHere
from service.unavailable import Unavailable


def error_page(_: Request[object, object, State], error: Exception) -> Response[str]:
    """A page that says what went wrong, and never a word of what was asked."""
    if isinstance(error, Gone):
        return told_page(410, "Withdrawn", str(error))
    if isinstance(error, NotHere):
        return told_page(404, "Not in this collection", str(error))
    if isinstance(error, BadQuestion):
        return told_page(400, "That cannot be asked", str(error))
    if isinstance(error, Unavailable):
        return told_page(503, "Not just now", f"{error} It does not mean that nothing was found.")
    if isinstance(error, HTTPException) and error.status_code < 500:
        return told_page(error.status_code, *_TOLD.get(error.status_code, _TOLD[400]))
    report(error)
    return told_page(500, "Something went wrong here", UNEXPECTED.detail)


def no_such_address(
    request: Request[object, object, State], error: NotFoundException
) -> Response[str] | Response[Problem]:
    """A page for who looks at pages, and a problem for a program."""
    if "text/html" in request.headers.get("accept", "") and not is_api(request.url.path):
        return error_page(request, error)
    problem = Problem(status=404, title="Not Found", detail="There is nothing at this address.")
    return Response(problem, status_code=404, media_type=PROBLEM)


_TOLD = {
    400: ("That address does not work", "Something in it is not as it should be."),
    404: ("There is no such page", "The address may be mistyped, or the page may be gone."),
    405: ("There is no such page", "The address may be mistyped, or the page may be gone."),
}


def told_page(status: int, title: str, detail: str) -> Response[str]:
    """A page that says what is given."""
    return page(
        "error.html", status=status, title=title, detail=detail, here="", sample=False, notice=""
    )
