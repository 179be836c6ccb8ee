"""The build lock: one process at a time changes which snapshots a data folder has."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

LOCK = "build.lock"


class Busy(RuntimeError):
    """Another process is at work in the data folder; it says which, and since when."""


@contextmanager
def build_lock(data: Path, *, wait: bool = False) -> Iterator[None]:
    """Be the only one that changes snapshots below a data folder.

    The lock is the open file's, not the file's being there: it goes with its process, however that
    ends, and is never left behind.

    Args:
        data: The folder; it is made where it is not there.
        wait: Wait until nobody else has the lock, rather than raise.

    Raises:
        Busy: Another process has it.
        OSError: The folder cannot be written.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / LOCK).open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Busy(f"another build is at work in {data}{_owner(file)}") from None
        file.truncate(0)
        file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {os.getpid()}\n")
        file.flush()
        yield


def _owner(file: TextIO) -> str:
    """Since when the lock is held and by which process, where that is written already."""
    file.seek(0)
    match file.read().split():
        case [since, process]:
            return f" since {since}, process {process}: wait until it is done"
    return ""
