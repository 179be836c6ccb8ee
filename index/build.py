"""Build: decisions made into a snapshot, beside the current one, then switched to."""

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from corpus.files import Readings, read_files
from corpus.model import Decision
from corpus.reader import ParseError
from index.build_lock import build_lock
from index.code_digest import code_digest
from index.durable import put_in_place
from index.kept import KEPT, Kept
from index.kept_prints import KeptPrints
from index.kept_readings import KeptReadings
from index.making import Made, make
from index.manifest import FORMAT, Manifest
from index.progress import Progress, Step, silently
from index.protocols import Encoder
from index.self_check import check_itself
from index.snapshot import (
    MANIFEST,
    SNAPSHOTS,
    TABLES,
    checksums,
    current_folder,
    current_made_by,
    make_current,
    open_snapshot,
    read_manifest,
)
from index.snapshots import leftovers, prune
from index.staging import Staging
from index.withdrawal import withdrawn

_EVERY = 100
"""Files or decisions after which what was worked out is kept for good: under a second of work."""


class NothingToBuild(RuntimeError):
    """No decision could be read from what was given."""


class SetAside(Struct, frozen=True, kw_only=True):
    """A file that is not in the index.

    Attributes:
        file: Its path as given.
        reason: Why, for a person.
    """

    file: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}"


class BuildReport(Struct, frozen=True, kw_only=True):
    """What a build did.

    Attributes:
        snapshot: Its name.
        decisions: In the new snapshot.
        added: Decisions that were not there before.
        changed: Decisions that differ from before.
        removed: Decisions that are no longer there.
        kept: Decisions that are as before.
        withdrawn: Decisions that were read and left out, since they were withdrawn.
        set_aside: Files that were not read, each with its reason.
        warnings: What else whoever runs it should know.
        passages: Vectors of paragraphs.
        sentences: Vectors of sentences.
        encoded: Texts that had to be encoded.
        reused: Texts whose vector was there already.
        seconds: How long it took.
        pruned: Snapshots that were deleted since later ones are there; see
            `index.snapshots.prune`.
    """

    snapshot: str
    decisions: int
    added: int
    changed: int
    removed: int
    kept: int
    withdrawn: int
    set_aside: tuple[SetAside, ...]
    warnings: tuple[str, ...]
    passages: int
    sentences: int
    encoded: int
    reused: int
    seconds: float
    pruned: tuple[str, ...] = ()


def build(
    read: Iterable[Decision | ParseError],
    encoder: Encoder,
    data: Path,
    *,
    sample: bool = False,
    wait: bool = False,
    progress: Progress = silently,
) -> BuildReport:
    """Build a snapshot and make it current. Whatever fails, the old one stays as it was.

    Args:
        read: Decisions, and files that were set aside.
        encoder: Makes the vectors.
        data: Folder that holds snapshots.
        sample: Whether these are the bundled fictional samples.
        wait: Wait for another build to end, rather than refuse.
        progress: Told now and then.

    Raises:
        NothingToBuild: There is no decision among them.
        index.build_lock.Busy: Another build is at work there.
        index.withdrawal.CannotWithdraw: The list of what was withdrawn cannot be read.
        OSError: The folder cannot be written.
    """
    return _locked(lambda _: read, encoder, data, sample, wait, progress)


def build_files(
    paths: Sequence[Path],
    encoder: Encoder,
    data: Path,
    *,
    sample: bool = False,
    wait: bool = False,
    progress: Progress = silently,
) -> BuildReport:
    """The same of files, of which those that are as they were are not read again."""
    return _locked(
        lambda readings: read_files(paths, readings), encoder, data, sample, wait, progress
    )


def _locked(
    reader: Callable[[Readings], Iterable[Decision | ParseError]],
    encoder: Encoder,
    data: Path,
    sample: bool,
    wait: bool,
    progress: Progress,
) -> BuildReport:
    try:
        with build_lock(data, wait=wait):
            with _room(data) as room, closing(Kept(data / KEPT)) as kept:
                build = _Build(data, room, encoder, kept, sample, progress)
                report = build.of(reader(KeptReadings(kept)))
            return msgspec.structs.replace(report, pruned=prune(data).snapshots)
    except sqlite3.Error as error:
        raise OSError(f"the build in {data} cannot go on: {error}") from error


