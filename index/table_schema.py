"""Table schema: what a snapshot's SQLite file holds, and how it is written."""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from corpus.model import Decision
from index.abbreviations import openings_in
from index.digests import digest_of_decision
from index.names import body_words
from index.prepared import Prepared

SCHEMA = """
-- By number, not by id: rows this long, found by a text, would make a tree of many levels.
CREATE TABLE decisions (
    decision_id TEXT NOT NULL UNIQUE,
    -- Its place in order of id, as in the columns.
    number INTEGER PRIMARY KEY,
    reference TEXT,
    bodies TEXT NOT NULL,
    category TEXT NOT NULL,
    outcome TEXT NOT NULL,
    decided TEXT,
    sha256 TEXT NOT NULL,
    file TEXT NOT NULL,
    json BLOB NOT NULL
) STRICT;
CREATE TABLE names (
    word TEXT NOT NULL,
    decision_id TEXT NOT NULL REFERENCES decisions,
    plain INTEGER NOT NULL,
    PRIMARY KEY (word, decision_id)
) STRICT, WITHOUT ROWID;
-- Short forms that decisions introduce, and how many of them by each long form.
CREATE TABLE abbreviations (
    -- The short form in lower case.
    folded TEXT NOT NULL,
    long TEXT NOT NULL,
    short TEXT NOT NULL,
    -- The first two stems of the long form.
    opening TEXT NOT NULL,
    decisions INTEGER NOT NULL,
    -- Whether some decision writes the folded form as a word.
    plain INTEGER NOT NULL,
    PRIMARY KEY (folded, long)
) STRICT, WITHOUT ROWID;
-- The words that at least `SEVERAL` decisions write without a capital, and how many do.
CREATE TABLE vocabulary (
    word TEXT PRIMARY KEY,
    decisions INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE paragraphs (
    id INTEGER PRIMARY KEY,
    decision_id TEXT NOT NULL REFERENCES decisions,
    number INTEGER NOT NULL,
    role TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    wording TEXT NOT NULL,
    UNIQUE (decision_id, number)
) STRICT;
-- Numbered in the order of the text of all decisions.
CREATE TABLE findings (
    row INTEGER PRIMARY KEY,
    paragraph INTEGER NOT NULL REFERENCES paragraphs,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    finding TEXT NOT NULL,
    issue TEXT NOT NULL
) STRICT;
-- With what its decision is listed by, so that lists of remedies never go through the texts.
CREATE TABLE remedies (
    decision_id TEXT NOT NULL REFERENCES decisions,
    reference TEXT,
    bodies TEXT NOT NULL,
    category TEXT NOT NULL,
    outcome TEXT NOT NULL,
    decided TEXT,
    number INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    kind TEXT NOT NULL,
    amount_pence INTEGER,
    recipient TEXT,
    deadline TEXT,
    done INTEGER NOT NULL CHECK (done IN (0, 1))
) STRICT;
-- Decisions that were there once, and on which day they were found gone.
CREATE TABLE tombstones (
    decision_id TEXT PRIMARY KEY,
    gone TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""
"""What a snapshot's SQLite file holds; rows of vectors and paragraphs are numbered from 0."""

_INDEXES = """
CREATE INDEX abbreviations_by_opening ON abbreviations (opening);
CREATE INDEX decisions_by_reference ON decisions (reference);
-- Covers what lists and facets ask for, so that they never go through the texts.
CREATE INDEX decisions_listed ON decisions (
    decided DESC, decision_id, number, bodies, category, outcome, reference
);
"""
"""Made once the rows are there, which is quicker."""

SEVERAL = 2
"""How many decisions have to write a word for it to be taken as spelt right."""

_VOCABULARY = 20_000
"""The most words that are kept to repair a question with, however large the collection."""


