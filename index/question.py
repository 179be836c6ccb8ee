"""Question: how a search reads what was asked, by what it knows of the collection."""

from collections.abc import Sequence

from msgspec import Struct

from index.abbreviations import openings_in, short_forms_in, with_both_forms
from index.dates import decided_in
from index.names import named_in
from index.snapshot import Snapshot
from index.spelling import repaired
from index.tables import Filters, Tables


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


def in_conversation(question: str, before: Sequence[str]) -> str:
    """A question after what was asked before, oldest first, as the encoder reads them together.

    >>> in_conversation("why not", ["did they look at it"])
    'did they look at it why not'
    """
    return " ".join((*before, question))


def decisions_meant(said: str, tables: Tables) -> Sequence[int]:
    """The numbers of the decisions that a text speaks of; none where it speaks of no certain ones.

    Those that it names by their reference or their body, or by when they were made; where it does
    both, those of which both is true, if there are any.
    """
    named, decided = tables.numbers(tables.named(named_in(said))), decided_in(said)
    if decided is None:
        return named
    then = tables.allowed(Filters(decided_from=decided.first, decided_to=decided.last))
    return sorted(set(named).intersection(then)) or named or then
