"""Snapshots: one complete built index in its own folder, and the one that is current."""

import hashlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from index.bm25 import Bm25
from index.columns import Columns
from index.durable import write_durably
from index.faiss_store import FaissStore
from index.manifest import Manifest, StaleSnapshot
from index.protocols import Encoder
from index.tables import Tables

ALIKE = "decisions.faiss"
COLUMNS = "columns"
FINDINGS = "findings.faiss"
CURRENT = "current"
HISTORY = "history"
MANIFEST = "manifest.json"
PASSAGES = "passages.faiss"
SENTENCES = "sentences.faiss"
SNAPSHOTS = "snapshots"
TABLES = "tables.sqlite"
WORDS = "words"

_REMEMBERED = 100
"""How many snapshots that were current are remembered, the latest."""


class NoSnapshot(RuntimeError):
    """Nothing was built yet, or what was built is not all there; it says what to run."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An opened snapshot.

    Attributes:
        folder: Where it lies.
        manifest: What it was built from.
        passages: Vectors of paragraphs and slices.
        sentences: Vectors of sentences.
        findings: Vectors of findings; see `index.contrary`.
        alike: Vectors of decisions; see `index.similar`.
        words: BM25 over the passages.
        columns: What a search must know of every row.
        tables: Texts and metadata.
    """

    folder: Path
    manifest: Manifest
    passages: FaissStore
    sentences: FaissStore
    findings: FaissStore
    alike: FaissStore
    words: Bm25
    columns: Columns
    tables: Tables

    def knows(self, word: str) -> bool:
        """Whether a passage, or what stands above it, has the word in any form."""
        return self.words.knows(word)

    def words_like(self, initial: str, shortest: int, longest: int) -> list[tuple[str, int]]:
        """Words that several decisions write without a capital; see `index.spelling.Vocabulary`."""
        return self.tables.words_like(initial, shortest, longest)


def current_folder(data: Path) -> Path | None:
    """The folder of the current snapshot below a data folder, or None where there is none."""
    try:
        name = (data / CURRENT).read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return data / SNAPSHOTS / name


def current_made_by(data: Path, encoder: Encoder) -> Path | None:
    """The folder of the current snapshot, if this version and this encoder made it."""
    folder = current_folder(data)
    try:
        if folder is not None:
            read_manifest(folder).require(encoder)
    except (OSError, msgspec.MsgspecError, StaleSnapshot):
        return None
    return folder


def make_current(data: Path, name: str, *, to_return_to: bool = True) -> None:
    """Make the snapshot of this name current, in one step that no crash can cut in two.

    Args:
        data: The data folder.
        name: The snapshot, which is all there.
        to_return_to: Whether the one that was current so far is one to go back to.

    Raises:
        OSError: The folder cannot be written; what was current still is.
    """
    before = current_folder(data)
    if before and before.name == name:
        return
    if before and to_return_to:
        # Ahead of the switch: so the last name here was current once, whatever instant a crash
        # comes at.
        names = [n for n in were_current(data) if n != before.name][1 - _REMEMBERED :]
        write_durably(data / HISTORY, "".join(f"{n}\n" for n in [*names, before.name]).encode())
    write_durably(data / CURRENT, f"{name}\n".encode())


def were_current(data: Path) -> tuple[str, ...]:
    """Names of the snapshots that were current before, each once, the latest last."""
    try:
        return tuple((data / HISTORY).read_text(encoding="ascii").split())
    except FileNotFoundError:
        return ()


def open_current(data: Path) -> Snapshot:
    """Open the current snapshot below a data folder.

    Raises:
        NoSnapshot: Nothing was built there, or it is not whole.
    """
    folder = current_folder(data)
    if folder is None:
        raise NoSnapshot(
            f"nothing is built in {data}: run 'upheld build FOLDER --data {data}' with a folder "
            "of decisions"
        )
    return open_snapshot(folder)


def open_snapshot(folder: Path) -> Snapshot:
    """Open the snapshot in a folder.

    Raises:
        NoSnapshot: A file is missing or cannot be read.
    """
    try:
        manifest = read_manifest(folder)
        snapshot = Snapshot(
            folder=folder,
            manifest=manifest,
            passages=FaissStore.read(folder / PASSAGES),
            sentences=FaissStore.read(folder / SENTENCES),
            findings=FaissStore.read(folder / FINDINGS),
            alike=FaissStore.read(folder / ALIKE),
            words=Bm25.read(folder / WORDS),
            columns=Columns.read(folder / COLUMNS),
            tables=Tables(folder / TABLES),
        )
        counts = (
            len(snapshot.tables),
            len(snapshot.columns),
            len(snapshot.passages),
            len(snapshot.sentences),
            len(snapshot.words),
        )
    except (OSError, RuntimeError, ValueError, sqlite3.Error, msgspec.MsgspecError) as error:
        raise NoSnapshot(
            f"the snapshot in {folder} cannot be opened ({error}): run 'upheld build' again"
        ) from error
    if counts != (
        # Of what was withdrawn at the end, the tables have no rows; see `index.withdrawal`.
        manifest.paragraphs - int(np.argmax(snapshot.columns.role[::-1] >= 0)),
        manifest.paragraphs,
        manifest.passages,
        manifest.sentences,
        manifest.passages,
    ):
        raise NoSnapshot(f"the snapshot in {folder} is not whole: run 'upheld build' again")
    return snapshot


def read_manifest(folder: Path) -> Manifest:
    """Read a snapshot's manifest."""
    return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a snapshot but its manifest, by its path within the folder."""
    return {
        str(file.relative_to(folder)): checksum(file)
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != MANIFEST
    }


def checksum(file: Path) -> str:
    """SHA-256 of a file of any size, hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
