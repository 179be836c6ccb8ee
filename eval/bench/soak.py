"""Whether a server keeps its memory and makes no error while it is asked for a long time.

Run ``python -m eval.bench.soak [DATA]``; without a data folder, over the bundled sample.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import linear_regression

import click
from msgspec import Struct

from eval.bench.clients import Load, ask, together
from eval.bench.load import sample_questions
from eval.bench.results import json_option, write_json
from eval.bench.server import Server, server
from service.opening import prepare

EVERY = 10.0
"""Seconds between looks at the memory."""

_A_MINUTE = round(60 / EVERY)

MOST_A_MINUTE = 1.0
"""MB by which memory may grow each minute once the server is warm; allocators are never quite
still, and a leak of a question or an answer each time would be many times that."""


class Look(Struct, frozen=True, kw_only=True):
    """One look at the server.

    Attributes:
        minute: Minutes since the first question.
        memory_mb: What the server held for itself then, in MB.
        load: What came of asking since the look before.
    """

    minute: float
    memory_mb: float
    load: Load


class Soaked(Struct, frozen=True, kw_only=True):
    """What came of a soak.

    Attributes:
        answers: How many came.
        failures: How often each other status, or error of the connection, was met.
        first_mb: Memory at the first look once warm.
        last_mb: At the last.
        most_mb: The most at any.
        mb_a_minute: Slope of the line of least squares through the looks once warm.
    """

    answers: int
    failures: dict[str, int]
    first_mb: float
    last_mb: float
    most_mb: float
    mb_a_minute: float

    @property
    def good(self) -> bool:
        """Whether there was no error, and memory grew by less than `MOST_A_MINUTE`."""
        return self.answers > 0 and not self.failures and self.mb_a_minute <= MOST_A_MINUTE


def look(server: Server, minutes: float, clients: int) -> Iterator[Look]:
    """Ask for some minutes, and look each `EVERY` seconds. Clients then connect anew."""
    questions = sample_questions()
    asked = 0.0
    while asked < minutes * 60:
        # From another place each time, so that all of them are asked.
        start = int(asked / EVERY * 37) % len(questions)
        load = ask(server.address, questions[start:] + questions[:start], clients, EVERY)
        asked += load.seconds
        yield Look(minute=asked / 60, memory_mb=server.memory_mb(), load=load)


def judged(looks: list[Look]) -> Soaked:
    """What the looks amount to. The first half of them is warm-up.

    Torch keeps what it worked out for each shape of a batch, up to a bound of its own, and it takes
    some twelve thousand questions until it has met most shapes.
    """
    warm = looks[len(looks) // 2 :]
    memory = [one.memory_mb for one in warm]
    whole = together(one.load for one in looks)
    slope = linear_regression([one.minute for one in warm], memory).slope if warm[1:] else 0.0
    return Soaked(
        answers=len(whole.milliseconds),
        failures=whole.failures,
        first_mb=round(memory[0], 1),
        last_mb=round(memory[-1], 1),
        most_mb=round(max(one.memory_mb for one in looks), 1),
        mb_a_minute=round(slope, 3),
    )


def _minute(number: int, looks: list[Look]) -> str:
    load = together(one.load for one in looks)
    failures = " ".join(f"{k}: {n}" for k, n in load.failures.items()) or "none"
    return (
        f"minute {number:3}: {load.a_second:6.1f} answers/s, p50 {load.percentile(50):6.1f} ms, "
        f"p95 {load.percentile(95):6.1f} ms, {looks[-1].memory_mb:6.1f} MB, failures {failures}"
    )


@click.command()
@click.argument("data", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--minutes", default=10.0, show_default=True)
@click.option("--clients", default=8, show_default=True)
@json_option
def main(data: Path | None, minutes: float, clients: int, out: Path | None) -> None:
    """Ask one server for a long time; exit 1 on any error, or where its memory grows."""
    looks: list[Look] = []
    with server(prepare(data), {}) as running:
        for one in look(running, minutes, clients):
            looks.append(one)
            if len(looks) % _A_MINUTE == 0:
                click.echo(_minute(len(looks) // _A_MINUTE, looks[-_A_MINUTE:]))
    soaked = judged(looks)
    click.echo(
        f"{soaked.answers} answers, failures {soaked.failures or 'none'}; memory once warm "
        f"{soaked.first_mb} MB, at the end {soaked.last_mb} MB, at most {soaked.most_mb} MB, "
        f"{soaked.mb_a_minute:+.3f} MB a minute (bound {MOST_A_MINUTE}): "
        f"{'good' if soaked.good else 'BAD'}"
    )
    write_json(out, soaked)
    sys.exit(0 if soaked.good else 1)


if __name__ == "__main__":
    main()
