"""How long a search and a whole answer take beside the encoding of the question.

Run ``python -m eval.bench.question [DATA]``; without a data folder, over the bundled sample.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from eval.bench.timing import compare
from service.opening import open_answerer, prepare
from service.questions import Question

QUESTIONS = (
    "can a chair overrule the conference?",
    "how late can a school transport appeal be decided",
    "they sent bailiffs although i had paid my council tax, do i get the fees back",
    "Is it fault to refuse a Blue Badge without giving reasons?",
)


def main(data: Path | None) -> None:
    """Print how long searches and whole answers take, beside encoding the same questions."""
    answerer = open_answerer(prepare(data))
    encoder = answerer.retriever.encoder
    asked = [Question(question=q) for q in QUESTIONS]
    measured: tuple[tuple[str, Callable[[], object]], ...] = (
        ("searching", lambda: [answerer.retriever.search(q.question, q.k) for q in asked]),
        ("answering", lambda: [answerer.answer(q) for q in asked]),
    )
    for name, run in measured:
        took = compare(
            f"{name} {len(asked)} questions",
            run,
            "encoding them",
            lambda: [encoder.encode_questions([q.question]) for q in asked],
            rounds=25,
        )
        sys.stdout.write(f"{took}\n  beyond encoding: {took.ratio - 1:.2f} of its time\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
