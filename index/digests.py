"""Digests: by which equal texts and unchanged decisions are known."""

import hashlib
import re

import msgspec

from corpus.model import Decision, Source

_NO_SOURCE = Source(file="", sha256="")


def digest(words: str) -> str:
    """SHA-256 of a text, hexadecimal."""
    return hashlib.sha256(words.encode()).hexdigest()


def wording(words: str) -> str:
    """Digest of a text's letters and digits alone: equal for word-for-word repetitions."""
    return digest(" ".join(re.findall(r"\w+", words.lower())))


def digest_of_decision(decision: Decision) -> str:
    """Digest of all that was read of a decision, its file's name aside."""
    return hashlib.sha256(
        msgspec.json.encode(msgspec.structs.replace(decision, source=_NO_SOURCE, lines=()))
    ).hexdigest()