@contextmanager
def _room(data: Path) -> Iterator[Path]:
    """A folder to work in. Those of builds that were killed are cleared: we have the lock."""
    snapshots = data / SNAPSHOTS
    snapshots.mkdir(exist_ok=True)
    for left in leftovers(data):
        shutil.rmtree(left)
    room = snapshots / f".making-{os.getpid()}"
    room.mkdir()
    try:
        yield room
    finally:
        shutil.rmtree(room, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Build:
    """A build under way.

    Attributes:
        data: Folder that holds snapshots.
        room: Folder to work in.
        encoder: Makes the vectors.
        kept: What was worked out before.
        sample: Whether these are the bundled fictional samples.
        progress: Told now and then.
        started: When it began.
    """

    data: Path
    room: Path
    encoder: Encoder
    kept: Kept
    sample: bool
    progress: Progress
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    def of(self, read: Iterable[Decision | ParseError]) -> BuildReport:
        """Build of these."""
        gone = withdrawn(self.data)
        with closing(Staging(self.room / "staging.sqlite")) as staging:
            self._follow("reading", staging.take(read), None)
            left_out = staging.settle(gone)
            self._follow("finding standard paragraphs", staging.mark(KeptPrints(self.kept)), None)
            if not len(staging):
                few = "; ".join(map(str, staging.set_aside[:3]))
                raise NothingToBuild(
                    f"no decision could be read{f'; set aside: {few}' if few else ''}"
                )
            before = current_folder(self.data)
            counts = staging.compare(before / TABLES if before else None, gone)
            name = self._name(staging)
            folder = self.data / SNAPSHOTS / name
            made = None if _is_whole(folder) else self._make(staging, folder)
            set_aside = tuple(SetAside(file=e.file, reason=e.reason) for e in staging.set_aside)
        make_current(self.data, name)
        if made:
            self.kept.drop_unseen()
        manifest = read_manifest(folder)
        return BuildReport(
            snapshot=name,
            decisions=manifest.decisions,
            **msgspec.structs.asdict(counts),
            withdrawn=left_out,
            set_aside=set_aside,
            warnings=tuple(self.kept.warnings),
            passages=manifest.passages,
            sentences=manifest.sentences,
            encoded=made.encoded if made else 0,
            reused=made.reused if made else 0,
            seconds=round((datetime.now(UTC) - self.started).total_seconds(), 3),
        )

    def _follow(self, stage: str, done: Iterator[int], total: int | None) -> None:
        """Go through a stage, tell how far it is, and have what was read survive a crash."""
        number = 0
        for number in done:
            if number % _EVERY == 0:
                self.kept.commit()
                self.progress(Step(stage=stage, done=number, total=total))
        self.kept.commit()
        self.progress(Step(stage=stage, done=number, total=number))

    def _name(self, staging: Staging) -> str:
        """A digest of all that a snapshot is made from."""
        content = (
            *(FORMAT, self.encoder.name, self.encoder.fingerprint, self.encoder.limit),
            *(self.sample, code_digest(), staging.digest()),
        )
        return hashlib.sha256(repr(content).encode()).hexdigest()[:16]

    def _make(self, staging: Staging, folder: Path) -> Made:
        """Write a snapshot, open it to see that it is good, and put it in its place."""
        making = self.room / "snapshot"
        before = current_made_by(self.data, self.encoder)
        made = make(making, self.room, staging, self.encoder, self.kept, self.progress, before)
        self.progress(Step(stage="checking", done=0, total=None, encoded=made.encoded))
        manifest = Manifest(
            format=FORMAT,
            snapshot=folder.name,
            encoder=self.encoder.name,
            fingerprint=self.encoder.fingerprint,
            dim=self.encoder.dim,
            limit=self.encoder.limit,
            decisions=made.decisions,
            paragraphs=made.paragraphs,
            passages=made.passages,
            sentences=made.sentences,
            tokens=made.tokens,
            built=self.started,
            sample=self.sample,
            files=checksums(making),
        )
        (making / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
        check_itself(open_snapshot(making), made.first)
        if folder.exists():
            # Damaged, or we would not be here. Renamed first: deleting takes longer.
            folder.rename(self.room / "damaged")
        put_in_place(making, folder)
        return made


def _is_whole(folder: Path) -> bool:
    """Whether a snapshot lies there already, with every byte as it was written."""
    try:
        return read_manifest(folder).files == checksums(folder)
    except (OSError, msgspec.MsgspecError):
        return False
