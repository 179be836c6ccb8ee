"""Withdrawal: decisions taken out of a collection at once, and kept out of later builds."""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import msgspec
import numpy as np
from rapidfuzz import process

from corpus.model import Decision, DecisionId
from index.abbreviations import definitions_of
from index.catalogue import read_only
from index.durable import put_in_place, write_durably
from index.manifest import FORMAT
from index.names import plain_words
from index.query_values import VALUES, values
from index.snapshot import (
    COLUMNS,
    MANIFEST,
    TABLES,
    NoSnapshot,
    checksum,
    current_folder,
    make_current,
    open_snapshot,
)
from index.table_schema import SEVERAL

WITHDRAWN = "withdrawn.json"
NO_ROLE = -1
"""In the column of roles, that a paragraph was withdrawn: no search may bring it."""

_ROLE = f"{COLUMNS}/role.npy"
_ANEW = {TABLES, _ROLE, MANIFEST}
"""The files of a snapshot that a withdrawal changes."""


class CannotWithdraw(RuntimeError):
    """What is to be withdrawn or reinstated cannot be; it says why, and nothing was changed."""


def withdrawn(data: Path) -> dict[DecisionId, date]:
    """The decisions that no build may take in, each with the date on which it was withdrawn.

    Raises:
        CannotWithdraw: The list of them cannot be read.
    """
    try:
        content = (data / WITHDRAWN).read_bytes()
    except FileNotFoundError:
        return {}
    try:
        return msgspec.json.decode(content, type=dict[DecisionId, date])
    except msgspec.MsgspecError as error:
        raise CannotWithdraw(
            f"{data / WITHDRAWN} cannot be read ({error}): put it right, it says which decisions "
            "must not be shown"
        ) from error


def withdraw(data: Path, ids: Sequence[str], on: date) -> str:
    """Take decisions out of the current collection at once, and out of all later ones.

    A new snapshot without them becomes current. The one before still holds their words. To be
    called with the build's lock held.

    Args:
        data: The data folder.
        ids: The decisions, case ignored.
        on: The date that is told from then on.

    Returns:
        The name of the new snapshot.

    Raises:
        CannotWithdraw: One is not there, or was withdrawn before, or nothing would be left.
        NoSnapshot: Nothing is built, or by another version.
        OSError: The folder cannot be written.
    """
    folder = current_folder(data)
    if folder is None:
        raise NoSnapshot(f"nothing is built in {data}, so there is nothing to withdraw")
    before = withdrawn(data)
    gone = {DecisionId(i.lower()): on for i in ids}
    here = held(folder, gone)
    for decision_id in gone.keys() - here:
        raise CannotWithdraw(_not_here(folder, decision_id, before))
    gone = {i: before.get(i, on) for i in gone}
    name = without(folder, gone).name
    # Ahead of the switch: what is gone for readers must not come back with the next build.
    _write(data, before | gone)
    # What was current is none to go back to: it holds what was withdrawn.
    make_current(data, name, to_return_to=False)
    return name


def reinstate(data: Path, ids: Iterable[str]) -> None:
    """Let the next build take decisions in again. To be called with the build's lock held.

    Raises:
        CannotWithdraw: One was not withdrawn.
        OSError: The folder cannot be written.
    """
    before = withdrawn(data)
    back = {DecisionId(i.lower()) for i in ids}
    for decision_id in back - before.keys():
        raise CannotWithdraw(f"{decision_id} was not withdrawn{_like(decision_id, before)}")
    _write(data, {i: on for i, on in before.items() if i not in back})


def held(folder: Path, ids: Iterable[DecisionId]) -> set[DecisionId]:
    """Which of these decisions a snapshot holds."""
    with read_only(folder / TABLES) as c:
        return {
            i
            for i in ids
            if c.execute("SELECT 1 FROM decisions WHERE decision_id = ?", (i,)).fetchone()
        }


