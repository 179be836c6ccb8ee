"""Pairs: questions with the paragraph that answers them, and how well an encoder tells it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct
from sklearn.metrics import roc_auc_score

from corpus.sentences import sentence_spans
from eval.gold import BadGold
from index.examples import Examples
from index.fusion import WEIGHTS
from index.protocols import Encoder, Rows, Vectors
from index.question import in_conversation

_HELD_OUT = 12
"""Percent of the items that are never trained on, to see what training is worth on others."""


class Item(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paragraph with questions that it answers, and paragraphs that answer none of them.

    Attributes:
        id: Its own.
        questions: As people ask.
        answer: The paragraph.
        near: On the same matter, and no answer.
        beside: Questions on the same matter that none of these paragraphs answers.
        before: What was asked before, oldest first, where the questions lean on it.
    """

    id: str
    questions: tuple[str, ...]
    answer: str
    near: tuple[str, ...]
    beside: tuple[str, ...] = ()
    before: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """The questions as the encoder reads them, after what was asked before."""
        return tuple(in_conversation(question, self.before) for question in self.questions)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Those beside them, in the same way."""
        return tuple(in_conversation(question, self.before) for question in self.beside)

    @property
    def held_out(self) -> bool:
        """Whether it is kept from training, by a digest of its id."""
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 100 < _HELD_OUT


class Worth(Struct, frozen=True, kw_only=True):
    """What an encoder makes of the items that are held out.

    Attributes:
        questions: How many were asked.
        first: Share of them whose answer is nearer than every other paragraph held out.
        reciprocal_rank: Mean of one over the answer's rank.
        told_apart: Area under the curve of a question's likeness to the paragraph of its item,
            questions that it answers against those that it does not; None where there are none.
    """

    questions: int
    first: float
    reciprocal_rank: float
    told_apart: float | None


def read_items(folder: Path) -> tuple[Item, ...]:
    """Every item of every file in a folder.

    Raises:
        BadGold: There is none, a line is none, or an id comes twice.
    """
    found: dict[str, Item] = {}
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            try:
                item = msgspec.json.decode(line, type=Item)
            except msgspec.MsgspecError as error:
                raise BadGold(f"{path} line {number}: {error}") from error
            if not item.questions or not item.near:
                raise BadGold(f"{path} line {number}: wanted a question and a near miss at least")
            if item.id in found:
                raise BadGold(f"{path} line {number}: the id {item.id} comes twice")
            found[item.id] = item
    if not found:
        raise BadGold(f"{folder}: there is no item in it")
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class EncodedItems:
    """The vectors of some items: of their questions, their paragraphs, and the sentences in these.

    Attributes:
        asked: Each question's item: first of those that are answered, then of those beside them.
        answered: How many of them are answered.
        told: Each paragraph's item: first of the answers, in the items' order, then of near misses.
        starts: Where each paragraph's sentences begin; the last is the end of all.
        questions: Shape ``(questions, dim)``.
        paragraphs: Shape ``(paragraphs, dim)``.
        sentences: Shape ``(sentences, dim)``.
    """

    asked: Rows
    answered: int
    told: Rows
    starts: Rows
    questions: Vectors
    paragraphs: Vectors
    sentences: Vectors

    @classmethod
    def held_out(cls, encoder: Encoder, items: Sequence[Item]) -> "EncodedItems":
        """Encode those of these items that are held out, at least one."""
        return cls.of(encoder, [item for item in items if item.held_out])

    @classmethod
    def of(cls, encoder: Encoder, items: Sequence[Item]) -> "EncodedItems":
        """Encode all that is in these items, at least one."""
        asked = [(i, question) for i, item in enumerate(items) for question in item.asked]
        beside = [(i, question) for i, item in enumerate(items) for question in item.unanswered]
        answers = [(i, item.answer) for i, item in enumerate(items)]
        near = [(i, text) for i, item in enumerate(items) for text in item.near]
        parts = [sentences(text) for _, text in (*answers, *near)]
        return cls(
            asked=np.array([i for i, _ in (*asked, *beside)]),
            answered=len(asked),
            told=np.array([i for i, _ in (*answers, *near)]),
            starts=np.cumsum([0, *map(len, parts)]),
            questions=encoder.encode_questions([text for _, text in (*asked, *beside)]),
            paragraphs=encoder.encode_passages([text for _, text in (*answers, *near)]),
            sentences=encoder.encode_passages([text for part in parts for text in part]),
        )


def worth(encoded: EncodedItems, examples: Examples | None = None) -> Worth:
    """Rank all paragraphs for each question, as the index does by meaning.

    Args:
        encoded: The items that are held out, by what is tried.
        examples: What draws the questions to where their answers may lie, if anything does.
    """
    questions = encoded.questions
    if examples:
        questions = examples.steered(questions, examples.near(questions), WEIGHTS.examples)
    # Paragraph and best sentence weighed as in the index; shape (questions, paragraphs).
    whole = questions @ encoded.paragraphs.T
    by_sentence = questions @ encoded.sentences.T
    best = np.maximum.reduceat(by_sentence, encoded.starts[:-1], axis=1)
    likeness = WEIGHTS.paragraph * whole + WEIGHTS.sentence * best
    to_own = likeness[np.arange(len(likeness)), encoded.asked]
    answered, unanswered = np.split(to_own, [encoded.answered])
    ranks = 1 + (likeness[: encoded.answered] > answered[:, None]).sum(axis=1)
    told_apart = None
    if len(unanswered):
        items, with_others = np.split(encoded.asked, [encoded.answered])
        compared = answered[np.isin(items, with_others)]
        told_apart = float(
            roc_auc_score(
                np.repeat([1, 0], [len(compared), len(unanswered)]), np.r_[compared, unanswered]
            )
        )
    return Worth(
        questions=encoded.answered,
        first=float((ranks == 1).mean()),
        reciprocal_rank=float((1 / ranks).mean()),
        told_apart=told_apart,
    )


def sentences(paragraph: str) -> list[str]:
    """The words of each sentence.

    >>> sentences("It was late. I find fault.")
    ['It was late.', 'I find fault.']
    """
    return [paragraph[span.start : span.end] for span in sentence_spans(paragraph)]
