"""How a question's time, memory and disk grow with the collection, up to a million passages.

Run ``python -m eval.bench.scale FOLDER``; the collections are built below the folder first, where
they are not there yet. The servers are real ones on this machine, asked in turn from this process.
"""

import os
from collections.abc import Sequence
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median

import click
import msgspec
from msgspec import Struct

from corpus.files import read_files
from corpus.model import Decision
from eval.bench.clients import Load, ask, ask_once, together
from eval.bench.load import sample_questions
from eval.bench.resampled import Resampled, ResampledEncoder
from eval.bench.results import json_option, write_json
from eval.bench.searched import Found, searched
from eval.bench.server import Server, server
from index.build import build
from index.encoders import DEFAULT, Precision, load_encoder
from index.snapshot import current_folder, open_current

SAMPLES = Path("corpus") / "samples"
SIZES = (1, 10_000, 100_000, 1_000_000)
"""Passages; the first, of one decision, stands for an empty collection."""

COLD = 50
"""Questions asked as soon as a server is ready."""

ROUNDS = 4
_MB = 1_000_000


class Built(Struct, frozen=True, kw_only=True):
    """What a collection is, and what it took to build it, its encoding aside.

    Attributes:
        decisions: How many.
        passages: Vectors of paragraphs or slices.
        sentences: Vectors of sentences.
        seconds: Of the build.
        peak_mb: The most memory that it held.
        disk_mb: Of the snapshot, by kind of file.
        kept_mb: Of the work that is kept for the next build.
    """

    decisions: int
    passages: int
    sentences: int
    seconds: float
    peak_mb: float
    disk_mb: dict[str, float]
    kept_mb: float


class Row(Struct, frozen=True, kw_only=True):
    """One collection served.

    Attributes:
        built: See `Built`.
        ready_s: Seconds from the server's start until it was ready.
        first_ms: Time of the very first question, with no file of the collection in memory.
        cold_ms: Median of the next `COLD`, asked at once.
        new_ms: Median of questions that were not asked before, on a server that has answered
            others for some seconds.
        p50_ms: Median time of a whole question over HTTP, of all questions again and again.
        p95_ms: The time within which 95 of 100 are answered.
        answers: How many were.
        failures: How often each other status was met.
        first_mb: Resident memory of the first worker afterwards, mapped files and all.
        further_mb: What each further one would add: what this one shares with none.
        found: See `Found`.
    """

    built: Built
    ready_s: float
    first_ms: float
    cold_ms: float
    new_ms: float
    p50_ms: float
    p95_ms: float
    answers: int
    failures: dict[str, int]
    first_mb: float
    further_mb: float
    found: tuple[Found, ...]


def build_resampled(data: Path, passages: int, models: Sequence[Path]) -> None:
    """Build a collection of about this many passages, and write down what it took."""
    read = [item for item in read_files(models) if isinstance(item, Decision)]
    resampled = Resampled.of(read)
    encoder = load_encoder(DEFAULT, data, Precision.FLOAT32)
    moved = ResampledEncoder.of(encoder, resampled)
    report = build(resampled.decisions(passages), moved, data)
    folder = open_current(data).folder
    kinds: dict[str, float] = {}
    for file in folder.rglob("*"):
        if file.is_file():
            kind = file.relative_to(folder).parts[0]
            kinds[kind] = kinds.get(kind, 0) + file.stat().st_size / _MB
    built = Built(
        decisions=report.decisions,
        passages=report.passages,
        sentences=report.sentences,
        seconds=report.seconds,
        peak_mb=getrusage(RUSAGE_SELF).ru_maxrss / 1000,
        disk_mb={kind: round(mb, 1) for kind, mb in sorted(kinds.items())},
        kept_mb=sum(f.stat().st_size for f in data.glob("kept.sqlite*")) / _MB,
    )
    (data / "built.json").write_bytes(msgspec.json.encode(built))


def prepared(folder: Path, passages: int, models: Sequence[Path]) -> Path:
    """The data folder of a collection of this size, built in a process of its own if need be."""
    data = folder / str(passages)
    if not (data / "built.json").exists():
        process = get_context("spawn").Process(
            target=build_resampled, args=(data, passages, models)
        )
        process.start()
        process.join()
    if current_folder(data) is None:
        raise RuntimeError(f"the collection of {passages} passages could not be built")
    return data


