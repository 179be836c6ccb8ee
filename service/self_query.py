"""The self-query: whether a snapshot finds a paragraph by its own words."""

from index.digests import wording
from index.hybrid import HybridRetriever
from index.tables import Filters


class NotItself(RuntimeError):
    """A snapshot that does not find its own first paragraph."""


def ask_itself(retriever: HybridRetriever) -> None:
    """Ask for the first paragraph's own words, which nothing can be nearer to.

    Raises:
        NotItself: It is not found.
    """
    # The first that is there: those before it may have been withdrawn.
    row = int((retriever.snapshot.columns.role >= 0).argmax())
    first = retriever.snapshot.tables.stored([row])[0]
    found = retriever.search(first.paragraph.words, 1, Filters(roles=(first.paragraph.role,))).found
    # In a large collection the same words stand in more decisions than a search brings.
    if wording(first.paragraph.words) not in {wording(f.stored.paragraph.words) for f in found}:
        raise NotItself("a paragraph is not found by its own words: run 'upheld build' again")
