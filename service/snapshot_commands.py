"""Snapshot commands: ``upheld snapshots``, ``upheld withdraw`` and ``upheld reinstate``."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from rich.filesize import decimal

from service.command import fail, read_settings

if TYPE_CHECKING:
    from index.snapshots import Listed

_MOVED_AFTER = 3
"""Seconds after a switch in which running servers have moved over."""

_data = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of snapshots. Default: $UPHELD_DATA or ./data.",
)
_ids = click.argument("ids", metavar="DECISION_ID...", nargs=-1, required=True)


class _ListFirst(click.Group):
    """Lists where no other command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0].startswith("-") and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_ListFirst)
def snapshots() -> None:
    """List, keep, go back to and delete snapshots; without a further word, list them.

    A snapshot's name may be cut short, as long as no other begins so.
    """


@snapshots.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the snapshots as JSON.")
@_data
def list_snapshots(as_json: bool, data: Path | None) -> None:
    """List the snapshots, the latest used first."""
    from index import snapshots as index
    from index.snapshot import SNAPSHOTS

    folder = data or read_settings().folder
    try:
        found = index.snapshots(folder)
        total = index.room((folder / SNAPSHOTS / one.snapshot for one in found), shared=True)
    except OSError as error:
        fail(error)
    if as_json:
        click.echo(msgspec.json.encode(found))
    elif not found:
        click.echo(f"no snapshots in {folder}: see 'upheld build --help'")
    else:
        for one in found:
            click.echo(_line(one))
        click.echo(f"{len(found)} snapshots, {decimal(total)}")


@snapshots.command()
@click.argument("snapshot")
@_data
def pin(snapshot: str, data: Path | None) -> None:
    """Keep a snapshot whatever happens."""
    from index import snapshots as index

    with _at_work(data) as folder:
        name = index.named(folder, snapshot)
        index.pin(folder, name)
    click.echo(f"{name} is kept until 'upheld snapshots unpin {name}'")


@snapshots.command()
@click.argument("snapshot")
@_data
def unpin(snapshot: str, data: Path | None) -> None:
    """Let a snapshot be deleted when its time comes."""
    from index import snapshots as index

    with _at_work(data) as folder:
        # One that is gone may be pinned all the same.
        name = snapshot if snapshot in index.pins(folder) else index.named(folder, snapshot)
        index.unpin(folder, name)
    click.echo(f"{name} is not pinned")


@snapshots.command()
@click.argument("snapshot", required=False)
@_data
def rollback(snapshot: str | None, data: Path | None) -> None:
    """Make a snapshot current, or the one that was before; running servers follow at once.

    Without a name, a second rollback undoes the first.
    """
    from index import snapshots as index

    with _at_work(data) as folder:
        wanted = index.named(folder, snapshot) if snapshot else index.previous(folder)
        name = index.roll_back(folder, wanted)
    if name == wanted:
        click.echo(f"{name} is current")
    else:
        click.echo(f"{name} is current: like {wanted}, without what was withdrawn since")


@snapshots.command()
@click.option(
    "--keep",
    default=2,
    show_default=True,
    type=click.IntRange(0),
    help="How many to keep besides the current one and those pinned.",
)
@_data
def prune(keep: int, data: Path | None) -> None:
    """Delete old snapshots, and what is left over from builds that were cut short."""
    from index import snapshots as index
    from index.snapshot import CURRENT

    with _at_work(data) as folder:
        # A server that has not moved over yet would be without texts to read.
        switched = (folder / CURRENT).stat().st_mtime
        time.sleep(max(0.0, min(_MOVED_AFTER, switched + _MOVED_AFTER - time.time())))
        done = index.prune(folder, keep)
    for name in done.snapshots:
        click.echo(f"{name} deleted")
    click.echo(f"{len(done.snapshots)} snapshots deleted, {decimal(done.bytes)} freed")


@click.command()
@_ids
@_data
def withdraw(ids: Sequence[str], data: Path | None) -> None:
    """Take decisions out of the collection at once, and out of all later builds."""
    from corpus.model import DecisionId
    from index import snapshots as index
    from index import withdrawal

    with _at_work(data) as folder:
        name = withdrawal.withdraw(folder, ids, datetime.now(UTC).date())
        holding = index.holding(folder, {DecisionId(i.lower()) for i in ids})
    click.echo(f"{len(set(ids))} withdrawn: snapshot {name} in {folder}")
    if holding:
        click.echo(
            f"the words are still on the disk, in {', '.join(holding)}: "
            "'upheld snapshots prune --keep 0' deletes what is not pinned"
        )


@click.command()
@_ids
@_data
def reinstate(ids: Sequence[str], data: Path | None) -> None:
    """Let the next build take withdrawn decisions in again."""
    from index import withdrawal

    with _at_work(data) as folder:
        withdrawal.reinstate(folder, ids)
    click.echo(f"{len(set(ids))} reinstated: the next 'upheld build' brings them back")


@contextmanager
def _at_work(data: Path | None) -> Iterator[Path]:
    """The data folder, with nobody else at work in it; what goes wrong ends the command."""
    from index.build_lock import build_lock
    from index.snapshot import NoSnapshot, current_folder

    folder = data or read_settings().folder
    try:
        if current_folder(folder) is None:
            raise NoSnapshot(f"nothing is built in {folder}: see 'upheld build --help'")
        with build_lock(folder):
            yield folder
    except (OSError, RuntimeError) as error:
        fail(error)


def _line(one: "Listed") -> str:
    marks = [
        mark
        for mark, true in (
            ("current", one.current),
            ("previous", one.previous),
            ("pinned", one.pinned),
        )
        if true
    ]
    described = (
        [
            f"{one.built:%Y-%m-%d %H:%M}",
            f"{one.decisions} decisions",
            f"{one.passages} passages",
            str(one.encoder),
        ]
        if one.built
        else ["cannot be read"]
    )
    return "  ".join([one.snapshot, *described, decimal(one.bytes), ", ".join(marks)]).rstrip()
