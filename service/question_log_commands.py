"""Question log commands: ``upheld questions``, by which what was asked is listed and deleted."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
import msgspec

from service.command import FAILED, printable, read_settings

if TYPE_CHECKING:
    from service.question_log import Entry, QuestionLog


@click.group()
def questions() -> None:
    """List and delete the questions that were kept."""


@questions.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(as_json: bool) -> None:
    """List what is kept, oldest first."""
    with _log() as log:
        for entry in log.entries():
            click.echo(msgspec.json.encode(entry) if as_json else _line(entry))


@questions.command()
@click.argument("entry_id", metavar="[ID]", required=False, type=int)
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), help="What was asked before this day.")
@click.option("--all", "everything", is_flag=True, help="All of it.")
def delete(entry_id: int | None, before: datetime | None, everything: bool) -> None:
    """Delete one entry, or what was asked before a day (in UTC), or all."""
    if [entry_id is not None, before is not None, everything].count(True) != 1:
        raise click.UsageError("say what to delete: ID, or --before DATE, or --all")
    with _log() as log:
        if everything:
            deleted = log.delete_all()
        elif before is not None:
            deleted = log.delete_before(before.replace(tzinfo=UTC))
        elif entry_id is not None:
            deleted = log.delete_entry(entry_id)
    click.echo(f"{deleted} deleted")
    sys.exit(FAILED if entry_id is not None and not deleted else 0)


@questions.command()
def purge() -> None:
    """Delete what is older than UPHELD_QUESTION_LOG_DAYS, as the service does daily."""
    with _log() as log:
        click.echo(f"{log.purge()} deleted")


@contextmanager
def _log() -> Iterator["QuestionLog"]:
    """The log that the settings name; what is wrong with it ends the command in one line."""
    # Imported here, so that --help need not wait for the answers' types.
    from service.question_log import QuestionLog, connected

    settings = read_settings()
    path = settings.question_log
    if path is None:
        raise click.UsageError("no questions are kept: UPHELD_QUESTION_LOG is not set")
    if not path.exists():
        raise click.UsageError(f"no questions are kept yet: there is no {path}")
    try:
        with closing(QuestionLog(connected(path), settings.question_log_days)) as log:
            yield log
    except (OSError, sqlite3.Error) as error:
        click.echo(f"upheld: {path}: {error}", err=True)
        sys.exit(FAILED)


def _line(entry: "Entry") -> str:
    words = "(held personal details, not kept)" if entry.question is None else entry.question
    told = (
        f"{entry.entry_id}  {entry.asked_at:%Y-%m-%d %H:%M}  {entry.status}"
        f" {entry.confidence:.2f}  {words}" + (f"  [{entry.citation}]" if entry.citation else "")
    )
    # Whoever asked could have sent what steers a terminal.
    return printable(told)
