"""Standard paragraphs: those that stand nearly word for word in several decisions."""

import re
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise
from operator import eq

import msgspec
from msgspec import Struct

from corpus.model import Decision, DecisionId, Paragraph, Role

LIKENESS = 0.7
"""Share of neighbouring word pairs in common (Jaccard) from which two paragraphs are one."""

ENOUGH = 3
"""In how many decisions a paragraph of powers or method must stand to count as a standard one."""

_PERMUTATIONS = 128
PRINT_BYTES = 4 * _PERMUTATIONS

BANDS, NUMBERS = 14, 9
"""Bands of a print, and numbers in each: texts that are alike share a band.

As datasketch reckons them for our likeness (Leskovec, Rajaraman and Ullman, chapter 3).
"""

_FEWEST_WORDS = 8
_SORTS = frozenset({Role.POWERS, Role.METHOD})

Printer = Callable[[str], bytes]
"""Gives the print of a text of lower-case words with spaces between; see `print_of`."""


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
    groups: dict[int, list[tuple[DecisionId, int]]] = {}
    texts: dict[int, str] = {}
    with closing(_Groups(print_of)) as known:
        for decision in sorted(decisions, key=lambda d: d.decision_id):
            for paragraph in _candidates(decision):
                group = known.place(paragraph.words)
                texts.setdefault(group, paragraph.words)
                groups.setdefault(group, []).append((decision.decision_id, paragraph.number))
    found = [
        StandardParagraph(
            canonical=texts[group],
            count=len({place[0] for place in places}),
            places=tuple(places),
        )
        for group, places in groups.items()
    ]
    return tuple(sorted((f for f in found if f.count > 1), key=lambda f: (-f.count, f.places)))


def print_of(words: str) -> bytes:
    """The MinHash of a text's neighbouring word pairs: 128 numbers of four bytes."""
    # Here, not above: with all that it brings along it takes most of a second to import.
    from datasketch import MinHash

    made = MinHash(num_perm=_PERMUTATIONS)
    made.update_batch([f"{a} {b}".encode() for a, b in pairwise(words.split(" "))])
    return made.hashvalues.astype("<u4").tobytes()  # type: ignore[no-any-return]


def with_standard_marked(
    decisions: Iterable[Decision], printer: Printer = print_of
) -> Iterator[Decision]:
    """The decisions, with every paragraph marked that stands in enough of them.

    Args:
        decisions: In order of id. They are gone through twice, so an iterator will not do.
        printer: Makes prints, or knows them already.
    """
    placed, stands_in = array("i"), array("i")
    with closing(_Groups(printer)) as known:
        for decision in decisions:
            groups = [known.place(paragraph.words) for paragraph in _candidates(decision)]
            placed.extend(groups)
            for group in sorted(set(groups)):
                if group == len(stands_in):
                    stands_in.append(0)
                stands_in[group] += 1
    groups_in_order = iter(placed)
    for decision in decisions:
        standard = {
            paragraph.number
            for paragraph in _candidates(decision)
            if stands_in[next(groups_in_order)] >= ENOUGH
        }
        yield _marked(decision, standard) if standard else decision


@dataclass(slots=True)
class _Groups:
    """Puts texts into groups, one after the other.

    What it must know of the texts that opened a group grows with the collection, so SQLite holds
    it: in memory while it is little, in a nameless file that goes with the process once it is not.
    """

    printer: Printer
    _known: sqlite3.Connection = field(init=False)
    _count: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self._known = sqlite3.connect("", isolation_level=None)
        self._known.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE texts (digest BLOB PRIMARY KEY, place INTEGER) WITHOUT ROWID;"
            "CREATE TABLE prints (place INTEGER PRIMARY KEY, print BLOB);"
            "CREATE TABLE bands (band INTEGER, place INTEGER, PRIMARY KEY (band, place))"
            " WITHOUT ROWID; BEGIN"
        )

    def close(self) -> None:
        self._known.close()

    def place(self, words: str) -> int:
        """The number of the first group that these words are like, or of a new one, from 0."""
        tokens = " ".join(re.findall(r"\w+", words.lower()))
        digest = blake2b(tokens.encode(), digest_size=16).digest()
        # Groups are numbered as they come: the first that a text was like stays the first.
        same = self._known.execute("SELECT place FROM texts WHERE digest = ?", (digest,))
        if row := same.fetchone():
            return int(row[0])
        made = self.printer(tokens)
        group = self._like(made)
        if group is None:
            group = self._opened(made)
        self._known.execute("INSERT INTO texts VALUES (?, ?)", (digest, group))
        return group

    def _like(self, made: bytes) -> int | None:
        bands = _bands(made)
        near = self._known.execute(
            "SELECT DISTINCT place, print FROM bands JOIN prints USING (place)"
            f" WHERE band IN ({','.join('?' * len(bands))}) ORDER BY place",
            bands,
        )
        return next((place for place, other in near if _likeness(made, other) >= LIKENESS), None)

    def _opened(self, made: bytes) -> int:
        group = self._count
        self._count += 1
        self._known.execute("INSERT INTO prints VALUES (?, ?)", (group, made))
        self._known.executemany(
            "INSERT INTO bands VALUES (?, ?)", [(band, group) for band in _bands(made)]
        )
        return group


def _bands(made: bytes) -> list[int]:
    size = NUMBERS * 4
    return [
        int.from_bytes(
            blake2b(made[i * size : (i + 1) * size], digest_size=8, salt=bytes([i])).digest(),
            signed=True,
        )
        for i in range(BANDS)
    ]


def _likeness(one: bytes, other: bytes) -> float:
    """The share of word pairs in common, reckoned from two prints."""
    same: int = sum(map(eq, memoryview(one).cast("I"), memoryview(other).cast("I")))
    return same / _PERMUTATIONS


def _marked(decision: Decision, numbers: set[int]) -> Decision:
    def settle(paragraph: Paragraph) -> Paragraph:
        if paragraph.boilerplate or paragraph.number not in numbers:
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
