"""Reading ahead: afterwards no part of what a question needs is read from the disk."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.files import read_files
from index.build import build
from index.hashing_encoder import HashingEncoder
from index.read_ahead import read_ahead
from index.snapshot import current_folder
from tests.conftest import SAMPLES

_BLOCK = 4096


def in_memory(file: Path) -> list[bool]:
    """Whether the system has each block of a file in its memory."""
    found = []
    with file.open("rb", buffering=0) as stream:
        for place in range(0, file.stat().st_size, _BLOCK):
            try:
                found.append(os.preadv(stream.fileno(), [bytearray(1)], place, os.RWF_NOWAIT) == 1)
            except BlockingIOError:
                found.append(False)
    return found


def files(folder: Path) -> Iterator[Path]:
    return (f for f in folder.rglob("*") if f.is_file() and f.name != "manifest.json")


def test_what_questions_need_is_in_memory(tmp_path: Path) -> None:
    if not hasattr(os, "RWF_NOWAIT"):
        pytest.skip("this system does not tell what it has in memory")
    build(read_files([SAMPLES]), HashingEncoder(), tmp_path)
    folder = current_folder(tmp_path)
    assert folder is not None
    needed = [f for f in files(folder) if f.name != "decisions.faiss" and f.stat().st_size]
    for file in needed:
        with file.open("rb") as stream:
            os.fdatasync(stream.fileno())
            os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if all(all(in_memory(file)) for file in needed):
        pytest.skip("this file system keeps all in memory")
    read_ahead(folder)
    assert {file.name: all(in_memory(file)) for file in needed} == {f.name: True for f in needed}


def test_a_snapshot_that_is_deleted_meanwhile_is_no_error(tmp_path: Path) -> None:
    read_ahead(tmp_path / "gone")
