"""Resampled: a collection of any size, made of the sentences of decisions that are at hand.

Each paragraph keeps its role; its sentences are drawn from those that play the same role, and in
four of five some words are exchanged, so that they count as texts of their own. Their vectors are
those of the sentences that they were drawn from, moved a little, as those of reworded sentences
are. So an index of a million passages can be measured without weeks of encoding.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zlib import crc32

import msgspec
import numpy as np

from corpus.model import Decision, DecisionId, Outcome, Paragraph, Role, Span
from corpus.sentences import sentence_spans
from index.protocols import Encoder, Vectors
from index.vectors import unit

_BODIES = 350
_OPENING = 4
"""Words at a sentence's beginning that stay, by which its vector is known."""

_REWORDED = 0.8
_MOVED = 0.45
"""Length of the random vector that is added: cosines with the sentence itself are near 0.91."""

_WORD = re.compile(r"[A-Za-z]{4,}")
_END = re.compile(r"(?<=[.!?]) ")


@dataclass(frozen=True, slots=True)
class Resampled:
    """What decisions are drawn from.

    Attributes:
        models: The decisions at hand.
        sentences: Their sentences by the role of the paragraph.
        words: Their words, as often as they stand there.
    """

    models: tuple[Decision, ...]
    sentences: dict[Role, list[str]]
    words: list[str]

    @classmethod
    def of(cls, models: Sequence[Decision]) -> "Resampled":
        """Draw from these decisions."""
        sentences: dict[Role, list[str]] = {}
        for decision in models:
            for _, paragraph in decision.paragraphs():
                words = paragraph.words
                sentences.setdefault(paragraph.role, []).extend(
                    words[s.start : s.end] for s in sentence_spans(words)
                )
        said = [word for some in sentences.values() for s in some for word in _WORD.findall(s)]
        return cls(tuple(models), sentences, said)

    def decisions(self, paragraphs: int, seed: int = 0) -> Iterator[Decision]:
        """Decisions with this many paragraphs or a few more, always the same ones."""
        made, number = 0, 0
        while made < paragraphs:
            chance = random.Random(f"{seed} {number}")  # noqa: S311
            decision = self._decision(number, chance)
            made += sum(1 for _ in decision.paragraphs())
            number += 1
            yield decision

    def _decision(self, number: int, chance: random.Random) -> Decision:
        model = chance.choice(self.models)
        reference = f"{chance.randrange(10, 26)} {number // 1000:03} {number % 1000:03}"

        def redrawn(paragraph: Paragraph) -> Paragraph:
            count = 1 + paragraph.words.count(". ")
            drawn = " ".join(
                self._reworded(chance.choice(self.sentences[paragraph.role]), chance)
                for _ in range(count)
            )
            return msgspec.structs.replace(paragraph, text=drawn, items=())

        return msgspec.structs.replace(
            model,
            decision_id=DecisionId(f"resampled/{number:07}"),
            reference=reference,
            bodies=(f"Body{chance.randrange(_BODIES):03} Council",),
            outcome=chance.choice((Outcome.UPHELD, Outcome.NOT_UPHELD, Outcome.NOT_INVESTIGATED)),
            decided=date(2012, 1, 1) + timedelta(days=chance.randrange(5000)),
            source=msgspec.structs.replace(model.source, file=f"{number:07}.txt", sha256=""),
            sections=tuple(
                msgspec.structs.replace(s, paragraphs=tuple(map(redrawn, s.paragraphs)))
                for s in model.sections
            ),
        )

    def _reworded(self, sentence: str, chance: random.Random) -> str:
        words = sentence.split(" ")
        if chance.random() < _REWORDED:
            for place in range(_OPENING, len(words), 5):
                words[place] = chance.choice(self.words)
        return " ".join(words)


@dataclass(frozen=True, slots=True)
class ResampledEncoder:
    """Gives resampled texts their vectors, and questions those of the encoder itself.

    Attributes:
        encoder: The encoder.
        known: Vectors of the sentences at hand, by how they begin.
        own: Vectors of the first decision's texts, which a server asks for to see that it is ready.
    """

    encoder: Encoder
    known: dict[str, Vectors]
    own: dict[str, Vectors]

    @classmethod
    def of(cls, encoder: Encoder, resampled: Resampled) -> "ResampledEncoder":
        """Over the sentences of a collection, each encoded once."""
        sentences = {_beginning(s): s for some in resampled.sentences.values() for s in some}
        vectors = encoder.encode_passages(list(sentences.values()))
        own = [
            words[span.start : span.end]
            for _, paragraph in next(resampled.decisions(1)).paragraphs()
            for words in (paragraph.words,)
            for span in (Span(0, len(words)), *sentence_spans(words))
        ]
        return cls(
            encoder=encoder,
            known=dict(zip(sentences, vectors, strict=True)),
            own=dict(zip(own, encoder.encode_passages(own), strict=True)),
        )

    @property
    def name(self) -> str:
        return self.encoder.name

    @property
    def fingerprint(self) -> str:
        return self.encoder.fingerprint

    @property
    def dim(self) -> int:
        return self.encoder.dim

    @property
    def limit(self) -> int:
        return self.encoder.limit

    def count_tokens(self, text: str) -> int:
        return self.encoder.count_tokens(text)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dim), np.float32)
        for row, text in enumerate(texts):
            if text in self.own:
                vectors[row] = self.own[text]
                continue
            moved = np.random.default_rng(crc32(text.encode())).standard_normal(self.dim)
            vectors[row] = moved * (_MOVED / np.sqrt(self.dim))
            known = [
                v for p in _END.split(text) if (v := self.known.get(_beginning(p))) is not None
            ]
            if known:
                vectors[row] += np.mean(known, axis=0)
        return unit(vectors)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return self.encoder.encode_questions(texts)


def _beginning(sentence: str) -> str:
    return " ".join(sentence.split(" ")[:_OPENING])
