"""Hybrid search: vectors of paragraphs, vectors of sentences, and words, made into one ranking."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from corpus.model import Role, Span
from index.columns import Column
from index.faiss_store import Selection
from index.found import Found, FoundRanks, FoundScores, Searched, SentenceHit
from index.fusion import WEIGHTS, Evidence, Weights
from index.protocols import Encoder, Mask, Reranker, Rows, Scores, Vectors
from index.question import decisions_meant, read_question
from index.signals import NOTHING, Signals, signals
from index.snapshot import Snapshot
from index.tables import Filters

DEPTH = 100
"""How many paragraphs each search brings before they are ranked together."""

RERANKED = 30
"""How many matches a reranker reads, where there is one."""

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
        reranker: Puts the first `RERANKED` in its own order, where there is one.
        unfiltered: What a search without filters may find.
    """

    snapshot: Snapshot
    encoder: Encoder
    weights: Weights
    reranker: Reranker | None
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
            unfiltered=Reach.of(snapshot, snapshot.columns.of_roles(_ANSWERS)),
        )

    def search(
        self, question: str, k: int, filters: Filters | None = None, carried: Sequence[str] = ()
    ) -> Searched:
        """The best k paragraphs. Without a filter on roles, complaints are left out.

        What a complainant alleged answers no question about what was found; who wants to read
        allegations asks for that role.

        Args:
            question: What is sought.
            k: The most paragraphs wanted.
            filters: What to narrow the search to.
            carried: What a follow-up leans on, the latest first. The last answer and question
                count `CARRIED` times as much as this one, those before them `CARRIED` times as
                much again; and where the question names no decision, the first of them that does
                tells which one is spoken of.
        """
        started = time.perf_counter()
        read = read_question(question, self.snapshot)
        begun = time.perf_counter()
        before = [(text, CARRIED ** (1 + i // 2)) for i, text in enumerate(carried)]
        texts = [(read.words, 1.0), *before]
        vector = self._vector([(read.meaning, 1.0), *before])
        encoded = time.perf_counter()
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
        found, told = (
            self._rank(texts, vector, named, candidates, k) if len(candidates) else ((), NOTHING)
        )
        ranked = time.perf_counter()
        return Searched(
            found=found,
            signals=told,
            read_as=read.meaning,
            vector=vector,
            encode_ms=(encoded - begun) * 1000,
            search_ms=(begun - started + searched - encoded) * 1000,
            rank_ms=(ranked - searched) * 1000,
        )

    def _vector(self, texts: Sequence[tuple[str, float]]) -> Vectors:
        vectors = self.encoder.encode_questions([text for text, _ in texts])
        mixed = np.array([[weight for _, weight in texts]]) @ vectors
        unit: Vectors = (mixed / np.linalg.norm(mixed)).astype(np.float32)
        return unit

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

    def _rank(
        self,
        texts: Sequence[tuple[str, float]],
        vector: Vectors,
        named: Mask | None,
        candidates: Column,
        k: int,
    ) -> tuple[tuple[Found, ...], Signals]:
        """Score every candidate on all evidence, collapse repetitions, and take the best k."""
        snapshot, columns = self.snapshot, self.snapshot.columns
        passage_rows, firsts = _rows_of(columns.passage_paragraph, candidates)
        sentence_rows, starts = _rows_of(columns.sentence_paragraph, candidates)
        sentence_cosines = snapshot.sentences.cosines(vector, sentence_rows)
        scored, held = snapshot.words.weigh(texts, passage_rows)
        most_words = sum(weight * snapshot.words.most(text) for text, weight in texts)
        evidence = Evidence(
            paragraph=_best_of(snapshot.passages.cosines(vector, passage_rows), firsts),
            sentence=_best_of(sentence_cosines, starts),
            words=_best_of(scored, firsts),
            held=_best_of(held, firsts) / max(most_words, 1e-9),
            decisions=columns.decision[candidates],
            named=(np.zeros(len(candidates)) if named is None else named[candidates].astype(float)),
            roles=columns.role[candidates],
        )
        cosine, by_words = evidence.cosine, evidence.words
        fused = evidence.fused(self.weights)
        order = np.lexsort((candidates, -fused))
        dense_rank = _ranks(cosine)
        word_rank = _ranks(by_words)
        best: dict[int, list[int]] = {}
        for i in order:
            best.setdefault(int(columns.wording[candidates[i]]), []).append(int(i))
        groups = list(best.values())[: max(k, RERANKED) if self.reranker else k]
        stored = {
            s.id: s
            for s in self.snapshot.tables.stored([int(candidates[i]) for g in groups for i in g])
        }
        reranked: dict[int, float] = {}
        if self.reranker:
            question = " ".join(text for text, _ in reversed(texts))
            read = [stored[int(candidates[first])].paragraph.words for first, *_ in groups]
            for (first, *_), score in zip(
                groups, self.reranker.scores(question, read), strict=True
            ):
                reranked[first] = float(score)
            groups = sorted(groups, key=lambda group: -reranked[group[0]])[:k]
        found = tuple(
            Found(
                stored=stored[int(candidates[first])],
                scores=FoundScores(
                    cosine=float(cosine[first]),
                    words=float(by_words[first]),
                    fused=float(fused[first]),
                    reranker=reranked.get(first),
                ),
                ranks=FoundRanks(
                    dense=int(dense_rank[first]),
                    lexical=int(word_rank[first]) if by_words[first] > 0 else None,
                ),
                sentences=tuple(
                    SentenceHit(
                        Span(int(columns.sentence_start[row]), int(columns.sentence_end[row])),
                        float(c),
                    )
                    for row, c in zip(
                        sentence_rows[starts[first] : starts[first + 1]],
                        sentence_cosines[starts[first] : starts[first + 1]],
                        strict=True,
                    )
                ),
                also=tuple(stored[int(candidates[i])] for i in others),
            )
            for first, *others in groups
        )
        return found, signals(cosines=cosine, words=by_words, most_words=most_words)


def _rows_of(paragraph_of: Column, candidates: Column) -> tuple[Rows, Rows]:
    """The rows of each paragraph, one after the other, and where in them each one's begin.

    The last of the beginnings is the end of all. Both are sorted, so none but these are read.
    """
    begin = np.searchsorted(paragraph_of, candidates, "left")
    counts = np.searchsorted(paragraph_of, candidates, "right") - begin
    ends = np.cumsum(counts)
    rows = np.repeat(begin - (ends - counts), counts) + np.arange(ends[-1])
    return rows, np.append(0, ends)


def _best_of(scores: Scores, starts: Rows) -> NDArray[np.float64]:
    """The best score of each paragraph's rows, -1 where it has none."""
    best = np.full(len(starts) - 1, -1.0)
    np.maximum.at(best, np.repeat(np.arange(len(best)), np.diff(starts)), scores)
    return best


def _ranks(scores: NDArray[np.float64]) -> Rows:
    """Each score's place from 1, best first, ties by position."""
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[np.lexsort((np.arange(len(scores)), -scores))] = np.arange(1, len(scores) + 1)
    return ranks
