"""Reading ahead: afterwards no part of what a question needs is read from the disk."""

import ctypes
import gc
import mmap
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.files import read_files
from index.build import build
from index.hashing_encoder import HashingEncoder
from index.read_ahead import read_ahead
from index.snapshot import current_folder, open_current
from tests.conftest import SAMPLES
from tests.locked import locked_bytes

_ATTEMPTS = 20
"""A system that is short of memory may take a file back at once; never so often in a row."""


def in_memory(file: Path) -> bool:
    """Whether the system has all of a file in its memory: asked without reading any of it."""
    size = file.stat().st_size
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_COPY) as whole:
        pages = (ctypes.c_ubyte * -(-size // mmap.PAGESIZE))()
        begin = ctypes.c_char.from_buffer(whole)
        failed = ctypes.CDLL(None).mincore(ctypes.byref(begin), ctypes.c_size_t(size), pages)
        del begin
    assert not failed
    return all(page & 1 for page in pages)


def files(folder: Path) -> Iterator[Path]:
    return (f for f in folder.rglob("*") if f.is_file() and f.name != "manifest.json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A snapshot's."""
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux is asked what it has in memory")
    build(read_files([SAMPLES]), HashingEncoder(), tmp_path)
    found = current_folder(tmp_path)
    assert found is not None
    return found


def test_what_questions_need_is_in_memory(folder: Path) -> None:
    needed = [f for f in files(folder) if f.name != "decisions.faiss" and f.stat().st_size]
    for file in needed:
        with file.open("rb") as stream:
            os.fdatasync(stream.fileno())
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if all(in_memory(file) for file in needed):
        pytest.skip("this file system keeps all in memory")
    brought = dict.fromkeys(needed, False)
    for _ in range(_ATTEMPTS):
        read_ahead(folder)
        brought = {file: brought[file] or in_memory(file) for file in needed}
    assert all(brought.values()), [file.name for file in needed if not brought[file]]


def test_what_questions_go_through_stays_there_until_the_snapshot_is_closed(folder: Path) -> None:
    before = locked_bytes()
    opened = open_current(folder.parent.parent)
    read_ahead(folder)
    gone_through = [f for f in files(folder) if f.suffix == ".npy"]
    assert locked_bytes() - before >= sum(f.stat().st_size for f in gone_through) > 0
    del opened
    gc.collect()
    assert locked_bytes() == before


def test_where_nothing_can_be_locked_all_is_read_none_the_less(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.read_ahead._MAPPED", folder / "nothing")
    before = locked_bytes()
    opened = open_current(folder.parent.parent)
    read_ahead(folder)
    assert locked_bytes() == before
    assert opened.folder == folder


def test_a_snapshot_that_is_deleted_meanwhile_is_no_error(tmp_path: Path) -> None:
    read_ahead(tmp_path / "gone")