def measure(
    folder: Path, sizes: Sequence[int], models: Sequence[Path], seconds: float
) -> list[Row]:
    """Serve every collection, and ask each in turn, in `ROUNDS` rounds."""
    questions = sample_questions()
    known, new = questions[: len(questions) // 2], questions[len(questions) // 2 :]
    datas = [prepared(folder, size, models) for size in sizes]
    loads: dict[Path, list[Load]] = {data: [] for data in datas}
    cold, unseen = dict[Path, list[float]](), {data: list[float]() for data in datas}
    with ExitStack() as stack:
        running: dict[Path, Server] = {}
        # One after the other, so that no start slows another down.
        for data in datas:
            _forget(data)
            one = running[data] = stack.enter_context(server(data, {"OMP_NUM_THREADS": "1"}))
            cold[data] = ask_once(one.address, known[: COLD + 1])
        for one in running.values():
            ask(one.address, known, 1, seconds)
        for number in range(ROUNDS):
            for data, one in running.items():
                unseen[data] += ask_once(one.address, new[number::ROUNDS])
        for _ in range(ROUNDS):
            for data, one in running.items():
                loads[data].append(ask(one.address, questions, 1, seconds))
        memory = {data: (one.resident_mb(), one.memory_mb()) for data, one in running.items()}
        ready = {data: one.ready_s for data, one in running.items()}
    rows = []
    for data in datas:
        load = together(loads[data])
        rows.append(
            Row(
                built=msgspec.json.decode((data / "built.json").read_bytes(), type=Built),
                ready_s=round(ready[data], 2),
                first_ms=round(cold[data][0], 1),
                cold_ms=round(median(cold[data][1:]), 1),
                new_ms=round(median(unseen[data]), 1),
                p50_ms=round(load.percentile(50), 1),
                p95_ms=round(load.percentile(95), 1),
                answers=len(load.milliseconds),
                failures=load.failures,
                first_mb=round(memory[data][0], 1),
                further_mb=round(memory[data][1], 1),
                found=searched(data, questions[:100]),
            )
        )
    return rows


def _forget(data: Path) -> None:
    """Have the system drop what it holds of a collection's files, where it can be told to."""
    for file in data.rglob("*"):
        if file.is_file() and hasattr(os, "posix_fadvise"):
            with file.open("rb") as stream:
                os.fdatasync(stream.fileno())
                os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def table(rows: Sequence[Row]) -> str:
    """What was measured, for a person to read."""
    lines = [
        f"{'passages':>9} {'sentences':>9} {'decisions':>9}  {'build s':>8} {'peak MB':>8} "
        f"{'disk MB':>8} {'kept MB':>8}  {'ready s':>7}  "
        f"{'first ms':>8} {'cold ms':>8} {'new ms':>7} {'p50 ms':>7} {'p95 ms':>7}  "
        f"{'first MB':>8} {'further':>8}  failures"
    ]
    for r in rows:
        b = r.built
        lines.append(
            f"{b.passages:9} {b.sentences:9} {b.decisions:9}  {b.seconds:8.1f} {b.peak_mb:8.0f} "
            f"{sum(b.disk_mb.values()):8.0f} {b.kept_mb:8.0f}  {r.ready_s:7.2f}  "
            f"{r.first_ms:8.0f} {r.cold_ms:8.1f} {r.new_ms:7.1f} {r.p50_ms:7.1f} "
            f"{r.p95_ms:7.1f}  {r.first_mb:8.0f} {r.further_mb:8.0f}  "
            f"{' '.join(f'{k}: {n}' for k, n in r.failures.items()) or 'none'}"
        )
    lines.append(
        f"\n{'vectors':>9} {'store':10} {'allowed':>8}  recall@10  {'ms':>8}  every one, ms"
    )
    for r in rows[1:]:
        for f in r.found:
            size = r.built.passages if f.store == "passages" else r.built.sentences
            lines.append(
                f"{size:9} {f.store:10} {f.share:8.1%}  {f.recall:9.3f}  {f.ms:8.2f}  "
                f"{f.exact_ms:8.2f}"
            )
    return "\n".join(lines)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--passages", multiple=True, type=int, default=SIZES, show_default=True)
@click.option(
    "--decisions",
    multiple=True,
    default=(SAMPLES,),
    show_default=True,
    type=click.Path(exists=True, path_type=Path),
    help="What the sentences are drawn from.",
)
@click.option("--seconds", default=10.0, show_default=True, help="Of each load.")
@json_option
def main(
    folder: Path,
    passages: tuple[int, ...],
    decisions: tuple[Path, ...],
    seconds: float,
    out: Path | None,
) -> None:
    """Measure collections of several sizes."""
    rows = measure(folder, passages, decisions, seconds)
    click.echo(table(rows))
    write_json(out, rows)


if __name__ == "__main__":
    main()
