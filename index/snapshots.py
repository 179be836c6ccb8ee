"""Snapshots side by side: which there are, going back to one, keeping it, and deleting the rest."""

import os
import shutil
import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from corpus.model import DecisionId
from index.durable import sync, write_durably
from index.encoders import open_encoder
from index.manifest import Manifest
from index.snapshot import (
    SNAPSHOTS,
    current_folder,
    make_current,
    open_snapshot,
    read_manifest,
    were_current,
)
from index.withdrawal import held, withdrawn, without

PINNED = "pinned"
KEPT = 2
"""How many are kept beside the current one and those pinned."""


class NoSuchSnapshot(RuntimeError):
    """A name that no snapshot has, or that is the beginning of several."""


class Listed(Struct, frozen=True, kw_only=True):
    """A snapshot that lies in a data folder.

    Attributes:
        snapshot: Its name.
        built: When; None where its manifest cannot be read, as is what stands in it.
        decisions: How many.
        passages: How many vectors of paragraphs.
        encoder: Name of the encoder.
        bytes: What it takes on the disk.
        own_bytes: What deleting it alone would free: not files that it shares with others.
        current: Whether it is the current one.
        previous: Whether it was current before, so that a rollback without a name leads to it.
        pinned: Whether it is kept whatever happens.
    """

    snapshot: str
    built: datetime | None
    decisions: int | None
    passages: int | None
    encoder: str | None
    bytes: int
    own_bytes: int
    current: bool
    previous: bool
    pinned: bool


class Pruned(Struct, frozen=True, kw_only=True):
    """What was deleted.

    Attributes:
        snapshots: The names of those that were.
        bytes: How much room that made.
    """

    snapshots: tuple[str, ...]
    bytes: int


def snapshots(data: Path) -> tuple[Listed, ...]:
    """All snapshots of a data folder: the current one, then the latest used first."""
    current, before, kept = current_folder(data), previous(data), pins(data)
    found = []
    for folder in _by_use(data):
        manifest = _manifest(folder)
        found.append(
            Listed(
                snapshot=folder.name,
                built=manifest.built if manifest else None,
                decisions=manifest.decisions if manifest else None,
                passages=manifest.passages if manifest else None,
                encoder=manifest.encoder if manifest else None,
                bytes=room([folder], shared=True),
                own_bytes=room([folder]),
                current=folder == current,
                previous=folder.name == before,
                pinned=folder.name in kept,
            )
        )
    return tuple(found)


def previous(data: Path) -> str | None:
    """The name of the snapshot that was current before and is still there."""
    names = _names(data)
    now = current_folder(data)
    return next(
        (n for n in reversed(were_current(data)) if n in names and not (now and n == now.name)),
        None,
    )


def named(data: Path, beginning: str) -> str:
    """The name of the one snapshot whose name begins so.

    Raises:
        NoSuchSnapshot: None does, or several do.
    """
    found = sorted(n for n in _names(data) if n.startswith(beginning))
    if beginning in found or len(found) == 1:
        return beginning if beginning in found else found[0]
    raise NoSuchSnapshot(
        f"{beginning} may be any of {', '.join(found)}: give more of the name"
        if found
        else f"no snapshot in {data} begins with {beginning}: see 'upheld snapshots'"
    )


def pins(data: Path) -> frozenset[str]:
    """The names of the snapshots that are kept whatever happens; one may be gone all the same."""
    try:
        return frozenset((data / PINNED).read_text(encoding="ascii").split())
    except FileNotFoundError:
        return frozenset()


def pin(data: Path, name: str) -> None:
    """Keep a snapshot whatever happens.

    Raises:
        OSError: The folder cannot be written.
    """
    _write_pins(data, pins(data) | {name})


def unpin(data: Path, name: str) -> None:
    """Let a snapshot be deleted when its time comes.

    Raises:
        OSError: The folder cannot be written.
    """
    _write_pins(data, pins(data) - {name})