@dataclass(slots=True)
class TablesWriter:
    """Writes the tables of a snapshot that is being made, decision by decision in order of id.

    Nothing protects the file from a crash: one that is not finished is thrown away.

    Attributes:
        path: The SQLite file, which is not there yet.
        paragraphs: How many were written; the next has this row.
    """

    path: Path
    paragraphs: int = field(default=0, init=False)
    _decisions: int = field(default=0, init=False)
    _findings: int = field(default=0, init=False)
    _plain_words: Counter[str] = field(default_factory=Counter, init=False)
    _abbreviations: Counter[tuple[str, str]] = field(default_factory=Counter, init=False)
    _connection: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self._connection = sqlite3.connect(self.path, isolation_level=None)
        self._connection.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;{SCHEMA}"
        )

    def add(self, decision: Decision, json: bytes, sha256: str, part: Prepared) -> None:
        """Write a decision.

        Args:
            decision: Itself.
            json: The same, encoded.
            sha256: Its digest; see `digest_of_decision`.
            part: What was prepared of it.
        """
        first, execute = self.paragraphs, self._connection.execute
        many = self._connection.executemany
        head = _head(decision)
        numbers = [paragraph.number for _, paragraph in decision.paragraphs()]
        # Rows follow the order of the text, which need not be that of the numbers.
        row_of = {number: first + i for i, number in enumerate(numbers)}
        execute(
            "INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (head[0], self._decisions, *head[1:], sha256, decision.source.file, json),
        )
        many(
            "INSERT INTO paragraphs VALUES (?, ?, ?, ?, ?, ?)",
            [
                (first + i, decision.decision_id, p.number, p.role, made.sha256, made.wording)
                for i, ((_, p), made) in enumerate(
                    zip(decision.paragraphs(), part.paragraphs, strict=True)
                )
            ],
        )
        many(
            "INSERT INTO names VALUES (?, ?, 0)",
            [(word, decision.decision_id) for word in body_words(decision)],
        )
        many(
            "INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    self._findings + i,
                    row_of[f.paragraph],
                    *(f.span.start, f.span.end, f.finding, f.issue),
                )
                for i, f in enumerate(part.findings)
            ],
        )
        many(
            f"INSERT INTO remedies VALUES ({', '.join('?' * 14)})",
            [
                (
                    *head,
                    *(r.paragraph, r.span.start, r.span.end, r.kind),
                    *(_storable(r.amount_pence), r.to, r.deadline, r.done),
                )
                for r in part.remedies
            ],
        )
        self._plain_words.update(part.plain_words.split())
        self._abbreviations.update(part.abbreviations)
        self._decisions += 1
        self._findings += len(part.findings)
        self.paragraphs += len(numbers)

    def finish(self, plain: Collection[str] = (), gone: Iterable[tuple[str, str]] = ()) -> None:
        """Write what only the whole collection tells.

        Args:
            plain: The words of bodies that some decision writes without a capital.
            gone: Ids of decisions that were there once, each with its date in ISO form.
        """
        self._connection.executemany(
            "UPDATE names SET plain = 1 WHERE word = ?", [(word,) for word in sorted(plain)]
        )
        self._connection.executemany("INSERT INTO tombstones VALUES (?, ?)", gone)
        self._connection.executemany(
            "INSERT INTO vocabulary VALUES (?, ?)",
            [pair for pair in self._plain_words.most_common(_VOCABULARY) if pair[1] >= SEVERAL],
        )
        self._connection.executemany(
            # What is written "EHC" and "Ehc" is one.
            "INSERT INTO abbreviations VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET decisions = decisions + excluded.decisions",
            [
                (short.lower(), long, short, opening, decisions, short.lower() in self._plain_words)
                for (short, long), decisions in sorted(self._abbreviations.items())
                for opening in openings_in(long)[:1]
            ],
        )
        self._connection.execute("COMMIT")
        self._connection.executescript(_INDEXES)

    def close(self) -> None:
        """Close the file, finished or not."""
        self._connection.close()


def write_tables(path: Path, decisions: Iterable[tuple[Decision, Prepared]]) -> None:
    """Write the tables of these decisions, in order of id, and of nothing else."""
    with closing(TablesWriter(path)) as writer:
        for decision, part in decisions:
            writer.add(decision, msgspec.json.encode(decision), digest_of_decision(decision), part)
        writer.finish()


def _head(decision: Decision) -> tuple[str | None, ...]:
    """What a decision is listed by, in the order of the columns."""
    return (
        decision.decision_id,
        decision.reference,
        "; ".join(decision.bodies),
        " > ".join(decision.category),
        decision.outcome,
        decision.decided.isoformat() if decision.decided else None,
    )


def _storable(pence: int | None) -> int | None:
    """A sum, if SQLite has a number for it; one beyond that is not meant."""
    return None if pence is None or pence >= 2**63 else pence
