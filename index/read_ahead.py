"""Reading ahead: a snapshot's files into the system's memory, before questions need them.

A question over a million passages touches some thousands of places, all over files of gigabytes.
Read one by one, when it needs them, they take it a hundred times as long as in memory. Read from
end to end they take seconds, once; and the system takes memory back that was not used for a while,
unless it is locked.
"""

import ctypes
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

from index.snapshot import COLUMNS, FINDINGS, PASSAGES, SENTENCES, TABLES, WORDS

_LOCKED = (WORDS, COLUMNS, "*.lists.faiss")
"""What is mapped, and questions go through from end to end: a fifth of a large snapshot."""

_READ = (PASSAGES, FINDINGS, SENTENCES, TABLES)
"""What they take single rows of."""

_MAPPED = Path("/proc/self/maps")
"""Where Linux tells what a process has mapped; elsewhere nothing is locked."""

_AT_ONCE = 1 << 20


def read_ahead(folder: Path) -> None:
    """Read what questions need of a snapshot, to its end or until it is deleted.

    Of an opened one, what they go through stays in memory until it is closed, if `RLIMIT_MEMLOCK`
    lets this process lock so much. Half of the memory is left to others.
    """
    left = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    for file in _files(folder, _LOCKED):
        # First, since a process that locks what is not in memory yet waits with all its threads.
        _read_through(file)
        for address, length in _mapped(file):
            if length <= left and not ctypes.CDLL(None).mlock(
                ctypes.c_void_p(address), ctypes.c_size_t(length)
            ):
                left -= length
    for file in _files(folder, _READ):
        _read_through(file)


def begin_to_read_ahead(folder: Path) -> None:
    """The same beside what else is done; a process that ends does not wait for it."""
    Thread(target=read_ahead, args=(folder,), name="read-ahead", daemon=True).start()


def _files(folder: Path, names: tuple[str, ...]) -> Iterator[Path]:
    for name in names:
        for place in sorted(folder.glob(name)):
            yield from sorted(place.iterdir()) if place.is_dir() else [place]


def _read_through(file: Path) -> None:
    block = bytearray(_AT_ONCE)
    with suppress(OSError), file.open("rb", buffering=0) as stream:
        while stream.readinto(block):
            pass


def _mapped(file: Path) -> Iterator[tuple[int, int]]:
    """Where in this process's memory a file is mapped: address and length of each part."""
    ending = f" {file.resolve()}"
    with suppress(OSError):
        for line in _MAPPED.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.endswith(ending):
                begin, end = (int(number, 16) for number in line.split(" ", 1)[0].split("-"))
                yield begin, end - begin
