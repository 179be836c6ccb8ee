"""What every request must fulfil, and what every response carries, seen over HTTP."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from service.keys import KeyFile
from service.protection import SECURITY_HEADERS
from tests.conftest import Server, serving

QUESTION = {"question": "can a chair overrule the conference?", "k": 1}
ADVICE = "https://advice.example"


@pytest.fixture(scope="module")
def running(sample_data: Path) -> Iterator[Server]:
    with serving(
        sample_data,
        UPHELD_ALLOWED_HOSTS="upheld.example, 127.0.0.1",
        UPHELD_ALLOWED_ORIGINS=f"{ADVICE}/",
        UPHELD_TIMEOUT="2",
    ) as server:
        yield server


@pytest.fixture
def client(running: Server) -> httpx.Client:
    return running.client


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/health/live"),
        ("GET", "/v1/decisions"),
        ("GET", "/schema"),
        ("POST", "/v1/ask"),
        ("GET", "/nowhere"),
        ("PUT", "/v1/ask"),
        ("OPTIONS", "/v1/ask"),
    ],
)
def test_every_response_carries_the_security_headers(
    client: httpx.Client, method: str, path: str
) -> None:
    headers = client.request(method, path).headers
    assert {n: headers.get(n) for n in SECURITY_HEADERS} == SECURITY_HEADERS
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert "server" not in headers


def test_a_request_for_another_host_is_refused(client: httpx.Client) -> None:
    def status(host: str) -> int:
        return client.get("/v1/decisions", headers={"host": host}).status_code

    assert [status(h) for h in ("upheld.example", "UPHELD.example:8000", "127.0.0.1")] == [200] * 3
    assert [status(h) for h in ("evil.example", "upheld.example.evil.example", "")] == [400] * 3


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_body_that_is_not_declared_as_json_is_refused(client: httpx.Client, kind: str) -> None:
    body = json.dumps(QUESTION).encode()
    response = client.post("/v1/ask", content=body, headers={"content-type": kind})
    assert response.status_code == 415
    assert response.headers["content-type"] == "application/problem+json"


def test_json_with_a_charset_is_json(client: httpx.Client) -> None:
    headers = {"content-type": "application/json; charset=utf-8"}
    content = json.dumps(QUESTION).encode()
    assert client.post("/v1/ask", content=content, headers=headers).status_code == 200


def test_only_pages_of_allowed_origins_may_read_answers(client: httpx.Client) -> None:
    def allowed(origin: str) -> str | None:
        response = client.post("/v1/ask", json=QUESTION, headers={"origin": origin})
        found: str | None = response.headers.get("access-control-allow-origin")
        return found

    assert allowed(ADVICE) == ADVICE
    others = ["https://evil.example", "http://advice.example", f"{ADVICE}.evil.example", "null"]
    assert [allowed(origin) for origin in others] == [None] * 4


def test_a_preflight_tells_what_a_page_may_send(client: httpx.Client) -> None:
    asked = {
        "origin": ADVICE,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type, upheld-key",
    }
    response = client.options("/v1/ask", headers=asked)
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == ADVICE
    assert "upheld-key" in response.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in response.headers
    foreign = client.options("/v1/ask", headers=asked | {"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in foreign.headers


def test_a_refusal_can_be_read_by_the_page_that_asked(client: httpx.Client) -> None:
    response = client.post("/v1/ask", content=b"x", headers={"origin": ADVICE})
    assert response.status_code == 415
    assert response.headers["access-control-allow-origin"] == ADVICE


def test_a_site_key_lets_its_own_pages_read_answers_until_it_is_revoked(
    client: httpx.Client, sample_data: Path
) -> None:
    keys = KeyFile(sample_data)
    site = "https://help.example"
    key, token = keys.make_site("help", (site,), 100)

    def asked(origin: str) -> httpx.Response:
        headers = {"origin": origin, "upheld-key": token}
        return client.post("/v1/ask", json=QUESTION, headers=headers)

    try:
        assert asked(site).status_code == 200
        assert asked(site).headers["access-control-allow-origin"] == site
        assert asked("https://evil.example").status_code == 403
    finally:
        keys.revoke(key.key_id)
    assert asked(site).status_code == 401
    assert "access-control-allow-origin" not in asked(site).headers


def test_a_body_that_never_ends_is_given_up(running: Server) -> None:
    port = running.client.base_url.port
    assert port is not None
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(
            b"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: 100\r\n\r\n{"
        )
        started = time.monotonic()
        assert b" 408 " in connection.recv(4096)
        assert time.monotonic() - started < 8


def test_a_proxys_word_on_the_address_is_taken_only_where_it_is_named(sample_data: Path) -> None:
    def passed(**settings: str) -> int:
        """How many of four requests for as many clients pass, where each may ask once."""
        with serving(sample_data, UPHELD_REQUESTS_A_MINUTE="1", **settings) as running:
            return sum(
                running.client.post(
                    "/v1/ask", json=QUESTION, headers={"x-forwarded-for": f"192.0.2.{n}"}
                ).status_code
                == 200
                for n in range(4)
            )

    assert passed() == 1
    assert passed(UPHELD_TRUSTED_PROXIES="127.0.0.1") == 4
    assert passed(UPHELD_TRUSTED_PROXIES="198.51.100.7") == 1
