"""Logs: one JSON object a line, with request ids and without a request's words."""

import io
import json
import logging
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.testing import TestClient

from service.logs import PrivateFormatter, described, request_id
from tests.observed import CANARY, DOCUMENTATION, ROOT, observed, server

EXAMPLE: dict[str, object] = json.loads(DOCUMENTATION.split("```json")[1].split("```")[0])


@contextmanager
def written() -> Iterator[io.StringIO]:
    """What our own loggers write."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PrivateFormatter())
    ours = logging.getLogger("service")
    before = ours.level
    ours.setLevel(logging.INFO)
    ours.addHandler(handler)
    try:
        yield stream
    finally:
        ours.removeHandler(handler)
        ours.setLevel(before)


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def record(
    name: str, message: object, *values: object, error: BaseException | None = None
) -> logging.LogRecord:
    told = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, logging.ERROR, "/lib/there.py", 7, message, values, told)


def line(record: logging.LogRecord) -> dict[str, object]:
    found: dict[str, object] = json.loads(PrivateFormatter().format(record))
    assert str(found.pop("time")).endswith("+00:00")
    return found


def test_what_our_modules_log_is_written_with_its_fields() -> None:
    noted = record("service.desk", "moved to snapshot %s", "abc")
    noted.decisions = 5
    assert line(noted) == {
        "level": "error",
        "event": "moved to snapshot abc",
        "logger": "service.desk",
        "decisions": 5,
    }


@pytest.mark.parametrize("message", [CANARY, "%s and %s", "%d", ValueError(CANARY), {CANARY: 1}])
def test_what_another_library_logs_is_written_without_its_words(message: object) -> None:
    assert (
        line(record("httpx._client", message, CANARY)).items()
        >= {
            "level": "error",
            "event": "words withheld",
            "logger": "httpx._client",
            "where": "there:7",
        }.items()
    )
    assert CANARY not in PrivateFormatter().format(record("httpx", message, CANARY))


@pytest.mark.parametrize("name", ["service.desk", "uvicorn.error"])
def test_an_error_is_told_by_type_and_place_with_its_cause(name: str) -> None:
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as cause:
            raise FileNotFoundError(2, CANARY, CANARY) from cause
    except FileNotFoundError as error:
        told = str(line(record(name, "broke", error=error))["error"])
    assert re.fullmatch(
        r"FileNotFoundError ENOENT at tests\.test_logs:\d+"
        r" because of KeyError at tests\.test_logs:\d+",
        told,
    )


def test_a_circle_of_causes_is_told_to_a_bounded_depth() -> None:
    one, other = ValueError(), TypeError()
    one.__cause__, other.__cause__ = other, one
    assert described(one) == " because of ".join(
        ["ValueError", "TypeError", "ValueError", "TypeError", "ValueError"]
    )


@pytest.mark.parametrize(
    "message",
    [
        "Started server process [12]",
        "Started parent process [12]",
        "Stopping parent process [12]",
        "Waiting for application startup.",
        "Application startup complete.",
        "Application startup failed. Exiting.",
        "Uvicorn running on http://127.0.0.1:8000 (Press CTRL+C to quit)",
        "Uvicorn running on http://[::1]:8000 (Press CTRL+C to quit)",
        "Shutting down",
        "Waiting for child process [12]",
        "Terminated child process [12]",
        "Child process [12] died",
        "Child process [12] failed to start, stopping the parent process.",
        "Received SIGTERM, exiting.",
        "Received SIGHUP, restarting processes.",
        "Exception in ASGI application\n",
        "Invalid HTTP request received.",
    ],
)
def test_what_the_server_says_of_itself_is_written(message: str) -> None:
    assert line(record("uvicorn.error", message))["event"] == message.strip()
    assert line(record("library", message))["event"] == "words withheld"
    assert line(record("uvicorn.error", f"{message} {CANARY}"))["event"] == "words withheld"


@given(st.text())
def test_whatever_id_a_client_sends_the_one_that_is_used_is_plain(given: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", request_id(given))


def test_an_id_that_is_too_long_or_none_is_replaced() -> None:
    assert request_id("a" * 64) == "a" * 64
    assert re.fullmatch(r"[0-9a-f]{32}", request_id("a" * 65))
    assert re.fullmatch(r"[0-9a-f]{32}", request_id(None))


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("GET", f"/v1/decisions/{CANARY}?q={CANARY}", {}, ("GET", "/v1/decisions/{name}", 200)),
        ("GET", f"/{CANARY}", {}, ("GET", "unmatched", 404)),
        ("DELETE", f"/v1/decisions/{CANARY}", {}, ("DELETE", "unmatched", 405)),
        (CANARY.upper(), f"/v1/decisions/{CANARY}", {}, ("other", "unmatched", 405)),
        ("POST", "/v1/ask", {"question": CANARY * 100}, ("POST", "/v1/ask", 413)),
        ("POST", "/v1/ask", {"question": [CANARY]}, ("POST", "/v1/ask", 400)),
        ("POST", "/v1/ask", {"question": CANARY}, ("POST", "/v1/ask", 500)),
    ],
)
def test_a_request_is_one_line_with_its_template_and_the_id_that_is_sent_back(
    method: str, path: str, body: dict[str, object], told: tuple[str, str, int]
) -> None:
    headers = {"x-request-id": "from-a-proxy_1", "user-agent": CANARY, "cookie": f"a={CANARY}"}
    with warnings.catch_warnings(), TestClient(observed()) as client, written() as out:
        warnings.simplefilter("ignore")
        response = client.request(method, path, json=body, headers=headers)
    assert response.status_code == told[2]
    assert response.headers["x-request-id"] == "from-a-proxy_1"
    last = lines(out.getvalue())[-1]
    assert (last["event"], last["level"], last["logger"]) == ("request", "info", "service.logs")
    assert (last["method"], last["route"], last["status"]) == told
    assert isinstance(last["ms"], float)
    assert {each["request_id"] for each in lines(out.getvalue())} == {"from-a-proxy_1"}
    assert list(last) == list(EXAMPLE)
    assert CANARY not in out.getvalue().lower()


def test_an_id_is_made_for_a_request_that_has_none_or_one_with_words() -> None:
    with TestClient(observed()) as client, written():
        first = client.get("/v1/decisions/a").headers["x-request-id"]
        second = client.get("/none", headers={"x-request-id": f"my {CANARY}"})
    assert re.fullmatch(r"[0-9a-f]{32}", first)
    assert re.fullmatch(r"[0-9a-f]{32}", second.headers["x-request-id"])
    assert first != second.headers["x-request-id"]


def test_nothing_of_a_request_is_written_by_a_real_server_however_it_goes_wrong(
    tmp_path: Path,
) -> None:
    with server(tmp_path / "output") as client:
        client.get(f"/v1/decisions/{CANARY}?q={CANARY}", headers={"x-word": CANARY})
        client.get(f"/{CANARY}", headers={"x-request-id": f"{CANARY} {CANARY}"})
        client.request(CANARY, "/")
        failed = client.post("/v1/ask", json={"question": CANARY})
        assert failed.status_code == 500
        assert CANARY not in failed.text
        with pytest.raises(httpx.RemoteProtocolError):
            client.post("/v1/ask/stream", json={"question": CANARY})
        assert CANARY not in client.get("/metrics").text
        address = str(client.base_url).rstrip("/")
    output = (tmp_path / "output").read_text()
    assert CANARY not in output.lower()
    found = lines(output)
    assert all(each.keys() >= {"time", "level", "event", "logger"} for each in found)
    events = [each["event"] for each in found]
    assert "Application startup complete." in events
    assert f"Uvicorn running on {address} (Press CTRL+C to quit)" in events
    assert events.count("words withheld") == 4
    crash = next(each for each in found if each["event"] == "Exception in ASGI application")
    assert re.search(r" because of ValueError at tests\.observed:\d+", str(crash["error"]))
    lost = next(each for each in found if each["event"] == "an error that nobody caught")
    assert re.fullmatch(r"ValueError at tests\.observed:\d+", str(lost["error"]))
    broken = [each for each in found if each.get("route") == "/v1/ask/stream"]
    assert [each["status"] for each in broken] == [500]
    assert "uvicorn.access" not in {each["logger"] for each in found}


def test_a_line_that_cannot_be_written_is_told_of_without_its_words() -> None:
    code = (
        "import logging; from service.logs import configure; configure(); "
        f"logging.getLogger('service.x').error('%d', '{CANARY}'); "
        f"import structlog; structlog.get_logger('service.y').info('told', count=2); "
        f"structlog.get_logger('library').error('{CANARY}', words='{CANARY}'); "
        f"raise ValueError('{CANARY}')"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.stdout == ""
    assert CANARY not in run.stderr
    assert [(each["level"], each["event"]) for each in lines(run.stderr)] == [
        ("error", "a line could not be logged"),
        ("info", "told"),
        ("error", "words withheld"),
        ("critical", "crashed"),
    ]
    assert lines(run.stderr)[1]["count"] == 2
    assert lines(run.stderr)[3]["error"] == "ValueError at __main__:1"
