"""The application: where everything is put together."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar
from litestar.config.app import AppConfig
from litestar.config.compression import CompressionConfig
from litestar.di import Provide
from litestar.exceptions import NotFoundException
from litestar_mcp import LitestarMCP, MCPConfig

from service.admission import Admission
from service.desk import Desk
from service.error_page import no_such_address
from service.errors import problems, unexpected
from service.keys import Keyring
from service.lifecycle import Opener, opened_desk, told_if_it_cannot_start
from service.logs import Observed, configure
from service.metrics import metrics
from service.openapi import CONFIG, put_right
from service.opening import open_answerer, prepare
from service.pages import pages
from service.protection import Origins, Protection, add_security_headers
from service.rate_limits import RateLimits
from service.reading_routes import reading_router
from service.routes import router
from service.settings import Settings
from service.tracing import Tracing

_MAX_BODY = 2_000_000
"""Bytes of a request's body: a full history with each character escaped, at its longest, fits."""

_NOT_COMPRESSED = ["^/v1/", "^/mcp", "^/metrics"]
"""Answers, which may come piece by piece, are sent as they are. Pages hold no secret to guess."""

_SWITCH = 0.0005
"""Seconds after which a thread lets another run, a tenth of Python's own: so one that only wants to
hand its question to the encoder is not kept from it; see ADR 13."""


def create_app(settings: Settings | None = None, opener: Opener | None = None) -> Litestar:
    """The application. Encoder and index are loaded once, before the first request is taken.

    Args:
        settings: Run-time choices; read from the environment where none are given.
        opener: Opens the answerer; what the settings name where none is given.
    """
    chosen = settings or Settings.read()
    keyring = Keyring(chosen.folder)
    limits = RateLimits.over(chosen.redis)
    tracing = Tracing.open(chosen)

    @asynccontextmanager
    async def loaded(app: Litestar) -> AsyncIterator[None]:
        with told_if_it_cannot_start():
            data = await asyncio.to_thread(prepare, chosen.data)
        async with opened_desk(
            data,
            chosen.folder,
            opener or (lambda before: open_answerer(data, chosen, before)),
            chosen,
        ) as desk:
            app.state.desk = desk
            yield
        if tracing:
            await asyncio.to_thread(tracing.close)

    def desk() -> Desk:
        found: Desk = app.state.desk
        return found

    app = Litestar.from_config(
        AppConfig(
            route_handlers=[router, reading_router, metrics, pages],
            lifespan=[loaded],
            on_shutdown=[limits.close],
            dependencies={"desk": Provide(desk, sync_to_thread=False)},
            plugins=[
                problems(),
                LitestarMCP(
                    MCPConfig(name="Upheld", instructions=_INSTRUCTIONS, allowed_origins=[])
                ),
            ],
            exception_handlers={NotFoundException: no_such_address, Exception: unexpected},
            request_max_body_size=_MAX_BODY,
            cors_config=Origins(chosen.allowed_origins, keyring),
            before_send=[add_security_headers],
            middleware=[
                Protection(chosen.allowed_hosts, body_within=chosen.timeout),
                Admission(keyring, limits, chosen.requests_a_minute),
            ],
            compression_config=CompressionConfig(backend="gzip", exclude=_NOT_COMPRESSED),
            openapi_config=CONFIG,
            logging_config=None,
        )
    )
    put_right(app)
    # Around everything, so that requests which fit no route are seen, too.
    app.asgi_handler = Observed(app.asgi_handler, tracing)
    return app


def served() -> Litestar:
    """The application of a server's process, which logs by our rules."""
    configure()
    sys.setswitchinterval(_SWITCH)
    with told_if_it_cannot_start():
        return create_app()


_INSTRUCTIONS = (
    "Ask plain-English questions of published Ombudsman decisions. Repeat quotations exactly as "
    "given, with their citation and whose voice they are; an allegation is not a finding. When the "
    "status is nothing_relevant, say that the decisions do not answer."
)
