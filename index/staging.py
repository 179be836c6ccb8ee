"""Staging: what was read for a build, on disk, in order of id and beside what was there before."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from corpus.model import Decision, DecisionId
from corpus.reader import ParseError
from corpus.standard import Printer, with_standard_marked
from index.catalogue import read_only
from index.digests import digest_of_decision
from index.identity import settle
from index.names import body_words

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE read (row INTEGER PRIMARY KEY, decision_id TEXT NOT NULL, json BLOB NOT NULL) STRICT;
CREATE TABLE settled (
    number INTEGER PRIMARY KEY,
    decision_id TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL,
    row INTEGER NOT NULL,
    -- Where marking has changed it.
    json BLOB
) STRICT;
CREATE TABLE before (decision_id TEXT PRIMARY KEY, sha256 TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE tombstones (decision_id TEXT PRIMARY KEY, gone TEXT NOT NULL) STRICT, WITHOUT ROWID;
BEGIN;
"""


class Counts(Struct, frozen=True, kw_only=True):
    """What is other than before.

    Attributes:
        added: Decisions that were not there before.
        changed: Decisions that differ from before.
        removed: Decisions that are no longer there.
        kept: Decisions that are as before.
    """

    added: int
    changed: int
    removed: int
    kept: int


@dataclass(slots=True)
class Staging:
    """The decisions of a build. It takes the memory of one at a time, however many there are.

    Nothing protects the file from a crash: it goes with the build.

    Attributes:
        path: The SQLite file, which is not there yet.
        set_aside: What holds no decision, or none of its own.
        body_words: The words by which bodies are told from each other.
    """

    path: Path
    set_aside: list[ParseError] = field(default_factory=list, init=False)
    body_words: set[str] = field(default_factory=set, init=False)
    _connection: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self._connection = sqlite3.connect(self.path, isolation_level=None)
        self._connection.executescript(_SCHEMA)

    def take(self, read: Iterable[Decision | ParseError]) -> Iterator[int]:
        """Take decisions in, and yield how many things were read after each."""
        for number, item in enumerate(read, 1):
            if isinstance(item, ParseError):
                self.set_aside.append(item)
            else:
                self._insert(item)
            yield number
        self._connection.execute("CREATE INDEX read_by_id ON read (decision_id, row)")

    def settle(self, withdrawn: Iterable[str]) -> int:
        """Give each decision an id of its own, and leave out those that were withdrawn.

        Returns:
            How many were left out.
        """
        execute = self._connection.execute
        shared = execute("SELECT decision_id FROM read GROUP BY 1 HAVING count(*) > 1").fetchall()
        for (decision_id,) in shared:
            query = "SELECT json FROM read WHERE decision_id = ? ORDER BY row"
            found, repeated = settle([_decoded(json) for (json,) in execute(query, (decision_id,))])
            self.set_aside.extend(repeated)
            execute("DELETE FROM read WHERE decision_id = ?", (decision_id,))
            for decision in found:
                own = decision.decision_id
                if execute("SELECT 1 FROM read WHERE decision_id = ?", (own,)).fetchone():
                    reason = f"its id, {own}, is that of another decision"
                    self.set_aside.append(ParseError(decision.source.file, reason))
                else:
                    self._insert(decision)
        return sum(
            execute("DELETE FROM read WHERE decision_id = ?", (decision_id,)).rowcount
            for decision_id in withdrawn
        )

    def mark(self, printer: Printer) -> Iterator[int]:
        """Mark standard paragraphs and number the decisions, and yield how many are done."""
        rows = self._connection.execute("SELECT row, json FROM read ORDER BY decision_id")
        marked = with_standard_marked(_Read(self._connection), printer)
        for number, (decision, (row, json)) in enumerate(zip(marked, rows, strict=True)):
            self.body_words.update(body_words(decision))
            made = msgspec.json.encode(decision)
            self._connection.execute(
                "INSERT INTO settled VALUES (?, ?, ?, ?, ?)",
                (
                    number,
                    decision.decision_id,
                    digest_of_decision(decision),
                    row,
                    None if made == json else made,
                ),
            )
            yield number + 1

    def compare(self, tables: Path | None, withdrawn: Mapping[DecisionId, date]) -> Counts:
        """Compare with the snapshot that was there before, and set up the tombstones.

        Args:
            tables: The tables of that snapshot, if there is one.
            withdrawn: When decisions were withdrawn.
        """
        connection = self._connection
        if tables:
            connection.executemany(
                "INSERT INTO before VALUES (?, ?)",
                _rows(tables, "SELECT decision_id, sha256 FROM decisions"),
            )
            connection.executemany(
                "INSERT INTO tombstones VALUES (?, ?)",
                _rows(tables, "SELECT decision_id, gone FROM tombstones"),
            )
        connection.execute(
            "INSERT OR IGNORE INTO tombstones SELECT decision_id, ? FROM before",
            (date.today().isoformat(),),
        )
        connection.executemany(
            "INSERT OR REPLACE INTO tombstones VALUES (?, ?)",
            [(decision_id, day.isoformat()) for decision_id, day in withdrawn.items()],
        )
        connection.execute(
            "DELETE FROM tombstones WHERE decision_id IN (SELECT decision_id FROM settled)"
        )
        both = "FROM settled AS now JOIN before USING (decision_id)"
        changed = self._count(f"{both} WHERE now.sha256 <> before.sha256")
        kept = self._count(both) - changed
        return Counts(
            added=len(self) - changed - kept,
            changed=changed,
            removed=self._count("FROM before") - changed - kept,
            kept=kept,
        )

    def __len__(self) -> int:
        """How many decisions there are."""
        return self._count("FROM settled")

    def decisions(self) -> Iterator[tuple[Decision, bytes, str]]:
        """Each decision in order of id, marked: itself, the same encoded, and its digest."""
        for json, sha256 in self._connection.execute(
            "SELECT coalesce(settled.json, read.json), sha256 FROM settled JOIN read USING (row)"
            " ORDER BY number"
        ):
            yield _decoded(json), json, sha256

    def tombstones(self) -> Iterator[tuple[str, str]]:
        """The ids of decisions that were there once, each with its date."""
        yield from self._connection.execute("SELECT * FROM tombstones ORDER BY decision_id")

    def digest(self) -> str:
        """SHA-256 of which decisions there are, and which were."""
        made = hashlib.sha256()
        for row in self._connection.execute(
            "SELECT decision_id, sha256 FROM settled ORDER BY number"
        ):
            made.update(repr(row).encode())
        for row in self.tombstones():
            made.update(repr(row).encode())
        return made.hexdigest()

    def close(self) -> None:
        """Close the file and delete it."""
        self._connection.close()
        self.path.unlink()

    def _insert(self, decision: Decision) -> None:
        self._connection.execute(
            "INSERT INTO read (decision_id, json) VALUES (?, ?)",
            (decision.decision_id, msgspec.json.encode(decision)),
        )

    def _count(self, what: str) -> int:
        return int(self._connection.execute(f"SELECT count(*) {what}").fetchone()[0])


@dataclass(frozen=True, slots=True)
class _Read:
    """The decisions that were read, in order of id, as often as they are asked for."""

    connection: sqlite3.Connection

    def __iter__(self) -> Iterator[Decision]:
        for (json,) in self.connection.execute("SELECT json FROM read ORDER BY decision_id"):
            yield _decoded(json)


def _decoded(json: bytes) -> Decision:
    return msgspec.json.decode(json, type=Decision)


def _rows(tables: Path, query: str) -> Iterator[tuple[str, str]]:
    """The rows of another file; none, or fewer, where it is damaged or of an older form."""
    try:
        with read_only(tables) as connection:
            yield from connection.execute(query)
    except sqlite3.DatabaseError:
        return
