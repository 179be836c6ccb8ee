"""Reading ahead: a snapshot's files into the system's memory, before questions need them.

A question over a million passages touches some thousands of places, all over files of gigabytes.
Read one by one, when it needs them, they take it a hundred times as long as in memory. Read from
end to end they take seconds, once, and the system takes the memory back where it is short.
"""

from contextlib import suppress
from pathlib import Path
from threading import Thread

from index.snapshot import COLUMNS, FINDINGS, PASSAGES, SENTENCES, TABLES, WORDS

_FIRST = (WORDS, COLUMNS, "*.lists.faiss", PASSAGES, FINDINGS, SENTENCES, TABLES)
"""What a question needs, what it needs most of first."""

_AT_ONCE = 1 << 20


def read_ahead(folder: Path) -> None:
    """Read what questions need of a snapshot, to its end or until it is deleted."""
    block = bytearray(_AT_ONCE)
    for name in _FIRST:
        for place in sorted(folder.glob(name)):
            for file in sorted(place.iterdir()) if place.is_dir() else [place]:
                with suppress(OSError), file.open("rb", buffering=0) as stream:
                    while stream.readinto(block):
                        pass


def begin_to_read_ahead(folder: Path) -> None:
    """The same beside what else is done; a process that ends does not wait for it."""
    Thread(target=read_ahead, args=(folder,), name="read-ahead", daemon=True).start()
