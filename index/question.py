"""Question: how a search reads what was asked, by what it knows of the collection."""

from msgspec import Struct

from index.abbreviations import openings_in, short_forms_in, with_both_forms
from index.snapshot import Snapshot
from index.spelling import repaired


class ReadQuestion(Struct, frozen=True):
    """A question as it is searched for; see ADR 0018.

    Attributes:
        words: With misspelt words put right: what the word search looks for.
        meaning: The same with abbreviations and what they stand for side by side: what the vectors
            are compared with, and what a person is shown.
    """

    words: str
    meaning: str


def read_question(asked: str, snapshot: Snapshot) -> ReadQuestion:
    """Read a question; most come back as they are."""
    words = repaired(asked, snapshot)
    known = snapshot.tables.abbreviations(short_forms_in(words), openings_in(words))
    return ReadQuestion(words, with_both_forms(words, known))
