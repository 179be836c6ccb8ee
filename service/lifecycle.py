"""The lifecycle: opening, moving to a new snapshot, and leaving without losing a question."""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import FrameType

from index.read_ahead import begin_to_read_ahead
from index.snapshot import current_folder
from service import metrics
from service.answering import Answerer
from service.desk import Desk
from service.question_log import QuestionLog
from service.self_query import ask_itself
from service.settings import Settings

log = logging.getLogger(__name__)

_LOOK_EVERY = 0.25
"""Seconds between looks at which snapshot is current: what is withdrawn must be gone in one."""

Opener = Callable[[Answerer | None], Answerer]
"""Opens the current snapshot; given what is open, to use its encoder again."""


@contextmanager
def told_if_it_cannot_start() -> Iterator[None]:
    """Log why the service cannot start, in the words of whatever is in its way.

    What the server itself says of it is withheld, like all that is not ours.
    """
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        log.error("the service cannot start: %s", error)
        raise


@asynccontextmanager
async def opened_desk(
    data: Path, folder: Path, opener: Opener, settings: Settings
) -> AsyncIterator[Desk]:
    """A desk over the current snapshot, which it follows until the service stops.

    Args:
        data: The folder of snapshots: the deployment's, or the bundled sample's.
        folder: The deployment's folder, where it can switch answering off.
        opener: See `Opener`.
        settings: How much is done at once.
    """
    with told_if_it_cannot_start():
        answerer = await asyncio.to_thread(opener, None)
        question_log = await asyncio.to_thread(QuestionLog.open, settings)
    desk = Desk(
        answerer=answerer,
        folder=folder,
        at_once=settings.questions_at_once,
        max_waiting=settings.max_waiting,
        timeout=settings.timeout,
        question_log=question_log,
    )
    begin_to_read_ahead(answerer.retriever.snapshot.folder)
    metrics.set_snapshot(desk.answerer.snapshot.id)
    metrics.set_ready(ready=True)
    following = asyncio.create_task(_follow(desk, data, opener))
    try:
        with _draining_first(desk, settings.drain_seconds):
            yield desk
    finally:
        following.cancel()
        desk.close()
        if desk.question_log:
            desk.question_log.close()


async def _follow(desk: Desk, data: Path, opener: Opener) -> None:
    """Move over when another snapshot becomes current; questions in hand finish with the old one.

    One that cannot be opened, or does not find its own words, is reported once and left alone.
    """
    seen = desk.answerer.retriever.snapshot.folder
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        try:
            folder = current_folder(data)
            if folder is None or folder == seen:
                continue
            seen = folder
            answerer = await asyncio.to_thread(opener, desk.answerer)
            begin_to_read_ahead(folder)
            await asyncio.to_thread(ask_itself, answerer.retriever)
        except Exception as error:
            log.error("the new snapshot is left alone", exc_info=error)
        else:
            metrics.set_snapshot(answerer.snapshot.id, desk.answerer.snapshot.id)
            desk.answerer = answerer
            log.info("moved to another snapshot", extra={"snapshot": answerer.snapshot.id})


@contextmanager
def _draining_first(desk: Desk, seconds: float) -> Iterator[None]:
    """On SIGTERM, say for a while that the service is not ready, and only then let it stop.

    So whoever sends requests here learns of it before the door shuts. A second signal stops it at
    once. Outside of the main thread, where no signal arrives, nothing is changed.
    """
    server = signal.getsignal(signal.SIGTERM)
    loop = asyncio.get_running_loop()

    def drain(number: int, frame: FrameType | None) -> None:
        if not callable(server):
            return
        if desk.draining:
            server(number, frame)
            return
        desk.draining = True
        metrics.set_ready(ready=False)
        loop.call_soon_threadsafe(lambda: loop.call_later(seconds, server, number, frame))

    try:
        signal.signal(signal.SIGTERM, drain)
    except ValueError:
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, server)
