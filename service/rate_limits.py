"""Rate limits: how many requests a minute are let through, and what a client is told of it."""

import asyncio
import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from msgspec import Struct

from service.settings import BadSetting

if TYPE_CHECKING:
    from redis.asyncio import BlockingConnectionPool

log = logging.getLogger(__name__)

WINDOW = 60
"""Seconds over which requests are counted."""

_PATIENCE = 1.0
"""Seconds that Redis has for one request."""

_PAUSE = 5.0
"""Seconds after which a Redis that failed is asked again."""

_CONNECTIONS = 8
"""The most to Redis from one worker; each is used for well below a millisecond at a time."""


class Quota(Struct, frozen=True, kw_only=True):
    """How much somebody may ask.

    Attributes:
        name: What is counted: ``client``, ``site`` or ``server``.
        who: Whose requests are counted together.
        requests_a_minute: The most in any 60 seconds.
    """

    name: str
    who: str
    requests_a_minute: int


class Standing(Struct, frozen=True, kw_only=True):
    """Where somebody stands with a quota after a request.

    Attributes:
        quota: Which one.
        exceeded: Whether the request was too much.
        remaining: How many more are let through now.
        more_in: Seconds after which one more is let through.
    """

    quota: Quota
    exceeded: bool
    remaining: int
    more_in: int


def rate_headers(standings: Sequence[Standing]) -> dict[str, str]:
    """What a response tells of them, as draft-ietf-httpapi-ratelimit-headers-10 has it.

    >>> quota = Quota(name="client", who="192.0.2.1", requests_a_minute=60)
    >>> told = rate_headers([Standing(quota=quota, exceeded=False, remaining=57, more_in=12)])
    >>> told["RateLimit-Policy"], told["RateLimit"]
    ('"client";q=60;w=60', '"client";r=57;t=12')
    """
    told = {
        "RateLimit-Policy": ", ".join(
            f'"{s.quota.name}";q={s.quota.requests_a_minute};w={WINDOW}' for s in standings
        ),
        "RateLimit": ", ".join(
            f'"{s.quota.name}";r={s.remaining};t={s.more_in}' for s in standings
        ),
    }
    exceeded = [s.more_in for s in standings if s.exceeded]
    return told | ({"Retry-After": str(max(exceeded))} if exceeded else {})


@dataclass(slots=True)
class RateLimits:
    """Counts requests: in Redis for all workers, or in memory for one alone.

    While Redis fails, each worker counts alone and asks it again every few seconds.
    """

    _own: MovingWindowRateLimiter
    _shared: MovingWindowRateLimiter | None = None
    _pool: "BlockingConnectionPool | None" = None
    _failing: bool = field(default=False, init=False)
    _ask_again: float = field(default=0.0, init=False)

    @classmethod
    def over(cls, redis: str | None) -> "RateLimits":
        """Limits that are counted in the Redis of this address, or in memory where it is None.

        Raises:
            service.settings.BadSetting: It is no such address, or Redis's library is not here.
        """
        own = MovingWindowRateLimiter(MemoryStorage())
        if redis is None:
            return cls(own)
        pool = _pool_of(redis)
        # The pool knows the address; the storage wants one, too, and does not use it.
        storage = RedisStorage(
            "async+redis://",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix="upheld",
            connection_pool=pool,  # type: ignore[arg-type]
        )
        return cls(own, MovingWindowRateLimiter(storage), pool)

    async def count(self, quotas: Sequence[Quota]) -> tuple[Standing, ...]:
        """Count one request against all of these quotas, up to the first that it exceeds."""
        now = time.monotonic()
        if self._shared is None or (self._failing and now < self._ask_again):
            return await _count(self._own, quotas)
        # While Redis fails, one request asks it; the others need not wait.
        self._ask_again = now + _PAUSE
        try:
            async with asyncio.timeout(_PATIENCE):
                standings = await _count(self._shared, quotas)
        except (StorageError, TimeoutError) as error:
            if not self._failing:
                log.error("Redis fails, each worker counts requests alone: %s", _cause(error))
            self._failing = True
            return await _count(self._own, quotas)
        if self._failing:
            log.warning("Redis is back, requests are counted for all workers")
        self._failing = False
        return standings

    async def close(self) -> None:
        """Let go of Redis."""
        if self._pool is not None:
            await self._pool.aclose()


async def _count(limiter: MovingWindowRateLimiter, quotas: Sequence[Quota]) -> tuple[Standing, ...]:
    standings: list[Standing] = []
    exceeded = False
    for quota in quotas:
        item = RateLimitItemPerMinute(quota.requests_a_minute)
        # One who asks too much must not use up what is there for all visitors of a site.
        hit = not exceeded and await limiter.hit(item, quota.name, quota.who)
        stats = await limiter.get_window_stats(item, quota.name, quota.who)
        standings.append(
            Standing(
                quota=quota,
                exceeded=not exceeded and not hit,
                remaining=stats.remaining,
                more_in=max(1, math.ceil(stats.reset_time - time.time())),
            )
        )
        exceeded = exceeded or not hit
    return tuple(standings)


def _pool_of(redis: str) -> "BlockingConnectionPool":
    try:
        from redis.asyncio import BlockingConnectionPool
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff
    except ImportError:
        raise BadSetting(
            "UPHELD_REDIS is set and Redis's library is not here: pip install 'upheld[redis]'"
        ) from None
    try:
        return BlockingConnectionPool.from_url(
            redis,
            max_connections=_CONNECTIONS,
            timeout=_PATIENCE,
            # One more try reopens a connection that was closed while nobody used it.
            retry=Retry(NoBackoff(), 1),
        )
    except ValueError:
        # Its own message may hold the password.
        raise BadSetting("UPHELD_REDIS is no address, wanted redis://HOST:PORT/0") from None


def _cause(error: Exception) -> str:
    """What kind of error it was; its text may hold an address."""
    wrapped = error.__cause__ if isinstance(error, StorageError) else None
    return type(wrapped or error).__name__
