"""Limits, as clients of real servers meet them: many at once, and two servers over one Redis."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from litestar import Litestar

from service.keys import KeyFile
from service.rate_limits import RateLimits
from tests.test_admission import app_over
from tests.test_rate_limits import address_of, free_port, redis_server


@contextmanager
def served(app: Litestar) -> Iterator[str]:
    """The application behind a real server on a port of its own; gives its address."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        deadline = time.monotonic() + 20
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)


def test_of_50_parallel_requests_over_http_exactly_20_are_let_through(tmp_path: Path) -> None:
    with (
        served(app_over(tmp_path, most=20)) as address,
        httpx.Client(base_url=address) as client,
        ThreadPoolExecutor(10) as pool,
    ):
        answers = list(pool.map(lambda _: client.get("/v1/decisions"), range(50)))
    statuses = [r.status_code for r in answers]
    assert (statuses.count(200), statuses.count(429)) == (20, 30)


def test_two_servers_that_share_a_redis_share_one_count(tmp_path: Path) -> None:
    with redis_server(tmp_path) as process:
        key, token = KeyFile(tmp_path).make_server("Casework", 4)
        one, other = (app_over(tmp_path, 4, RateLimits.over(address_of(process))) for _ in range(2))
        bearer = {"Authorization": f"Bearer {token}"}
        with served(one) as first, served(other) as second:
            turns = [first, second, first, second, first, second]
            with_key = [httpx.get(f"{url}/v1/decisions", headers=bearer) for url in turns]
            without = [httpx.get(f"{url}/v1/decisions") for url in turns]
    assert with_key[0].json() == {"key": key.key_id}
    for answers in (with_key, without):
        assert [r.status_code for r in answers] == [200] * 4 + [429] * 2
        assert [r.headers["ratelimit"].split(";")[1] for r in answers] == [
            *("r=3", "r=2", "r=1", "r=0", "r=0", "r=0")
        ]
