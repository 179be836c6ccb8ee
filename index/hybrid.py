"""Hybrid search: vectors of paragraphs, vectors of sentences, and words, made into one ranking."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.model import DecisionId, Role, Span
from index.found import Found, FoundRanks, FoundScores, Searched, SentenceHit
from index.fusion import WEIGHTS, Evidence, Weights
from index.names import named_in
from index.protocols import Encoder, Mask, Reranker, Rows, Scores, Vectors
from index.signals import NOTHING, Signals, signals
from index.snapshot import Snapshot
from index.tables import Filters

DEPTH = 100
"""How many paragraphs each search brings before they are ranked together."""

RERANKED = 30
"""How many matches a reranker reads, where there is one."""

CARRIED = 0.5
"""What the exchange before a follow-up counts beside the follow-up itself; see ADR 0008."""

_NONE: Rows = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class HybridRetriever:
    """Searches one snapshot with one encoder; may be used from several threads.

    Attributes:
        snapshot: What is searched.
        encoder: What made its vectors.
        weights: What each kind of evidence counts for.
        reranker: Puts the first `RERANKED` in its own order, where there is one.
        passage_of: Paragraph of each passage vector, shape ``(passages,)``.
        sentence_of: Paragraph of each sentence vector, shape ``(sentences,)``, ascending.
        sentence_spans: Place of each sentence.
        group_of: Number of each paragraph's wording; equal for word-for-word repetitions.
        roles: Each paragraph's role.
        decisions: Each decision's number.
        decision_of: Each paragraph's decision, by its number.
    """

    snapshot: Snapshot
    encoder: Encoder
    weights: Weights
    reranker: Reranker | None
    passage_of: Rows
    sentence_of: Rows
    sentence_spans: tuple[Span, ...]
    group_of: Rows
    roles: NDArray[np.object_]
    decisions: dict[DecisionId, int]
    decision_of: Rows

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
        sentences = snapshot.tables.spans("sentence")
        passages = snapshot.tables.spans("passage")
        decisions, decision_of = np.unique(snapshot.tables.decision_of(), return_inverse=True)
        _, groups = np.unique(snapshot.tables.wordings(), return_inverse=True)
        return cls(
            snapshot=snapshot,
            encoder=encoder,
            weights=weights,
            reranker=reranker,
            passage_of=np.array([p.paragraph for p in passages], dtype=np.int64),
            sentence_of=np.array([s.paragraph for s in sentences], dtype=np.int64),
            sentence_spans=tuple(s.span for s in sentences),
            group_of=groups.astype(np.int64),
            roles=np.array(snapshot.tables.roles(), dtype=np.object_),
            decisions={DecisionId(str(d)): number for number, d in enumerate(decisions)},
            decision_of=decision_of.astype(np.int64),
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
        texts = [(question, 1.0), *((t, CARRIED ** (1 + i // 2)) for i, t in enumerate(carried))]
        vector = self._vector(texts)
        encoded = time.perf_counter()
        allowed = self._allowed(filters or Filters())
        named = self._named([question, *carried])
        words = np.where(allowed[self.passage_of], self._words(texts), np.float32(0))
        candidates = np.unique(
            np.concatenate(
                (
                    self._nearest(vector, allowed),
                    self._nearest(vector, allowed & named) if named.any() else _NONE,
                    self.passage_of[_best(words, DEPTH)],
                )
            )
        )
        searched = time.perf_counter()
        found, told = (
            self._rank(texts, vector, words, named, candidates, k)
            if len(candidates)
            else ((), NOTHING)
        )
        ranked = time.perf_counter()
        return Searched(
            found=found,
            signals=told,
            vector=vector,
            encode_ms=(encoded - started) * 1000,
            search_ms=(searched - encoded) * 1000,
            rank_ms=(ranked - searched) * 1000,
        )

    def _vector(self, texts: Sequence[tuple[str, float]]) -> Vectors:
        vectors = self.encoder.encode_questions([text for text, _ in texts])
        mixed = np.array([[weight for _, weight in texts]]) @ vectors
        unit: Vectors = (mixed / np.linalg.norm(mixed)).astype(np.float32)
        return unit

    def _words(self, texts: Sequence[tuple[str, float]]) -> Scores:
        total: Scores = np.zeros(len(self.snapshot.words), np.float32)
        for text, weight in texts:
            total += (self.snapshot.words.scores(text) * weight).astype(np.float32)
        return total

    def _nearest(self, vector: Vectors, allowed: Mask) -> Rows:
        """Paragraphs that are near as a whole or by a sentence."""
        passages, _ = self.snapshot.passages.search(vector, DEPTH, allowed[self.passage_of])
        sentences, _ = self.snapshot.sentences.search(vector, 2 * DEPTH, allowed[self.sentence_of])
        rows: Rows = np.concatenate((self.passage_of[passages], self.sentence_of[sentences]))
        return rows

    def _named(self, said: Sequence[str]) -> Mask:
        """Which paragraphs stand in a decision that is named."""
        tables = self.snapshot.tables
        for text in said:
            if decisions := tables.named(named_in(text)):
                mask: Mask = np.isin(self.decision_of, [self.decisions[d] for d in decisions])
                return mask
        return np.zeros(len(self.roles), dtype=np.bool_)

    def _allowed(self, filters: Filters) -> Mask:
        paragraphs = len(self.roles)
        if filters == Filters():
            allowed: Mask = np.ones(paragraphs, dtype=np.bool_)
        else:
            allowed = self.snapshot.tables.allowed(filters, paragraphs)
        if not filters.roles:
            allowed &= self.roles != Role.COMPLAINT
        return allowed

    def _rank(
        self,
        texts: Sequence[tuple[str, float]],
        vector: Vectors,
        words: Scores,
        named: Mask,
        candidates: Rows,
        k: int,
    ) -> tuple[tuple[Found, ...], Signals]:
        """Score every candidate on all evidence, collapse repetitions, and take the best k."""
        store, sentences = self.snapshot.passages, self.snapshot.sentences
        passage_rows = _rows_of(self.passage_of, candidates)
        sentence_rows = _rows_of(self.sentence_of, candidates)
        sentence_cosines = sentences.cosines(vector, sentence_rows)
        starts = np.searchsorted(self.sentence_of[sentence_rows], candidates)
        ends = np.append(starts[1:], len(sentence_rows))
        evidence = Evidence(
            paragraph=_best_of(
                candidates, self.passage_of[passage_rows], store.cosines(vector, passage_rows)
            ),
            sentence=_best_of(candidates, self.sentence_of[sentence_rows], sentence_cosines),
            words=_best_of(candidates, self.passage_of[passage_rows], words[passage_rows]),
            named=named[candidates].astype(np.float64),
            roles=self.roles[candidates],
        )
        cosine, by_words = evidence.cosine, evidence.words
        fused = evidence.fused(self.weights)
        order = np.lexsort((candidates, -fused))
        dense_rank = _ranks(cosine)
        word_rank = _ranks(by_words)
        best: dict[int, list[int]] = {}
        for i in order:
            best.setdefault(int(self.group_of[candidates[i]]), []).append(int(i))
        groups = list(best.values())[: max(k, RERANKED) if self.reranker else k]
        stored = {
            s.id: s
            for s in self.snapshot.tables.stored([int(candidates[i]) for g in groups for i in g])
        }
        reranked: dict[int, float] = {}
        if self.reranker:
            question = " ".join(text for text, _ in reversed(texts))
            firsts = [stored[int(candidates[first])].paragraph.words for first, *_ in groups]
            for (first, *_), score in zip(
                groups, self.reranker.scores(question, firsts), strict=True
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
                    SentenceHit(self.sentence_spans[row], float(c))
                    for row, c in zip(
                        sentence_rows[starts[first] : ends[first]],
                        sentence_cosines[starts[first] : ends[first]],
                        strict=True,
                    )
                ),
                also=tuple(stored[int(candidates[i])] for i in others),
            )
            for first, *others in groups
        )
        return found, signals(
            cosines=cosine,
            words=by_words,
            most_words=sum(w * self.snapshot.words.most(text) for text, w in texts),
        )


def _best(scores: Scores, k: int) -> Rows:
    """Rows of the best k scores above nought, best first, ties by row."""
    rows = np.flatnonzero(scores > 0)
    order = np.lexsort((rows, -scores[rows]))[:k]
    result: Rows = rows[order]
    return result


def _rows_of(paragraph_of: Rows, candidates: Rows) -> Rows:
    result: Rows = np.flatnonzero(np.isin(paragraph_of, candidates))
    return result


def _best_of(candidates: Rows, paragraph_of: Rows, scores: Scores) -> NDArray[np.float64]:
    """The best score of each candidate's rows."""
    best = np.full(len(candidates), -1.0)
    np.maximum.at(best, np.searchsorted(candidates, paragraph_of), scores)
    return best


def _ranks(scores: NDArray[np.float64]) -> Rows:
    """Each score's place from 1, best first, ties by position."""
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[np.lexsort((np.arange(len(scores)), -scores))] = np.arange(1, len(scores) + 1)
    return ranks
