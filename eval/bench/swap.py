"""Whether a server that moves to another snapshot loses a question, or keeps one waiting.

Run ``python -m eval.bench.swap``. Clients ask a real server without pause while ``upheld build``,
``upheld snapshots rollback`` and ``upheld withdraw`` change what is current.
"""

import asyncio
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from itertools import cycle
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread

import click
import httpx
from msgspec import Struct

from eval.bench.load import sample_questions
from eval.bench.results import json_option, write_json
from eval.bench.server import UPHELD, server
from index.encoders import DEFAULT
from index.hashing_encoder import HashingEncoder

CLIENTS = 8
PAUSE = 1.0
"""Seconds between a switch that was taken up and the next command."""

_PATIENCE = 30.0


class Answered(Struct, frozen=True, kw_only=True):
    """What came of one question.

    Attributes:
        sent: When it was asked, in seconds since the epoch.
        came: When its answer was there.
        failure: A status other than 200, or an error of the connection.
        snapshot: What it was answered from.
        cited: The decisions that it cites.
    """

    sent: float
    came: float
    failure: str = ""
    snapshot: str = ""
    cited: frozenset[str] = frozenset()

    @property
    def ms(self) -> float:
        """How long it took, in milliseconds."""
        return (self.came - self.sent) * 1000


class Swap(Struct, frozen=True, kw_only=True):
    """One change of what is current.

    Attributes:
        by: The command.
        snapshot: What became current.
        switched: When, in seconds since the epoch.
        first_ms: Until the first answer from it, in milliseconds.
        slowest_ms: The slowest answer that was being waited for meanwhile.
        times_median: The same, divided by the median of all others.
    """

    by: str
    snapshot: str
    switched: float
    first_ms: float
    slowest_ms: float
    times_median: float


class Measured(Struct, frozen=True, kw_only=True):
    """All that was seen.

    Attributes:
        encoder: By which questions were encoded.
        seconds: How long was asked.
        questions: How many were.
        failures: How often each other status, or error of the connection, was met.
        snapshots: How many different ones answered.
        median_ms: Of the answers that met no swap.
        slowest_ms: Of all; builds share the machine's cores.
        withdrawn_ms: The latest question that was answered with the withdrawn decision, by when it
            was asked, in milliseconds after the switch.
        swaps: In order.
    """

    encoder: str
    seconds: float
    questions: int
    failures: dict[str, int]
    snapshots: int
    median_ms: float
    slowest_ms: float
    withdrawn_ms: float
    swaps: tuple[Swap, ...]


@dataclass(frozen=True, slots=True)
class Clients:
    """Ask without pause, in a thread of their own, until they are stopped.

    Attributes:
        address: Of the server.
        answers: What came so far.
    """

    address: str
    answers: list[Answered] = field(default_factory=list)
    _stop: Event = field(default_factory=Event)

    def run(self) -> None:
        """Ask until `stop`."""
        asyncio.run(self._run())

    def stop(self) -> None:
        """Ask no more; what is under way is waited for."""
        self._stop.set()

    async def _run(self) -> None:
        questions = cycle(sample_questions())
        limits = httpx.Limits(max_connections=CLIENTS, max_keepalive_connections=CLIENTS)
        async with httpx.AsyncClient(
            base_url=self.address, limits=limits, timeout=_PATIENCE
        ) as client:
            await asyncio.gather(*(self._one(client, questions) for _ in range(CLIENTS)))

    async def _one(self, client: httpx.AsyncClient, questions: Iterator[str]) -> None:
        while not self._stop.is_set():
            sent = time.time()
            try:
                response = await client.post("/v1/ask", json={"question": next(questions)})
            except httpx.TransportError as error:
                self.answers.append(
                    Answered(sent=sent, came=time.time(), failure=type(error).__name__)
                )
                continue
            self.answers.append(_answered(sent, time.time(), response))


def _answered(sent: float, came: float, response: httpx.Response) -> Answered:
    if response.status_code != httpx.codes.OK:
        return Answered(sent=sent, came=came, failure=str(response.status_code))
    answer = response.json()
    matches = [*answer["matches"], *answer["nearest"], *answer["other_side"]]
    return Answered(
        sent=sent,
        came=came,
        snapshot=answer["snapshot"]["id"],
        cited=frozenset(match["citation"]["decision_id"] for match in matches),
    )


