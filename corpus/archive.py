"""Archive: the files inside a ZIP, within bounds of number, size and ratio."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from zlib import error as ZlibError  # noqa: N812 - zlib names its error like a function

from corpus.lines import Unreadable

MAX_MEMBERS = 100_000
MAX_MEMBER_BYTES = 10_000_000
MAX_RATIO = 200
"""Unpacked to packed size of one member; the text of a decision packs to about a quarter."""


def members(content: bytes) -> Iterator[tuple[str, bytes | Unreadable]]:
    """Each file in a ZIP by its name, with its bytes or the reason why they are not read.

    The sizes that the archive claims are not believed: no more than the bound is ever unpacked.

    Raises:
        Unreadable: It is no ZIP, or holds too many files.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable("the ZIP is damaged") from error
    if len(infos) > MAX_MEMBERS:
        raise Unreadable(f"the ZIP holds more than {MAX_MEMBERS:,} files")
    with archive:
        for info in sorted(infos, key=lambda i: i.filename):
            name = PurePosixPath(info.filename).name
            if info.is_dir() or not name or name.startswith("."):
                continue
            try:
                yield info.filename, _unpack(archive, info)
            except Unreadable as error:
                yield info.filename, error


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & 1:
        raise Unreadable("locked with a password")
    if info.filename.lower().endswith(".zip"):
        raise Unreadable("a ZIP within a ZIP is not read")
    bound = min(MAX_MEMBER_BYTES, MAX_RATIO * max(info.compress_size, 1_000))
    try:
        with archive.open(info) as member:
            content = member.read(bound + 1)
    except (zipfile.BadZipFile, ZlibError, OSError, EOFError, NotImplementedError) as error:
        raise Unreadable("damaged within the ZIP") from error
    if len(content) > bound:
        raise Unreadable(f"unpacks to more than {bound:,} bytes: no decision is like that")
    return content
