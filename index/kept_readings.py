"""Kept readings: the decisions in files that were read before, so that none is read twice."""

import hashlib
import zlib
from dataclasses import dataclass

import msgspec

from corpus.model import Decision
from index.code_digest import code_digest
from index.kept import Kept, Kind

_FAST = 1


@dataclass(frozen=True, slots=True)
class KeptReadings:
    """What files were read as, in the kept work; see `corpus.files.Readings`.

    Attributes:
        kept: Where it is.
    """

    kept: Kept

    def find(self, sha256: bytes, name: str) -> Decision | str | None:
        """What a file of these bytes and this name was read as; None where that is not known."""
        value = self.kept.get(Kind.READING, _key(sha256, name))
        if value is None:
            return None
        try:
            # One line for both: a decision is an object, the reason for none a text.
            return msgspec.json.decode(zlib.decompress(value), type=Decision | str)
        except (zlib.error, msgspec.MsgspecError):
            return None

    def keep(self, sha256: bytes, name: str, became: Decision | str) -> None:
        """Keep what a file was read as, or why it was not."""
        value = zlib.compress(msgspec.json.encode(became), _FAST)
        self.kept.put(Kind.READING, _key(sha256, name), value)


def _key(sha256: bytes, name: str) -> bytes:
    return hashlib.sha256(code_digest() + sha256 + name.encode()).digest()
