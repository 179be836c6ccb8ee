"""The set-up: whether what the settings name is there and can be used."""

from collections.abc import Callable, Iterator
from pathlib import Path

from index.reranker import CrossEncoderReranker
from service.check import Check
from service.keys import KeyFile
from service.question_log import QuestionLog
from service.settings import Settings
from service.signposts import Signposts
from service.tracing import Tracing


def examine_set_up(settings: Settings, data: Path) -> Iterator[Check]:
    """Try each thing that the settings name, and the keys in the data folder."""
    yield _try(lambda: _signposts(settings))
    yield _try(lambda: f"{len(KeyFile(data).keys())} keys can be read")
    if settings.redis:
        yield _try(lambda: _redis(settings.redis or ""))
    if settings.question_log:
        yield _try(lambda: _question_log(settings))
    if settings.otlp_endpoint:
        yield _try(lambda: _tracing(settings))
    if settings.reranker:
        name = settings.reranker
        yield _try(lambda: f"the reranker {CrossEncoderReranker.load(name).name} loads")


def _try(look: Callable[[], str]) -> Check:
    try:
        return Check(True, look())
    # Whatever goes wrong is what is to be told.
    except Exception as error:
        return Check(False, f"{type(error).__name__}: {error}")


def _signposts(settings: Settings) -> str:
    found = Signposts.load(settings.signposts)
    return f"{len(found.steps)} next steps and {len(found.emergencies)} emergencies are signposted"


def _redis(address: str) -> str:
    from redis import Redis

    with Redis.from_url(address, socket_timeout=2, socket_connect_timeout=2) as redis:
        redis.ping()
    return "Redis answers"


def _question_log(settings: Settings) -> str:
    opened = QuestionLog.open(settings)
    if opened:
        opened.close()
    return f"questions can be kept in {settings.question_log}"


def _tracing(settings: Settings) -> str:
    opened = Tracing.open(settings)
    if opened:
        opened.close()
    return f"traces are sent to {settings.otlp_endpoint}"
