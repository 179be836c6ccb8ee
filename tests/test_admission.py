"""Keys and limits, as clients meet them on a small real application."""

import asyncio
import logging
from pathlib import Path

import httpx
import pytest
from litestar import Litestar, get, post
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import ScopeType
from litestar.exceptions import NotFoundException
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from service.admission import STATE, Admission, client_at
from service.errors import problems, unexpected
from service.keys import KEYS, KeyFile, Keyring
from service.rate_limits import RateLimits

ADVICE = "https://advice.example"
SOMEBODY = "203.0.113.7"


@get(["/v1/decisions", "/mcp", "/v1x", "/health/live", "/metrics", "/schema.json", "/"])
async def who(scope: Scope) -> dict[str, str | None]:
    key = scope["state"].get(STATE)
    return {"key": key.key_id if key else None}


@get("/v1/decisions/{key:str}")
async def missing() -> None:
    raise NotFoundException("There is no such decision.")


@post("/v1/ask")
async def broken() -> None:
    raise RuntimeError("words of a question")


class Outside(ASGIMiddleware):
    """Marks every response that passes through it, as a middleware for request ids does."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        async def marking(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableScopeHeaders.from_message(message)["X-Outside"] = "seen"
            await send(message)

        await next_app(scope, receive, marking)


def app_over(data: Path, most: int = 5, limits: RateLimits | None = None) -> Litestar:
    limits = limits or RateLimits.over(None)
    return Litestar(
        [who, missing, broken],
        middleware=[Outside(), Admission(Keyring(data), limits, most)],
        plugins=[problems()],
        exception_handlers={Exception: unexpected},
        on_shutdown=[limits.close],
        openapi_config=None,
        logging_config=None,
    )


def ask(
    app: Litestar,
    path: str = "/v1/decisions",
    *,
    method: str = "GET",
    client: str | None = SOMEBODY,
    **headers: str,
) -> httpx.Response:
    """Ask the application from some address; underscores in header names stand for hyphens."""

    async def run() -> httpx.Response:
        address = (client, 50000) if client else None
        transport = httpx.ASGITransport(app, client=address)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            return await http.request(method, path, headers=sent)

    return asyncio.run(run())


def is_problem(response: httpx.Response, status: int, title: str) -> bool:
    content = response.json()
    return (
        response.status_code == content["status"] == status
        and content["title"] == title
        and set(content) == {"status", "title", "detail"}
        and response.headers["content-type"] == "application/problem+json"
        and response.headers["x-outside"] == "seen"
    )


def is_limit(response: httpx.Response, policy: str, remaining: str) -> bool:
    """Whether a response tells these policies and, less the seconds, these remainders."""
    standing = [part.rpartition(";t=") for part in response.headers["ratelimit"].split(", ")]
    return (
        response.headers["ratelimit-policy"] == policy
        and ", ".join(part for part, _, _ in standing) == remaining
        and all(1 <= int(seconds) <= 60 for _, _, seconds in standing)
    )


def test_every_response_says_where_a_client_stands_errors_too(tmp_path: Path) -> None:
    app = app_over(tmp_path)
    responses = [
        ask(app),
        ask(app, "/v1/decisions/one"),
        ask(app, "/v1/ask", method="POST"),
        ask(app, "/mcp"),
    ]
    assert [r.status_code for r in responses] == [200, 404, 500, 200]
    assert responses[0].json() == {"key": None}
    for i, response in enumerate(responses):
        assert is_limit(response, '"client";q=5;w=60', f'"client";r={4 - i}')
        assert "retry-after" not in response.headers


def test_one_who_asks_too_much_is_told_when_to_try_again(tmp_path: Path) -> None:
    app = app_over(tmp_path, most=2)
    assert [ask(app).status_code for _ in range(2)] == [200, 200]
    refused = ask(app)
    seconds = int(refused.headers["retry-after"])
    assert is_problem(refused, 429, "Too many requests")
    assert is_limit(refused, '"client";q=2;w=60', '"client";r=0')
    assert 55 <= seconds <= 60
    assert refused.json()["detail"] == (
        f"One client may ask 2 times a minute: try again in {seconds} seconds."
    )
    assert ask(app, client="203.0.113.8").status_code == 200


@pytest.mark.parametrize("path", ["/health/live", "/metrics", "/schema.json", "/", "/v1x"])
def test_health_metrics_schema_and_pages_are_not_counted(tmp_path: Path, path: str) -> None:
    app = app_over(tmp_path, most=1)
    responses = [ask(app, path) for _ in range(3)] + [ask(app, path, Upheld_Key="wrong")]
    assert [r.status_code for r in responses] == [200] * 4
    assert not any("ratelimit" in r.headers for r in responses)
    assert ask(app).status_code == 200


def test_a_preflight_is_not_counted(tmp_path: Path) -> None:
    app = app_over(tmp_path, most=1)
    for _ in range(3):
        assert ask(app, method="OPTIONS", Origin=ADVICE).status_code == 204
    assert ask(app).status_code == 200


def test_a_sites_key_is_good_for_its_own_pages_alone(tmp_path: Path) -> None:
    key, token = KeyFile(tmp_path).make_site("Advice", (ADVICE, "http://localhost:8080"), 9)
    app = app_over(tmp_path, most=50)
    for origin in key.origins:
        assert ask(app, Upheld_Key=token, Origin=origin).json() == {"key": key.key_id}
    for origin in ("https://other.example", f"{ADVICE}.other.example", "null", ADVICE + "/"):
        refused = ask(app, Upheld_Key=token, Origin=origin)
        assert is_problem(refused, 403, "Not this site's key")
    assert is_problem(ask(app, Upheld_Key=token), 403, "Not this site's key")


def test_a_visitor_of_a_site_has_a_limit_and_all_visitors_have_one_together(
    tmp_path: Path,
) -> None:
    _, token = KeyFile(tmp_path).make_site("Advice", (ADVICE,), 3)
    app = app_over(tmp_path, most=2)
    policy = '"client";q=2;w=60, "site";q=3;w=60'
    page = {"Upheld_Key": token, "Origin": ADVICE}
    assert is_limit(ask(app, **page), policy, '"client";r=1, "site";r=2')
    assert ask(app).status_code == 200
    own = ask(app, **page)
    assert own.status_code == 429
    assert is_limit(own, policy, '"client";r=0, "site";r=2')
    assert own.json()["detail"].startswith("One client may ask 2 times a minute")
    for client in ("203.0.113.8", "203.0.113.9"):
        assert ask(app, client=client, **page).status_code == 200
    all_visitors = ask(app, client="203.0.113.10", **page)
    assert all_visitors.json()["detail"].startswith("All visitors of this site may ask 3 times")


def test_a_server_has_its_keys_limit_whatever_its_address(tmp_path: Path) -> None:
    key, token = KeyFile(tmp_path).make_server("Casework", 3)
    app = app_over(tmp_path, most=1)
    for i, client in enumerate((SOMEBODY, SOMEBODY, "203.0.113.8")):
        response = ask(app, client=client, Authorization=f"Bearer {token}")
        assert response.json() == {"key": key.key_id}
        assert is_limit(response, '"server";q=3;w=60', f'"server";r={2 - i}')
    refused = ask(app, Authorization=f"bearer  {token}")
    assert is_problem(refused, 429, "Too many requests")
    assert ask(app).status_code == 200


def test_a_servers_key_in_a_page_is_refused_even_beside_a_sites(tmp_path: Path) -> None:
    _, secret = KeyFile(tmp_path).make_server("Casework", 3)
    _, public = KeyFile(tmp_path).make_site("Advice", (ADVICE,), 3)
    app = app_over(tmp_path)
    bearer = f"Bearer {secret}"
    refused = ask(app, Authorization=bearer, Origin=ADVICE)
    assert is_problem(refused, 403, "Secret key in a page")
    assert "must not be in a page" in refused.json()["detail"]
    both = ask(app, Authorization=bearer, Upheld_Key=public, Origin=ADVICE)
    assert is_problem(both, 403, "Secret key in a page")
    assert ask(app, Authorization=bearer).status_code == 200


def test_a_key_that_is_unknown_revoked_or_in_the_wrong_header_is_refused_and_not_repeated(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = KeyFile(tmp_path)
    secret, public = file.make_server("Casework", 9)[1], file.make_site("A", (ADVICE,), 9)[1]
    revoked, gone = file.make_server("Old", 9)
    file.revoke(revoked.key_id)
    app = app_over(tmp_path, most=50)
    for token, headers in [
        ("upheld_server_made-up", {"Authorization": "Bearer upheld_server_made-up"}),
        (gone, {"Authorization": f"Bearer {gone}"}),
        (public, {"Authorization": f"Bearer {public}"}),
        (secret, {"Upheld_Key": secret}),
    ]:
        refused = ask(app, Origin=ADVICE, **headers)
        assert is_problem(refused, 401, "Unknown key")
        assert refused.headers["www-authenticate"] == 'Bearer realm="upheld", error="invalid_token"'
        assert token not in refused.text + str(refused.headers) + caplog.text


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": "Bearer"}, {"Upheld_Key": ""}, {"Upheld_Key": "upheld site"}],
)
def test_a_key_that_is_none_is_refused_as_unknown(tmp_path: Path, headers: dict[str, str]) -> None:
    assert is_problem(ask(app_over(tmp_path), **headers), 401, "Unknown key")


def test_other_schemes_of_authorization_are_a_proxys_business(tmp_path: Path) -> None:
    response = ask(app_over(tmp_path), Authorization="Basic dXNlcjpwYXNz")
    assert (response.status_code, response.json()) == (200, {"key": None})


def test_a_key_is_refused_from_the_request_after_it_was_revoked(tmp_path: Path) -> None:
    key, token = KeyFile(tmp_path).make_server("Casework", 9)
    app = app_over(tmp_path)
    bearer = f"Bearer {token}"
    assert ask(app, Authorization=bearer).status_code == 200
    KeyFile(tmp_path).revoke(key.key_id)
    assert ask(app, Authorization=bearer).status_code == 401


def test_wrong_keys_are_counted_so_that_nobody_may_try_many(tmp_path: Path) -> None:
    app = app_over(tmp_path, most=2)
    statuses = [ask(app, Upheld_Key=f"upheld_site_{i}").status_code for i in range(4)]
    assert statuses == [401, 401, 429, 429]


def test_while_keys_cannot_be_read_those_with_one_are_told_and_others_go_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _, token = KeyFile(tmp_path).make_server("Casework", 9)
    (tmp_path / KEYS).write_bytes(b"[")
    app = app_over(tmp_path)
    for _ in range(2):
        refused = ask(app, Authorization=f"Bearer {token}")
        assert is_problem(refused, 503, "Keys cannot be checked")
        assert refused.headers["retry-after"] == "30"
    assert ask(app).json() == {"key": None}
    assert [r.levelno for r in caplog.records if r.name == "service.keys"] == [logging.ERROR]


def test_an_ipv6_network_of_64_bits_is_one_client(tmp_path: Path) -> None:
    app = app_over(tmp_path, most=1)
    assert ask(app, client="2001:db8:0:1::1").status_code == 200
    assert ask(app, client="2001:db8:0:1:ffff::9").status_code == 429
    assert ask(app, client="2001:db8:0:2::1").status_code == 200


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("not an address", "not an address"),
    ],
)
def test_whoever_asks_is_some_client(host: str, client: str) -> None:
    assert client_at(host) == client


def test_clients_on_a_socket_without_address_are_one(tmp_path: Path) -> None:
    app = app_over(tmp_path, most=1)
    assert [ask(app, client=None).status_code for _ in range(2)] == [200, 429]


def test_a_clients_own_word_on_its_address_is_not_taken(tmp_path: Path) -> None:
    app = app_over(tmp_path, most=1)
    assert ask(app, X_Forwarded_For="203.0.113.8").status_code == 200
    assert ask(app, X_Forwarded_For="203.0.113.9").status_code == 429
