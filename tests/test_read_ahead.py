"""Reading ahead: afterwards no part of what a question needs is read from the disk."""

import ctypes
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
from index.snapshot import current_folder
from tests.conftest import SAMPLES

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


def test_what_questions_need_is_in_memory(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux is asked what it has in memory")
    build(read_files([SAMPLES]), HashingEncoder(), tmp_path)
    folder = current_folder(tmp_path)
    assert folder is not None
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


def test_a_snapshot_that_is_deleted_meanwhile_is_no_error(tmp_path: Path) -> None:
    read_ahead(tmp_path / "gone")
