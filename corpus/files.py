"""Files: the published files in folders and archives, each with its decision or its reason."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from corpus.archive import members
from corpus.lines import Unreadable
from corpus.model import Decision
from corpus.reader import ParseError, read_decision

MAX_BYTES = 10_000_000
"""A decision's page is some 50 kB; a single file beyond this is no decision."""

MAX_ARCHIVE_BYTES = 1_000_000_000


def find_files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and those below the folders named, in order of path."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and p.name[0] != ".")
        else:
            yield path


def read_files(paths: Sequence[Path]) -> Iterator[Decision | ParseError]:
    """Each file's decision, or the reason why it is set aside; never raises for a file's sake."""
    for path in find_files(paths):
        if path.suffix.lower() == ".zip":
            yield from _read_archive(path)
        else:
            try:
                yield read_file(path)
            except ParseError as error:
                yield error


def read_file(path: Path) -> Decision:
    """Read one published file.

    Raises:
        ParseError: It cannot be read, or holds no decision.
    """
    return read_decision(_content(path, MAX_BYTES), str(path))


def _read_archive(path: Path) -> Iterator[Decision | ParseError]:
    try:
        for name, content in members(_content(path, MAX_ARCHIVE_BYTES)):
            inside = f"{path}/{name}"
            if isinstance(content, Unreadable):
                yield ParseError(inside, str(content))
                continue
            try:
                yield read_decision(content, inside)
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
