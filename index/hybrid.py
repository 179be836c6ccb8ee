"""Hybrid search: paragraphs by their vectors, by those of their sentences, and by words."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from msgspec import Struct

from corpus.model import Role
from index.columns import Column
from index.examples import Examples, examples_of
from index.faiss_store import Selection
from index.found import Searched
from index.fusion import WEIGHTS, Weights
from index.judge import Judge, judge_of
from index.protocols import Encoder, Mask, Reranker, Vectors
from index.question import decisions_meant, in_conversation, read_question
from index.ranking import Ranking, Sought
from index.signals import NOTHING
from index.snapshot import Snapshot
from index.tables import Filters
from index.vectors import unit

DEPTH = 100
"""How many paragraphs each search brings before they are ranked together."""

CARRIED = 0.5
"""What the exchange before a follow-up counts beside the follow-up itself; see ADR 0008."""

_ANSWERS = tuple(role for role in Role if role is not Role.COMPLAINT)
"""What may be found unless other roles are asked for."""


class Reach(Struct, frozen=True, kw_only=True):
    """What a search may find.

    Attributes:
        paragraphs: Which paragraphs, shape ``(paragraphs,)``.
        passages: Which passages, shape ``(passages,)``.
        nearest: Their vectors.
        nearest_sentences: The vectors of the sentences in those paragraphs.
    """

    paragraphs: Mask
    passages: Mask
    nearest: Selection
    nearest_sentences: Selection

    @classmethod
    def of(cls, snapshot: Snapshot, paragraphs: Mask) -> "Reach":
        """What stands in these paragraphs of a snapshot."""
        columns = snapshot.columns
        passages = paragraphs[columns.passage_paragraph]
        return cls(
            paragraphs=paragraphs,
            passages=passages,
            nearest=Selection.of(passages),
            nearest_sentences=Selection.of(paragraphs[columns.sentence_paragraph]),
        )


@dataclass(frozen=True, slots=True)
class HybridRetriever:
    """Searches one snapshot with one encoder; may be used from several threads.

    Attributes:
        snapshot: What is searched.
        encoder: What made its vectors.
        weights: What each kind of evidence counts for.
        reranker: Puts the first matches in its own order, where there is one.
        judge: Tells what answers from what is only near, where the encoder has one.
        examples: Draw a question to where its answer may lie, where the encoder has some.
        unfiltered: What a search without filters may find.
    """

    snapshot: Snapshot
    encoder: Encoder
    weights: Weights
    reranker: Reranker | None
    judge: Judge | None
    examples: Examples | None
    unfiltered: Reach

    @classmethod
    def open(
        cls,
        snapshot: Snapshot,
        encoder: Encoder,
        weights: Weights = WEIGHTS,
        reranker: Reranker | None = None,
    ) -> "HybridRetriever":
        """Make a snapshot ready to be searched.

        Raises:
            index.manifest.StaleSnapshot: Another encoder made it.
        """
        snapshot.manifest.require(encoder)
        return cls(
            snapshot=snapshot,
            encoder=encoder,
            weights=weights,
            reranker=reranker,
            judge=judge_of(encoder.name),
            examples=examples_of(encoder.name),
            unfiltered=Reach.of(snapshot, snapshot.columns.of_roles(_ANSWERS)),
        )

    def search(
        self,
        question: str,
        k: int,
        filters: Filters | None = None,
        carried: Sequence[str] = (),
        before: Sequence[str] = (),
    ) -> Searched:
        """The best k paragraphs. Without a filter on roles, complaints are left out.

        What a complainant alleged answers no question about what was found; who wants to read
        allegations asks for that role.

        Args:
            question: What is sought.
            k: The most paragraphs wanted.
            filters: What to narrow the search to.
            carried: What a follow-up leans on, the latest first. The words of the last answer and
                question count `CARRIED` times as much as its own, of those before them `CARRIED`
                times as much again; and where the question names no decision, the first of them
                that does tells which one is spoken of.
            before: The questions among it, oldest first. The question is read both alone and
                after them, and the vectors of both count alike.
        """
        started = time.perf_counter()
        read = read_question(question, self.snapshot)
        begun = time.perf_counter()
        leant_on = [(text, CARRIED ** (1 + i // 2)) for i, text in enumerate(carried)]
        texts = [(read.words, 1.0), *leant_on]
        asked = self._vector(read.meaning, before)
        encoded = time.perf_counter()
        vector, expected, familiar = self._steered(asked)
        reach = self._reach(filters or Filters())
        named = self._named([question, *carried])
        words = self.snapshot.words.best(texts, DEPTH, reach.passages)
        found_by = [self._nearest(vector, reach), self.snapshot.columns.passage_paragraph[words]]
        if named is not None:
            found_by.append(
                self._nearest(vector, Reach.of(self.snapshot, reach.paragraphs & named))
            )
        candidates = np.unique(np.concatenate(found_by)).astype(np.int32)
        searched = time.perf_counter()
        ranking = Ranking(self.snapshot, self.weights, self.reranker, self.judge)
        found, told = (
            ranking.rank(Sought(texts, asked, vector, expected, familiar, named), candidates, k)
            if len(candidates)
            else ((), NOTHING)
        )
        ranked = time.perf_counter()
        return Searched(
            found=found,
            signals=told,
            read_as=read.meaning,
            vector=asked,
            encode_ms=(encoded - begun) * 1000,
            search_ms=(begun - started + searched - encoded) * 1000,
            rank_ms=(ranked - searched) * 1000,
        )

    def _vector(self, question: str, before: Sequence[str]) -> Vectors:
        texts = [question, in_conversation(question, before)] if before else [question]
        return unit(self.encoder.encode_questions(texts).sum(axis=0, keepdims=True))

    def _steered(self, asked: Vectors) -> tuple[Vectors, Sequence[tuple[str, float]], float]:
        """A question drawn to where its answer may lie, and the words that it is expected to have.

        And how near the nearest example is.
        """
        if self.examples is None:
            return asked, (), 0.0
        near = self.examples.near(asked)
        vector = self.examples.steered(asked, near, self.weights.examples)
        return vector, self.examples.expected(near), float(near.cosines[0])

    def allowed(self, filters: Filters, roles: Sequence[Role]) -> Mask:
        """Which paragraphs do one of these in a decision that the filters let through.

        Args:
            filters: Those on roles aside.
            roles: What they may do.
        """
        columns = self.snapshot.columns
        mask = columns.of_roles(roles)
        if msgspec.structs.replace(filters, roles=()) != Filters():
            mask &= columns.of_decisions(self.snapshot.tables.allowed(filters))
        return mask

    def _nearest(self, vector: Vectors, reach: Reach) -> Column:
        """Paragraphs that are near as a whole or by a sentence."""
        columns = self.snapshot.columns
        passages, _ = self.snapshot.passages.search(vector, DEPTH, reach.nearest)
        sentences, _ = self.snapshot.sentences.search(vector, 2 * DEPTH, reach.nearest_sentences)
        return np.concatenate(
            (columns.passage_paragraph[passages], columns.sentence_paragraph[sentences])
        )

    def _named(self, said: Sequence[str]) -> Mask | None:
        """Which paragraphs stand in a decision that is named; None where none is."""
        for text in said:
            if decisions := decisions_meant(text, self.snapshot.tables):
                return self.snapshot.columns.of_decisions(decisions)
        return None

    def _reach(self, filters: Filters) -> Reach:
        if filters == Filters():
            return self.unfiltered
        return Reach.of(self.snapshot, self.allowed(filters, filters.roles or _ANSWERS))
