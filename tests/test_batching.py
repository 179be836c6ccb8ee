from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.gold import read_questions
from index.batching import BatchingEncoder, EncoderStopped
from index.hashing_encoder import HashingEncoder
from index.protocols import Encoder, Vectors
from index.transformer import PADDED, runs
from service.answering import Answerer

QUESTIONS = Path(__file__).parent.parent / "eval" / "data" / "sample_questions.jsonl"
LONG_MS = 60_000
"""So long that a test which waited for it would fail."""


class BadText(Exception):
    """What the encoder under test raises."""


@dataclass(frozen=True, slots=True)
class Held(HashingEncoder):
    """Encodes when it is let, fails on "bad", and writes down what came in one call."""

    let: Event = field(default_factory=Event)
    begun: Event = field(default_factory=Event)
    calls: list[list[str]] = field(default_factory=list)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        self.calls.append(list(texts))
        self.begun.set()
        assert self.let.wait(10)
        if "bad" in texts:
            raise BadText
        return self.encode_passages(texts)


@dataclass(frozen=True, slots=True)
class Callers:
    """Callers on threads of their own, the first of whom keeps the encoder busy."""

    batching: BatchingEncoder
    held: Held
    threads: ThreadPoolExecutor

    def ask(self, *texts: str) -> Future[Vectors]:
        """Ask, and come back once it is waiting or being encoded."""
        busy, before = self.held.begun.is_set(), len(self.batching._waiting)
        asked = self.threads.submit(self.batching.encode_questions, texts)
        if busy:
            until(lambda: len(self.batching._waiting) > before)
        else:
            assert self.held.begun.wait(10)
        return asked


@pytest.fixture
def make() -> Iterator[Callable[[int], Callers]]:
    """Callers of an encoder that takes this many at once."""
    with ThreadPoolExecutor(16) as threads:
        made: list[Callers] = []

        def callers(most: int) -> Callers:
            held = Held()
            made.append(Callers(BatchingEncoder(held, most=most, wait_ms=LONG_MS), held, threads))
            return made[-1]

        yield callers
        for one in made:
            one.held.let.set()
            one.batching.close()


def until(true: Callable[[], bool]) -> None:
    pause = Event()
    for _ in range(1000):
        if true():
            return
        pause.wait(0.01)
    raise TimeoutError("waited ten seconds in vain")


def test_what_is_asked_while_a_batch_is_encoded_is_encoded_together(
    make: Callable[[int], Callers],
) -> None:
    callers = make(16)
    questions = (["bus pass"], ["fees", "bailiffs"], ["blue badge"])
    asked = [callers.ask(*texts) for texts in questions]
    callers.held.let.set()
    for texts, vectors in zip(questions, asked, strict=True):
        wanted = HashingEncoder().encode_questions(texts)
        np.testing.assert_array_equal(vectors.result(10), wanted)
    assert callers.held.calls == [["bus pass"], ["fees", "bailiffs", "blue badge"]]


def test_no_more_than_the_most_are_encoded_together_and_the_first_come_first(
    make: Callable[[int], Callers],
) -> None:
    callers = make(2)
    asked = [callers.ask(text) for text in ("a", "b", "c", "d", "e")]
    callers.held.let.set()
    assert [vectors.result(10).shape for vectors in asked] == [(1, 512)] * 5
    assert callers.held.calls == [["a"], ["b", "c"], ["d", "e"]]


def test_a_question_that_comes_alone_waits_for_no_other() -> None:
    batching = BatchingEncoder(HashingEncoder(), most=16, wait_ms=LONG_MS)
    with ThreadPoolExecutor(1) as thread:
        for text in ("bus pass", "blue badge"):
            assert thread.submit(batching.encode_questions, [text]).result(10).shape == (1, 512)
    batching.close()


