"""Durable: files and folders that no crash leaves half-written, and no power cut takes back."""

import os
from pathlib import Path


def write_durably(path: Path, content: bytes) -> None:
    """Write a small file in one step: whoever reads it finds the old content, or all of the new.

    Raises:
        OSError: It cannot be written; the old one is as it was.
    """
    new = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        with new.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise
    sync(path.parent)


def put_in_place(made: Path, place: Path) -> None:
    """Give a folder that was made beside its place its name, once all of it is on the disk.

    Raises:
        OSError: It cannot be written, or something other than an empty folder is in its place.
    """
    for path in sorted(made.rglob("*")):
        sync(path)
    sync(made)
    made.rename(place)
    sync(place.parent)


def sync(path: Path) -> None:
    """Wait until a file, or the list of a folder's files, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
