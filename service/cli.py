"""The command line: parse, build, ask, serve, doctor."""

import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
import msgspec
from rich.console import Console

from corpus.casework import casework
from corpus.files import read_files
from corpus.model import Decision, Outcome, Role
from corpus.reader import ParseError
from service.build_bar import build_bar
from service.build_command import SET_ASIDE, build
from service.command import FAILED, fail, read_settings
from service.key_commands import keys
from service.question_log_commands import questions
from service.snapshot_commands import reinstate, snapshots, withdraw

_GRACE = 5
"""Seconds beyond a question's own in which a server that was told to stop finishes its work."""

_data = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of snapshots. Default: $UPHELD_DATA, ./data, or the bundled sample.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="upheld", message="%(package)s %(version)s")
def main() -> None:
    """Answers questions from published Ombudsman decisions, quoted and cited."""


main.add_command(build)
main.add_command(keys)
main.add_command(questions)
main.add_command(reinstate)
main.add_command(snapshots)
main.add_command(withdraw)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here instead.")
@click.option("--explain", is_flag=True, help="Say by which rule each role and voice was judged.")
def parse(paths: tuple[Path, ...], out: Path | None, explain: bool) -> None:
    """Read decisions and print one JSON object a line."""
    failed = False
    with click.open_file(str(out or "-"), "wb", atomic=out is not None) as stream:
        for item in read_files(paths):
            if isinstance(item, ParseError):
                failed = True
                click.echo(str(item), err=True)
            else:
                stream.write(msgspec.json.encode(_as_contracted(item, explain=explain)) + b"\n")
    sys.exit(SET_ASIDE if failed else 0)


@main.command()
@click.argument("question")
@_data
@click.option("--json", "as_json", is_flag=True, help="Print the answer as the API sends it.")
@click.option("-k", default=8, show_default=True, type=click.IntRange(1, 20), help="Most matches.")
@click.option("--authority", help="Only decisions against a body with these words in its name.")
@click.option("--outcome", type=click.Choice([o.value for o in Outcome]))
@click.option("--category", help="Only decisions with these words in their category.")
@click.option("--from", "decided_from", type=click.DateTime(["%Y-%m-%d"]), help="Decided then on.")
@click.option("--to", "decided_to", type=click.DateTime(["%Y-%m-%d"]), help="Decided by then.")
@click.option("--role", "roles", multiple=True, type=click.Choice([r.value for r in Role]))
def ask(
    question: str,
    data: Path | None,
    as_json: bool,
    k: int,
    authority: str | None,
    outcome: str | None,
    category: str | None,
    decided_from: datetime | None,
    decided_to: datetime | None,
    roles: Sequence[str],
) -> None:
    """Answer a question with passages, quoted word for word and cited."""
    from index.tables import Filters
    from service.opening import open_answerer, prepare
    from service.questions import BadQuestion, Question, settled
    from service.terminal import show

    asked = Question(
        question=question,
        k=k,
        filters=Filters(
            authority=authority,
            outcome=Outcome(outcome) if outcome else None,
            category=category,
            decided_from=_day(decided_from),
            decided_to=_day(decided_to),
            roles=tuple(Role(r) for r in roles),
        ),
    )
    try:
        settled(question)
        with build_bar("building the bundled sample: ") as progress:
            folder = prepare(data or read_settings().data, progress)
        answer = open_answerer(folder, read_settings()).answer(asked)
    except (BadQuestion, OSError, RuntimeError) as error:
        fail(error)
    if as_json:
        click.echo(msgspec.json.encode(answer))
    else:
        show(answer, Console(highlight=False))


@main.command()
@_data
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
def serve(data: Path | None, host: str, port: int, workers: int) -> None:
    """Serve the API."""
    # Several threads for one sentence only get in each other's way; see ADR 13.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import uvicorn

    from index.snapshot import open_current
    from service.logs import configure
    from service.opening import prepare

    settings = read_settings()
    if data:
        settings = msgspec.structs.replace(settings, data=data)
        # Workers are processes of their own and read their settings themselves.
        os.environ["UPHELD_DATA"] = str(data)
    try:
        with build_bar("building the bundled sample: ") as progress:
            open_current(prepare(settings.data, progress))
    except (OSError, RuntimeError) as error:
        fail(error)
    configure()
    with TemporaryDirectory(prefix="upheld-metrics-") as shared:
        if workers > 1:
            os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", shared)
        uvicorn.run(
            "service.app:served",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=list(settings.trusted_proxies),
            timeout_graceful_shutdown=settings.timeout + _GRACE,
        )


@main.command()
@_data
@click.option("--reason", default="", help="Shown to who asks.")
def off(data: Path | None, reason: str) -> None:
    """Switch answering off in every running server; reading and health stay up."""
    from service.switch import turn_off

    try:
        turn_off(data or read_settings().folder, reason)
    except OSError as error:
        fail(error)
    click.echo("answering is off: run 'upheld on' to switch it on again")


@main.command()
@_data
def on(data: Path | None) -> None:
    """Switch answering on again."""
    from service.switch import turn_on

    try:
        was_off = turn_on(data or read_settings().folder)
    except OSError as error:
        fail(error)
    click.echo("answering is on" if was_off else "answering was on")


@main.command()
@_data
def doctor(data: Path | None) -> None:
    """Verify a snapshot and the set-up."""
    from service.doctor import examine
    from service.opening import prepare
    from service.set_up import examine_set_up

    settings = read_settings()
    try:
        checks = [
            *examine(prepare(data or settings.data)),
            *examine_set_up(settings, data or settings.folder),
        ]
    except (OSError, RuntimeError) as error:
        fail(error)
    for check in checks:
        click.echo(f"{'good' if check.good else 'BAD '}  {check.finding}")
    sys.exit(0 if all(check.good for check in checks) else FAILED)


def _as_contracted(decision: Decision, *, explain: bool) -> dict[str, Any]:
    """A decision with its casework as ``upheld parse`` prints it.

    The reasons, and what became of each line of the file, are for those who ask for them.
    """
    content: dict[str, Any] = msgspec.to_builtins(decision)
    if not explain:
        del content["lines"]
        for section in content["sections"]:
            for paragraph in section["paragraphs"]:
                del paragraph["reason"]
    noted: dict[str, Any] = msgspec.to_builtins(casework(decision))
    return content | noted


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None