def measure(encoder: str) -> Measured:
    """Ask while five builds, a rollback and a withdrawal change what is current."""
    with TemporaryDirectory() as folder, as_file(files("corpus").joinpath("samples")) as whole:
        data, half = Path(folder) / "data", Path(folder) / "half"
        half.mkdir()
        for file in sorted(whole.glob("*.txt"))[::2]:
            shutil.copy(file, half)
        build_half = ["build", str(half), "--encoder", encoder]
        build_whole = ["build", str(whole), "--encoder", encoder]
        _run(data, build_whole)
        with server(data, {"UPHELD_MAX_WAITING": "1000"}) as running:
            clients = Clients(running.address)
            asking = Thread(target=clients.run)
            asking.start()
            try:
                time.sleep(2 * PAUSE)
                cited = Counter(i for a in clients.answers for i in a.cited)
                gone = cited.most_common(1)[0][0]
                plan = [
                    *(build_half, build_whole, build_half),
                    *(["snapshots", "rollback"], ["withdraw", gone]),
                    *(build_half, build_whole),
                ]
                done = [_swap(data, running.address, command) for command in plan]
            finally:
                clients.stop()
                asking.join()
    return judged(encoder, clients.answers, done, gone)


def _swap(data: Path, address: str, command: Sequence[str]) -> tuple[str, str, float]:
    """Run a command, and wait until the server has moved over."""
    _run(data, command)
    switched = (data / "current").stat().st_mtime
    name = (data / "current").read_text().strip()
    deadline = time.monotonic() + _PATIENCE
    while httpx.get(f"{address}/health/ready").json()["snapshot"]["id"] != name:
        if time.monotonic() > deadline:
            raise RuntimeError(f"the server did not move to snapshot {name}")
        time.sleep(0.05)
    time.sleep(PAUSE)
    return " ".join(command[:1] if command[0] != "snapshots" else command), name, switched


def _run(data: Path, command: Sequence[str]) -> None:
    subprocess.run(  # noqa: S603 (our own command)
        [UPHELD, *command, "--data", data], check=True, stdout=subprocess.DEVNULL
    )


def judged(
    encoder: str, answers: Sequence[Answered], done: Sequence[tuple[str, str, float]], gone: str
) -> Measured:
    """What the answers amount to.

    Args:
        encoder: By which questions were encoded.
        answers: What came, from first to last.
        done: Of each swap its command, the snapshot, and when it was switched to.
        gone: The decision that was withdrawn.
    """
    good = sorted((a for a in answers if not a.failure), key=lambda a: a.sent)
    windows = [
        (switched, next(a.came for a in good if a.snapshot == name and a.came > switched))
        for _, name, switched in done
    ]
    met = [[a for a in good if a.sent < end and a.came > start] for start, end in windows]
    usual = median(
        a.ms for a in good if not any(a.sent < end and a.came > start for start, end in windows)
    )
    withdrawn = next(switched for by, _, switched in done if by == "withdraw")
    return Measured(
        encoder=encoder,
        seconds=round(good[-1].came - good[0].sent, 1),
        questions=len(answers),
        failures=dict(Counter(a.failure for a in answers if a.failure)),
        snapshots=len({a.snapshot for a in good}),
        median_ms=round(usual, 1),
        slowest_ms=round(max(a.ms for a in good), 1),
        withdrawn_ms=round(max(a.sent - withdrawn for a in good if gone in a.cited) * 1000, 1),
        swaps=tuple(
            Swap(
                by=by,
                snapshot=name,
                switched=switched,
                first_ms=round((end - start) * 1000, 1),
                slowest_ms=round(max(a.ms for a in some), 1),
                times_median=round(max(a.ms for a in some) / usual, 1),
            )
            for (by, name, switched), (start, end), some in zip(done, windows, met, strict=True)
        ),
    )


def table(measured: Measured) -> str:
    """What was seen, for a person to read."""
    told = " ".join(f"{k}: {n}" for k, n in measured.failures.items()) or "none"
    lines = [
        f"{'swap by':18}  {'snapshot':16}  {'first ms':>8}  {'slowest ms':>10}  {'times':>5}",
        *(
            f"{s.by:18}  {s.snapshot:16}  {s.first_ms:8.0f}  {s.slowest_ms:10.1f}"
            f"  {s.times_median:5.1f}"
            for s in measured.swaps
        ),
        f"{measured.questions} questions in {measured.seconds:.0f} s by {CLIENTS} clients, "
        f"{measured.encoder}: failures {told}; {measured.snapshots} snapshots answered",
        f"median {measured.median_ms:.1f} ms apart from swaps, slowest {measured.slowest_ms:.1f} "
        "ms beside a build",
        f"the withdrawn decision was last given to a question asked {measured.withdrawn_ms:.0f} ms "
        "after the switch",
    ]
    return "\n".join(lines)


@click.command()
@click.option("--real", is_flag=True, help="With the bundled model, not by hashing.")
@json_option
def main(real: bool, out: Path | None) -> None:
    """Change snapshots beneath a server that is being asked; exit 1 where a question fails."""
    measured = measure(DEFAULT if real else HashingEncoder.NAME)
    click.echo(table(measured))
    write_json(out, measured)
    sys.exit(1 if measured.failures else 0)


if __name__ == "__main__":
    main()
