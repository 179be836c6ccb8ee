"""How a server that encodes questions together fares under load, beside one that does not.

Run ``python -m eval.bench.load [DATA]``; without a data folder, over the bundled sample. Both are
real servers on this machine, asked in turn from this process, so all share its cores.
"""

import random
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path

import click
import msgspec
from msgspec import Struct

from eval.bench.clients import Load, ask, together
from eval.bench.results import json_option, write_json
from eval.bench.server import Server, server
from service.opening import prepare

CLIENTS = (1, 8, 64)
ROUNDS = 3
SERVERS = {
    "each alone": {"UPHELD_BATCH": "1"},
    "together": {"UPHELD_BATCH": "16"},
}
"""Settings of what is measured; the first is the baseline."""


class Row(Struct, frozen=True, kw_only=True):
    """One server at one number of clients.

    Attributes:
        server: Which.
        clients: How many asked at once.
        a_second: Answers a second.
        times_baseline: The same, divided by the baseline's at as many clients.
        p50_ms: Median time to an answer, in milliseconds.
        p95_ms: The time within which 95 of 100 came.
        answers: How many came.
        failures: How often each other status was met.
    """

    server: str
    clients: int
    a_second: float
    times_baseline: float
    p50_ms: float
    p95_ms: float
    answers: int
    failures: dict[str, int]


class Measured(Struct, frozen=True, kw_only=True):
    """All that was measured.

    Attributes:
        rows: See `Row`.
        ready_s: Seconds from start to ready, by server.
        memory_mb: What a worker holds for itself after the load, in MB, by server; without
            mapped files, which workers share.
        workers: Processes a server.
    """

    rows: tuple[Row, ...]
    ready_s: dict[str, float]
    memory_mb: dict[str, float]
    workers: int


def sample_questions() -> list[str]:
    """The questions of the bundled sample, shuffled the same way each time."""
    lines = files("eval").joinpath("data", "sample_questions.jsonl").read_bytes().splitlines()
    questions = [str(msgspec.json.decode(line)["question"]) for line in lines]
    random.Random(0).shuffle(questions)  # noqa: S311
    return questions


def measure(data: Path, seconds: float, workers: int) -> Measured:
    """Ask every server in turn, for some seconds at each number of clients, in `ROUNDS` rounds."""
    questions = sample_questions()
    loads: dict[tuple[str, int], list[Load]] = {}
    with ExitStack() as stack:
        # One after the other, so that neither start slows the other down.
        running: dict[str, Server] = {
            name: stack.enter_context(server(data, settings, workers))
            for name, settings in SERVERS.items()
        }
        for one in running.values():
            ask(one.address, questions, max(CLIENTS), min(seconds, 2))
        for _ in range(ROUNDS):
            for clients in CLIENTS:
                for name, one in running.items():
                    load = ask(one.address, questions, clients, seconds)
                    loads.setdefault((name, clients), []).append(load)
        memory = {name: round(one.memory_mb(), 1) for name, one in running.items()}
        ready = {name: round(one.ready_s, 2) for name, one in running.items()}
    whole = {key: together(several) for key, several in loads.items()}
    baseline = next(iter(SERVERS))
    rows = tuple(
        Row(
            server=name,
            clients=clients,
            a_second=round(load.a_second, 2),
            times_baseline=round(load.a_second / whole[baseline, clients].a_second, 2),
            p50_ms=round(load.percentile(50), 1),
            p95_ms=round(load.percentile(95), 1),
            answers=len(load.milliseconds),
            failures=load.failures,
        )
        for (name, clients), load in sorted(whole.items(), key=lambda item: item[0][1])
    )
    return Measured(rows=rows, ready_s=ready, memory_mb=memory, workers=workers)


def table(measured: Measured) -> str:
    """What was measured, for a person to read."""
    lines = [
        f"{'clients':>7}  {'encoded':10}  {'answers/s':>9}  {'times':>5}  {'p50 ms':>7}"
        f"  {'p95 ms':>7}  failures"
    ]
    lines += [
        f"{r.clients:7}  {r.server:10}  {r.a_second:9.1f}  {r.times_baseline:5.2f}  {r.p50_ms:7.1f}"
        f"  {r.p95_ms:7.1f}  {' '.join(f'{k}: {n}' for k, n in r.failures.items()) or 'none'}"
        for r in measured.rows
    ]
    lines += [
        f"{name}: ready after {ready:.1f} s, {measured.memory_mb[name]:.0f} MB a worker"
        for name, ready in measured.ready_s.items()
    ]
    return "\n".join(lines)


@click.command()
@click.argument("data", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--seconds", default=10.0, show_default=True, help="Of each load.")
@click.option("--workers", default=1, show_default=True, help="Processes of each server.")
@json_option
def main(data: Path | None, seconds: float, workers: int, out: Path | None) -> None:
    """Measure throughput, times and memory of a server with and without batching."""
    measured = measure(prepare(data), seconds, workers)
    click.echo(table(measured))
    write_json(out, measured)


if __name__ == "__main__":
    main()
