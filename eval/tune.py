"""Tuning: fits the bundled encoder to how people ask, with pairs that we wrote.

What is learnt is a low-rank change of the weights (LoRA, Hu et al. 2021), small enough to ship;
`index.loading` adds it to the official weights when it loads them.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import numpy as np
import safetensors.torch
import torch
from datasets import Dataset
from msgspec import Struct
from peft import LoraConfig
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.training_args import BatchSamplers

from eval.gold import BadGold
from index.adapter import DOWN, UP
from index.loading import load_model
from index.models import OFFICIAL, find_model
from index.protocols import Encoder

_HELD_OUT = 12
"""Percent of the items that are never trained on, to see what training is worth on others."""

_STRENGTH = 2
"""What the change of the weights is multiplied by, as is usual for this rank."""


class Settings(Struct, frozen=True, kw_only=True):
    """How the encoder is tuned.

    Attributes:
        rank: Of the change of each weight matrix.
        epochs: How often each pair is seen.
        batch: Questions at a time; each is told from the batch's other answers and near misses.
        rate: The highest learning rate, after a tenth of the steps; it falls to nought.
        scale: What cosines are multiplied by before the softmax.
        words: Word pieces read of a text.
        seed: Of the order and of the first weights.
    """

    rank: int = 16
    epochs: int = 2
    batch: int = 32
    rate: float = 4e-4
    scale: float = 20.0
    words: int = 128
    seed: int = 0


class Item(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A paragraph with questions that it answers, and paragraphs that answer none of them.

    Attributes:
        id: Its own.
        questions: As people ask.
        answer: The paragraph.
        near: On the same matter, and no answer.
    """

    id: str
    questions: tuple[str, ...]
    answer: str
    near: tuple[str, ...]

    @property
    def held_out(self) -> bool:
        """Whether it is kept from training, by a digest of its id."""
        return int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 100 < _HELD_OUT


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


def tune(items: Sequence[Item], settings: Settings) -> bytes:
    """Train an adapter, as the bytes of its file.

    Each question is told from the other answers of its batch and from the near misses
    (multiple negatives ranking loss, Henderson et al. 2017).
    """
    torch.manual_seed(settings.seed)
    model = load_model(find_model(OFFICIAL))
    model.max_seq_length = settings.words
    model.add_adapter(
        LoraConfig(
            r=settings.rank,
            lora_alpha=_STRENGTH * settings.rank,
            lora_dropout=0.05,
            target_modules=["query", "key", "value", "dense"],
        )
    )
    with TemporaryDirectory() as scratch:
        SentenceTransformerTrainer(
            model=model,
            args=SentenceTransformerTrainingArguments(
                output_dir=scratch,
                num_train_epochs=settings.epochs,
                per_device_train_batch_size=settings.batch,
                learning_rate=settings.rate,
                warmup_steps=0.1,
                # Twice as fast where the processor has it.
                bf16=True,
                use_cpu=True,
                # A question is not to be told from an answer that is also its own.
                batch_sampler=BatchSamplers.NO_DUPLICATES,
                seed=settings.seed,
                save_strategy="no",
                report_to=[],
                logging_steps=10,
            ),
            train_dataset=_dataset([item for item in items if not item.held_out]),
            loss=MultipleNegativesRankingLoss(model, scale=settings.scale),
        ).train()
    return _adapter_of(model)


def first_right(encoder: Encoder, items: Sequence[Item]) -> float:
    """How often an encoder finds the answer first among all paragraphs that are held out.

    Returns:
        The share of the held-out questions whose answer is nearer than every other held-out answer
        and near miss.
    """
    kept = [item for item in items if item.held_out]
    paragraphs = [item.answer for item in kept] + [text for item in kept for text in item.near]
    vectors = encoder.encode_passages(paragraphs)
    right = [
        int(np.argmax(vectors @ encoder.encode_questions([question])[0])) == place
        for place, item in enumerate(kept)
        for question in item.questions
    ]
    return sum(right) / len(right)


def _dataset(items: Sequence[Item]) -> Dataset:
    return Dataset.from_list(
        [
            {
                "anchor": question,
                "positive": item.answer,
                "negative": item.near[i % len(item.near)],
            }
            for item in items
            for i, question in enumerate(item.questions)
        ]
    )


def _adapter_of(model: SentenceTransformer) -> bytes:
    """The trained matrices in half precision, the strength of the change within the second."""
    matrices: dict[str, torch.Tensor] = {}
    for key, value in model.state_dict().items():
        name, _, which = key.partition(".lora_")
        if which:
            end, strength = (DOWN, 1.0) if which.startswith("A") else (UP, _STRENGTH)
            matrices[name + end] = (value * strength).half().contiguous()
    return safetensors.torch.save(matrices)
