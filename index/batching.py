"""Batching: questions that are asked at the same time are encoded in one call of the model."""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition, Thread

import numpy as np
from msgspec import Struct

from index.protocols import Encoder, Vectors


class EncoderStopped(RuntimeError):
    """The encoder was closed, or its thread ended: it encodes no more."""


class _Asked(Struct, frozen=True):
    """What one caller asked, and where the vectors are put that it waits for."""

    texts: list[str]
    vectors: Future[Vectors]


@dataclass(slots=True)
class BatchingEncoder:
    """Encodes the questions of several threads together; see ADR 0013.

    One thread of its own takes all that are waiting and encodes them, while the next ones gather.
    A question that comes alone is encoded at once.

    Attributes:
        encoder: Makes the vectors.
        most: The most callers whose questions are encoded together.
        wait_ms: How long it waits for more, in milliseconds, after a batch that was not of one
            caller alone.
    """

    encoder: Encoder
    most: int
    wait_ms: float
    _waiting: deque[_Asked] = field(default_factory=deque, init=False)
    _changed: Condition = field(default_factory=Condition, init=False)
    _closed: bool = field(default=False, init=False)
    _crowded: bool = field(default=False, init=False)
    _thread: Thread = field(init=False)

    def __post_init__(self) -> None:
        # A daemon, so that a process can end that did not close it.
        self._thread = Thread(target=self._work, name="encoder", daemon=True)
        self._thread.start()

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
        """Encoded by themselves: they are many already."""
        return self.encoder.encode_passages(texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """The vectors of these questions, once the batch that they are in is encoded.

        Raises:
            EncoderStopped: It was closed.
            Exception: Whatever the encoder raises on these questions; on those of others, only
                the others hear of it.
        """
        asked = _Asked(list(texts), Future())
        with self._changed:
            if self._closed:
                raise EncoderStopped("the encoder was closed: open the index again")
            self._waiting.append(asked)
            self._changed.notify_all()
        return asked.vectors.result()

    def close(self) -> None:
        """Encode what is waiting, take nothing more, and end the thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join()

    def _work(self) -> None:
        try:
            while batch := self._next():
                self._encode(batch)
        finally:
            # However the thread ends, nobody is left waiting for it.
            with self._changed:
                self._closed = True
                left = list(self._waiting)
            for asked in left:
                asked.vectors.set_exception(EncoderStopped("the encoder's thread ended"))

    def _next(self) -> list[_Asked]:
        """The next batch; empty once closed and nothing is waiting."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            if self._crowded:
                self._changed.wait_for(
                    lambda: len(self._waiting) >= self.most or self._closed, self.wait_ms / 1000
                )
            batch = [self._waiting.popleft() for _ in range(min(self.most, len(self._waiting)))]
        self._crowded = len(batch) > 1
        return batch

    def _encode(self, batch: list[_Asked]) -> None:
        ends = np.cumsum([len(asked.texts) for asked in batch])
        try:
            vectors = self.encoder.encode_questions([text for a in batch for text in a.texts])
            parts = np.split(vectors, ends[:-1])
        except BaseException as error:
            if len(batch) == 1:
                batch[0].vectors.set_exception(error)
                return
            # One bad question must not fail the others, nor must two callers share an error.
            for asked in batch:
                self._encode([asked])
        else:
            for asked, part in zip(batch, parts, strict=True):
                asked.vectors.set_result(part)
