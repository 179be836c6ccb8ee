"""Results: what a benchmark measured, written where it was asked for."""

from pathlib import Path

import click
import msgspec

json_option = click.option(
    "--json", "out", type=click.Path(dir_okay=False, path_type=Path), help="Write here."
)


def write_json(out: Path | None, measured: object) -> None:
    """Write it as indented JSON, if there is a file to write to."""
    if out:
        out.write_bytes(msgspec.json.format(msgspec.json.encode(measured)) + b"\n")