def without(folder: Path, gone: Mapping[DecisionId, date]) -> Path:
    """Make a snapshot like another but for some decisions, which it holds, and lay it beside.

    Its other files are the same on the disk, under a second name; so none may ever be written to.
    Their words stay in none of its files. The vectors do, and the stems in the word index, which
    lead nowhere.

    Args:
        folder: The snapshot.
        gone: The decisions, each with the date that is told of it.

    Returns:
        The folder of the new one; its name tells what it was made from.

    Raises:
        CannotWithdraw: Nothing would be left.
        NoSnapshot: It cannot be opened, or another version made it.
        OSError: The folder cannot be written.
    """
    name = hashlib.sha256(repr((folder.name, sorted(gone))).encode()).hexdigest()[:16]
    place = folder.with_name(name)
    if _opens(place):
        return place
    manifest = open_snapshot(folder).manifest
    if manifest.format != FORMAT:
        raise NoSnapshot(
            f"snapshot {folder.name} has format {manifest.format}, this version writes {FORMAT}: "
            "run 'upheld build' again, leaving out what is to be withdrawn"
        )
    if manifest.decisions == len(gone):
        raise CannotWithdraw(
            "no decision would be left: switch answering off with 'upheld off', and build another "
            "collection"
        )
    making = place.with_name(f"{name}.making-{os.getpid()}")
    try:
        _link(folder, making)
        shutil.copyfile(folder / TABLES, making / TABLES)
        rows = _delete(making / TABLES, gone)
        role = np.load(folder / _ROLE)
        role[rows] = NO_ROLE
        np.save(making / _ROLE, role)
        changed = msgspec.structs.replace(
            manifest,
            snapshot=name,
            decisions=manifest.decisions - len(gone),
            files=manifest.files | {file: checksum(making / file) for file in (TABLES, _ROLE)},
        )
        (making / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(changed)))
        open_snapshot(making)
        if place.exists():
            # Damaged, or we would not be here.
            shutil.rmtree(place)
        put_in_place(making, place)
    except sqlite3.Error as error:
        raise CannotWithdraw(f"the tables cannot be written: {error}") from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return place


def _opens(folder: Path) -> bool:
    try:
        open_snapshot(folder)
    except NoSnapshot:
        return False
    return True


def _link(folder: Path, making: Path) -> None:
    """Give each file that stays as it is a second name; where a disk cannot, copy it."""
    for file in sorted(f for f in folder.rglob("*") if f.is_file()):
        name = file.relative_to(folder)
        (making / name).parent.mkdir(parents=True, exist_ok=True)
        if str(name) in _ANEW:
            continue
        try:
            os.link(file, making / name)
        except OSError:
            shutil.copyfile(file, making / name)


def _delete(tables: Path, gone: Mapping[DecisionId, date]) -> list[int]:
    """Delete all that tables hold of some decisions, but for a line that says since when.

    Returns:
        The rows that their paragraphs had. Those of the others stay as they are.
    """
    ids = (values(list(gone)),)
    with closing(sqlite3.connect(tables)) as connection:
        # What is deleted is overwritten, and lies in no journal meanwhile: the file is not yet
        # anybody's, so one that is left half-changed is thrown away.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA journal_mode = OFF")
        with connection:
            rows = [row for (row,) in connection.execute(f"SELECT id {_PARAGRAPHS}", ids)]
            connection.execute(
                f"DELETE FROM findings WHERE paragraph IN (SELECT id {_PARAGRAPHS})", ids
            )
            _forget_words(connection, ids)
            for table in ("remedies", "names", "paragraphs", "decisions"):
                connection.execute(f"DELETE FROM {table} WHERE decision_id IN {VALUES}", ids)
            connection.executemany(
                "INSERT OR REPLACE INTO tombstones VALUES (?, ?)",
                ((i, on.isoformat()) for i, on in gone.items()),
            )
    return rows


def _forget_words(connection: sqlite3.Connection, ids: tuple[str]) -> None:
    """Take decisions out of the counts of words and abbreviations, and what only they had out."""
    query = f"SELECT json FROM decisions WHERE decision_id IN {VALUES}"
    for (json,) in connection.execute(query, ids).fetchall():
        decision = msgspec.json.decode(json, type=Decision)
        connection.executemany(
            "UPDATE vocabulary SET decisions = decisions - 1 WHERE word = ?",
            [(word,) for word in plain_words(decision)],
        )
        connection.executemany(
            "UPDATE abbreviations SET decisions = decisions - 1 WHERE folded = ? AND long = ?",
            [(short.lower(), long) for short, long in definitions_of(decision)],
        )
    connection.execute("DELETE FROM vocabulary WHERE decisions < ?", (SEVERAL,))
    connection.execute("DELETE FROM abbreviations WHERE decisions < 1")


_PARAGRAPHS = f"FROM paragraphs WHERE decision_id IN {VALUES}"


def _write(data: Path, gone: Mapping[DecisionId, date]) -> None:
    content = msgspec.json.encode(dict(sorted(gone.items())))
    write_durably(data / WITHDRAWN, msgspec.json.format(content) + b"\n")


def _not_here(folder: Path, decision_id: DecisionId, before: Mapping[DecisionId, date]) -> str:
    if decision_id in before:
        return f"{decision_id} was withdrawn on {before[decision_id]} already"
    with read_only(folder / TABLES) as c:
        ids = [i for (i,) in c.execute("SELECT decision_id FROM decisions")]
    return f"{decision_id} is not in the collection{_like(decision_id, ids)}"


def _like(decision_id: str, ids: Iterable[DecisionId]) -> str:
    """Which id may have been meant, to end a sentence with."""
    nearest = process.extractOne(decision_id, list(ids), score_cutoff=80)
    return f": did you mean {nearest[0]}?" if nearest else ""