def test_after_a_batch_of_several_the_next_waits_for_company(
    make: Callable[[int], Callers],
) -> None:
    callers = make(2)
    asked = [callers.ask(text) for text in ("a", "b", "c", "d")]
    callers.held.let.set()
    assert asked[2].result(10).shape == (1, 512)
    assert not asked[3].done()
    assert callers.batching.encode_questions(["e"]).shape == (1, 512)
    assert asked[3].result(10).shape == (1, 512)
    assert callers.held.calls == [["a"], ["b", "c"], ["d", "e"]]


def test_a_question_that_cannot_be_encoded_fails_its_own_caller_alone(
    make: Callable[[int], Callers],
) -> None:
    callers = make(3)
    asked = [callers.ask(text) for text in ("a", "b", "bad", "c")]
    callers.held.let.set()
    with pytest.raises(BadText):
        asked[2].result(10)
    assert [asked[i].result(10).shape for i in (0, 1, 3)] == [(1, 512)] * 3


def test_an_encoder_that_fails_once_goes_on_for_the_next() -> None:
    held = Held()
    held.let.set()
    batching = BatchingEncoder(held, most=16, wait_ms=0)
    with pytest.raises(BadText):
        batching.encode_questions(["bad"])
    np.testing.assert_array_equal(
        batching.encode_questions(["good"]), HashingEncoder().encode_questions(["good"])
    )
    batching.close()


def test_what_waits_when_it_is_closed_is_encoded_and_nothing_more_is_taken(
    make: Callable[[int], Callers],
) -> None:
    callers = make(2)
    asked = [callers.ask(text) for text in ("a", "b", "c", "d")]
    closing = callers.threads.submit(callers.batching.close)
    until(lambda: callers.batching._closed)
    with pytest.raises(EncoderStopped, match="closed"):
        callers.batching.encode_questions(["e"])
    callers.held.let.set()
    closing.result(10)
    assert [vectors.result(10).shape for vectors in asked] == [(1, 512)] * 4


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_nobody_is_left_waiting_when_the_thread_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    def die(batching: BatchingEncoder) -> None:
        with batching._changed:
            batching._changed.wait_for(lambda: batching._waiting)
        raise SystemExit

    monkeypatch.setattr(BatchingEncoder, "_next", die)
    batching = BatchingEncoder(HashingEncoder(), most=16, wait_ms=0)
    with ThreadPoolExecutor(1) as thread, pytest.raises(EncoderStopped):
        thread.submit(batching.encode_questions, ["a"]).result(10)
    batching.close()


def test_it_stands_in_for_its_encoder(sample_answerer: Answerer) -> None:
    retriever = sample_answerer.retriever
    batching = BatchingEncoder(retriever.encoder, most=16, wait_ms=0)
    retriever.snapshot.manifest.require(batching)
    assert batching.count_tokens("bus pass") == 2
    together = replace(retriever, encoder=batching)
    with ThreadPoolExecutor(8) as threads:
        questions = [q.question for q in read_questions(QUESTIONS)]
        found = list(threads.map(lambda q: together.search(q, 5).found, questions))
    assert found == [retriever.search(q, 5).found for q in questions]
    batching.close()


def test_the_models_vector_of_a_question_is_the_same_in_a_batch(encoder: Encoder) -> None:
    questions = [q.question for q in read_questions(QUESTIONS)[:15]]
    questions.append("The school moved my child and nobody told me why. " * 40)
    assert encoder.count_tokens(questions[-1]) > encoder.limit
    together = encoder.encode_questions(questions)
    for question, vector in zip(questions, together, strict=True):
        assert float(encoder.encode_questions([question])[0] @ vector) > 0.99999


@given(st.lists(st.integers(1, 256), max_size=60), st.sampled_from((512, 1024)))
def test_texts_of_like_length_go_together_and_none_is_left_out(
    lengths: list[int], most: int
) -> None:
    made = list(runs(lengths, most))
    assert sorted(row for run in made for row in run) == list(range(len(lengths)))
    for run in made:
        held = [lengths[row] for row in run]
        assert len(run) * held[-1] <= most
        for count in range(1, len(run)):
            assert count * (held[count] - held[count - 1]) <= PADDED
