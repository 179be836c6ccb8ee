"""The manifest: what a snapshot was built from, and whether an encoder fits it."""

from datetime import datetime

from msgspec import Struct

from index.protocols import Encoder

FORMAT = 8
"""Raised whenever a snapshot's files change in form."""


class StaleSnapshot(RuntimeError):
    """A snapshot that cannot be searched with what is here; it says what to run."""


class Manifest(Struct, frozen=True, kw_only=True):
    """What stands in a snapshot's ``manifest.json``.

    Attributes:
        format: See `FORMAT`.
        snapshot: Its name: a digest of the decisions, the encoder and the passage limit.
        encoder: The encoder's name.
        fingerprint: Digest of its weights.
        dim: Length of its vectors.
        limit: The most tokens of the encoder in one passage.
        decisions: How many.
        paragraphs: How many.
        passages: How many vectors of paragraphs or slices of them.
        sentences: How many vectors of sentences.
        tokens: What a language model would read in all, in tokens of cl100k_base.
        built: When.
        sample: Whether these are the bundled fictional samples.
        files: SHA-256 of each other file of the snapshot, by its name.
    """

    format: int
    snapshot: str
    encoder: str
    fingerprint: str
    dim: int
    limit: int
    decisions: int
    paragraphs: int
    passages: int
    sentences: int
    tokens: int
    built: datetime
    sample: bool
    files: dict[str, str]

    def require(self, encoder: Encoder) -> None:
        """Refuse an encoder that did not make this snapshot's vectors.

        Raises:
            StaleSnapshot: Format, name, weights or dimensions differ.
        """
        if self.format != FORMAT:
            raise StaleSnapshot(
                f"snapshot {self.snapshot} has format {self.format}, this version reads {FORMAT}: "
                "run 'upheld build' again"
            )
        made = (self.encoder, self.dim, self.fingerprint)
        asked = (encoder.name, encoder.dim, encoder.fingerprint)
        if made != asked:
            raise StaleSnapshot(
                f"built with {_describe(made)}, asked to search with {_describe(asked)}: "
                "run 'upheld build' again"
            )


def _describe(encoder: tuple[str, int, str]) -> str:
    name, dim, fingerprint = encoder
    return f"{name} ({dim} dimensions, weights {fingerprint[:12]})"
