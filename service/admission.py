"""Admission: who asks, by which key, and whether they may ask now."""

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from litestar import Request, Response
from litestar.datastructures import Headers, MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from service.error_page import told_page
from service.errors import PROBLEM, Problem
from service.keys import Key, Keyring, KeysUnreadable, Kind
from service.protection import is_api
from service.rate_limits import Quota, RateLimits, Standing, rate_headers

SITE_KEY = "Upheld-Key"
"""The header in which pages send a site's key."""

TURNED_AWAY = "turned_away"
"""A handler with this option tells of a refusal itself, such as a form that keeps what was typed;
under the same name the request's state says whether there is one."""

STATE = "key"
"""Under this name the request's state holds its `Key`, or None."""

_IPV6_SITE = 64
"""Bits of an IPv6 address that tell one household or office from another; it owns the rest."""


@dataclass(frozen=True)
class Refusal:
    """Why a request is not let through.

    Attributes:
        problem: What is said.
        headers: What is sent with it.
    """

    problem: Problem
    headers: dict[str, str]


@dataclass(frozen=True)
class Admission(ASGIMiddleware):
    """Checks the key and the rate of each request to the API, and the rate of forms.

    It answers itself where a request is refused, so that middlewares around it see that, too. A
    proxy's word on the client's address is taken by the server where it is trusted, never here.

    Attributes:
        keyring: Knows the keys.
        limits: Counts the requests.
        requests_a_minute: Of one client without a server's key.
    """

    keyring: Keyring
    limits: RateLimits
    requests_a_minute: int

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Let a request pass or refuse it, and tell the client where it stands."""
        if (
            scope["type"] != ScopeType.HTTP
            or scope["method"] == "OPTIONS"
            or not _is_metered(scope["method"], scope["path"])
        ):
            await next_app(scope, receive, send)
            return
        sent = Headers.from_scope(scope)
        key, refusal = self._key(sent)
        host, _ = scope.get("client") or ("unknown", 0)
        standings = await self.limits.count(self._quotas(key, client_at(host)))
        told = rate_headers(standings)
        refusal = _too_many(standings) or refusal

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableScopeHeaders.from_message(message).update(told)
            await send(message)

        if refusal and not scope["route_handler"].opt.get(TURNED_AWAY):
            response = _said(refusal, scope["path"])
            asgi = response.to_asgi_response(None, Request(scope, receive, send))
            await asgi(scope, receive, telling)
            return
        scope["state"] |= {STATE: key, TURNED_AWAY: refusal is not None}
        await next_app(scope, receive, telling)

    def _key(self, sent: Headers) -> tuple[Key | None, Refusal | None]:
        """The key that a request comes with, if it is good and may be used so."""
        token, kind = _token_of(sent)
        if token is None:
            return None, None
        try:
            key = self.keyring.find(token)
        except KeysUnreadable:
            return None, _UNREADABLE
        if key is None or key.kind is not kind:
            return None, _UNKNOWN
        origin = sent.get("origin")
        if kind is Kind.SERVER and origin is not None:
            return None, _SECRET_IN_A_PAGE
        if kind is Kind.SITE and origin not in key.origins:
            return None, _OTHER_ORIGIN
        return key, None

    def _quotas(self, key: Key | None, client: str) -> tuple[Quota, ...]:
        """What a request is counted against; one that is refused counts for its client."""
        own = Quota(name="client", who=client, requests_a_minute=self.requests_a_minute)
        if key is None:
            return (own,)
        keys = Quota(name=str(key.kind), who=key.key_id, requests_a_minute=key.requests_a_minute)
        return (keys,) if key.kind is Kind.SERVER else (own, keys)


def client_at(host: str) -> str:
    """Whose requests are counted together: those of an address, or of an IPv6 network of 64 bits.

    >>> client_at("2001:db8:1:2:3:4:5:6"), client_at("::ffff:192.0.2.1")
    ('2001:db8:1:2::/64', '192.0.2.1')
    """
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    rest = 128 - _IPV6_SITE
    return f"{IPv6Address(int(address) >> rest << rest)}/{_IPV6_SITE}"


def _said(refusal: Refusal, path: str) -> Response[Problem] | Response[str]:
    """A refusal as who asked can read it: a program, or a person who sent a form."""
    problem = refusal.problem
    if is_api(path):
        return Response(
            problem, status_code=problem.status, headers=refusal.headers, media_type=PROBLEM
        )
    return told_page(problem.status, problem.title, problem.detail)


def _is_metered(method: str, path: str) -> bool:
    """Whether a request counts: all to the API, and what is sent by a page's form."""
    return is_api(path) or method == "POST"


def _token_of(sent: Headers) -> tuple[str | None, Kind]:
    """The token of a request and of what kind it must be.

    A request with both is judged by its secret, which must not be in a page.
    """
    scheme, _, token = sent.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return token.strip(), Kind.SERVER
    return sent.get(SITE_KEY), Kind.SITE


def _too_many(standings: tuple[Standing, ...]) -> Refusal | None:
    exceeded = next((s for s in standings if s.exceeded), None)
    if exceeded is None:
        return None
    whose = _WHOSE[exceeded.quota.name]
    return _refusal(
        429,
        "Too many requests",
        f"{whose} may ask {exceeded.quota.requests_a_minute} times a minute: try again in "
        f"{exceeded.more_in} {'second' if exceeded.more_in == 1 else 'seconds'}.",
    )


_WHOSE = {"client": "One client", "site": "All visitors of this site", "server": "This server"}


def _refusal(
    status: int, title: str, detail: str, headers: dict[str, str] | None = None
) -> Refusal:
    return Refusal(Problem(status=status, title=title, detail=detail), headers or {})


_UNKNOWN = _refusal(
    401,
    "Unknown key",
    "The key is unknown or was revoked. A site's key is sent in the header 'Upheld-Key', a "
    "server's as 'Authorization: Bearer'.",
    {"WWW-Authenticate": 'Bearer realm="upheld", error="invalid_token"'},
)
_OTHER_ORIGIN = _refusal(
    403,
    "Not this site's key",
    "A site's key is good for pages of its own origins alone, and this request came from none of "
    "them.",
)
_SECRET_IN_A_PAGE = _refusal(
    403,
    "Secret key in a page",
    "A server's key is a secret and must not be in a page: revoke it with 'upheld keys revoke', "
    "and make a site's key for the page.",
)
_UNREADABLE = _refusal(
    503,
    "Keys cannot be checked",
    "The service cannot check keys for now. Its log says why.",
    {"Retry-After": "30"},
)
