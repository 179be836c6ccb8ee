"""Doctor: whether a snapshot is whole and the set-up can answer from it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from rich.filesize import decimal

from corpus.tokens import TokensUnavailable, count_language_model_tokens
from index.build_lock import Busy, build_lock
from index.catalogue import read_only
from index.encoders import open_encoder
from index.hybrid import HybridRetriever
from index.manifest import StaleSnapshot
from index.snapshot import TABLES, NoSnapshot, Snapshot, checksums, open_current
from index.snapshots import leftovers, pins, room, snapshots
from service.check import Check
from service.self_query import NotItself, ask_itself


def examine(data: Path) -> Iterator[Check]:
    """Look at everything in turn, and stop where the rest makes no sense."""
    try:
        count_language_model_tokens("one")
        yield Check(True, "the token table is here")
    except TokensUnavailable as error:
        yield Check(False, str(error))
    try:
        snapshot = open_current(data)
    except NoSnapshot as error:
        yield Check(False, str(error))
        return
    manifest = snapshot.manifest
    yield Check(True, f"snapshot {manifest.snapshot} of {manifest.decisions} decisions opens")
    yield from _beside(data, snapshot)
    now = checksums(snapshot.folder)
    wrong = sorted(
        f for f in now.keys() | manifest.files.keys() if now.get(f) != manifest.files.get(f)
    )
    yield Check(
        not wrong,
        f"damaged, missing or foreign: {', '.join(wrong)}: run 'upheld build' again"
        if wrong
        else f"all {len(now)} files have the digests that they were written with",
    )
    counts = (_paragraphs(snapshot), len(snapshot.passages), len(snapshot.sentences))
    # A paragraph that was withdrawn has no role; see `index.withdrawal`.
    shown = int((snapshot.columns.role >= 0).sum())
    wanted = (shown, manifest.passages, manifest.sentences)
    yield Check(
        counts == wanted,
        f"{counts[0]} paragraphs, {counts[1]} passages, {counts[2]} sentences"
        + ("" if counts == wanted else f", wanted {wanted}"),
    )
    try:
        retriever = HybridRetriever.open(snapshot, open_encoder(manifest, data))
    except (StaleSnapshot, RuntimeError) as error:
        yield Check(False, str(error))
        return
    yield Check(True, f"the encoder {manifest.encoder} fits")
    try:
        ask_itself(retriever)
    except NotItself as error:
        yield Check(False, str(error))
    else:
        yield Check(True, "a paragraph is found by its own words")


def _beside(data: Path, snapshot: Snapshot) -> Iterator[Check]:
    """Look at what lies beside the current snapshot, and at the room that is left."""
    yield _left_over(data)
    missing = sorted(pins(data) - {s.snapshot for s in snapshots(data)})
    yield Check(
        not missing,
        f"pinned but not there: {', '.join(missing)}: run 'upheld snapshots unpin' for each"
        if missing
        else "all pinned snapshots are there",
    )
    free, wanted = shutil.disk_usage(data).free, room([snapshot.folder], shared=True)
    yield Check(
        free >= wanted,
        f"{decimal(free)} are free in {data}, another snapshot takes {decimal(wanted)}"
        + ("" if free >= wanted else ": make room, or run 'upheld snapshots prune'"),
    )


def _left_over(data: Path) -> Check:
    try:
        with build_lock(data):
            found = leftovers(data)
    except Busy as error:
        return Check(True, str(error))
    except OSError:
        # Nobody can be at work where nobody can write.
        found = leftovers(data)
    names = ", ".join(sorted(f.name for f in found))
    return Check(
        not found,
        f"left over from what was cut short: {names}: run 'upheld snapshots prune'"
        if found
        else "nothing is left over from builds that were cut short",
    )


def _paragraphs(snapshot: Snapshot) -> int:
    with read_only(snapshot.folder / TABLES) as c:
        return int(c.execute("SELECT count(*) FROM paragraphs").fetchone()[0])
