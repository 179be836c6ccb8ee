"""Protection: what every request must fulfil before it is read, and what every response carries."""

import asyncio

from litestar.config.cors import CORSConfig
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.exceptions import ClientException, HTTPException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from litestar.types.asgi_types import ReceiveMessage

from service.keys import Keyring

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""What every response carries. Another site's page may read one only where CORS lets it."""

_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_API = ("/v1", "/mcp")


class UnsupportedMediaType(HTTPException):
    """A body of another kind than is wanted."""

    status_code = 415


class RequestTimeout(HTTPException):
    """A body that does not arrive."""

    status_code = 408


async def add_security_headers(message: Message, _: Scope) -> None:
    """Add `SECURITY_HEADERS`, where the response has none of its own."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in SECURITY_HEADERS.items():
            headers.setdefault(name, value)


class Protection(ASGIMiddleware):
    """Refuses foreign hosts, bodies of another kind than is wanted, and bodies that never end."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, hosts: tuple[str, ...], body_within: float) -> None:
        """Say what is allowed.

        Args:
            hosts: Names that the service goes by; ``*`` allows any.
            body_within: Seconds in which a body must have arrived.
        """
        self._hosts = frozenset(host.lower() for host in hosts)
        self._body_within = body_within

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Let a request pass, or refuse it.

        Raises:
            ClientException: It is for another host.
            UnsupportedMediaType: Its body is of another kind than is wanted.
            RequestTimeout: Its body does not arrive.
        """
        if scope["type"] != ScopeType.HTTP:
            await next_app(scope, receive, send)
            return
        headers = Headers.from_scope(scope)
        if "*" not in self._hosts and _host(headers.get("host", "")) not in self._hosts:
            raise ClientException("Not a name that this service goes by: see UPHELD_ALLOWED_HOSTS.")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        wanted = _JSON if is_api(scope["path"]) else _FORM
        if scope["method"] == "POST" and kind != wanted:
            raise UnsupportedMediaType(f"Send what the header 'Content-Type: {wanted}' declares.")
        await next_app(scope, self._in_time(receive), send)

    def _in_time(self, receive: Receive) -> Receive:
        deadline = asyncio.get_running_loop().time() + self._body_within
        arrived = False

        async def timed() -> ReceiveMessage:
            nonlocal arrived
            if arrived:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                raise RequestTimeout("The request did not arrive in time.") from None
            arrived = not message.get("more_body", False)
            return message

        return timed


def is_api(path: str) -> bool:
    """Whether a path is of the API, which takes JSON; forms of pages go to the others.

    >>> is_api("/v1/ask"), is_api("/"), is_api("/v10")
    (True, False, False)
    """
    return any(path == start or path.startswith(f"{start}/") for start in _API)


def _host(header: str) -> str:
    """The host without its port.

    >>> _host("Advice.example:8000"), _host("[::1]:8000"), _host("localhost")
    ('advice.example', '[::1]', 'localhost')
    """
    name, colon, port = header.strip().lower().rpartition(":")
    return name if colon and port.isdecimal() else header.strip().lower()


class Origins(CORSConfig):
    """The pages that may read answers: those of the settings, and those of live site keys."""

    def __init__(self, allowed: tuple[str, ...], keyring: Keyring) -> None:
        """Say who they are.

        Args:
            allowed: Origins, always.
            keyring: Its site keys' origins, as long as the keys are not revoked.
        """
        super().__init__(
            allow_origins=list(allowed),
            allow_methods=["GET", "POST"],
            allow_headers=["Content-Type", "Authorization", "Upheld-Key", "X-Request-Id"],
            expose_headers=["RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id"],
        )
        self._keyring = keyring

    def is_origin_allowed(self, origin: str) -> bool:
        """Whether pages of this origin may read answers."""
        return origin in self.allow_origins or origin in self._keyring.origins()
