"""How soon a server answers after it is started, beside the plain way to encode one question.

Run ``python -m eval.bench.start [DATA]``; without a data folder, over the bundled sample. The
baseline imports sentence-transformers, loads the same model and encodes the question: no search,
no answer. Each is a process of its own, started in turn; files that both need are in memory.
"""

import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import click
from msgspec import Struct

from eval.bench.clients import ask_once
from eval.bench.load import sample_questions
from eval.bench.results import json_option, write_json
from eval.bench.server import server
from index.encoders import DEFAULT
from index.models import find_model
from service.opening import prepare

_PLAIN = """
import sys
from sentence_transformers import SentenceTransformer
SentenceTransformer(sys.argv[1], device="cpu").encode([sys.argv[2]], normalize_embeddings=True)
"""


class Measured(Struct, frozen=True, kw_only=True):
    """What was measured, in seconds from the start of a process; medians.

    Attributes:
        ready_s: Until the server said that it was ready.
        answered_s: Until it had answered the first question.
        plain_s: Until plain sentence-transformers had encoded the question.
        rounds: How often each was started.
    """

    ready_s: float
    answered_s: float
    plain_s: float
    rounds: int


def measure(data: Path, rounds: int) -> Measured:
    """Start both in turn, after one round that does not count."""
    question = sample_questions()[0]
    ready, answered, plain = list[float](), list[float](), list[float]()
    for i in range(rounds + 1):
        started = time.perf_counter()
        subprocess.run(  # noqa: S603 - our own code
            [sys.executable, "-c", _PLAIN, find_model(DEFAULT).source, question],
            check=True,
            capture_output=True,
        )
        took = time.perf_counter() - started
        with server(data, {}) as one:
            first = sum(ask_once(one.address, [question])) / 1000
        if i:
            plain.append(took)
            ready.append(one.ready_s)
            answered.append(one.ready_s + first)
    return Measured(
        ready_s=median(ready), answered_s=median(answered), plain_s=median(plain), rounds=rounds
    )


@click.command()
@click.argument("data", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--rounds", default=5, show_default=True)
@json_option
def main(data: Path | None, rounds: int, out: Path | None) -> None:
    """Measure how soon a server answers."""
    measured = measure(prepare(data), rounds)
    click.echo(
        f"upheld serve: ready after {measured.ready_s:.2f} s, first answer after "
        f"{measured.answered_s:.2f} s\n"
        f"sentence-transformers: one question encoded after {measured.plain_s:.2f} s, "
        f"{measured.plain_s / measured.answered_s:.1f} times as long; median of {measured.rounds}"
    )
    write_json(out, measured)


if __name__ == "__main__":
    main()
