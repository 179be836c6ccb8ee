"""Ranking: every candidate scored on all evidence, repetitions collapsed, and the best taken."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.model import Span
from index.columns import Column
from index.faiss_store import FaissStore
from index.found import Found, FoundRanks, FoundScores, SentenceHit
from index.fusion import Evidence, Values, Weights
from index.judge import Judge
from index.protocols import Mask, Reranker, Rows, Scores, Vectors
from index.signals import Signals, signals
from index.snapshot import Snapshot
from index.tables import Stored

RERANKED = 30
"""How many matches a reranker reads, where there is one."""

JUDGED = 10
"""How many matches the judge looks at, where there is one."""

Group = list[int]
"""Places among the candidates of paragraphs that say the same word for word, the best first."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is sought.

    Attributes:
        texts: The question and what it leans on, and what each counts for.
        asked: The question's vector, as it was asked, shape ``(1, dim)``.
        vector: The same drawn to where its answer may lie: what cosines are taken with.
        expected: Words that an answer is expected to have, and what they are worth.
        familiar: Cosine of the question and its nearest example; nought where there is none.
        named: Which paragraphs stand in a decision that is named; None where none is.
    """

    texts: Sequence[tuple[str, float]]
    asked: Vectors
    vector: Vectors
    expected: Sequence[tuple[str, float]]
    familiar: float
    named: Mask | None


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of the candidates in a store, and their cosines with what is sought.

    Attributes:
        store: The store.
        rows: Of each candidate, one after the other.
        starts: Where in them each one's begin; the last is the end of all.
        cosines: Of each row.
    """

    store: FaissStore
    rows: Rows
    starts: Rows
    cosines: Scores

    @classmethod
    def of(
        cls, store: FaissStore, paragraph_of: Column, candidates: Column, vector: Vectors
    ) -> "_Rows":
        """Those of some paragraphs. Both columns are sorted, so none but these are read."""
        begin = np.searchsorted(paragraph_of, candidates, "left")
        counts = np.searchsorted(paragraph_of, candidates, "right") - begin
        ends = np.cumsum(counts)
        rows = np.repeat(begin - (ends - counts), counts) + np.arange(ends[-1])
        return cls(store, rows, np.append(0, ends), store.cosines(vector, rows))

    def best(self, scores: Scores) -> Values:
        """The best score of each candidate's rows, -1 where it has none."""
        best = np.full(len(self.starts) - 1, -1.0)
        np.maximum.at(best, np.repeat(np.arange(len(best)), np.diff(self.starts)), scores)
        return best

    def of_one(self, place: int) -> tuple[Rows, Scores]:
        """The rows of one candidate, and their cosines."""
        own = slice(self.starts[place], self.starts[place + 1])
        return self.rows[own], self.cosines[own]

    def has(self, place: int) -> bool:
        """Whether a candidate has a row."""
        return bool(self.starts[place] < self.starts[place + 1])

    def nearest(self, places: Sequence[int]) -> Vectors:
        """The vector of the nearest row of each of these candidates, all of which have one."""
        own = [self.of_one(place) for place in places]
        return self.store.vectors(np.array([rows[cosines.argmax()] for rows, cosines in own]))


