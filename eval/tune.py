"""Tuning: fits the bundled encoder to how people ask, with pairs that we wrote.

What is learnt is a low-rank change of the weights (LoRA, Hu et al. 2021), small enough to ship;
`index.loading` adds it to the official weights when it loads them. The loop is our own, since a
paragraph is learnt by its best sentence as often as by the whole of it, as the index finds it;
the trainer of sentence-transformers knows one text a paragraph.
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import safetensors.torch
import torch
from msgspec import Struct
from torch.func import functional_call
from torch.nn.functional import cross_entropy, softplus

from eval.pairs import Item, sentences
from index.adapter import DOWN, UP
from index.exporting import UnitVectors
from index.loading import attend_plainly, load_model
from index.models import OFFICIAL, find_model
from index.transformer import runs

_STRENGTH = 2
"""What the change of the weights is multiplied by, as is usual for this rank."""

_WARM_UP = 0.08
"""Share of the steps in which the learning rate rises; then it falls to nought as a cosine."""

_QUESTIONS = 2
"""The most questions of an item that are asked at a time."""

_RUN = 512
"""The most tokens, padding included, that go through the network at once."""

_TOLD_EVERY = 10
"""Steps."""


class Settings(Struct, frozen=True, kw_only=True):
    """How the encoder is tuned.

    Attributes:
        rank: Of the change of each weight matrix.
        epochs: How often each item is seen.
        batch: Items at a time; each question is told from all other paragraphs among them.
        rate: The highest learning rate.
        scale: What cosines are multiplied by before the softmax.
        by_sentence: Share of the batches in which a paragraph counts by its best sentence.
        backward: Weight of telling each paragraph's questions from all others.
        kept: Share of the learnt change that is kept, so that less is lost on other matters than
            on ours is gained (Wortsman et al. 2022).
        words: Word pieces read of a text.
        seed: Of the order and of the first weights.
    """

    rank: int = 32
    epochs: int = 3
    batch: int = 32
    rate: float = 6e-4
    scale: float = 20.0
    by_sentence: float = 0.5
    backward: float = 0.3
    kept: float = 0.8
    words: int = 200
    seed: int = 1


class Batch(Struct, frozen=True, kw_only=True):
    """What is told apart at a time.

    Attributes:
        questions: All that are asked.
        own: The place of each one's answer in `paragraphs`, -1 where none of them answers.
        paragraphs: The answers of all items, then a near miss of each.
        by_sentence: Whether a paragraph counts by its best sentence, or as a whole.
    """

    questions: tuple[str, ...]
    own: tuple[int, ...]
    paragraphs: tuple[str, ...]
    by_sentence: bool

    @property
    def answers(self) -> int:
        """How many of the paragraphs are answers."""
        return len(self.paragraphs) // 2


def tune(
    items: Sequence[Item], settings: Settings, told: Callable[[str], None] = lambda _: None
) -> bytes:
    """Train an adapter on the items that are not held out, as the bytes of its file.

    Args:
        items: All of them.
        settings: How.
        told: Hears how far it is.
    """
    torch.manual_seed(settings.seed)
    network = _Network(settings)
    learner = torch.optim.AdamW(network.learnt, lr=settings.rate, weight_decay=0.01)
    todo = tuple(batches(items, settings))
    losses = list[float]()
    for step, batch in enumerate(todo):
        learner.param_groups[0]["lr"] = settings.rate * _slope(step / len(todo))
        loss = _loss(network.cosines(batch), batch, settings)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.learnt, 1.0)
        learner.step()
        learner.zero_grad()
        losses.append(loss.item())
        if (step + 1) % _TOLD_EVERY == 0:
            told(f"{step + 1} of {len(todo)}: loss {np.mean(losses[-_TOLD_EVERY:]):.3f}")
    return network.as_file()


def batches(items: Sequence[Item], settings: Settings) -> Iterator[Batch]:
    """Every item that is not held out, as often as there are epochs, each time in another order.

    The last few of an epoch, too few for a batch, begin the next.
    """
    chance = random.Random(settings.seed)  # noqa: S311 - an order, no secret
    trained = [item for item in items if not item.held_out]
    todo = list[Item]()
    for epoch in range(settings.epochs):
        todo += chance.sample(trained, len(trained))
        while len(todo) >= settings.batch or (todo and epoch == settings.epochs - 1):
            part, todo = todo[: settings.batch], todo[settings.batch :]
            asked = [
                (question, place)
                for place, item in enumerate(part)
                for question in chance.sample(item.asked, min(_QUESTIONS, len(item.questions)))
            ]
            asked += [(chance.choice(item.unanswered), -1) for item in part if item.beside]
            yield Batch(
                questions=tuple(question for question, _ in asked),
                own=tuple(place for _, place in asked),
                paragraphs=(
                    *(item.answer for item in part),
                    *(chance.choice(item.near) for item in part),
                ),
                by_sentence=chance.random() < settings.by_sentence,
            )


class _Network:
    """The official model in half precision, with what is learnt added to its layers.

    Attributes:
        learnt: All that is trained.
    """

    def __init__(self, settings: Settings) -> None:
        model = load_model(find_model(OFFICIAL))
        attend_plainly(model.transformers_model)
        self._network = UnitVectors(model).requires_grad_(False)
        self._layers = {
            f"{name}.weight": layer.weight.clone()
            for name, layer in self._network.named_modules()
            if isinstance(layer, torch.nn.Linear) and ".layer." in name
        }
        # Twice as fast where the processor has it.
        self._network.bfloat16()
        self._down = {
            name: torch.nn.Parameter(torch.randn(settings.rank, w.shape[1]) / math.sqrt(w.shape[1]))
            for name, w in self._layers.items()
        }
        self._up = {
            name: torch.nn.Parameter(torch.zeros(w.shape[0], settings.rank))
            for name, w in self._layers.items()
        }
        self.learnt = [*self._down.values(), *self._up.values()]
        self._kept = settings.kept
        self._tokenizer = model.tokenizer.backend_tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(settings.words)

    def cosines(self, batch: Batch) -> torch.Tensor:
        """Likeness of each question to each paragraph, shape ``(questions, paragraphs)``."""
        parts = [sentences(text) if batch.by_sentence else [text] for text in batch.paragraphs]
        asked = len(batch.questions)
        vectors = self._encode([*batch.questions, *(text for part in parts for text in part)])
        cosines = vectors[:asked] @ vectors[asked:].T
        ends = np.cumsum([0, *map(len, parts)])
        return torch.stack([cosines[:, a:b].amax(dim=1) for a, b in pairwise(ends)], dim=1)

    def as_file(self) -> bytes:
        """The matrices in half precision, the strength of what is kept within the second."""
        strength = _STRENGTH * self._kept
        matrices: dict[str, torch.Tensor] = {}
        for name in self._layers:
            layer = name.removeprefix("model.").removesuffix(".weight")
            matrices[layer + DOWN] = self._down[name].detach().half().contiguous()
            matrices[layer + UP] = (strength * self._up[name].detach()).half().contiguous()
        return safetensors.torch.save(matrices)

    def _encode(self, texts: Sequence[str]) -> torch.Tensor:
        weights = {
            name: (weight + _STRENGTH * self._up[name] @ self._down[name]).bfloat16()
            for name, weight in self._layers.items()
        }
        tokens = [encoded.ids for encoded in self._tokenizer.encode_batch(list(texts))]
        rows, vectors = list[int](), list[torch.Tensor]()
        for run in runs([len(ids) for ids in tokens], _RUN):
            given = torch.nn.utils.rnn.pad_sequence(
                [torch.tensor(tokens[row]) for row in run], batch_first=True
            )
            inputs = self._network.inputs(given, (given != 0).long())
            vectors.append(functional_call(self._network, weights, inputs))
            rows += run
        return torch.cat(vectors)[torch.tensor(rows).argsort()]


def _loss(cosines: torch.Tensor, batch: Batch, settings: Settings) -> torch.Tensor:
    """How badly the questions are told from one another, and the paragraphs.

    A question's own answer is ranked before every other paragraph of the batch (multiple negatives
    ranking loss, Henderson et al. 2017); and an answer's own question before every question that
    it does not answer, those that nothing answers with them.
    """
    scaled, own = settings.scale * cosines, torch.tensor(batch.own)
    forward = cross_entropy(scaled[own >= 0], own[own >= 0])
    scaled = scaled[:, : batch.answers]
    is_own = own[:, None] == torch.arange(batch.answers)
    others = torch.logsumexp(scaled.masked_fill(is_own, -torch.inf), dim=0)
    backward = softplus(others - scaled)[is_own].mean()
    return forward + settings.backward * backward


def _slope(done: float) -> float:
    """What the highest learning rate is multiplied by when this share of the steps is done."""
    return min(1.0, done / _WARM_UP) * (1 + math.cos(math.pi * done)) / 2
