"""Clients: many at once, each asking a server one question after the other."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import cycle
from statistics import quantiles

import httpx
from msgspec import Struct

_PATIENCE = 60.0


class Load(Struct, frozen=True, kw_only=True):
    """What came of asking.

    Attributes:
        seconds: How long was asked.
        milliseconds: How long each answer took, of those that came with status 200.
        failures: How often each other status, or error of the connection, was met.
    """

    seconds: float
    milliseconds: list[float]
    failures: dict[str, int]

    @property
    def a_second(self) -> float:
        """Answers a second."""
        return len(self.milliseconds) / self.seconds

    def percentile(self, percent: int) -> float:
        """The time within which this share of the answers came, in milliseconds.

        >>> Load(seconds=1, milliseconds=[1.0, 2.0, 3.0], failures={}).percentile(50)
        2.0
        """
        if len(self.milliseconds) < 2:
            return self.milliseconds[0] if self.milliseconds else float("nan")
        return quantiles(self.milliseconds, n=100, method="inclusive")[percent - 1]


def together(loads: Iterable[Load]) -> Load:
    """Several loads as one."""
    taken = list(loads)
    failures: Counter[str] = Counter()
    for load in taken:
        failures.update(load.failures)
    return Load(
        seconds=sum(load.seconds for load in taken),
        milliseconds=[ms for load in taken for ms in load.milliseconds],
        failures=dict(failures),
    )


def ask(address: str, questions: Iterable[str], clients: int, seconds: float) -> Load:
    """Ask for some seconds. Each client has a question of its own, and the next when answered.

    Args:
        address: Of the server.
        questions: Taken in turn, and from the first again after the last.
        clients: How many ask at once.
        seconds: After which no more are asked; those under way are waited for.
    """
    return asyncio.run(_ask(address, cycle(questions), clients, seconds))


def ask_once(address: str, questions: Iterable[str]) -> list[float]:
    """Ask each question once, one after the other; how long each took, in milliseconds.

    Raises:
        httpx.HTTPError: One was not answered.
    """
    times: list[float] = []
    with httpx.Client(base_url=address, timeout=_PATIENCE) as client:
        for question in questions:
            sent = time.perf_counter()
            client.post("/v1/ask", json={"question": question}).raise_for_status()
            times.append((time.perf_counter() - sent) * 1000)
    return times


async def _ask(address: str, questions: Iterator[str], clients: int, seconds: float) -> Load:
    times: list[float] = []
    failures: Counter[str] = Counter()
    started = time.perf_counter()

    async def one(client: httpx.AsyncClient) -> None:
        while (sent := time.perf_counter()) < started + seconds:
            try:
                response = await client.post("/v1/ask", json={"question": next(questions)})
            except httpx.TransportError as error:
                failures[type(error).__name__] += 1
                continue
            if response.status_code == httpx.codes.OK:
                times.append((time.perf_counter() - sent) * 1000)
            else:
                failures[str(response.status_code)] += 1

    limits = httpx.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=_PATIENCE) as client:
        await asyncio.gather(*(one(client) for _ in range(clients)))
    return Load(seconds=time.perf_counter() - started, milliseconds=times, failures=dict(failures))