@dataclass(frozen=True, slots=True)
class Ranking:
    """Ranks what the searches of a snapshot brought.

    Attributes:
        snapshot: What was searched.
        weights: What each kind of evidence counts for.
        reranker: Puts the first `RERANKED` in its own order, where there is one.
        judge: Tells what answers from what is only near, where there is one.
    """

    snapshot: Snapshot
    weights: Weights
    reranker: Reranker | None
    judge: Judge | None

    def rank(self, sought: Sought, candidates: Column, k: int) -> tuple[tuple[Found, ...], Signals]:
        """The best k of some paragraphs, at least one, and the signals of the search."""
        snapshot, columns = self.snapshot, self.snapshot.columns
        passages = _Rows.of(snapshot.passages, columns.passage_paragraph, candidates, sought.vector)
        sentences = _Rows.of(
            snapshot.sentences, columns.sentence_paragraph, candidates, sought.vector
        )
        scored, held = snapshot.words.weigh(sought.texts, passages.rows)
        most_words = sum(weight * snapshot.words.most(text) for text, weight in sought.texts)
        named = sought.named
        evidence = Evidence(
            paragraph=passages.best(passages.cosines),
            sentence=sentences.best(sentences.cosines),
            words=passages.best(scored),
            held=passages.best(held) / max(most_words, 1e-9),
            expected=passages.best(snapshot.words.expected(sought.expected, passages.rows)),
            decisions=columns.decision[candidates],
            named=(np.zeros(len(candidates)) if named is None else named[candidates].astype(float)),
            roles=columns.role[candidates],
        )
        cosine, words, fused = evidence.cosine, evidence.words, evidence.fused(self.weights)
        best: dict[int, Group] = {}
        for i in np.lexsort((candidates, -fused)):
            best.setdefault(int(columns.wording[candidates[i]]), []).append(int(i))
        groups = list(best.values())
        told = signals(
            cosines=cosine,
            words=words,
            most_words=most_words,
            judged=self._judged(sought, [first for first, *_ in groups], passages, sentences),
            familiar=sought.familiar,
        )
        groups = groups[: max(k, RERANKED) if self.reranker else k]
        stored = {
            s.id: s for s in snapshot.tables.stored([int(candidates[i]) for g in groups for i in g])
        }
        reranked = self._reranked(sought, [stored[int(candidates[g[0]])] for g in groups])
        if reranked:
            order = sorted(range(len(groups)), key=lambda place: -reranked[place])[:k]
            groups, reranked = [groups[i] for i in order], [reranked[i] for i in order]
        dense_rank, word_rank = _ranks(cosine), _ranks(words)
        found = tuple(
            Found(
                stored=stored[int(candidates[first])],
                scores=FoundScores(
                    cosine=float(cosine[first]),
                    words=float(words[first]),
                    fused=float(fused[first]),
                    reranker=reranked[place] if reranked else None,
                ),
                ranks=FoundRanks(
                    dense=int(dense_rank[first]),
                    lexical=int(word_rank[first]) if words[first] > 0 else None,
                ),
                sentences=self._sentences(sentences, first),
                also=tuple(stored[int(candidates[i])] for i in others),
            )
            for place, (first, *others) in enumerate(groups)
        )
        return found, told

    def _judged(
        self, sought: Sought, firsts: Sequence[int], passages: _Rows, sentences: _Rows
    ) -> float:
        """The best log odds of the first matches to answer; nought without a judge."""
        if self.judge is None:
            return 0.0
        whole = [i for i in firsts[:JUDGED] if passages.has(i) and sentences.has(i)]
        if not whole:
            return 0.0
        odds = self.judge.odds(sought.asked, passages.nearest(whole), sentences.nearest(whole))
        return float(odds.max())

    def _reranked(self, sought: Sought, matches: Sequence[Stored]) -> list[float]:
        """The reranker's score of each match; empty without one."""
        if self.reranker is None:
            return []
        question = " ".join(text for text, _ in reversed(sought.texts))
        scores = self.reranker.scores(question, [match.paragraph.words for match in matches])
        return [float(score) for score in scores]

    def _sentences(self, sentences: _Rows, place: int) -> tuple[SentenceHit, ...]:
        columns = self.snapshot.columns
        return tuple(
            SentenceHit(
                Span(int(columns.sentence_start[row]), int(columns.sentence_end[row])), float(c)
            )
            for row, c in zip(*sentences.of_one(place), strict=True)
        )


def _ranks(scores: NDArray[np.float64]) -> Rows:
    """Each score's place from 1, best first, ties by position."""
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[np.lexsort((np.arange(len(scores)), -scores))] = np.arange(1, len(scores) + 1)
    return ranks
