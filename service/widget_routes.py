"""Widget routes: the file that other sites put into their pages, and a page that shows it."""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from litestar import Request, Response, Router, get
from litestar.datastructures import CacheControlHeader, State
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, SkipValidation
from msgspec import Struct

from service.desk import Desk
from service.notices import notice
from service.page import page
from service.reading_routes import Revalidation

_DIGITS = 16
_FOR_ALL = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Any page may load it, and have the browser check its digest."""


class Widget(Struct, frozen=True):
    """The built file.

    Attributes:
        content: Its bytes.
        version: The first digits of its SHA-256.
        integrity: What a page writes into the attribute of this name.
    """

    content: bytes
    version: str
    integrity: str

    @property
    def address(self) -> str:
        """Where it stands; another content stands elsewhere, so it may be kept for ever."""
        return f"/widget/{self.version}/upheld.js"


@cache
def widget() -> Widget:
    """The widget that ships with the service; ``service/widget`` says how it is built."""
    content = files("service").joinpath("widget", "upheld.js").read_bytes()
    version = hashlib.sha256(content).hexdigest()[:_DIGITS]
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return Widget(content, version, f"sha384-{digest}")


@get(
    "/widget/upheld.js",
    cache_control=CacheControlHeader(public=True, max_age=300),
    middleware=[Revalidation()],
)
async def latest_widget() -> Response[bytes]:
    """The widget, whichever version this service has."""
    return _script()


@get(
    "/widget/{version:str}/upheld.js",
    cache_control=CacheControlHeader(public=True, max_age=31_536_000, immutable=True),
)
async def one_widget(version: FromPath[str]) -> Response[bytes]:
    """The widget in the version that a page was made for.

    Raises:
        NotFoundException: This service has another.
    """
    if version != widget().version:
        raise NotFoundException
    return _script()


@get("/demo")
async def demo(
    request: Request[object, object, State], desk: NamedDependency[SkipValidation[Desk]]
) -> Response[str]:
    """The widget as a host's page shows it, and the lines that put it there."""
    sample = desk.answerer.snapshot.sample
    return page(
        "demo.html",
        here="",
        sample=sample,
        notice=notice((), sample=sample),
        widget=widget(),
        origin=str(request.base_url).rstrip("/"),
        kept_days=desk.question_log.days if desk.question_log else None,
    )


def _script() -> Response[bytes]:
    return Response(widget().content, media_type="text/javascript", headers=_FOR_ALL)


widget_pages = Router("/", route_handlers=[latest_widget, one_widget, demo])
"""The widget and its page."""
