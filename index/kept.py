"""Kept work: what a build worked out, by the content that it was worked out from."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

KEPT = "kept.sqlite"

_CACHE_KB = 8192
_AT_ONCE = 500
"""Keys asked for in one query; SQLite takes some thousands."""


class Kind(StrEnum):
    """What sort of work is kept; each has a table of its own."""

    READING = "readings"
    PRINT = "prints"
    PREPARED = "prepared"
    VECTOR = "vectors"


_SCHEMA = "".join(
    f"CREATE TABLE IF NOT EXISTS {kind}"
    " (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, value BLOB NOT NULL) STRICT;"
    for kind in Kind
)


@dataclass(slots=True)
class Kept:
    """The file of kept work. Whoever has it open holds the build lock.

    A key is a digest of all that a value depends on, so an entry is never out of date; what no
    longer occurs is dropped once it is most of its table. Nothing here is needed: a file that is
    damaged is set aside, and the work is done again.

    Attributes:
        path: The SQLite file.
        warnings: What its owner should hear of.
    """

    path: Path
    warnings: list[str] = field(default_factory=list)
    _connection: sqlite3.Connection = field(init=False)
    _seen: dict[Kind, bytearray] = field(init=False)

    def __post_init__(self) -> None:
        with self._mending():
            self._open()

    def _open(self) -> None:
        self._seen = {kind: bytearray() for kind in Kind}
        self._connection = sqlite3.connect(self.path)
        self._connection.executescript(
            f"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
            f"PRAGMA cache_size = -{_CACHE_KB};{_SCHEMA}"
        )

    def get(self, kind: Kind, key: bytes) -> bytes | None:
        """The value of this key, if it is kept."""
        return self.get_many(kind, [key]).get(key)

    def get_many(self, kind: Kind, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The values of those of these keys that are kept."""
        found: dict[bytes, bytes] = {}
        with self._mending():
            for start in range(0, len(keys), _AT_ONCE):
                some = keys[start : start + _AT_ONCE]
                rows = self._connection.execute(
                    f"SELECT id, key, value FROM {kind} WHERE key IN ({_marks(some)})", some
                ).fetchall()
                self._see(kind, [row for row, _, _ in rows])
                found.update({key: value for _, key, value in rows})
        return found

    def put(self, kind: Kind, key: bytes, value: bytes) -> None:
        """Keep a value, in the place of one that turned out to be of no use."""
        with self._mending():
            # Not REPLACE: it would give the entry another id, and so another place in the file.
            ((row,),) = self._connection.execute(
                f"INSERT INTO {kind} (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value RETURNING id",
                (key, value),
            ).fetchall()
            self._see(kind, [row])

    def commit(self) -> None:
        """Have all that was put survive whatever happens to this process."""
        with self._mending():
            self._connection.commit()

    def drop_unseen(self) -> None:
        """Drop what was neither got nor put since this was opened, where it is most of a table."""
        with self._mending():
            dropped = [kind for kind in Kind if self._is_mostly_unseen(kind)]
            for kind in dropped:
                self._drop(kind)
            self._connection.commit()
            if dropped:
                self._connection.execute("VACUUM")

    def close(self) -> None:
        """Keep what was put, and close the file."""
        with self._mending():
            self._connection.commit()
        self._connection.close()

    def _see(self, kind: Kind, rows: list[int]) -> None:
        seen = self._seen[kind]
        if rows and max(rows) // 8 >= len(seen):
            seen.extend(bytes(max(rows) // 8 + 1 - len(seen)))
        for row in rows:
            seen[row // 8] |= 1 << row % 8

    def _is_mostly_unseen(self, kind: Kind) -> bool:
        kept = self._connection.execute(f"SELECT count(*) FROM {kind}").fetchone()[0]
        return bool(kept > 2 * int.from_bytes(self._seen[kind]).bit_count())

    def _drop(self, kind: Kind) -> None:
        last = self._connection.execute(f"SELECT max(id) FROM {kind}").fetchone()[0]
        seen = self._seen[kind]
        seen.extend(bytes(max(0, last // 8 + 1 - len(seen))))
        self._connection.executemany(
            f"DELETE FROM {kind} WHERE id = ?",
            ((row,) for row in range(1, last + 1) if not seen[row // 8] & 1 << row % 8),
        )

    @contextmanager
    def _mending(self) -> Iterator[None]:
        """Set the file aside where it turns out to be damaged, and go on with an empty one.

        What was put in it since the last commit is lost with it: it is worked out again.
        """
        try:
            yield
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise
            aside = self.path.with_name(f"{self.path.name}.damaged")
            self._connection.close()
            self.path.replace(aside)
            for ending in ("-wal", "-shm"):
                with suppress(FileNotFoundError):
                    self.path.with_name(self.path.name + ending).unlink()
            self.warnings.append(
                f"the kept work in {self.path} is damaged ({error}): it is set aside as "
                f"{aside.name}, and what was kept is worked out again"
            )
            self._open()


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
