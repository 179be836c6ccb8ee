"""Whether a build that is killed at any instant leaves the old index whole, and the next goes on.

Run ``python -m eval.bench.crash [KILLS]``. Each build is a real ``upheld build``, killed with
SIGKILL at a moment chosen evenly from the time that it would be at work. After each kill the
current snapshot is opened, its checksums are verified and it is asked; so is a reader that had it
open all the while. After every tenth, a build is left to finish, and compared with one that nothing
disturbed.
"""

import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec
from msgspec import Struct

from eval.bench.results import json_option, write_json
from eval.bench.server import UPHELD
from eval.bench.variants import write_variants
from index.build import BuildReport
from index.build_lock import LOCK
from index.hashing_encoder import HashingEncoder
from index.hybrid import HybridRetriever
from index.snapshot import CURRENT, SNAPSHOTS, checksums, open_current
from index.snapshots import leftovers
from service.self_query import ask_itself

_COMPARE_EVERY = 10
_PARTS = 10


class NotWhole(RuntimeError):
    """What a kill left is not what was there before, or what should be there after."""


class Crashes(Struct, frozen=True, kw_only=True):
    """What came of killing builds.

    Attributes:
        kills: Builds that were killed at work.
        finished: Builds that ended before they could be.
        compared: Builds that were left to finish, each equal to one that nothing disturbed.
        encoded: Texts that those encoded.
        undisturbed: Texts that the others encoded, which had nothing kept.
        seconds: How long a build is at work that nothing disturbs.
        tenths: How many were killed in each tenth of that time.
    """

    kills: int
    finished: int
    compared: int
    encoded: int
    undisturbed: int
    seconds: float
    tenths: tuple[int, ...]


