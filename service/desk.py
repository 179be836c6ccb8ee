"""The desk: takes questions to the answerer, a few at a time, and says so when it cannot."""

import asyncio
import contextvars
import logging
import math
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar

from service import metrics
from service.answer import Answer
from service.answering import Answerer
from service.question_log import QuestionLog
from service.questions import Question
from service.self_query import ask_itself
from service.switch import require_on
from service.tracing import trace_answer
from service.unavailable import NotReady, Overloaded, TookTooLong

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

_READY_FOR = 2.0
"""Seconds for which a self-query is trusted, so that asking for readiness is no load."""


@dataclass(slots=True)
class Desk:
    """Takes work to threads, so that the event loop goes on, and bounds how much of it waits.

    Attributes:
        answerer: Answers questions; exchanged when another snapshot becomes current.
        folder: Where a deployment can switch answering off.
        at_once: How many questions are worked on side by side.
        max_waiting: How many more may wait.
        timeout: Seconds until a question is given up.
        question_log: Keeps questions, where a deployment wants that.
        draining: Whether the service is about to stop.
        inside: How many are worked on or wait.
    """

    answerer: Answerer
    folder: Path
    at_once: int
    max_waiting: int
    timeout: float
    question_log: QuestionLog | None = None
    draining: bool = False
    inside: int = field(default=0, init=False)
    _seen_ready: float = field(default=-math.inf, init=False)
    _threads: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self._threads = ThreadPoolExecutor(self.at_once, thread_name_prefix="question")

    async def answer(self, question: Question) -> Answer:
        """Answer a question.

        Raises:
            Overloaded: Too many are waiting.
            TookTooLong: It was not answered in time.
            service.unavailable.SwitchedOff: Answering is turned off.
            service.questions.BadQuestion: It cannot be asked.
        """
        self.require_room()
        return await self.run(self._answer, question)

    def require_room(self) -> None:
        """See that a question would be taken.

        Raises:
            Overloaded: Too many are waiting.
            service.unavailable.SwitchedOff: Answering is turned off.
        """
        require_on(self.folder)
        if self.inside >= self.at_once + self.max_waiting:
            metrics.count_shed()
            raise Overloaded("too many questions are waiting: try again in a moment")

    async def require_ready(self) -> None:
        """See that questions can be answered: the snapshot has to find one of its own paragraphs.

        Raises:
            NotReady: It does not, or the service is about to stop.
        """
        if self.draining:
            raise NotReady("the service is about to stop")
        now = time.monotonic()
        if now - self._seen_ready < _READY_FOR:
            return
        try:
            async with asyncio.timeout(self.timeout):
                await asyncio.to_thread(ask_itself, self.answerer.retriever)
        except Exception as error:
            log.error("not ready", exc_info=error)
            raise NotReady("the snapshot does not answer: run 'upheld doctor'") from error
        self._seen_ready = now

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do some work on a thread.

        What is given up, because it took too long or because nobody waits for it any more, is
        never begun if it was still waiting, and counts as inside until its thread is free.

        Raises:
            TookTooLong: It was not done in time.
        """
        loop = asyncio.get_running_loop()
        context = contextvars.copy_context()
        self.inside += 1
        metrics.set_inside(self.inside)
        future = self._threads.submit(lambda: context.run(work, *args, **kwargs))

        def left(_: Future[T]) -> None:
            loop.call_soon_threadsafe(self._left)

        future.add_done_callback(left)
        try:
            async with asyncio.timeout(self.timeout):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise TookTooLong("this took too long: try again in a moment") from None

    def _answer(self, question: Question) -> Answer:
        answer = self.answerer.answer(question)
        metrics.count_answer(answer)
        trace_answer(answer)
        if self.question_log:
            self.question_log.record(answer)
        return answer

    def _left(self) -> None:
        self.inside -= 1
        metrics.set_inside(self.inside)

    def close(self) -> None:
        """Finish what is being worked on, and take nothing more."""
        self._threads.shutdown(cancel_futures=True)
