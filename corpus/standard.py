"""Standard paragraphs: those that stand nearly word for word in several decisions."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec
from datasketch import MinHash, MinHashLSH
from msgspec import Struct

from corpus.model import Decision, DecisionId, Paragraph, Role

LIKENESS = 0.7
"""Share of neighbouring word pairs in common (Jaccard) from which two paragraphs are one."""

ENOUGH = 3
"""In how many decisions a paragraph of powers or method must stand to count as a standard one."""

_PERMUTATIONS = 128
_FEWEST_WORDS = 8
_SORTS = frozenset({Role.POWERS, Role.METHOD})


class StandardParagraph(Struct, frozen=True, kw_only=True):
    """A group of paragraphs that say the same in nearly the same words.

    Attributes:
        canonical: The words of the first of them, by decision and number.
        count: In how many decisions they stand.
        places: Each decision and paragraph number, in order.
    """

    canonical: str
    count: int
    places: tuple[tuple[DecisionId, int], ...]


def standard_paragraphs(decisions: Iterable[Decision]) -> tuple[StandardParagraph, ...]:
    """The groups of near-duplicates among paragraphs of powers and method, larger ones first.

    Decisions are gone through in order of id, and each paragraph joins the first group whose
    canonical text it is like. So decisions that come later change no group that is there.
    """
    leaders = MinHashLSH(threshold=LIKENESS, num_perm=_PERMUTATIONS)
    prints: dict[int, MinHash] = {}
    groups: list[list[tuple[DecisionId, int]]] = []
    texts: list[str] = []
    for decision in sorted(decisions, key=lambda d: d.decision_id):
        for paragraph in _candidates(decision):
            made = _print(paragraph.words)
            near = sorted(leaders.query(made))
            group = next((g for g in near if prints[g].jaccard(made) >= LIKENESS), None)
            if group is None:
                group = len(groups)
                groups.append([])
                texts.append(paragraph.words)
                prints[group] = made
                leaders.insert(group, made)
            groups[group].append((decision.decision_id, paragraph.number))
    found = [
        StandardParagraph(
            canonical=text, count=len({place[0] for place in places}), places=tuple(places)
        )
        for text, places in zip(texts, groups, strict=True)
    ]
    return tuple(sorted((f for f in found if f.count > 1), key=lambda f: (-f.count, f.places)))


def with_standard_marked(decisions: list[Decision]) -> list[Decision]:
    """The decisions, with every paragraph marked that stands in enough of them."""
    marked = {
        place
        for group in standard_paragraphs(decisions)
        if group.count >= ENOUGH
        for place in group.places
    }
    return [_marked(decision, marked) for decision in decisions]


def _marked(decision: Decision, places: set[tuple[DecisionId, int]]) -> Decision:
    def settle(paragraph: Paragraph) -> Paragraph:
        if paragraph.boilerplate or (decision.decision_id, paragraph.number) not in places:
            return paragraph
        return msgspec.structs.replace(paragraph, boilerplate=True)

    return msgspec.structs.replace(
        decision,
        sections=tuple(
            msgspec.structs.replace(s, paragraphs=tuple(map(settle, s.paragraphs)))
            for s in decision.sections
        ),
    )


def _candidates(decision: Decision) -> Iterator[Paragraph]:
    for _, paragraph in decision.paragraphs():
        if paragraph.role in _SORTS and len(paragraph.words.split()) >= _FEWEST_WORDS:
            yield paragraph


def _print(words: str) -> MinHash:
    """The MinHash of a text's neighbouring word pairs, case and punctuation aside."""
    tokens = re.findall(r"\w+", words.lower())
    made = MinHash(num_perm=_PERMUTATIONS)
    made.update_batch([f"{a} {b}".encode() for a, b in pairwise(tokens)])
    return made
