"""Files: the published files in folders and archives, each with its decision or its reason."""

import os
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path, PurePath
from typing import Protocol

from corpus.archive import members
from corpus.lines import Unreadable
from corpus.model import Decision
from corpus.reader import ParseError, read_decision

MAX_BYTES = 10_000_000
"""A decision's page is some 50 kB; a single file beyond this is no decision."""

MAX_ARCHIVE_BYTES = 1_000_000_000


class Readings(Protocol):
    """What files were read as before, by their bytes."""

    def find(self, sha256: bytes, name: str) -> Decision | str | None:
        """What a file of these bytes and this name was read as, or why it was not; None if new."""
        ...

    def keep(self, sha256: bytes, name: str, became: Decision | str) -> None:
        """Note what a file was read as, or why it was not."""
        ...


def find_files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those below the folders named, in order of path."""
    for path in paths:
        if path.is_dir():
            yield from _below(path)
        else:
            yield path


def read_files(
    paths: Sequence[Path], readings: Readings | None = None
) -> Iterator[Decision | ParseError]:
    """Each file's decision, or the reason why it is set aside; never raises for a file's sake.

    Args:
        paths: Files, folders and archives.
        readings: What is known already; a file that it knows is not read again.
    """
    for path in find_files(paths):
        if path.suffix.lower() == ".zip":
            yield from _read_archive(path, readings)
        else:
            try:
                yield _read(_content(path, MAX_BYTES), str(path), readings)
            except ParseError as error:
                yield error


def read_file(path: Path) -> Decision:
    """Read one published file.

    Raises:
        ParseError: It cannot be read, or holds no decision.
    """
    return read_decision(_content(path, MAX_BYTES), str(path))


def _below(folder: Path) -> Iterator[Path]:
    """The files below a folder; only the names of one folder at a time are held."""
    try:
        with os.scandir(folder) as entries:
            found = sorted((e.name, e.is_dir(follow_symlinks=False), e.is_file()) for e in entries)
    except OSError:
        # Whoever reads it as a file learns why it cannot be read.
        yield folder
        return
    for name, is_folder, is_file in found:
        if is_folder:
            yield from _below(folder / name)
        elif is_file and name[0] != ".":
            yield folder / name


def _read(content: bytes, file: str, readings: Readings | None) -> Decision:
    """The decision in a file's bytes, as it was read before or now.

    Raises:
        ParseError: There is none in them.
    """
    if readings is None:
        return read_decision(content, file)
    digest, name = sha256(content).digest(), PurePath(file).name
    became = readings.find(digest, name)
    if became is None:
        try:
            became = read_decision(content, file)
        except ParseError as error:
            became = error.reason
        readings.keep(digest, name, became)
    if isinstance(became, str):
        raise ParseError(file, became)
    return became


def _read_archive(path: Path, readings: Readings | None) -> Iterator[Decision | ParseError]:
    try:
        for name, content in members(_content(path, MAX_ARCHIVE_BYTES)):
            inside = f"{path}/{name}"
            if isinstance(content, Unreadable):
                yield ParseError(inside, str(content))
                continue
            try:
                yield _read(content, inside, readings)
            except ParseError as error:
                yield error
    except Unreadable as error:
        yield ParseError(str(path), str(error))
    except ParseError as error:
        yield error


def _content(path: Path, most: int) -> bytes:
    try:
        if path.stat().st_size > most:
            raise ParseError(str(path), f"larger than {most:,} bytes: no decision is")
        return path.read_bytes()
    except OSError as error:
        raise ParseError(str(path), f"cannot be read: {error.strerror or error}") from error
