"""The question log: what was asked, kept for some days, where a deployment wants it."""

import logging
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

from msgspec import Struct

from service.answer import Answer
from service.settings import Settings

log = logging.getLogger(__name__)

_SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA secure_delete = ON;
PRAGMA temp_store = MEMORY;
CREATE TABLE IF NOT EXISTS questions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    asked_at TEXT NOT NULL,
    question TEXT,
    status TEXT NOT NULL,
    confidence REAL NOT NULL,
    snapshot TEXT NOT NULL,
    citation TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS questions_by_time ON questions (asked_at);
"""

_ONLY_THE_OWNER = 0o600
_PURGE_EVERY = timedelta(days=1)
_WAIT = 1.0
"""Seconds that a write waits for another process's, while an answer waits for it."""


class QuestionLogUnavailable(RuntimeError):
    """A question log is wanted, and its file cannot be used."""


class Entry(Struct, frozen=True, kw_only=True):
    """One question that was asked.

    Attributes:
        entry_id: By which it can be deleted; never given twice.
        asked_at: When, in UTC.
        question: As asked; None where it held personal details, which are not kept.
        status: What became of it.
        confidence: How likely it was that the decisions answer, 0 to 1.
        snapshot: What was searched.
        citation: The first match of an answer, in one line.
    """

    entry_id: int
    asked_at: datetime
    question: str | None
    status: str
    confidence: float
    snapshot: str
    citation: str | None


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class QuestionLog:
    """Questions in an SQLite file that only its owner can read, deleted when they are old.

    What is deleted is overwritten in the file. Several threads and processes may use it at once.

    Attributes:
        connection: To the file.
        days: After how many days an entry is deleted.
        now: Tells the time in UTC.
    """

    connection: sqlite3.Connection
    days: int
    now: Callable[[], datetime] = _now
    _lock: Lock = field(default_factory=Lock, init=False)
    _purged: datetime | None = field(default=None, init=False)

    @classmethod
    def open(cls, settings: Settings) -> "QuestionLog | None":
        """The log that the settings name, made where it is missing; None where they name none.

        What is too old is deleted.

        Raises:
            QuestionLogUnavailable: The file can be neither read nor made.
        """
        path = settings.question_log
        if path is None:
            return None
        try:
            found = cls(connected(path), settings.question_log_days)
            found.purge()
        except (OSError, sqlite3.Error) as error:
            raise QuestionLogUnavailable(
                f"the question log {path} cannot be used ({error}): let the service write it and "
                "its folder, or unset UPHELD_QUESTION_LOG"
            ) from error
        return found

    def close(self) -> None:
        """Let go of the file; the files beside it, which hold words, too, are cleared away."""
        self.connection.close()

    def record(self, answer: Answer) -> None:
        """Keep a question and what became of it, but nothing that was said before it.

        Of a question in which personal details were noticed, the words are not kept.

        It writes to the disk, so it belongs on a worker thread and not on the event loop. It raises
        nothing: an answer does not fail because it could not be noted.

        Args:
            answer: What was answered.
        """
        values = (
            _told(self.now()),
            None if answer.personal_details else answer.question,
            answer.status.value,
            answer.confidence,
            answer.snapshot.id,
            answer.matches[0].citation.label if answer.matches else None,
        )
        try:
            with self._transaction() as connection:
                connection.execute(
                    "INSERT INTO questions (asked_at, question, status, confidence, snapshot,"
                    " citation) VALUES (?, ?, ?, ?, ?, ?)",
                    values,
                )
            if self._purged is None or self.now() - self._purged >= _PURGE_EVERY:
                self.purge()
        except (OSError, ValueError, sqlite3.Error) as error:
            why = getattr(error, "sqlite_errorname", type(error).__name__)
            log.error("a question could not be kept in the question log: %s", why)

    def entries(self) -> list[Entry]:
        """All that is kept, oldest first."""
        with self._transaction() as connection:
            rows = connection.execute(
                "SELECT id, asked_at, question, status, confidence, snapshot, citation"
                " FROM questions ORDER BY id"
            )
            return [
                Entry(
                    entry_id=row[0],
                    asked_at=datetime.fromisoformat(row[1]),
                    question=row[2],
                    status=row[3],
                    confidence=row[4],
                    snapshot=row[5],
                    citation=row[6],
                )
                for row in rows
            ]

    def purge(self) -> int:
        """Delete what is older than the days that entries are kept; gives how many."""
        deleted = self.delete_before(self.now() - timedelta(days=self.days))
        self._purged = self.now()
        return deleted

    def delete_before(self, moment: datetime) -> int:
        """Delete what was asked before a moment; gives how many."""
        return self._delete("asked_at < ?", _told(moment))

    def delete_entry(self, entry_id: int) -> int:
        """Delete one entry; gives 1, or 0 where there is none such."""
        return self._delete("id = ?", entry_id)

    def delete_all(self) -> int:
        """Delete everything; gives how many."""
        return self._delete("1")

    def _delete(self, which: str, *values: str | int) -> int:
        with self._transaction() as connection:
            deleted = connection.execute(f"DELETE FROM questions WHERE {which}", values).rowcount
            connection.commit()
            # Until then, the write-ahead log still has the words.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return deleted

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, self.connection:
            yield self.connection


def connected(path: Path) -> sqlite3.Connection:
    """A connection to a log, made where it is missing; none but its owner can read it.

    Raises:
        OSError: It cannot be made.
        sqlite3.Error: It is something else.
    """
    # SQLite gives the files beside it, which hold words, too, the same mode.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, _ONLY_THE_OWNER))
    path.chmod(_ONLY_THE_OWNER)
    connection = sqlite3.connect(path, timeout=_WAIT, check_same_thread=False)
    try:
        connection.executescript(_SCHEMA)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _told(moment: datetime) -> str:
    """A moment such that the order of the texts is that of the moments."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")
