"""How long a question takes beside the encoding of its words.

Run ``python -m eval.bench.question [DATA]``; without a data folder, over the bundled sample.
"""

import sys
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
    """Print how long whole answers take, beside encoding the same questions."""
    answerer = open_answerer(prepare(data))
    encoder = answerer.retriever.encoder
    asked = [Question(question=q) for q in QUESTIONS]
    whole = compare(
        f"answering {len(asked)} questions",
        lambda: [answerer.answer(q) for q in asked],
        "encoding them",
        lambda: [encoder.encode_questions([q.question]) for q in asked],
        rounds=25,
    )
    sys.stdout.write(f"{whole}\n  beyond encoding: {whole.ratio - 1:.2f} of the encoder's time\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
