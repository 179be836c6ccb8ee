"""Snapshots: one complete built index in its own folder, and the one that is current."""

import hashlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import msgspec

from index.bm25 import Bm25
from index.faiss_store import FaissStore
from index.manifest import Manifest
from index.tables import Tables

MANIFEST = "manifest.json"
PASSAGES = "passages.faiss"
SENTENCES = "sentences.faiss"
TABLES = "tables.sqlite"
WORDS = "words"


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
        words: BM25 over the passages.
        tables: Texts and metadata.
    """

    folder: Path
    manifest: Manifest
    passages: FaissStore
    sentences: FaissStore
    words: Bm25
    tables: Tables


def current_folder(data: Path) -> Path | None:
    """The folder of the current snapshot below a data folder, or None where there is none."""
    try:
        name = (data / "current").read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return data / "snapshots" / name


def make_current(data: Path, name: str) -> None:
    """Make the snapshot of this name current, in one step that no crash can cut in two."""
    new = data / f"current.{os.getpid()}"
    new.write_text(f"{name}\n", encoding="ascii")
    new.replace(data / "current")


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
            words=Bm25.read(folder / WORDS),
            tables=Tables(folder / TABLES),
        )
        counts = (
            len(snapshot.tables),
            len(snapshot.passages),
            len(snapshot.sentences),
            len(snapshot.words),
        )
    except (OSError, RuntimeError, sqlite3.Error, msgspec.MsgspecError) as error:
        raise NoSnapshot(
            f"the snapshot in {folder} cannot be opened ({error}): run 'upheld build' again"
        ) from error
    if counts != (
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
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != MANIFEST
    }
