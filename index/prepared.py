"""Prepared: all that a decision puts into a snapshot but its vectors, worked out once."""

import hashlib
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from corpus.findings import findings_of
from corpus.model import Decision, Span
from corpus.passages import passages_of, sentences_of
from corpus.records import Finding, Remedy
from corpus.remedies import remedies_of
from corpus.tokens import count_language_model_tokens
from index.abbreviations import definitions_of
from index.code_digest import code_digest
from index.digests import digest, wording
from index.kept import Kept, Kind
from index.names import plain_words
from index.protocols import Encoder

_KEY_BYTES = 16


class Place(Struct, frozen=True, array_like=True):
    """One vector's place.

    Attributes:
        start: Where in the paragraph's words it begins.
        end: Where it ends.
        key: Names the text and who encodes it; see `vector_key`.
    """

    start: int
    end: int
    key: bytes

    @property
    def span(self) -> Span:
        """Where in the paragraph's words it stands."""
        return Span(self.start, self.end)


class PreparedParagraph(Struct, frozen=True, array_like=True):
    """A paragraph's part.

    Attributes:
        sha256: Digest of its words, hexadecimal.
        wording: Digest of its wording; see `index.digests.wording`.
        passages: Itself, or its slices.
        sentences: Its sentences, or pieces of them.
    """

    sha256: str
    wording: str
    passages: tuple[Place, ...]
    sentences: tuple[Place, ...]


class Prepared(Struct, frozen=True, kw_only=True):
    """A decision's part in a snapshot.

    Attributes:
        paragraphs: In the order of the text.
        findings: What was found.
        remedies: What was agreed or done.
        tokens: What a language model would read of its passages.
        plain_words: Those that it writes without a capital, with spaces between.
        abbreviations: The short forms that it introduces, each with its long form.
    """

    paragraphs: tuple[PreparedParagraph, ...]
    findings: tuple[Finding, ...]
    remedies: tuple[Remedy, ...]
    tokens: int
    plain_words: str
    abbreviations: tuple[tuple[str, str], ...]

    def keys(self) -> list[bytes]:
        """The keys of all its vectors, those of its passages and then of its sentences."""
        return [
            *(place.key for p in self.paragraphs for place in p.passages),
            *(place.key for p in self.paragraphs for place in p.sentences),
        ]


class Texts(Struct, frozen=True):
    """What is encoded of a decision, in the order of the text."""

    passages: list[str]
    sentences: list[str]


_DECODER = msgspec.msgpack.Decoder(Prepared)


def prepared(
    decision: Decision, sha256: str, encoder: Encoder, kept: Kept
) -> tuple[Prepared, Texts | None]:
    """A decision's part in a snapshot, kept or else worked out, and then with what to encode.

    Args:
        decision: As marked.
        sha256: Its digest; see `index.digests.digest_of_decision`.
        encoder: For whose vectors.
        kept: Where it is looked for, and kept.
    """
    content = (encoder.fingerprint, encoder.limit, sha256)
    key = hashlib.sha256(code_digest() + repr(content).encode()).digest()
    value = kept.get(Kind.PREPARED, key)
    if value is not None:
        try:
            return _DECODER.decode(value), None
        except msgspec.MsgspecError:
            pass
    made, texts = prepare(decision, encoder)
    kept.put(Kind.PREPARED, key, msgspec.msgpack.encode(made))
    return made, texts


def prepare(decision: Decision, encoder: Encoder) -> tuple[Prepared, Texts]:
    """Work out a decision's part in a snapshot, and what to encode."""
    cut = list(
        passages_of(
            decision,
            limit=encoder.limit,
            count=encoder.count_tokens,
            tokens=count_language_model_tokens,
        )
    )
    slices: dict[int, list[tuple[Span, str]]] = {}
    for passage in cut:
        slices.setdefault(passage.paragraph, []).append((passage.span, passage.text))
    texts = Texts([passage.text for passage in cut], [])
    paragraphs = []
    for _, paragraph in decision.paragraphs():
        sentences = list(sentences_of(paragraph, limit=encoder.limit, count=encoder.count_tokens))
        texts.sentences.extend(text for _, text in sentences)
        paragraphs.append(
            PreparedParagraph(
                digest(paragraph.words),
                wording(paragraph.words),
                _places(slices.get(paragraph.number, ()), encoder),
                _places(sentences, encoder),
            )
        )
    made = Prepared(
        paragraphs=tuple(paragraphs),
        findings=tuple(findings_of(decision)),
        remedies=tuple(remedies_of(decision)),
        tokens=sum(passage.tokens for passage in cut),
        plain_words=" ".join(sorted(plain_words(decision))),
        abbreviations=tuple(sorted(definitions_of(decision))),
    )
    return made, texts


def _places(cut: Iterable[tuple[Span, str]], encoder: Encoder) -> tuple[Place, ...]:
    return tuple(
        Place(span.start, span.end, vector_key(encoder.fingerprint, text)) for span, text in cut
    )


def vector_key(fingerprint: str, text: str) -> bytes:
    """What the vector of a text is kept under: a digest of 128 bits of it and of the encoder.

    Two texts of a hundred million share one by chance once in 10^22 collections.
    """
    return hashlib.sha256(f"{fingerprint}\0{text}".encode()).digest()[:_KEY_BYTES]
