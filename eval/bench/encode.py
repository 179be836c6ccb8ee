"""How quickly a collection and a question are encoded, beside plain sentence-transformers.

Run ``python -m eval.bench.encode [DECISIONS...]``; without any, over the bundled sample. The
baseline is the library as it comes: single precision, 32 texts at a time, every text as often as
it stands there. Both are run by as many threads as ``OMP_NUM_THREADS`` says.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import numpy as np
from msgspec import Struct

from corpus.files import read_files
from corpus.model import Decision
from corpus.passages import passages_of, sentences_of
from eval.bench.load import sample_questions
from eval.bench.results import json_option, write_json
from eval.bench.timing import Comparison, compare
from index.encoders import DEFAULT, Precision, load_encoder
from index.half_precision import has_bfloat16
from index.loading import load_model
from index.models import find_model
from index.protocols import Encoder, Vectors

SAMPLES = Path("corpus") / "samples"
_QUESTIONS = 40


class Measured(Struct, frozen=True, kw_only=True):
    """What was measured.

    Attributes:
        texts: How many there are.
        distinct: How many differ.
        comparisons: Each beside sentence-transformers.
        cosines: The least and the mean cosine of the quickest vectors with the baseline's.
    """

    texts: int
    distinct: int
    comparisons: tuple[Comparison, ...]
    cosines: tuple[float, float]


def texts_of(decisions: Sequence[Path], encoder: Encoder, most: int) -> list[str]:
    """The passages and sentences of these decisions, as a build encodes them."""
    return list(_texts(decisions, encoder))[:most]


def _texts(decisions: Sequence[Path], encoder: Encoder) -> Iterator[str]:
    limit, count = encoder.limit, encoder.count_tokens
    for decision in read_files(decisions):
        if isinstance(decision, Decision):
            for passage in passages_of(decision, limit=limit, count=count, tokens=len):
                yield passage.text
            for _, paragraph in decision.paragraphs():
                for _, text in sentences_of(paragraph, limit=limit, count=count):
                    yield text


def measure(decisions: Sequence[Path], most: int, rounds: int) -> Measured:
    """Encode the texts, and questions one by one, both ways in turn."""
    single = load_encoder(DEFAULT, precision=Precision.FLOAT32)
    quickest = load_encoder(DEFAULT)
    plain = load_model(find_model(DEFAULT))
    texts = texts_of(decisions, single, most)
    questions = sample_questions()[:_QUESTIONS]

    def baseline(some: Sequence[str]) -> Vectors:
        return np.asarray(
            plain.encode(list(some), normalize_embeddings=True, show_progress_bar=False)
        )

    def each_once(encoder: Encoder) -> Vectors:
        return encoder.encode_passages(list(dict.fromkeys(texts)))

    bulk = [("the exported graph, single precision", single)]
    if has_bfloat16():
        bulk.append(("bfloat16", quickest))
    comparisons = [
        compare(
            f"{len(texts)} texts: {name}",
            lambda encoder=encoder: each_once(encoder),  # type: ignore[misc]
            "sentence-transformers",
            lambda: baseline(texts),
            rounds,
        )
        for name, encoder in bulk
    ]
    comparisons.append(
        compare(
            f"{len(questions)} questions, one by one",
            lambda: [single.encode_questions([q]) for q in questions],
            "sentence-transformers",
            lambda: [baseline([q]) for q in questions],
            rounds,
        )
    )
    some = texts[:: max(len(texts) // 500, 1)]
    cosines = (quickest.encode_passages(some) * baseline(some)).sum(axis=1)
    return Measured(
        texts=len(texts),
        distinct=len(set(texts)),
        comparisons=tuple(comparisons),
        cosines=(float(cosines.min()), float(cosines.mean())),
    )


@click.command()
@click.argument("decisions", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--most", default=100_000, show_default=True, help="Texts.")
@click.option("--rounds", default=3, show_default=True)
@json_option
def main(decisions: tuple[Path, ...], most: int, rounds: int, out: Path | None) -> None:
    """Measure how quickly texts are encoded."""
    measured = measure(decisions or (SAMPLES,), most, rounds)
    click.echo(f"{measured.texts} texts, {measured.distinct} of them distinct")
    for one in measured.comparisons:
        click.echo(f"{one}: {1 / one.ratio:.2f} times as fast")
    click.echo(
        f"cosines with single precision: least {measured.cosines[0]:.5f}, mean "
        f"{measured.cosines[1]:.5f}"
    )
    write_json(out, measured)


if __name__ == "__main__":
    main()
