"""How much memory a build takes at most, beside the size of the index that it makes.

Run ``python -m eval.bench.build_memory [DECISIONS...]``: for each number, a build of so many
generated decisions in a process of its own, without a model.
"""

import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec
from msgspec import Struct

from eval.bench.variants import write_variants
from index.build import build_files
from index.hashing_encoder import HashingEncoder
from index.snapshot import SNAPSHOTS

_MB = 1_000_000
_ALONE = "--alone"


class Peak(Struct, frozen=True, kw_only=True):
    """What one build took.

    Attributes:
        decisions: How many it was of.
        passages: How many vectors of paragraphs it made.
        peak_mb: The most memory that the process held, in MB.
        index_mb: What the index takes on the disk, in MB.
    """

    decisions: int
    passages: int
    peak_mb: float
    index_mb: float


def measure(decisions: int) -> Peak:
    """Build of so many decisions in a process of its own."""
    done = subprocess.run(  # noqa: S603 - itself
        [sys.executable, "-m", "eval.bench.build_memory", _ALONE, str(decisions)],
        capture_output=True,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=Peak)


def _build(decisions: int) -> Peak:
    with TemporaryDirectory() as folder:
        files, data = Path(folder) / "files", Path(folder) / "data"
        write_variants(files, range(decisions))
        report = build_files([files], HashingEncoder(), data)
        index = data / SNAPSHOTS / report.snapshot
        return Peak(
            decisions=decisions,
            passages=report.passages,
            peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / _MB,
            index_mb=sum(f.stat().st_size for f in index.rglob("*") if f.is_file()) / _MB,
        )


@click.command()
@click.argument("decisions", nargs=-1, type=click.IntRange(1))
@click.option(_ALONE, is_flag=True, hidden=True)
def main(decisions: tuple[int, ...], alone: bool) -> None:
    """Print what builds of so many decisions take."""
    if alone:
        click.echo(msgspec.json.encode(_build(decisions[0])))
        return
    click.echo("decisions  passages  peak MB  index MB")
    for peak in map(measure, decisions or (100, 400, 1600)):
        click.echo(
            f"{peak.decisions:9}  {peak.passages:8}  {peak.peak_mb:7.0f}  {peak.index_mb:8.0f}"
        )


if __name__ == "__main__":
    main()
