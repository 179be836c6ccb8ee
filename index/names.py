"""Names: by which words a question can mean a decision's body, learnt from the collection."""

import re

from msgspec import Struct

from corpus.case_references import references_in
from corpus.model import Decision

# Words of which the names of bodies are made: none of them tells one body from another.
_KINDS_OF_BODY = frozenset(
    (
        "academy agency ambulance and area authority board borough care central centre city "
        "college commissioning committee community company council county department district "
        "east england english for foundation government group health healthcare home homes "
        "hospital hospitals house housing in integrated limited local london ltd metropolitan "
        "mid national new nhs north northern of office partnership plc primary provider royal "
        "school schools service services social south southern teaching the town trust "
        "unitary united university west western"
    ).split()
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_OPENING = re.compile(r"(?:^|[.?!:])\W*\Z")
_PLAIN = re.compile(r"(?<![^\W\d_])[a-z]{3,}(?![^\W\d_])")


class Named(Struct, frozen=True):
    """What a question names.

    Attributes:
        words: Its words in lower case; any may be a body's name.
        capitals: Those that have a capital though no sentence begins with them.
        references: Case references, normalised.
    """

    words: tuple[str, ...]
    capitals: tuple[str, ...]
    references: tuple[str, ...]


def body_words(decision: Decision) -> list[str]:
    """The words, in lower case, by which a decision's bodies are told from others'."""
    return sorted(
        {w.lower() for body in decision.bodies for w in _WORD.findall(body)} - _KINDS_OF_BODY
    )


def plain_words(decision: Decision) -> set[str]:
    """The words that a decision writes without a capital.

    Where any decision so writes a body's name ("reading"), only a capital within a question makes
    it a name.
    """
    return {
        word for _, paragraph in decision.paragraphs() for word in _PLAIN.findall(paragraph.words)
    }


def named_in(text: str) -> Named:
    """The words and references of a question by which it may name a decision.

    >>> named_in("Was Dorset right? Reading (18-019-617) of it says so to Reading.").capitals
    ('dorset', 'reading')
    """
    found = list(_WORD.finditer(text))
    return Named(
        words=tuple(dict.fromkeys(m[0].lower() for m in found)),
        capitals=tuple(
            dict.fromkeys(
                m[0].lower()
                for m in found
                if m[0][0].isupper() and not _OPENING.search(text, 0, m.start())
            )
        ),
        references=tuple(dict.fromkeys(reference for _, reference in references_in(text))),
    )