def roll_back(data: Path, name: str | None = None) -> str:
    """Make another snapshot current, or the one that was before. A second time undoes the first.

    Where it holds decisions that were withdrawn since, one like it without them becomes current
    instead. To be called with the build's lock held.

    Returns:
        The name of the snapshot that is current now.

    Raises:
        NoSuchSnapshot: None was current before.
        NoSnapshot: It cannot be opened.
        index.manifest.StaleSnapshot: Another version, or another encoder, made it.
        index.models.EncoderUnavailable: Its encoder is not here.
        index.withdrawal.CannotWithdraw: What was withdrawn cannot be read, or is all it holds.
        OSError: The folder cannot be written.
    """
    name = name or previous(data)
    if name is None:
        raise NoSuchSnapshot(f"no snapshot in {data} was current before: see 'upheld snapshots'")
    folder = data / SNAPSHOTS / name
    manifest = open_snapshot(folder).manifest
    # A server that starts afresh would not, over one that its encoder did not make.
    manifest.require(open_encoder(manifest, data))
    gone = withdrawn(data)
    if here := held(folder, gone):
        folder = without(folder, {i: gone[i] for i in here})
    make_current(data, folder.name)
    return folder.name


def holding(data: Path, ids: Collection[DecisionId]) -> tuple[str, ...]:
    """The names of the snapshots that hold any of these decisions, or may: they cannot be read."""
    found = []
    for folder in _by_use(data):
        try:
            if held(folder, ids):
                found.append(folder.name)
        except sqlite3.Error:
            found.append(folder.name)
    return tuple(found)


def prune(data: Path, keep: int = KEPT) -> Pruned:
    """Delete all snapshots but the current one, those pinned, and some that were used last.

    Servers that have one open go on with it: they hold its files open or mapped, and the system
    keeps the content of a deleted file until nobody does. To be called with the build's lock held.

    Args:
        data: The data folder.
        keep: How many more are kept.

    Raises:
        OSError: One cannot be deleted.
    """
    current, kept = current_folder(data), pins(data)
    others = [f for f in _by_use(data) if f != current and f.name not in kept]
    names = {f.name for f in others[keep:]}
    gone = [*others[keep:], *leftovers(data)]
    freed = room(gone)
    for folder in gone:
        # First its name, so that no snapshot is ever seen half-deleted.
        going = folder.with_name(f"{folder.name}.going-{os.getpid()}")
        folder.rename(going)
        shutil.rmtree(going)
    if gone:
        sync(data / SNAPSHOTS)
    return Pruned(snapshots=tuple(sorted(names)), bytes=freed)


def leftovers(data: Path) -> list[Path]:
    """Folders of builds and deletions that did not end, unless they are under way."""
    return [f for f in _folders(data) if "." in f.name]


def room(folders: Iterable[Path], *, shared: bool = False) -> int:
    """What folders take on the disk, in bytes, each file counted once.

    Args:
        folders: Which.
        shared: Whether files count that have a name elsewhere, too.
    """
    links: dict[tuple[int, int], list[int]] = {}
    for folder in folders:
        for file in folder.rglob("*"):
            seen = file.lstat()
            if file.is_file():
                found = links.setdefault((seen.st_dev, seen.st_ino), [seen.st_nlink, seen.st_size])
                found[0] -= 1
    return sum(size for left, size in links.values() if shared or left == 0)


def _manifest(folder: Path) -> Manifest | None:
    try:
        return read_manifest(folder)
    except (OSError, msgspec.MsgspecError):
        return None


def _by_use(data: Path) -> list[Path]:
    """The current snapshot, then those that were current, the latest first, then the others."""
    place = {name: number for number, name in enumerate(were_current(data))}
    if now := current_folder(data):
        place[now.name] = len(place)
    folders = [f for f in _folders(data) if "." not in f.name]
    return sorted(
        folders, key=lambda f: (place.get(f.name, -1), f.stat().st_mtime, f.name), reverse=True
    )


def _names(data: Path) -> set[str]:
    return {f.name for f in _folders(data) if "." not in f.name}


def _folders(data: Path) -> list[Path]:
    try:
        return [f for f in (data / SNAPSHOTS).iterdir() if f.is_dir()]
    except FileNotFoundError:
        return []


def _write_pins(data: Path, names: Iterable[str]) -> None:
    write_durably(data / PINNED, "".join(f"{n}\n" for n in sorted(names)).encode())