@dataclass(slots=True)
class Killing:
    """Builds over decisions that change, each in a process that may be killed.

    Attributes:
        folder: Where all of it lies; empty at first.
        decisions: How many there are.
        dice: Chooses what changes, and the moments.
        seconds: How long a build is at work that nothing disturbs.
    """

    folder: Path
    decisions: int
    dice: random.Random
    seconds: float = field(default=0.0, init=False)
    _edition: int = field(default=0, init=False)

    def start(self) -> None:
        """Build once, so that there is something to lose."""
        write_variants(self._files, range(self.decisions))
        self.seconds = self._built(self._data).seconds

    def change(self) -> None:
        """Write half of the decisions anew, take one away and add one."""
        self._edition += 1
        first = self._edition
        (self._files / f"{first - 1:06}.txt").unlink()
        there = range(first, first + self.decisions)
        for number in {*self.dice.sample(there, self.decisions // 2), there[-1]}:
            write_variants(self._files, range(number, number + 1), self._edition)

    def kill(self) -> float | None:
        """Start a build and kill it.

        Returns:
            After how many seconds at work; None where it ended before.
        """
        process = self._started(self._data)
        while process.poll() is None and not self._is_at_work(process.pid):
            time.sleep(0.002)
        moment = self.dice.uniform(0, self.seconds)
        with suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=moment)
            return None
        process.kill()
        process.communicate()
        return moment

    def look(self) -> HybridRetriever:
        """Open the current snapshot, verify every byte of it, and ask it.

        Raises:
            NotWhole: A file is not as it was written.
            index.snapshot.NoSnapshot: It cannot be opened.
            service.self_query.NotItself: It does not find what is in it.
        """
        snapshot = open_current(self._data)
        if checksums(snapshot.folder) != snapshot.manifest.files:
            raise NotWhole(f"{snapshot.folder} is not as it was written")
        retriever = HybridRetriever.open(snapshot, HashingEncoder())
        ask_itself(retriever)
        return retriever

    def finish(self) -> tuple[int, int]:
        """Let a build finish, and compare it with one that nothing disturbed.

        Returns:
            How many texts each had to encode.

        Raises:
            NotWhole: They are not equal.
        """
        other = self.folder / "undisturbed"
        current = open_current(self._data).folder
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(current, other / SNAPSHOTS / current.name)
        shutil.copy(self._data / CURRENT, other)
        undisturbed, went_on = self._built(other), self._built(self._data)
        self.seconds = undisturbed.seconds
        one, same = (open_current(data).manifest for data in (other, self._data))
        if msgspec.structs.replace(one, built=same.built) != same:
            raise NotWhole("a build that went on is not equal to one that nothing disturbed")
        if left := leftovers(self._data):
            raise NotWhole(f"a build that went on left {left} behind")
        return went_on.encoded, undisturbed.encoded

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _files(self) -> Path:
        return self.folder / "files"

    def _started(self, data: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - itself
            [UPHELD, "build", self._files, "--data", data, "--encoder", "hashing", "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def _built(self, data: Path) -> BuildReport:
        process = self._started(data)
        out, errors = process.communicate()
        if process.returncode:
            raise NotWhole(f"a build failed: {errors.decode()}")
        return msgspec.json.decode(out, type=BuildReport)

    def _is_at_work(self, process: int) -> bool:
        return (self._data / LOCK).read_text(encoding="ascii").endswith(f" {process}\n")


def crash(
    folder: Path,
    decisions: int,
    kills: int,
    seed: int = 0,
    told: Callable[[int], None] = lambda _: None,
) -> Crashes:
    """Kill builds, and look after each whether anything was lost.

    Args:
        folder: Where to work; empty.
        decisions: How many to build from.
        kills: How many builds to kill.
        seed: Of the dice.
        told: Told of each kill, by 1.

    Raises:
        NotWhole: Something was lost.
    """
    killing = Killing(folder, decisions, random.Random(seed))  # noqa: S311 - no secret
    killing.start()
    tenths, finished, compared = Counter[int](), 0, 0
    encoded = undisturbed = 0
    reader = killing.look()
    killing.change()
    while tenths.total() < kills:
        moment = killing.kill()
        killing.look()
        ask_itself(reader)
        if moment is None:
            finished += 1
            killing.change()
            continue
        tenths[min(int(moment / killing.seconds * _PARTS), _PARTS - 1)] += 1
        told(1)
        if tenths.total() % _COMPARE_EVERY == 0:
            sums = killing.finish()
            compared, encoded, undisturbed = compared + 1, encoded + sums[0], undisturbed + sums[1]
            reader = killing.look()
            killing.change()
    return Crashes(
        kills=tenths.total(),
        finished=finished,
        compared=compared,
        encoded=encoded,
        undisturbed=undisturbed,
        seconds=killing.seconds,
        tenths=tuple(tenths[i] for i in range(_PARTS)),
    )


@click.command()
@click.argument("kills", default=200)
@click.option("--decisions", default=200, show_default=True)
@click.option("--seed", default=0, show_default=True)
@json_option
def main(kills: int, decisions: int, seed: int, out: Path | None) -> None:
    """Kill builds at random moments; exit 1 where anything is lost."""
    bar = click.progressbar(length=kills, label="killing builds", file=sys.stderr)
    with TemporaryDirectory() as folder, bar:
        try:
            done = crash(Path(folder), decisions, kills, seed, bar.update)
        except (NotWhole, OSError, RuntimeError) as error:
            click.echo(f"LOST: {error}", err=True)
            sys.exit(1)
    click.echo(f"a build of {decisions} decisions is at work for {done.seconds:.1f} s")
    click.echo("killed in each tenth of it: " + " ".join(f"{n:3}" for n in done.tenths))
    click.echo(
        f"{done.kills} kills, nothing lost; {done.finished} builds ended before theirs\n"
        f"{done.compared} builds went on from what was kept, each equal to one that nothing "
        f"disturbed;\nthey encoded {done.encoded} texts, the others {done.undisturbed}"
    )
    write_json(out, done)


if __name__ == "__main__":
    main()
