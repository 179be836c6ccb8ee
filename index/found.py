"""Found: what a search gives back, with every score apart."""

from msgspec import Struct

from corpus.model import Span
from index.protocols import Vectors
from index.signals import Signals
from index.tables import Stored


class FoundScores(Struct, frozen=True, kw_only=True):
    """Every score of a paragraph, apart.

    Attributes:
        cosine: The better of its paragraph's and its best sentence's, -1 to 1.
        words: BM25, 0 and above, without an upper bound.
        fused: What the ranking is by; comparable within one search only.
        reranker: What the reranker gave, by which the ranking then is; None without one.
    """

    cosine: float
    words: float
    fused: float
    reranker: float | None = None


class FoundRanks(Struct, frozen=True, kw_only=True):
    """Its place in each search on its own, from 1; None where that search did not bring it."""

    dense: int | None
    lexical: int | None


class SentenceHit(Struct, frozen=True):
    """A sentence of a paragraph found, and its cosine with the question."""

    span: Span
    cosine: float


class Found(Struct, frozen=True, kw_only=True):
    """A paragraph found.

    Attributes:
        stored: The paragraph.
        scores: See `FoundScores`.
        ranks: See `FoundRanks`.
        sentences: All its sentences in order, each with its cosine.
        also: Paragraphs of other decisions that say the same word for word.
    """

    stored: Stored
    scores: FoundScores
    ranks: FoundRanks
    sentences: tuple[SentenceHit, ...]
    also: tuple[Stored, ...]


class Searched(Struct, frozen=True, kw_only=True):
    """What a search found, best first, and how long its stages took in milliseconds.

    Attributes:
        found: The paragraphs.
        signals: By which to tell whether they answer.
        read_as: The question as it was searched for; see `index.question.ReadQuestion`.
        vector: Of the question as asked, with what it leans on, shape ``(1, dim)``.
    """

    found: tuple[Found, ...]
    signals: Signals
    read_as: str
    vector: Vectors
    encode_ms: float
    search_ms: float
    rank_ms: float
