"""Requests are counted exactly, in memory or in Redis, and an outage of Redis stops nobody."""

import asyncio
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import rate_limits
from service.rate_limits import Quota, RateLimits, Standing, rate_headers
from service.settings import BadSetting

ADDRESS = "203.0.113.7"


def quota(most: int, name: str = "client", who: str = ADDRESS) -> Quota:
    return Quota(name=name, who=who, requests_a_minute=most)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def redis_server(folder: Path, port: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A real Redis on a port of its own, which its arguments end with."""
    binary = shutil.which("redis-server")
    if binary is None:
        reason = "redis-server is not installed"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    port = port or free_port()
    process = subprocess.Popen(
        [binary, "--dir", folder, "--save", "", "--appendonly", "no", "--port", str(port)],
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_until_it_listens(port)
        yield process
    finally:
        process.kill()
        process.wait(timeout=10)


def _wait_until_it_listens(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise TimeoutError("Redis did not start")


def address_of(process: subprocess.Popen[bytes]) -> str:
    assert isinstance(process.args, list)
    return f"redis://127.0.0.1:{process.args[-1]}/0"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    with redis_server(tmp_path) as process:
        yield address_of(process)


def counted(redis: str | None, *turns: Sequence[Quota]) -> list[tuple[Standing, ...]]:
    """Where somebody stands after each of some requests, one after the other."""

    async def run() -> list[tuple[Standing, ...]]:
        limits = RateLimits.over(redis)
        try:
            return [await limits.count(quotas) for quotas in turns]
        finally:
            await limits.close()

    return asyncio.run(run())


def let_through_of_50(redis: str | None, workers: int) -> int:
    """How many of 50 parallel requests to some workers are let through at a limit of 20."""

    async def run() -> int:
        limits = [RateLimits.over(redis) for _ in range(workers)]
        try:
            asked = [limits[i % workers].count([quota(20)]) for i in range(50)]
            return sum(not s.exceeded for (s,) in await asyncio.gather(*asked))
        finally:
            for each in limits:
                await each.close()

    return asyncio.run(run())


@given(most=st.integers(1, 12), asked=st.integers(1, 20))
def test_as_many_as_allowed_are_let_through_and_each_is_told_how_many_are_left(
    most: int, asked: int
) -> None:
    standings = [s for (s,) in counted(None, *[[quota(most)]] * asked)]
    assert [s.remaining for s in standings] == [max(0, most - i - 1) for i in range(asked)]
    assert [s.exceeded for s in standings] == [i >= most for i in range(asked)]
    assert all(1 <= s.more_in <= 60 for s in standings)


def test_of_50_parallel_requests_exactly_20_are_let_through_in_memory() -> None:
    assert let_through_of_50(None, workers=1) == 20


def test_of_50_parallel_requests_to_two_workers_exactly_20_are_let_through(redis: str) -> None:
    assert let_through_of_50(redis, workers=2) == 20


def test_redis_tells_the_same_as_memory(redis: str) -> None:
    turns = [[quota(3), quota(2, "site", "one")]] * 4
    in_redis, in_memory = (
        [[(s.exceeded, s.remaining) for s in standings] for standings in counted(where, *turns)]
        for where in (redis, None)
    )
    assert in_redis == in_memory
    assert in_redis[2:] == [[(False, 0), (True, 0)], [(True, 0), (False, 0)]]


def test_a_request_is_let_through_again_when_the_first_is_a_minute_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = started = time.time()
    monkeypatch.setattr(time, "time", lambda: clock)

    async def run() -> None:
        nonlocal clock
        limits = RateLimits.over(None)
        for after, exceeded, more_in in [
            (0.0, False, 60),
            (10.0, False, 50),
            (20.5, True, 40),
            (59.9, True, 1),
            (60.1, False, 10),
            (60.2, True, 10),
        ]:
            clock = started + after
            (standing,) = await limits.count([quota(2)])
            assert (standing.exceeded, standing.more_in) == (exceeded, more_in)

    asyncio.run(run())


def test_one_who_asks_too_much_does_not_use_up_what_all_visitors_of_a_site_may_ask() -> None:
    greedy = [quota(2), quota(10, "site", "one")]
    *_, (own, site) = counted(None, *[greedy] * 9)
    assert (own.exceeded, own.remaining) == (True, 0)
    assert (site.exceeded, site.remaining) == (False, 8)


def test_clients_are_counted_apart() -> None:
    one, other = quota(1), quota(1, who="203.0.113.8")
    standings = counted(None, [one], [other], [one], [other])
    assert [s.exceeded for (s,) in standings] == [False, False, True, True]


def test_headers_name_every_quota_and_when_to_try_again() -> None:
    standings = [
        Standing(quota=quota(60), exceeded=False, remaining=57, more_in=12),
        Standing(quota=quota(600, "site", "one"), exceeded=True, remaining=0, more_in=3),
    ]
    assert rate_headers(standings) == {
        "RateLimit-Policy": '"client";q=60;w=60, "site";q=600;w=60',
        "RateLimit": '"client";r=57;t=12, "site";r=0;t=3',
        "Retry-After": "3",
    }
    assert "Retry-After" not in rate_headers(standings[:1])


def test_redis_forgets_an_address_after_a_minute(redis: str) -> None:
    from redis import Redis

    counted(redis, [quota(5)])
    with Redis.from_url(redis) as client:
        kept = client.keys("*")
        assert isinstance(kept, list)
        (key,) = kept
        assert key.startswith(b"upheld:")
        assert 0 < client.ttl(key) <= 60


def test_without_redis_each_worker_counts_alone_and_the_log_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    nowhere = f"redis://:password@127.0.0.1:{free_port()}/0"
    standings = counted(nowhere, *[[quota(3)]] * 5)
    assert [s.exceeded for (s,) in standings] == [False, False, False, True, True]
    assert [r.getMessage() for r in caplog.records if r.name == rate_limits.__name__] == [
        "Redis fails, each worker counts requests alone: ConnectionError"
    ]
    assert ADDRESS not in caplog.text
    assert "password" not in caplog.text


def test_when_redis_is_back_it_counts_for_all_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rate_limits, "_PAUSE", 0.0)
    port = free_port()

    async def remaining(limits: RateLimits) -> int:
        (standing,) = await limits.count([quota(10)])
        return standing.remaining

    async def run() -> None:
        limits, other = (RateLimits.over(f"redis://127.0.0.1:{port}/0") for _ in range(2))
        try:
            with redis_server(tmp_path, port):
                assert [await remaining(limits), await remaining(other)] == [9, 8]
            assert [await remaining(limits), await remaining(limits)] == [9, 8]
            with redis_server(tmp_path, port):
                assert [await remaining(other), await remaining(limits)] == [9, 8]
        finally:
            await limits.close()
            await other.close()

    asyncio.run(run())
    said = [(r.levelno, r.getMessage().split(",")[0]) for r in caplog.records]
    assert said.count((logging.ERROR, "Redis fails")) == 1
    assert said.count((logging.WARNING, "Redis is back")) == 1


def test_a_redis_that_hangs_holds_one_request_up_for_a_moment_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rate_limits, "_PATIENCE", 0.5)

    async def took(limits: RateLimits) -> float:
        started = time.perf_counter()
        await limits.count([quota(10)])
        return time.perf_counter() - started

    async def run(address: str) -> tuple[float, float]:
        limits = RateLimits.over(address)
        try:
            return await took(limits), await took(limits)
        finally:
            await limits.close()

    with redis_server(tmp_path) as process:
        process.send_signal(signal.SIGSTOP)
        first, second = asyncio.run(run(address_of(process)))
    assert 0.4 < first < 10
    assert second < 0.4, "it waited for Redis again"
    assert [r.getMessage().partition(": ")[2] for r in caplog.records] == ["TimeoutError"]


@pytest.mark.parametrize("address", ["http://cache.example", "redis://:secret@host:port", "x"])
def test_an_address_that_is_none_is_a_bad_setting_and_is_not_repeated(address: str) -> None:
    with pytest.raises(BadSetting, match="UPHELD_REDIS is no address") as caught:
        RateLimits.over(address)
    assert address not in str(caught.value)


def test_without_the_library_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "redis.asyncio", None)
    with pytest.raises(BadSetting, match=r"pip install 'upheld\[redis\]'"):
        RateLimits.over("redis://localhost/0")
