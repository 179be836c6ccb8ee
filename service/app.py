"""The application: where everything is put together."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from anyio import CapacityLimiter, to_thread
from litestar import Litestar
from litestar.config.app import AppConfig
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from service.answering import Answerer
from service.errors import problems, unexpected
from service.opening import open_answerer, prepare
from service.questions import MAX_HISTORY
from service.routes import Desk, router
from service.settings import Settings

VERSION = "0.1.0"
_MAX_BODY = 16_000 * (MAX_HISTORY + 1)
"""Bytes of a request's body: a full history at four bytes a character is well below."""


def create_app(
    settings: Settings | None = None, opener: Callable[[], Answerer] | None = None
) -> Litestar:
    """The application. Encoder and index are loaded once, before the first request is taken.

    Args:
        settings: Run-time choices; read from the environment where none are given.
        opener: Opens the answerer; what the settings name where none is given.
    """
    chosen = settings or Settings.read()

    @asynccontextmanager
    async def loaded(app: Litestar) -> AsyncIterator[None]:
        answerer = await to_thread.run_sync(
            opener or (lambda: open_answerer(prepare(chosen.data), chosen.reranker))
        )
        app.state.desk = Desk(
            answerer=answerer,
            limiter=CapacityLimiter(chosen.encodings_at_once),
            max_waiting=chosen.max_waiting,
        )
        yield

    def desk() -> Desk:
        found: Desk = app.state.desk
        return found

    app = Litestar.from_config(
        AppConfig(
            route_handlers=[router],
            lifespan=[loaded],
            dependencies={"desk": Provide(desk, sync_to_thread=False)},
            plugins=[problems()],
            exception_handlers={Exception: unexpected},
            request_max_body_size=_MAX_BODY,
            openapi_config=OpenAPIConfig(
                title="Upheld",
                version=VERSION,
                description="Answers questions from published Ombudsman decisions, quoted word "
                "for word and cited to the paragraph.",
                path="/schema",
                render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
                use_handler_docstrings=True,
            ),
            logging_config=None,
        )
    )
    return app
