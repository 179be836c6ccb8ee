"""Kept prints: of paragraphs that were looked at before, so that none is hashed twice."""

import hashlib
from dataclasses import dataclass

from corpus.standard import PRINT_BYTES, print_of
from index.code_digest import code_digest
from index.kept import Kept, Kind


@dataclass(frozen=True, slots=True)
class KeptPrints:
    """Prints from the kept work, or else made and kept; see `corpus.standard.print_of`.

    Attributes:
        kept: Where they are.
    """

    kept: Kept

    def __call__(self, words: str) -> bytes:
        key = hashlib.sha256(code_digest() + words.encode()).digest()
        known = self.kept.get(Kind.PRINT, key)
        if known is None or len(known) != PRINT_BYTES:
            known = print_of(words)
            self.kept.put(Kind.PRINT, key, known)
        return known
