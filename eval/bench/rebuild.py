"""How long a nightly rebuild takes, with one decision in a hundred changed, beside a full build.

Run ``python -m eval.bench.rebuild [DECISIONS...]``; without any, it draws from the bundled sample.
Both are whole builds with the bundled model, from decisions to the switch.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import click
import msgspec
from msgspec import Struct

from corpus.files import read_files
from corpus.model import Decision
from eval.bench.resampled import Resampled
from eval.bench.results import json_option, write_json
from index.build import BuildReport, build
from index.encoders import DEFAULT, load_encoder

SAMPLES = Path("corpus") / "samples"
_PARAGRAPHS = 2_000
_CHANGED = 100
"""One decision in so many is changed."""


class Measured(Struct, frozen=True, kw_only=True):
    """What was measured.

    Attributes:
        full: The first build.
        rebuilds: Those after it, each with other decisions changed.
    """

    full: BuildReport
    rebuilds: tuple[BuildReport, ...]

    @property
    def share(self) -> float:
        """Of the full build's time, what a rebuild takes: the median."""
        seconds = sorted(r.seconds for r in self.rebuilds)
        return seconds[len(seconds) // 2] / self.full.seconds


def measure(models: tuple[Path, ...], paragraphs: int, rounds: int) -> Measured:
    """Build a collection, and then again and again with some decisions changed."""
    resampled = Resampled.of([d for d in read_files(models) if isinstance(d, Decision)])
    decisions = list(resampled.decisions(paragraphs))
    changed = max(round(len(decisions) / _CHANGED), 1)
    with TemporaryDirectory() as folder:
        encoder = load_encoder(DEFAULT)
        full = build(decisions, encoder, Path(folder))
        rebuilds = []
        for number in range(rounds):
            others = list(resampled.decisions(paragraphs, seed=number + 1))
            first = number * changed % len(decisions)
            for place in range(first, min(first + changed, len(decisions))):
                decisions[place] = msgspec.structs.replace(
                    others[place % len(others)], decision_id=decisions[place].decision_id
                )
            rebuilds.append(build(decisions, encoder, Path(folder)))
    return Measured(full=full, rebuilds=tuple(rebuilds))


@click.command()
@click.argument("decisions", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--paragraphs", default=_PARAGRAPHS, show_default=True)
@click.option("--rounds", default=5, show_default=True, help="Rebuilds.")
@json_option
def main(decisions: tuple[Path, ...], paragraphs: int, rounds: int, out: Path | None) -> None:
    """Measure a full build and rebuilds."""
    measured = measure(decisions or (SAMPLES,), paragraphs, rounds)
    full = measured.full
    click.echo(
        f"full build: {full.decisions} decisions, {full.encoded} texts encoded, "
        f"{full.seconds:.1f} s"
    )
    for one in measured.rebuilds:
        click.echo(
            f"rebuild: {one.changed} changed, {one.encoded} texts encoded, {one.seconds:.2f} s"
        )
    click.echo(f"a rebuild takes {measured.share:.1%} of a full build")
    write_json(out, measured)


if __name__ == "__main__":
    main()
