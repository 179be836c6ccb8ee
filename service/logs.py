"""Logs: one JSON object a line on standard error, with request ids, and without a request's words.

What our own modules log is written as they say it, with the fields that they give; they give no
word of a request. What other libraries log may hold one (the text of an error, an address, the
arguments of a message), so of theirs only the level, the logger, the place in the code and the type
of an error are written, besides the few lines of the server in `_OF_THE_SERVER`. No text of an
error and no traceback is written of anybody's.
"""

import errno
import logging
import logging.config
import re
import sys
import threading
import time
import uuid
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

import msgspec
import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars, get_contextvars

from service.metrics import count_request, known_method
from service.tracing import Tracing

log = logging.getLogger(__name__)

OURS = ("corpus", "index", "service")
"""Whose messages are written as they are."""

_OF_THE_SERVER = re.compile(
    r"(Started|Finished|Stopping) (server|parent) process \[\d{1,9}\]"
    r"|Waiting for application (startup|shutdown)\."
    r"|Application (startup|shutdown) (complete\.|failed\. Exiting\.)"
    r"|Uvicorn running on https?://[\w.:\[\]-]{1,255} \(Press CTRL\+C to quit\)"
    r"|Shutting down|Waiting for connections to close\. \(CTRL\+C to force quit\)"
    r"|(Waiting for child process|Terminated child process|Child process) \[\d{1,9}\]( died)?"
    r"|Child process \[\d{1,9}\] failed to start, stopping the parent process\."
    r"|Received SIG[A-Z]{1,8}, [a-z ]{1,40}\."
    r"|Exception in ASGI application\n|Invalid HTTP request received\."
)
"""Messages of Uvicorn's that can hold no word of a request; the whole message has to fit."""

_WITHHELD = "words withheld"
"""What is written in place of another library's message."""

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__)
"""What every record has; whatever else one has was given to it as a field."""

_DEEPEST = 5
"""How many causes of an error are told."""

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,64}")


def configure() -> None:
    """Send everything that this process logs through `PrivateFormatter` to standard error.

    Warnings and errors that nobody caught are logged, too, since Python prints their words
    otherwise. To be called once a process, before the server starts.
    """
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"private": {"()": PrivateFormatter}},
            "handlers": {"stderr": {"()": _Handler, "formatter": "private"}},
            "root": {"level": "WARNING", "handlers": ["stderr"]},
            "loggers": {
                **{name: {"level": "INFO"} for name in OURS},
                "uvicorn": {"level": "INFO", "handlers": [], "propagate": True},
                "uvicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
                "uvicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
            },
        }
    )
    structlog.configure(
        processors=[structlog.stdlib.render_to_log_kwargs],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    logging.captureWarnings(True)
    sys.excepthook = _on_crash
    sys.unraisablehook = lambda args: _lost(args.exc_value)
    threading.excepthook = lambda args: _lost(args.exc_value)


class PrivateFormatter(logging.Formatter):
    """Writes a record as one line of JSON, and of another library's none of its words."""

    def format(self, record: logging.LogRecord) -> str:
        """The line: time in UTC, level, event, logger, the request's id, and fields."""
        ours = record.name.partition(".")[0] in OURS
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage() if ours else _of_the_server(record) or _WITHHELD,
            "logger": record.name,
        }
        if identity := get_contextvars().get("request_id"):
            line["request_id"] = identity
        if ours:
            line |= {k: v for k, v in record.__dict__.items() if k not in _STANDARD}
        else:
            line["where"] = f"{record.module}:{record.lineno}"
        error = record.exc_info[1] if record.exc_info else record.msg
        if isinstance(error, BaseException):
            line["error"] = described(error)
        return msgspec.json.encode(line, enc_hook=_type_alone).decode()


def described(error: BaseException) -> str:
    """An error and its causes by type and place; its text may hold a question.

    >>> described(FileNotFoundError(2, "No such file", "/secret"))
    'FileNotFoundError ENOENT'
    """
    told: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(told) < _DEEPEST:
        told.append(_type_and_place(cause))
        cause = _cause(cause)
    return " because of ".join(told)


def request_id(given: str | None) -> str:
    """The id by which a request is found in the logs: the one given, or a new one.

    Only letters, digits, hyphens and underscores are taken, 64 at the most.

    >>> request_id("a1-B2_c3")
    'a1-B2_c3'
    >>> request_id("two words") == request_id("two words")
    False
    """
    return given if given is not None and _PLAIN.fullmatch(given) else uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Observed:
    """An application whose every request is logged, measured and traced, and gets an id.

    Of an address only the route's template is told, ``unmatched`` where there is none. A request
    that breaks off counts as 500, whatever was promised when it began.

    Attributes:
        app: The application; the whole of it, so that requests that fit no route are seen, too.
        tracing: Where spans are sent, if anywhere.
    """

    app: ASGIApp
    tracing: Tracing | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        method = known_method(scope["method"])
        given = {name: value.decode("latin-1") for name, value in scope["headers"]}
        identity = request_id(given.get(b"x-request-id"))
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                header = (b"x-request-id", identity.encode())
                message["headers"] = [*message["headers"], header]
            await send(message)

        span = (
            self.tracing.request(method, given.get(b"traceparent"))
            if self.tracing
            else nullcontext(_untraced)
        )
        with bound_contextvars(request_id=identity), span as ended:
            try:
                await self.app(scope, receive, noted)
            except BaseException:
                status = 500
                raise
            finally:
                route = scope.get("path_template") or "unmatched"
                seconds = time.perf_counter() - began
                ended(route, status)
                count_request(route=route, method=method, status=status, seconds=seconds)
                milliseconds = round(seconds * 1000, 1)
                log.info(
                    "request",
                    extra={"method": method, "route": route, "status": status, "ms": milliseconds},
                )


class _Handler(logging.StreamHandler[TextIO]):
    """Standard error; a record that cannot be written is told of without its words."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802
        """Say so, where logging itself would print the message and its arguments."""
        self.stream.write('{"level":"error","event":"a line could not be logged"}\n')


def _of_the_server(record: logging.LogRecord) -> str | None:
    if record.name != "uvicorn.error":
        return None
    message = record.getMessage()
    return message.strip() if _OF_THE_SERVER.fullmatch(message) else None


def _cause(error: BaseException) -> BaseException | None:
    if isinstance(error, BaseExceptionGroup):
        return error.exceptions[0]
    return error.__cause__ or error.__context__


def _type_and_place(error: BaseException) -> str:
    kind = type(error)
    module = "" if kind.__module__ == "builtins" else f"{kind.__module__}."
    told = f"{module}{kind.__qualname__}"
    if isinstance(error, OSError) and error.errno is not None:
        told += f" {errno.errorcode.get(error.errno, error.errno)}"
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    if trace:
        told += f" at {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
    return told


def _type_alone(value: object) -> str:
    return type(value).__name__


def _untraced(route: str, status: int) -> None:
    """Nobody is told of the request's end."""


def _on_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
    else:
        log.critical("crashed", exc_info=error)


def _lost(error: BaseException | None) -> None:
    log.error("an error that nobody caught", exc_info=error)
