"""An encoder with no model: stems hashed into a vector. For tests, and where no model may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from zlib import crc32

import numpy as np

from index.protocols import Vectors
from index.vectors import unit
from index.words import stems


@dataclass(frozen=True, slots=True)
class HashingEncoder:
    """Likeness is the share of words in common: exact, quick, and blind to meaning."""

    NAME: ClassVar[str] = "hashing"

    @property
    def name(self) -> str:
        return self.NAME

    @property
    def fingerprint(self) -> str:
        return "crc32-512-v1"

    @property
    def dim(self) -> int:
        return 512

    @property
    def limit(self) -> int:
        return 256

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, words in enumerate(stems(texts)):
            for word in words:
                vectors[row, crc32(word.encode()) % self.dim] += 1.0
            if not words:
                vectors[row, 0] = 1.0
        return unit(vectors)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return self.encode_passages(texts)
