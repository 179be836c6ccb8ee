"""Build command: ``upheld build``, by which decisions are made into an index."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from index.encoders import DEFAULT, Precision
from service.build_bar import build_bar
from service.command import fail, printable, read_settings

SET_ASIDE = 3
"""Exit code of a command that left some of what it was given."""

_MOST_LINES = 20


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of snapshots. Default: $UPHELD_DATA or ./data.",
)
@click.option("--encoder", default=DEFAULT, show_default=True, help="Name or folder.")
@click.option(
    "--precision",
    type=click.Choice([p.value for p in Precision]),
    default=Precision.AUTO.value,
    show_default=True,
    help="Of encoding passages; auto takes half where the processor has it.",
)
@click.option("--quiet", is_flag=True, help="Print nothing but errors.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def build(
    paths: tuple[Path, ...],
    data: Path | None,
    encoder: str,
    precision: str,
    quiet: bool,
    as_json: bool,
) -> None:
    """Read decisions and build an index of them.

    Work is kept in the data folder, so that the next build does only what is new, and one that was
    cut off goes on from where it was.
    """
    # Imported here, so that --help and parse need not wait for it.
    from index.build import NothingToBuild, build_files
    from index.encoders import load_encoder

    target = data or read_settings().folder
    try:
        with build_bar(quiet=quiet) as progress:
            made = load_encoder(encoder, target, Precision(precision))
            report = build_files(paths, made, target, progress=progress)
    except NothingToBuild as error:
        click.echo(str(error), err=True)
        sys.exit(SET_ASIDE)
    except (OSError, RuntimeError) as error:
        fail(error)
    if not quiet:
        _tell(report.warnings)
        _tell([str(each) for each in report.set_aside])
    if as_json:
        click.echo(msgspec.json.encode(report))
    elif not quiet:
        click.echo(
            f"{report.decisions} decisions ({report.added} added, {report.changed} changed, "
            f"{report.removed} removed, {report.kept} kept, {len(report.set_aside)} set aside"
            f"{f', {report.withdrawn} withdrawn' if report.withdrawn else ''}), "
            f"{report.passages} passages, {report.encoded} texts encoded, {report.reused} taken "
            f"from kept work, in {report.seconds:.1f} s: snapshot {report.snapshot} in {target}"
        )
    sys.exit(SET_ASIDE if report.set_aside else 0)


def _tell(lines: Sequence[str]) -> None:
    """Print lines on standard error, the first of them where there are many."""
    for line in lines[:_MOST_LINES]:
        click.echo(printable(line), err=True)
    if len(lines) > _MOST_LINES:
        click.echo(f"and {len(lines) - _MOST_LINES} more: use --json", err=True)
