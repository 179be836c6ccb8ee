"""Names: by which words a question can mean a decision's body, learnt from the collection."""

import re
from collections.abc import Sequence

from msgspec import Struct

from corpus.case_references import references_in
from corpus.model import Decision, DecisionId

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


class Name(Struct, frozen=True, kw_only=True):
    """A word by which a decision's body is known.

    Attributes:
        word: In lower case.
        decision_id: Whose body's.
        plain: Whether the collection also writes it without a capital ("reading"): then only a
            capital within a question makes it a name.
    """

    word: str
    decision_id: DecisionId
    plain: bool


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


def names_of(decisions: Sequence[Decision]) -> list[Name]:
    """The words by which each decision's bodies are told from others'."""
    plain = set[str]()
    for decision in decisions:
        for _, paragraph in decision.paragraphs():
            plain.update(_PLAIN.findall(paragraph.words))
    return [
        Name(word=word, decision_id=decision.decision_id, plain=word in plain)
        for decision in decisions
        for word in sorted(
            {w.lower() for body in decision.bodies for w in _WORD.findall(body)} - _KINDS_OF_BODY
        )
    ]


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
