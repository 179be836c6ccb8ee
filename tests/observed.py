"""A small application that is observed as the service is, and goes wrong when it is asked to."""

import logging
import os
import socket
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from litestar import Litestar, get, post
from litestar.params import FromPath, JSONBody
from litestar.response import Stream

from service.errors import problems, unexpected
from service.logs import Observed, configure
from service.metrics import metrics
from service.tracing import Tracing

ROOT = Path(__file__).parent.parent
CANARY = "zanzibarquestion"
"""A word that is sent in every part of a request, to be looked for in all that is written."""

DOCUMENTATION = (ROOT / "docs" / "operations.md").read_text()


@get("/v1/decisions/{name:str}")
async def read(name: FromPath[str]) -> str:
    return "read"


@post("/v1/ask", status_code=200)
async def ask(data: JSONBody[dict[str, str]]) -> str:
    """Goes wrong as a library might: with the question in its own log, a warning and an error."""
    question = data["question"]
    logging.getLogger("library").error("cannot tell %s", question, extra={"question": question})
    logging.getLogger("library").error(f"cannot tell {question} of %d", "no number")
    logging.getLogger("uvicorn.error").info(f'127.0.0.1 - "WebSocket /?q={question}" [accepted]')
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.warn(question, stacklevel=1)
    raise RuntimeError(f"cannot answer {question}")


@post("/v1/ask/stream", status_code=200)
async def stream(data: JSONBody[dict[str, str]]) -> Stream:
    """Goes wrong when half of it is sent, and in a thread of its own."""

    def lose() -> None:
        raise ValueError(data["question"])

    async def words() -> AsyncIterator[str]:
        yield "begun"
        thread = threading.Thread(target=lose)
        thread.start()
        thread.join()
        raise ValueError(data["question"])

    return Stream(words())


def observed(tracing: Tracing | None = None) -> Litestar:
    """The application."""
    app = Litestar(
        [read, ask, stream, metrics],
        plugins=[problems()],
        exception_handlers={Exception: unexpected},
        request_max_body_size=1000,
        logging_config=None,
    )
    app.asgi_handler = Observed(app.asgi_handler, tracing)
    return app


def served() -> Litestar:
    """The same, for a server of its own."""
    configure()
    return observed()


@contextmanager
def server(output: Path, workers: int = 1, **environment: str) -> Iterator[httpx.Client]:
    """That application in a real server, run as ``upheld serve`` runs the service."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    run = (
        "import uvicorn; from service.logs import configure; configure(); "
        f"uvicorn.run('tests.observed:served', factory=True, port={port}, workers={workers}, "
        "access_log=False, log_config=None, server_header=False, http='h11')"
    )
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-c", run],
            cwd=ROOT,
            env=os.environ | environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            _wait(client, process)
            yield client
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            client.get("/v1/decisions/up")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the server takes no requests")
